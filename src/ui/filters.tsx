import { Button } from 'antd'
import { useState, type ReactNode } from 'react'
import { activeChips } from './filter-chips.ts'
import { FieldControl, SearchBox } from './filter-controls.tsx'
import type { AnyList } from './list-state.ts'

export interface Option {
  value: string
  label: string
}

/** One way to narrow a list. `name` is the filter's name in `useListState`. */
export type FilterField =
  | { kind: 'one' | 'many'; name: string; label: string; options: readonly Option[]; width?: number }
  | { kind: 'flag'; name: string; label: string }
  /** Two numbers; `name` of the lower bound, `nameTo` of the upper. */
  | { kind: 'range'; name: string; nameTo: string; label: string }
  /** Two days, YYYY-MM-DD. */
  | { kind: 'days'; name: string; nameTo: string; label: string }
  /** Anything else; `text` says the value in the chip. */
  | {
      kind: 'own'
      name: string
      label: string
      render: (value: unknown, set: (value: unknown) => void) => ReactNode
      text: (value: unknown) => ReactNode
    }

export interface FiltersProps {
  list: AnyList
  search?: { name: string; placeholder: string } | undefined
  fields?: readonly FilterField[] | undefined
  /** How many fields stand in the open; the rest fold under 更多条件. 4 when left out. */
  open?: number | undefined
  /** Whatever else stands at the end of the row. */
  children?: ReactNode
}

/** Options from a word list such as `placeKinds`: `options({ park: '园区', … })`. */
export function options(words: Readonly<Record<string, string>>): Option[] {
  return Object.entries(words).map(([value, label]) => ({ value, label }))
}

/**
 * Search box, drop-downs, and a chip for each condition that is set.
 *
 * ```tsx
 * <Filters list={list} search={{ name: 'text', placeholder: '名称、简称、拼音首字母、代码' }}
 *   fields={[{ kind: 'many', name: 'kinds', label: '单位类型', options: options(unitKinds) }]} />
 * ```
 */
export function Filters({ list, search, fields = [], open = 4, children }: FiltersProps) {
  const values = list.filters as Record<string, unknown>
  const set = list.filter
  const folded = fields.slice(open)
  const foldedSet = folded.some((field) => values[field.name] !== undefined)
  const [unfolded, setUnfolded] = useState(foldedSet)
  const shown = unfolded ? fields : fields.slice(0, open)
  const chips = activeChips(fields, values, search)
  return (
    <div className="lx-filters" role="search">
      <div className="lx-filters-row">
        {search ? (
          <SearchBox {...search} value={values[search.name]} onChange={(text) => set({ [search.name]: text })} />
        ) : null}
        {shown.map((field) => (
          <FieldControl key={field.name} field={field} values={values} set={set} />
        ))}
        {folded.length > 0 ? (
          <Button type="text" onClick={() => setUnfolded(!unfolded)} aria-expanded={unfolded}>
            {unfolded ? '收起' : `更多条件（${folded.length}）`}
          </Button>
        ) : null}
        {children}
      </div>
      {chips.length > 0 ? (
        <div className="lx-chips">
          {chips.map((chip) => (
            <span key={chip.key} className="lx-chip">
              <span>
                {chip.label}
                {chip.text === undefined ? null : <>：{chip.text}</>}
              </span>
              <button type="button" aria-label={`去掉条件 ${chip.label}`} onClick={() => set(chip.without)}>
                ×
              </button>
            </span>
          ))}
          <Button type="link" size="small" onClick={list.clear}>
            清空
          </Button>
        </div>
      ) : null}
    </div>
  )
}
