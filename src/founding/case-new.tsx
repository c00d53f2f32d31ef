import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Select } from 'antd'
import { useRef } from 'react'
import type { z } from 'zod'
import { ledgerContract } from '../ledger/contract.ts'
import { OrgPicker, UnitsPicker } from '../party/parts.tsx'
import { formingModes, orgKinds, type OrgKind } from '../party/words-contract.ts'
import { connect, inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { foundingContract } from './contract.ts'
import { founding } from './founding-client.tsx'
import { usualName } from './rules.ts'

const ledger = connect(ledgerContract)
const shape = inputOf(foundingContract.openCase)

interface Props {
  unitId?: string | undefined
  kind?: OrgKind | undefined
  onClose: () => void
  onOpened: (id: string) => void
}

/** Opens a case for units chosen by hand, or for the one that the person came from. */
export function CaseNew({ unitId, ...rest }: Props) {
  const unit = useQuery(ledger.getUnit.queryOptions({ input: { id: unitId ?? '' }, enabled: unitId !== undefined }))
  if (unitId === undefined) return <NewForm {...rest} />
  return unit.data ? <NewForm {...rest} unit={{ id: unitId, name: unit.data.name }} /> : null
}

function NewForm(props: Omit<Props, 'unitId'> & { unit?: { id: string; name: string } }) {
  const client = useQueryClient()
  const made = useRef<string>(undefined)
  const { unit, kind = 'branch' } = props
  const send = async (values: z.output<typeof shape>) => {
    const { id } = await founding.openCase.call(values)
    await client.invalidateQueries({ queryKey: founding.key() })
    made.current = id
  }
  return (
    <DrawerForm
      open
      title="开办组建"
      submitText="开办"
      shape={shape}
      initial={{
        kind,
        formingMode: kind === 'jointBranch' ? 'joint' : 'solo',
        ...(unit ? { unitIds: [unit.id], orgName: usualName(unit.name, kind) } : {}),
      }}
      onSubmit={send}
      onClose={() => (made.current ? props.onOpened(made.current) : props.onClose())}
    >
      {unit ? (
        <p>
          单位：<b>{unit.name}</b>
        </p>
      ) : (
        <Field name="unitIds" hint="第一家为牵头单位；单独组建只选一家。">
          <UnitsPicker />
        </Field>
      )}
      <Field name="kind">
        <Select options={options(orgKinds)} />
      </Field>
      <Field name="formingMode">
        <Select options={options(formingModes)} />
      </Field>
      <Field name="orgName" hint="空着按“牵头单位＋类别”，批复前都可以改。" />
      <Field name="parentId">
        <OrgPicker />
      </Field>
      <Field name="parentName" hint="上级党组织不在本平台时填写，如 某街道党工委" />
    </DrawerForm>
  )
}
