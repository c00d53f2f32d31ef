import type { ReactNode } from 'react'
import type { FilterField } from './filters.tsx'

export interface Chip {
  key: string
  label: string
  /** Undefined where the label says it all. */
  text: ReactNode
  /** The change that takes the condition away. */
  without: Record<string, undefined>
}

/** One chip for each condition that is set, in the order of the fields; the search text comes first. */
export function activeChips(
  fields: readonly FilterField[],
  values: Readonly<Record<string, unknown>>,
  search?: { name: string },
): Chip[] {
  const chips: Chip[] = []
  const text = search ? values[search.name] : undefined
  if (search && typeof text === 'string' && text) {
    chips.push({ key: search.name, label: '搜索', text, without: { [search.name]: undefined } })
  }
  for (const field of fields) {
    const names = 'nameTo' in field ? [field.name, field.nameTo] : [field.name]
    if (names.every((name) => values[name] === undefined)) continue
    const without = Object.fromEntries(names.map((name) => [name, undefined]))
    chips.push({ key: field.name, label: field.label, text: chipText(field, values), without })
  }
  return chips
}

function chipText(field: FilterField, values: Readonly<Record<string, unknown>>): ReactNode {
  const value = values[field.name]
  if ('nameTo' in field) {
    const from = value as string | number | undefined
    const to = values[field.nameTo] as string | number | undefined
    if (to === undefined) return `${from} 起`
    return from === undefined ? `至 ${to}` : `${from} – ${to}`
  }
  if (field.kind === 'own') return field.text(value)
  if (field.kind === 'flag') return undefined
  const word = (one: unknown) => field.options.find((option) => option.value === one)?.label ?? String(one)
  return Array.isArray(value) ? value.map(word).join('、') : word(value)
}
