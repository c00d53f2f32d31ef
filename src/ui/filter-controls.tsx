import SearchOutlined from '@ant-design/icons/SearchOutlined'
import { Button, Input, InputNumber, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { FilterField, Option } from './filters.tsx'

interface ControlProps<F> {
  field: F
  values: Record<string, unknown>
  set: (change: Record<string, unknown>) => void
}

/** The control of one filter field. */
export function FieldControl({ field, values, set }: ControlProps<FilterField>) {
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
      value={value ?? (many ? [] : null)}
      onChange={(next: unknown) => set({ [field.name]: next ?? undefined })}
      {...(many
        ? { mode: 'multiple' as const, maxTagCount: 0, maxTagPlaceholder: (left) => `${field.label} · ${left.length}` }
        : {})}
    />
  )
}

/** Two ends of a range; told when left or on Enter, so that no half number is searched for. */
function Bounds({ field, values, set }: ControlProps<Extract<FilterField, { nameTo: string }>>) {
  const end = (name: string, words: string) =>
    field.kind === 'range' ? (
      <InputNumber
        key={`${name} ${String(values[name])}`}
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
export function SearchBox(props: {
  name: string
  placeholder: string
  value: unknown
  onChange: (text: string | undefined) => void
}) {
  const given = typeof props.value === 'string' ? props.value : ''
  const [text, setText] = useState(given)
  const [seen, setSeen] = useState(given)
  // The address changed under the box: a chip was taken away, a view was opened.
  if (seen !== given) {
    setSeen(given)
    setText(given)
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const composing = useRef(false)
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
