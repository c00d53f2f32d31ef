import { Input, InputNumber, Select } from 'antd'
import type { ReactElement } from 'react'
import { z } from 'zod'
import { RegionPicker } from '../office/parts.tsx'
import { Field } from '../ui/form.tsx'
import { options } from '../ui/filters.tsx'
import { ownerships, type UnitField, unitFields, unitKinds, unitStatuses } from './field-contract.ts'
import { industryLetters } from './industry.ts'

/** The fields that staff may fill in by hand, as one shape of optional texts. */
export const handFields = [
  'name',
  'uscc',
  'kind',
  'status',
  'shortName',
  'formerName',
  'legalRep',
  'phone',
  'area',
  'address',
  'industry',
  'foundedOn',
  'staffCount',
  'ownership',
  'hasPremises',
  'memberCount',
  'hasPartyOrg',
  'supervisingBody',
  'remark',
] as const satisfies readonly UnitField[]

export const handShape = z.object(
  Object.fromEntries(
    handFields.map((field) => [
      field,
      z.string().trim().max(500).nullable().optional().describe(unitFields[field].title),
    ]),
  ) as Record<(typeof handFields)[number], z.ZodOptional<z.ZodNullable<z.ZodString>>>,
)

/** The inputs for the hand-filled fields, each in the kind its field asks for. */
export function HandFields({ from }: { from?: readonly { code: string; name: string }[] }) {
  return (
    <div className="lx-form-grid">
      {handFields.map((field) => (
        <Field key={field} name={field} {...(isWide(field) ? { className: 'lx-form-wide' } : {})}>
          {inputFor(field, from)}
        </Field>
      ))}
    </div>
  )
}

const isWide = (field: UnitField) => field === 'name' || field === 'address' || field === 'remark'

function inputFor(field: UnitField, from?: readonly { code: string; name: string }[]): ReactElement {
  const words = unitFields[field]
  if (words.kind === 'kind') return <Select allowClear options={options(unitKinds)} />
  if (words.kind === 'status') return <Select allowClear options={options(unitStatuses)} />
  if (words.kind === 'ownership') return <Select allowClear options={options(ownerships)} />
  if (words.kind === 'industry')
    return <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={options(industryLetters)} />
  if (words.kind === 'yesNo') return <Select allowClear options={options({ true: '是', false: '否' })} />
  if (words.kind === 'region')
    return <RegionPicker width="100%" placeholder="乡镇街道" label={words.title} {...(from ? { from } : {})} />
  if (words.kind === 'count')
    return <InputNumber stringMode min={'0'} precision={0} controls={false} style={{ width: '100%' }} />
  if (words.kind === 'date') return <input type="date" className="lx-day" />
  if (field === 'remark') return <Input.TextArea rows={2} maxLength={500} />
  return <Input maxLength={200} />
}
