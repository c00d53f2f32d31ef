import { Button, InputNumber, Select } from 'antd'
import type { DecisionCondition } from './decide.ts'
import { factWords, organisationWords } from './decide-words.ts'

type Fact = DecisionCondition['fact']

const facts = Object.entries(factWords).map(([value, [label]]) => ({ value: value as Fact, label }))

/** A condition on a fact as it starts out. */
function fresh(fact: Fact): DecisionCondition {
  if (fact === 'organisation') return { fact, oneOf: ['none'] }
  if (fact === 'industryReady' || fact === 'regionReady' || fact === 'hostReady') return { fact, is: true }
  return { fact, min: 1 }
}

/** Conditions of a row: a fact and its bounds each; as a form field it takes `value` and `onChange`. */
export function ConditionsInput(props: {
  label: string
  value?: readonly DecisionCondition[]
  onChange?: (next: DecisionCondition[]) => void
}) {
  const value = props.value ?? []
  const put = (at: number, next: DecisionCondition) => props.onChange?.(value.map((one, i) => (i === at ? next : one)))
  return (
    <div className="lx-stack" role="group" aria-label={props.label}>
      {value.map((condition, at) => (
        <div key={`${at} ${condition.fact}`} className="lx-form-line">
          <Select
            aria-label={`第 ${at + 1} 个条件看什么`}
            style={{ width: 190 }}
            value={condition.fact}
            options={facts}
            onChange={(fact: Fact) => put(at, fresh(fact))}
          />
          <Bounds condition={condition} onChange={(next) => put(at, next)} />
          <Button
            type="text"
            aria-label={`去掉第 ${at + 1} 个条件`}
            onClick={() => props.onChange?.(value.filter((_, i) => i !== at))}
          >
            ×
          </Button>
        </div>
      ))}
      <div>
        <Button size="small" onClick={() => props.onChange?.([...value, fresh('members')])}>
          添一个条件
        </Button>
      </div>
    </div>
  )
}

function Bounds(props: { condition: DecisionCondition; onChange: (next: DecisionCondition) => void }) {
  const { condition, onChange } = props
  if ('oneOf' in condition)
    return (
      <Select
        mode="multiple"
        aria-label="哪几种党组织"
        style={{ flex: 1, minWidth: 200 }}
        value={[...condition.oneOf]}
        options={Object.entries(organisationWords).map(([value, label]) => ({ value, label }))}
        onChange={(oneOf: string[]) => onChange({ ...condition, oneOf: oneOf as (typeof condition.oneOf)[number][] })}
      />
    )
  if ('is' in condition)
    return (
      <Select
        aria-label="有没有"
        style={{ width: 90 }}
        value={condition.is}
        options={[
          { value: true, label: '有' },
          { value: false, label: '没有' },
        ]}
        onChange={(is: boolean) => onChange({ ...condition, is })}
      />
    )
  const bound = (name: 'min' | 'max', value: number | null) => {
    const given = value ?? undefined
    const min = name === 'min' ? given : condition.min
    const max = name === 'max' ? given : condition.max
    const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
    onChange({ fact: condition.fact, ...bounds })
  }
  const unit = factWords[condition.fact][1]
  return (
    <>
      <InputNumber
        aria-label="不少于"
        placeholder="不限"
        min={0}
        precision={0}
        style={{ width: 110 }}
        value={condition.min ?? null}
        onChange={(value) => bound('min', value)}
      />
      至
      <InputNumber
        aria-label="不多于"
        placeholder="不限"
        min={0}
        precision={0}
        style={{ width: 110 }}
        value={condition.max ?? null}
        onChange={(value) => bound('max', value)}
      />
      {unit}
    </>
  )
}
