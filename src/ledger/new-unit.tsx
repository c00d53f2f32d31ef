import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { countyCodeShape } from '../base/list.ts'
import { CountyPicker, useOnlyCounty } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { ledgerContract } from './contract.ts'
import { HandFields, handShape } from './unit-form.tsx'

const ledger = connect(ledgerContract)
const shape = handShape.extend({ countyCode: countyCodeShape.describe('所属县') })

/** Enters a unit that no department has reported yet. */
export function NewUnit({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const only = useOnlyCounty()
  const create = async ({ countyCode, ...values }: ReturnType<typeof shape.parse>) => {
    const filled = Object.fromEntries(
      Object.entries(values).flatMap(([field, value]) => (value ? [[field, value]] : [])),
    )
    const { id } = await ledger.createUnit.call({ countyCode, values: filled })
    await client.invalidateQueries({ queryKey: ledger.key() })
    void navigate({ to: '/units/$id', params: { id } })
  }
  return (
    <DrawerForm
      open
      title="新建单位"
      width={720}
      shape={shape}
      initial={only ? { countyCode: only } : {}}
      submitText="新建"
      onClose={onClose}
      onSubmit={create}
    >
      <Field name="countyCode">
        <CountyPicker />
      </Field>
      <HandFields />
    </DrawerForm>
  )
}
