import './member.css'
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { ledgerContract } from '../ledger/contract.ts'
import { connect } from '../ui/client.ts'
import { Mark, type MarkTone } from '../ui/page.tsx'
import { RoomNav } from '../ui/room-nav.tsx'
import { orgContract } from './contract.ts'
import { orgKinds, type TermState, termStates } from './words-contract.ts'

const org = connect(orgContract)
const ledger = connect(ledgerContract)

const places = [
  { to: '/orgs', title: '党组织', permission: 'party.org.read' },
  { to: '/orgs/tree', title: '组织树', permission: 'party.org.read' },
  { to: '/orgs/reminders', title: '换届与提醒', permission: 'party.org.read' },
  { to: '/orgs/imports', title: '导入党组织', permission: 'party.org.import' },
  { to: '/orgs/rules', title: '规则', permission: 'party.org.read' },
] as const

/** The screens of party organisations, beside one another; those that the person may not open are left out. */
export function OrgNav() {
  return <RoomNav label="党组织" places={places} />
}

const termTones: Record<TermState, MarkTone> = { ok: 'good', soon: 'warn', over: 'bad', none: 'plain', exempt: 'plain' }

/** The state of a term in one word. */
export function TermMark({ term }: { term: TermState }) {
  return <Mark tone={termTones[term]}>{termStates[term]}</Mark>
}

interface PickerProps {
  id?: string
  value?: string | null
  onChange?: (id: string | null) => void
  placeholder?: string
  width?: number | string
  /** What to call the one that is chosen already. */
  named?: string | undefined
}

/** Chooses one party organisation by name, sound or code. */
export function OrgPicker(props: PickerProps) {
  const [text, setText] = useState('')
  const query = useQuery(org.searchOrgs.queryOptions({ input: { filter: { text }, pageSize: 20 } }))
  const found = (query.data?.rows ?? []).map((row) => ({
    value: row.id,
    label: `${row.name}（${orgKinds[row.kind]}）`,
  }))
  const known = props.value && !found.some((one) => one.value === props.value)
  const options = known && props.named ? [{ value: props.value!, label: props.named }, ...found] : found
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      aria-label={props.placeholder ?? '党组织'}
      style={{ width: props.width ?? '100%' }}
      allowClear
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={props.placeholder ?? '输入名称、拼音首字母'}
      notFoundContent={query.isFetching ? '正在查找…' : '没有找到'}
      value={props.value ?? null}
      options={options}
      onChange={(next?: string | null) => props.onChange?.(next ?? null)}
    />
  )
}

/** Chooses several party organisations. */
export function OrgsPicker(props: { id?: string; value?: string[]; onChange?: (ids: string[]) => void }) {
  const [text, setText] = useState('')
  const [names, setNames] = useState<Record<string, string>>({})
  const query = useQuery(org.searchOrgs.queryOptions({ input: { filter: { text }, pageSize: 20 } }))
  const found = (query.data?.rows ?? []).map((row) => ({ value: row.id, label: row.name }))
  return (
    <Several
      {...props}
      label="党组织"
      names={names}
      found={found}
      fetching={query.isFetching}
      onSearch={setText}
      onNames={setNames}
    />
  )
}

/** Chooses several units of the ledger. */
export function UnitsPicker(props: { id?: string; value?: string[]; onChange?: (ids: string[]) => void }) {
  const [text, setText] = useState('')
  const [names, setNames] = useState<Record<string, string>>({})
  const query = useQuery(
    ledger.searchUnits.queryOptions({ input: { filter: text ? { text } : {}, pageSize: 20 }, enabled: text !== '' }),
  )
  const found = (query.data?.rows ?? []).map((row) => ({ value: row.id, label: row.name }))
  return (
    <Several
      {...props}
      label="单位"
      names={names}
      found={found}
      fetching={query.isFetching}
      onSearch={setText}
      onNames={setNames}
    />
  )
}

interface SeveralProps {
  id?: string
  value?: string[]
  onChange?: (ids: string[]) => void
  label: string
  names: Record<string, string>
  found: readonly { value: string; label: string }[]
  fetching: boolean
  onSearch: (text: string) => void
  onNames: (names: Record<string, string>) => void
}

function Several({ id, value, onChange, label, names, found, fetching, onSearch, onNames }: SeveralProps) {
  const chosen = (value ?? []).filter((one) => !found.some(({ value: other }) => other === one))
  const options = [...chosen.map((one) => ({ value: one, label: names[one] ?? one })), ...found]
  const take = (ids: string[]) => {
    onNames(Object.fromEntries(ids.map((one) => [one, options.find((two) => two.value === one)?.label ?? one])))
    onChange?.(ids)
  }
  return (
    <Select
      {...(id ? { id } : {})}
      aria-label={label}
      mode="multiple"
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch }}
      placeholder="输入名称、拼音首字母"
      notFoundContent={fetching ? '正在查找…' : `输入${label}名称查找`}
      value={value ?? []}
      options={options}
      onChange={take}
    />
  )
}

/** Chooses one unit of the ledger. */
export function UnitPicker(props: PickerProps) {
  const { value, onChange, named, ...rest } = props
  const [text, setText] = useState('')
  const [last, setLast] = useState(named)
  const query = useQuery(
    ledger.searchUnits.queryOptions({ input: { filter: text ? { text } : {}, pageSize: 20 }, enabled: text !== '' }),
  )
  const found = (query.data?.rows ?? []).map((row) => ({ value: row.id, label: row.name }))
  const known = value && !found.some((one) => one.value === value)
  return (
    <Select
      {...(rest.id ? { id: rest.id } : {})}
      aria-label={rest.placeholder ?? '单位'}
      style={{ width: rest.width ?? '100%' }}
      allowClear
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={rest.placeholder ?? '输入名称、拼音首字母、代码'}
      notFoundContent={query.isFetching ? '正在查找…' : '输入单位名称查找'}
      value={value ?? null}
      options={known ? [{ value, label: last ?? value }, ...found] : found}
      onChange={(next?: string | null) => {
        setLast(found.find((one) => one.value === next)?.label)
        onChange?.(next ?? null)
      }}
    />
  )
}
