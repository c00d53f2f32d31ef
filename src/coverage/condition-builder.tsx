import { Button, Input, InputNumber, Select } from 'antd'
import { options } from '../ui/filters.tsx'
import { type Column, columns, type Condition } from './condition-contract.ts'

interface BuilderProps {
  value: Condition
  onChange: (next: Condition) => void
  /** Said to screen readers of every control, as 分子. */
  label: string
  onRemove?: (() => void) | undefined
  /** How deep inside others; the server allows eight. */
  depth?: number
}

const deepest = 5
const columnOptions = Object.entries(columns).map(([value, { title }]) => ({ value, label: title }))

/** Builds a condition over facts: tests, joined by 同时满足 or 满足其一, turned round by 不满足. */
export function ConditionBuilder(props: BuilderProps) {
  const { value } = props
  if ('and' in value || 'or' in value) return <Group {...props} />
  if ('not' in value) {
    return (
      <div className="lx-condition">
        <div className="lx-condition-head">
          <b>不满足：</b>
          <Remove {...props} />
        </div>
        <ConditionBuilder
          {...props}
          value={value.not}
          depth={(props.depth ?? 0) + 1}
          onChange={(not) => props.onChange({ not })}
          onRemove={undefined}
        />
      </div>
    )
  }
  return <Test {...props} value={value} />
}

function Group({ value, onChange, label, onRemove, depth = 0 }: BuilderProps) {
  const word = 'and' in value ? 'and' : 'or'
  const list = 'and' in value ? value.and : 'or' in value ? value.or : []
  const made = (next: Condition[]): Condition => (word === 'and' ? { and: next } : { or: next })
  const replace = (at: number, next: Condition | null) =>
    onChange(
      made(
        next === null ? list.filter((_, other) => other !== at) : list.map((one, other) => (other === at ? next : one)),
      ),
    )
  const add = (next: Condition) => onChange(made([...list, next]))
  return (
    <div className="lx-condition">
      <div className="lx-condition-head">
        <Select
          size="small"
          aria-label={`${label}：条件的关系`}
          value={word}
          options={[
            { value: 'and', label: '同时满足' },
            { value: 'or', label: '满足其一' },
          ]}
          onChange={(next: 'and' | 'or') => onChange(next === 'and' ? { and: list } : { or: list })}
        />
        {list.length === 0 ? <span className="lx-soft">{word === 'and' ? '不限' : '无单位符合'}</span> : null}
        <Remove label={label} onRemove={onRemove} />
      </div>
      {list.map((one, at) => (
        // The place is what a condition is known by: it has no other name.
        // oxlint-disable-next-line react/no-array-index-key
        <ConditionBuilder
          key={at}
          value={one}
          label={label}
          depth={depth + 1}
          onChange={(next) => replace(at, next)}
          onRemove={() => replace(at, null)}
        />
      ))}
      <div className="lx-condition-head">
        <Button size="small" onClick={() => add({ column: 'state', in: ['own'] })}>
          加条件
        </Button>
        {depth < deepest ? (
          <>
            <Button size="small" onClick={() => add({ or: [] })}>
              加一组
            </Button>
            <Button size="small" onClick={() => add({ not: { and: [] } })}>
              加“不满足”
            </Button>
          </>
        ) : null}
      </div>
    </div>
  )
}

function Remove({ label, onRemove }: { label: string; onRemove?: (() => void) | undefined }) {
  if (!onRemove) return null
  return (
    <Button type="link" size="small" aria-label={`${label}：去掉这个条件`} onClick={onRemove}>
      去掉
    </Button>
  )
}

type TestCondition = Exclude<Condition, { and: unknown } | { or: unknown } | { not: unknown }>

/** What a test of a column is at first. */
function firstTest(column: Column): TestCondition {
  const words = columns[column]
  if (words.type === 'choice') return { column, in: Object.keys(words.choices).slice(0, 1) } as TestCondition
  if (words.type === 'yesNo') return { column, is: true } as TestCondition
  if (words.type === 'count') return { column, atLeast: 1 } as TestCondition
  return { column, startsWith: [] } as TestCondition
}

function Test({ value, onChange, label, onRemove }: BuilderProps & { value: TestCondition }) {
  const words = columns[value.column]
  const asks = 'known' in value ? (value.known ? 'known' : 'unknown') : 'value'
  const ask = (next: string) =>
    onChange(next === 'value' ? firstTest(value.column) : { column: value.column, known: next === 'known' })
  return (
    <div className="lx-condition-test">
      <Select
        size="small"
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
        style={{ width: 190 }}
        aria-label={`${label}：看哪一项`}
        value={value.column}
        options={columnOptions}
        onChange={(column: Column) => onChange(firstTest(column))}
      />
      <Select
        size="small"
        style={{ width: 84 }}
        aria-label={`${label}：怎么比`}
        value={asks}
        options={[
          { value: 'value', label: words.type === 'choice' ? '为' : words.type === 'code' ? '开头是' : '是' },
          { value: 'known', label: '已知' },
          { value: 'unknown', label: '未知' },
        ]}
        onChange={ask}
      />
      <TestValue value={value} onChange={onChange} label={label} />
      {'note' in words ? <small className="lx-soft">{words.note}</small> : null}
      <Remove label={label} onRemove={onRemove} />
    </div>
  )
}

function TestValue({ value, onChange, label }: Omit<BuilderProps, 'value'> & { value: TestCondition }) {
  const words = columns[value.column]
  if ('in' in value && 'choices' in words) {
    return (
      <Select
        size="small"
        mode="multiple"
        style={{ minWidth: 200, maxWidth: 420 }}
        aria-label={`${label}：取值`}
        value={value.in}
        options={options(words.choices)}
        onChange={(next: string[]) => onChange({ ...value, in: next })}
      />
    )
  }
  if ('is' in value) {
    return (
      <Select
        size="small"
        style={{ width: 72 }}
        aria-label={`${label}：取值`}
        value={value.is}
        options={[
          { value: true, label: '是' },
          { value: false, label: '否' },
        ]}
        onChange={(is: boolean) => onChange({ ...value, is })}
      />
    )
  }
  if ('startsWith' in value) {
    return (
      <Input
        size="small"
        style={{ width: 200 }}
        aria-label={`${label}：代码`}
        placeholder="如 C、I65，用逗号分开"
        value={value.startsWith.join(',')}
        onChange={(event) =>
          onChange({ ...value, startsWith: event.target.value.split(/[,，、\s]+/).filter((one) => one !== '') })
        }
      />
    )
  }
  if ('known' in value || 'in' in value) return null
  const unit = 'unit' in words ? words.unit : ''
  const bound = (which: 'atLeast' | 'atMost', word: string) => (
    <InputNumber
      size="small"
      min={0}
      precision={0}
      style={{ width: 92 }}
      aria-label={`${label}：${word}`}
      placeholder={word}
      value={value[which] ?? null}
      onChange={(next) => onChange({ ...value, [which]: next ?? undefined })}
    />
  )
  return (
    <span className="lx-condition-range">
      {bound('atLeast', '不少于')} 至 {bound('atMost', '不多于')} {unit}
    </span>
  )
}
