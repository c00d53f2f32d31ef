import { useQueryClient } from '@tanstack/react-query'
import { Input, Radio, Select } from 'antd'
import { z } from 'zod'
import { today } from '../base/time.ts'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { coverageContract, markKinds } from './contract.ts'
import { coverage } from './coverage-client.tsx'

const given = inputOf(coverageContract.markUnits)
const shape = z.object({
  kind: given.shape.kind.describe('标记'),
  on: z.boolean().describe('列入或取消'),
  from: z.iso.date('请选择日期').describe('自何日起'),
  source: given.shape.source,
})

/** States of a unit what only the office can state: that it is in the base, in the plan, professionally managed. */
export function MarkForm({ unitId, onClose }: { unitId: string; onClose: () => void }) {
  const client = useQueryClient()
  const save = async (values: z.output<typeof shape>) => {
    await coverage.markUnits.call({ ...values, unitIds: [unitId] })
    await client.invalidateQueries({ queryKey: coverage.key() })
  }
  return (
    <DrawerForm
      open
      title="标记"
      shape={shape}
      initial={{ kind: 'base', on: true, from: today(new Date()) }}
      onSubmit={save}
      onClose={onClose}
    >
      <Field name="kind">
        <Select options={options(markKinds)} />
      </Field>
      <Field name="on">
        <Radio.Group
          options={[
            { value: true, label: '列入' },
            { value: false, label: '取消' },
          ]}
        />
      </Field>
      <Field name="from">
        <Input type="date" max={today(new Date())} />
      </Field>
      <Field name="source" hint="文件名、文号或会议纪要">
        <Input maxLength={300} />
      </Field>
    </DrawerForm>
  )
}
