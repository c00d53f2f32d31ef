import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { grouped } from '../base/number.ts'
import { Mark, Section } from '../ui/page.tsx'
import type { Dashboard, Definitions } from './coverage-client.tsx'
import { change, listSearch } from './words.ts'

interface CountsProps {
  data: Dashboard
  definitions: Definitions
}

/** What a count of the dashboard is called and how it opens. */
function useCounts({ data, definitions }: CountsProps) {
  const values = new Map(data.figures.map((one) => [one.key, one.value]))
  const words = new Map(definitions.figures.map((one) => [one.key, one]))
  const of = (key: string) => values.get(key) ?? 0
  const count = (key: string, name?: string): ReactNode => (
    <Link
      key={key}
      className="lx-count"
      to="/coverage/units"
      search={listSearch({ figure: key }, { region: data.region.code, asOf: data.asOf })}
      title={words.get(key)?.text}
    >
      <span>{name ?? words.get(key)?.name}</span>
      <b>{grouped(of(key))}</b>
    </Link>
  )
  return { of, count, words }
}

/** How every unit is covered, in counts that visibly add up, and what is still to be done. */
export function CoverageCounts(props: CountsProps) {
  return (
    <div className="lx-coverage-pair">
      <Closing {...props} />
      <Gaps {...props} />
    </div>
  )
}

/** Units = own + joint + unbuilt, each of them broken down again; the sign says whether it adds up here and now. */
function Closing(props: CountsProps) {
  const { of, count } = useCounts(props)
  const parts = [
    { key: 'own', total: of('own'), title: '单独组建', className: 'lx-part-own' },
    { key: 'jointAll', total: of('jointAll'), title: '联合组建（合计）', className: 'lx-part-joint' },
    { key: 'unbuilt', total: of('unbuilt'), title: '未建党组织', className: 'lx-part-none' },
  ]
  const units = of('units')
  const sums = (keys: readonly string[]) => keys.reduce((sum, key) => sum + of(key), 0)
  return (
    <Section
      title="覆盖方式"
      extra={<Adds left={units} right={sums(['own', 'jointAll', 'unbuilt'])} words="单位数 = 单独 + 联合 + 未建" />}
    >
      <div className="lx-share" aria-hidden="true">
        {parts.map((part) => (
          <i key={part.key} className={part.className} style={{ flexGrow: part.total }} />
        ))}
      </div>
      <div className="lx-closing">
        <div className="lx-closing-total">
          {count('units', '实体运营单位')}
          {count('notOperating', '另有非实体运营')}
        </div>
        <Part className="lx-part-own" head={count('own')} sign="=">
          {['ownCommittee', 'ownGeneralBranch', 'ownBranch'].map((key, at) =>
            count(key, ['党委', '党总支', '党支部'][at]),
          )}
          <Adds left={of('own')} right={sums(['ownCommittee', 'ownGeneralBranch', 'ownBranch'])} />
        </Part>
        <Part className="lx-part-joint" head={count('jointAll')} sign="+">
          {['joint', 'regional', 'industry', 'attached'].map((key) => count(key))}
          <Adds left={of('jointAll')} right={sums(['joint', 'regional', 'industry', 'attached'])} />
        </Part>
        <Part className="lx-part-none" head={count('unbuilt')} sign="+">
          {['dueNotBuilt', 'few', 'zero'].map((key) => count(key))}
          <Adds left={of('unbuilt')} right={sums(['dueNotBuilt', 'few', 'zero'])} />
          <p className="lx-closing-other">其中</p>
          {['fallback', 'workOnly', 'none'].map((key) => count(key))}
          <Adds left={of('unbuilt')} right={sums(['fallback', 'workOnly', 'none'])} />
        </Part>
      </div>
    </Section>
  )
}

function Part(props: { className: string; sign: string; head: ReactNode; children: ReactNode }) {
  return (
    <div className={`lx-closing-part ${props.className}`}>
      <div className="lx-closing-head">
        <span className="lx-closing-sign" aria-hidden="true">
          {props.sign}
        </span>
        {props.head}
      </div>
      {props.children}
    </div>
  )
}

/** Whether two sides are the same number, in words. */
function Adds({ left, right, words }: { left: number; right: number; words?: string }) {
  return left === right ? (
    <span className="lx-adds">
      <Mark tone="good">{words ?? `合计 ${grouped(right)}，相符`}</Mark>
    </span>
  ) : (
    <span className="lx-adds">
      <Mark tone="bad">
        不相符：{grouped(left)} 与 {grouped(right)}
      </Mark>
    </span>
  )
}

const gapKeys = ['dueNotBuilt', 'dueSoloNotSolo', 'jointOver', 'termOver', 'termSoon', 'membersOverStaff'] as const

/** What is still to be done, each with its list and how it went since the last month's end. */
function Gaps(props: CountsProps) {
  const { data } = props
  const { of, words } = useCounts(props)
  const days = data.trend.days
  const before = days.length > 1 ? days[days.length - 2] : undefined
  return (
    <Section title="差距" extra={before ? <span className="lx-soft">较 {before}</span> : undefined}>
      <ul className="lx-gaps">
        {gapKeys.map((key) => {
          const series = data.trend.figures.find((one) => one.key === key)?.values
          const last = series?.at(-2)
          return (
            <li key={key}>
              <Link
                to="/coverage/units"
                search={listSearch({ figure: key }, { region: data.region.code, asOf: data.asOf })}
              >
                <b className={of(key) > 0 ? 'lx-gap-some' : ''}>{grouped(of(key))}</b>
                <span>{words.get(key)?.name}</span>
              </Link>
              <p className="lx-soft">{words.get(key)?.text}</p>
              <span className="lx-soft lx-number">{last === undefined ? '' : change(of(key), last)}</span>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
