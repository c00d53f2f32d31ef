import { InputNumber, Select } from 'antd'
import type { z } from 'zod'
import { today } from '../base/time.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { options } from '../ui/filters.tsx'
import { decisionRow } from './contract.ts'
import { formingActions } from './decide.ts'
import { ConditionsInput } from './decision-conditions.tsx'

/** A row of the decision table as the server takes it. */
export type TableRow = z.infer<typeof decisionRow>

// Nothing to be met by one of several is the same as none of them: the form knows only lists.
const formShape = decisionRow.extend({ any: decisionRow.shape.all.optional() })

/** A code for a new row that no other has. */
function newCode(taken: readonly string[]): string {
  for (let at = 1; ; at += 1) if (!taken.includes(`own-${at}`)) return `own-${at}`
}

/** One row of the decision table; saved into the draft, not yet to the server. */
export function DecisionForm(props: {
  row: TableRow | undefined
  taken: readonly string[]
  onSave: (row: TableRow) => void
  onClose: () => void
}) {
  const fresh = { all: [], action: 'joint' as const, dueDays: null, effectiveOn: today(new Date()), endsOn: null }
  return (
    <DrawerForm
      open
      title={props.row ? '修改一行' : '添一行'}
      width={640}
      shape={formShape}
      initial={props.row ?? { ...fresh, code: newCode(props.taken) }}
      submitText="改好这行"
      onSubmit={({ any = [], ...row }) => props.onSave(any.length > 0 ? { ...row, any } : row)}
      onClose={props.onClose}
    >
      <Field name="all" label="须全部满足" hint="一个也没有就是“其余单位”">
        <ConditionsInput label="须全部满足" />
      </Field>
      <Field name="any" label="另须满足其一" hint="可以不填">
        <ConditionsInput label="另须满足其一" />
      </Field>
      <Field name="action" label="怎样组建">
        <Select options={options(formingActions)} />
      </Field>
      <Field name="dueDays" label="批复期限（天）" hint="自请示至批复；不填为不限">
        <InputNumber min={1} max={366} precision={0} style={{ width: 160 }} />
      </Field>
      <Field name="source" label="依据" hint="文件名称、文号、条款" />
      <Field name="effectiveOn" label="施行日">
        <input type="date" className="lx-day" />
      </Field>
      <Field name="endsOn" label="止日" hint="从这天起不再施行；不填为一直施行">
        <input type="date" className="lx-day" />
      </Field>
    </DrawerForm>
  )
}
