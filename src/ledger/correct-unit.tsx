import { useQueryClient } from '@tanstack/react-query'
import { Input } from 'antd'
import { z } from 'zod'
import { connect } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { ledgerContract } from './contract.ts'
import { isPersonal, type UnitField } from './field-contract.ts'
import { handFields, HandFields, handShape } from './unit-form.tsx'
import type { UnitPage } from './unit-screen.tsx'

const ledger = connect(ledgerContract)
const shape = handShape.extend({
  reason: z.string().trim().min(2, '请写明更正依据').max(200).describe('更正依据'),
})

/** Corrects what is known of a unit: only what was changed is recorded, as our own statement, with its ground. */
export function CorrectUnit({ unit, onClose }: { unit: UnitPage; onClose: () => void }) {
  const client = useQueryClient()
  const before = presentValues(unit)
  const save = async ({ reason, ...values }: z.output<typeof shape>) => {
    const changed = Object.entries(values).filter(
      ([field, value]) => (value ?? null) !== (before[field as UnitField] ?? null),
    )
    if (changed.length === 0) throw new Error('没有改动')
    await ledger.correctUnit.call({
      id: unit.id,
      values: Object.fromEntries(changed.map(([f, v]) => [f, v ?? null])),
      reason,
    })
    await client.invalidateQueries({ queryKey: ledger.key() })
  }
  return (
    <DrawerForm
      open
      title={`更正 ${unit.name}`}
      width={720}
      shape={shape}
      initial={before}
      onClose={onClose}
      onSubmit={save}
    >
      <p className="lx-soft">
        只记下改动过的字段，作为“本单位填报”，优先于各部门的值；原值保留在“变动”里。脱敏的联系方式留空即不改。
      </p>
      <HandFields />
      <Field name="reason">
        <Input.TextArea rows={2} maxLength={200} placeholder="例如：9 月 12 日实地走访，见营业执照副本" />
      </Field>
    </DrawerForm>
  )
}

/** Present values by field; personal ones start empty, for the screen only has them masked. */
function presentValues(unit: UnitPage): Partial<Record<UnitField, string>> {
  const known = unit.fields.filter(
    ({ field, current }) => current && !isPersonal(field) && (handFields as readonly string[]).includes(field),
  )
  return Object.fromEntries(known.map(({ field, current }) => [field, current?.value ?? '']))
}
