import SearchOutlined from '@ant-design/icons/SearchOutlined'
import { Button, Input, InputNumber, Select } from 'antd'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { AnyList } from './list-state.ts'
import { activeChips } from './filter-chips.ts'

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
  const set = list.filter as (change: Record<string, unknown>) => void
  const folded = fields.slice(open)
  const foldedSet = folded.some((field) => values[field.name] !== undefined)
  const [unfolded, setUnfolded] = useState(foldedSet)
  const shown = unfolded ? fields : fields.slice(0, open)
  const chips = activeChips(fields, values, search)
  return (
    <div className="lx-filters" role="search">
      <div className="lx-filters-row">
        {search ? <SearchBox {...search} value={values[search.name]} onChange={(text) => set({ [search.name]: text })} /> : null}
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

interface ControlProps<F> {
  field: F
  values: Record<string, unknown>
  set: (change: Record<string, unknown>) => void
}

function FieldControl({ field, values, set }: ControlProps<FilterField>) {
  const value = values[field.name]
  if (field.kind === 'own') return field.render(value, (next) => set({ [field.name]: next }))
  if (field.kind === 'range' || field.kind === 'days') return <Bounds field={field} values={values} set={set} />
  if (field.kind === 'flag') {
    return (
      <Button
        aria-pressed={value === true}
        className={value === true ? 'lx-flag lx-flag-on' : 'lx-flag'}
        onClick={() => set({ [field.name]: value === true ? undefined : true })}
      >
        {field.label}
      </Button>
    )
  }
  const many = field.kind === 'many'
  return (
    <Select
      aria-label={field.label}
      placeholder={field.label}
      style={{ width: field.width ?? 148 }}
      allowClear
      showSearch={field.options.length > 8 ? { optionFilterProp: 'label' } : false}
      popupMatchSelectWidth={false}
      options={field.options as Option[]}
      value={(value ?? (many ? [] : null)) as never}
      onChange={(next: unknown) => set({ [field.name]: next ?? undefined })}
      {...(many ? { mode: 'multiple' as const, maxTagCount: 0, maxTagPlaceholder: (left) => `${field.label} · ${left.length}` } : {})}
    />
  )
}

/** Two ends of a range; told when left or on Enter, so that no half number is searched for. */
function Bounds({ field, values, set }: ControlProps<Extract<FilterField, { nameTo: string }>>) {
  const end = (name: string, words: string) =>
    field.kind === 'range' ? (
      <InputNumber
        key={String(values[name])}
        aria-label={`${field.label}${words}`}
        placeholder={words}
        min={0}
        precision={0}
        controls={false}
        style={{ width: 72 }}
        defaultValue={values[name] as number}
        onBlur={(event) => set({ [name]: event.target.value === '' ? undefined : Number(event.target.value) })}
        onPressEnter={(event) => event.currentTarget.blur()}
      />
    ) : (
      <input
        type="date"
        className="lx-day"
        aria-label={`${field.label}${words}`}
        value={(values[name] as string | undefined) ?? ''}
        onChange={(event) => set({ [name]: event.target.value || undefined })}
      />
    )
  return (
    <span className="lx-bounds" role="group" aria-label={field.label}>
      <span>{field.label}</span>
      {end(field.name, field.kind === 'range' ? '不少于' : '自')}
      <span aria-hidden="true">–</span>
      {end(field.nameTo, field.kind === 'range' ? '不多于' : '至')}
    </span>
  )
}

/** Searches 300 ms after the last key, at once on Enter, and never in the middle of composing pinyin. */
function SearchBox(props: { name: string; placeholder: string; value: unknown; onChange: (text: string | undefined) => void }) {
  const given = typeof props.value === 'string' ? props.value : ''
  const [text, setText] = useState(given)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const composing = useRef(false)
  useEffect(() => setText(given), [given])
  useEffect(() => () => clearTimeout(timer.current), [])
  const tell = (next: string, delayMs: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      if (!composing.current && next.trim() !== given) props.onChange(next.trim() || undefined)
    }, delayMs)
  }
  return (
    <Input
      className="lx-search"
      prefix={<SearchOutlined />}
      allowClear
      aria-label={props.placeholder}
      placeholder={props.placeholder}
      value={text}
      maxLength={64}
      onChange={(event) => {
        setText(event.target.value)
        tell(event.target.value, 300)
      }}
      onCompositionStart={() => (composing.current = true)}
      onCompositionEnd={(event) => {
        composing.current = false
        tell(event.currentTarget.value, 300)
      }}
      onPressEnter={() => tell(text, 0)}
    />
  )
}
