import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { today } from '../base/time.ts'
import { inputOf } from '../ui/client.ts'
import { Field, FormFields, useZodForm } from '../ui/form.tsx'
import { useListState } from '../ui/list-state.ts'
import { say } from '../ui/notice.tsx'
import { Page, Section } from '../ui/page.tsx'
import { Answered } from '../ui/states.tsx'
import { ConditionBuilder } from './condition-builder.tsx'
import { columns, type Condition, condition as conditionShape, type CountColumn } from './condition-contract.ts'
import { conditionText } from './condition-words.ts'
import { coverageContract, type Ratio } from './contract.ts'
import { coverage } from './coverage-client.tsx'
import { CoverageNav } from './coverage-nav.tsx'
import { listSearch, percent } from './words.ts'

/** 定义指标: a new ratio, or a new version of one, with what it would come to today. */
export function RatioEditScreen() {
  const list = useListState(z.object({ key: z.string() }).partial())
  const { key } = list.filters
  const query = useQuery(coverage.getDefinitions.queryOptions())
  const title = (ratio: Ratio | undefined) => (ratio ? `${ratio.name}：定新版` : '定义新指标')
  return (
    <Page
      title={title(query.data?.ratios.find((one) => one.key === key))}
      trail={[{ title: '指标口径', to: '/coverage/ratios' }]}
      description="分子、分母都是对单位的条件；分子在分母之中数，百分比不会超过 100 %。"
    >
      <CoverageNav />
      <Answered query={query} rows={8}>
        {({ ratios }) => <Definition before={ratios.find((one) => one.key === key)} />}
      </Answered>
    </Page>
  )
}

const asked = inputOf(coverageContract.defineRatio)
const words = asked.pick({
  name: true,
  definition: true,
  numeratorText: true,
  denominatorText: true,
  effectiveFrom: true,
  source: true,
  note: true,
})
const operating: Condition = { and: [{ column: 'in_operation', is: true }] }

function Definition({ before }: { before: Ratio | undefined }) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const [numerator, setNumerator] = useState<Condition>(before?.numerator ?? { and: [] })
  const [denominator, setDenominator] = useState<Condition>(before?.denominator ?? operating)
  const [counting, setCounting] = useState<Ratio['counting']>(before?.counting ?? { by: 'units' })
  const formula = { numerator, denominator, counting }
  const state = useZodForm(words, async (values) => {
    const made = await coverage.defineRatio.call({ ...values, ...formula, ...(before ? { key: before.key } : {}) })
    await client.invalidateQueries({ queryKey: coverage.key() })
    say.good(`已定义，第 ${made.version} 版；各月的数字随后算出`)
    void navigate({ to: '/coverage/ratios', search: { key: made.key } })
  })
  const initial = before
    ? { ...before, effectiveFrom: today(new Date()), source: '', note: '' }
    : { effectiveFrom: today(new Date()) }
  return (
    <div className="lx-coverage-pair">
      <div>
        <Section title="分母：在哪些单位里数">
          <ConditionBuilder label="分母" value={denominator} onChange={setDenominator} />
        </Section>
        <Section title="分子：其中数哪些">
          <ConditionBuilder label="分子" value={numerator} onChange={setNumerator} />
        </Section>
        <Section title="怎么算">
          <Counting value={counting} onChange={setCounting} />
        </Section>
        <Preview formula={formula} />
      </div>
      <Section title="成文定义">
        <FormFields state={state} initial={initial}>
          <Field name="name" label="名称" />
          <Field name="definition" label="定义" hint="一句话，让看的人知道数的是什么">
            <Input.TextArea rows={2} maxLength={500} />
          </Field>
          <Field name="numeratorText" label="分子，用文字说" />
          <Field name="denominatorText" label="分母，用文字说" />
          <Field name="effectiveFrom" label="施行日" hint={before ? '不早于今天；此前各日仍用前一版' : '可以早于今天'}>
            <input type="date" className="lx-day" {...(before ? { min: today(new Date()) } : {})} />
          </Field>
          <Field name="source" label="依据" hint="文件名、文号或网址" />
          <Field name="note" label="说明">
            <Input.TextArea rows={2} maxLength={500} />
          </Field>
          <div className="lx-form-acts">
            <Button type="primary" loading={state.busy} onClick={() => void state.send()}>
              {before ? `定为第 ${before.version + 1} 版` : '定义'}
            </Button>
            <Link to="/coverage/ratios" search={before ? { key: before.key } : {}}>
              <Button>取消</Button>
            </Link>
          </div>
        </FormFields>
      </Section>
    </div>
  )
}

const countColumns = Object.entries(columns).flatMap(([value, one]) =>
  one.type === 'count' ? [{ value: value as CountColumn, label: one.title }] : [],
)

function Counting(props: { value: Ratio['counting']; onChange: (next: Ratio['counting']) => void }) {
  const { value, onChange } = props
  const pick = (part: 'numerator' | 'denominator', label: string) =>
    value.by === 'sum' ? (
      <Select
        size="small"
        style={{ width: 190 }}
        aria-label={label}
        value={value[part]}
        options={countColumns}
        onChange={(column: CountColumn) => onChange({ ...value, [part]: column })}
      />
    ) : null
  return (
    <div className="lx-condition-head">
      <Radio.Group
        aria-label="怎么算"
        value={value.by}
        options={[
          { value: 'units', label: '数单位' },
          { value: 'sum', label: '加人数' },
        ]}
        onChange={(event) =>
          onChange(
            event.target.value === 'units'
              ? { by: 'units' }
              : { by: 'sum', numerator: 'cross_posts', denominator: 'committee_posts' },
          )
        }
      />
      {pick('numerator', '分子加哪一项')}
      {value.by === 'sum' ? '÷' : null}
      {pick('denominator', '分母加哪一项')}
    </div>
  )
}

/** What the formula comes to today, with both lists. */
function Preview({ formula }: { formula: Pick<Ratio, 'numerator' | 'denominator' | 'counting'> }) {
  const whole =
    conditionShape.safeParse(formula.numerator).success && conditionShape.safeParse(formula.denominator).success
  const query = useQuery(coverage.previewRatio.queryOptions({ input: formula, enabled: whole, meta: { keep: true } }))
  const both: Condition = { and: [formula.denominator, formula.numerator] }
  return (
    <Section title="今天是多少">
      <p className="lx-soft">分母：{conditionText(formula.denominator)}</p>
      <p className="lx-soft">分子：{conditionText(formula.numerator)}</p>
      {whole ? (
        <Answered query={query} rows={1}>
          {(now) => (
            <p className="lx-ratio-big">
              <b>{percent(now.value)}</b>
              <span>
                <Link to="/coverage/units" search={listSearch({ condition: both }, {})}>
                  {grouped(now.numerator)}
                </Link>
                {' / '}
                <Link to="/coverage/units" search={listSearch({ condition: formula.denominator }, {})}>
                  {grouped(now.denominator)}
                </Link>
                <span className="lx-soft"> 截至 {now.asOf}</span>
              </span>
            </p>
          )}
        </Answered>
      ) : (
        <p className="lx-warn-line">有条件还没有填完，填完后这里显示今天的数。</p>
      )}
    </Section>
  )
}
