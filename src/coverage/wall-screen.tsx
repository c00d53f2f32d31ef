import './coverage.css'
import './wall.css'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, type ReactNode } from 'react'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { Chart } from '../ui/chart.tsx'
import { useListState } from '../ui/list-state.ts'
import { Answered } from '../ui/states.tsx'
import { coverage, type Dashboard } from './coverage-client.tsx'
import { TileMap } from './tile-map.tsx'
import { change, percent } from './words.ts'

// The wall stands for days without a hand near it: every two seconds it asks again, and says so when it cannot.
const refreshMs = 2000

const shape = z.object({ region: regionCodeShape }).partial()
const heroes = ['orgCoverage', 'dueBuiltRate', 'soloRateA', 'workCoverage']
const drawn = ['orgCoverage', 'soloRateA']
const mapped = 'orgCoverage'
const gaps = [
  ['dueNotBuilt', '应建未建'],
  ['dueSoloNotSolo', '应单建未单建'],
  ['jointOver', '联合支部超单位数'],
  ['termOver', '届满未换届'],
] as const

/** 大屏: the headline numbers of a region for a wall of 1920×1080, read from afar; no hand, no personal data. */
export function WallScreen() {
  const { region } = useListState(shape).filters
  const navigate = useNavigate()
  const query = useQuery({
    ...coverage.getDashboard.queryOptions({ input: { ...(region ? { region } : {}), months: 12 } }),
    refetchInterval: refreshMs,
    refetchIntervalInBackground: true,
  })
  useEffect(() => {
    const leave = () => {
      if (document.fullscreenElement) void document.exitFullscreen()
      void navigate({ to: '/coverage', search: region ? { region } : {} })
    }
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && leave()
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [navigate, region])
  return (
    <main className="lx-wall">
      <Answered query={query} rows={14}>
        {(data) => (
          <>
            <header className="lx-wall-head">
              <h1>{data.region.name}　两新组织党的组织和工作覆盖</h1>
              <p>
                数据截至 <b>{data.asOf}</b>
                <span>{standing(data.settled, query.isRefetchError, query.dataUpdatedAt)}</span>
              </p>
            </header>
            <Heroes data={data} />
            <div className="lx-wall-middle">
              <Closing data={data} />
              <Gaps data={data} />
            </div>
            <Below data={data} />
          </>
        )}
      </Answered>
    </main>
  )
}

/** Of what moment the numbers are, and whether they can be relied on now. */
function standing(settled: boolean, broken: boolean, readAt: number): string {
  const time = formatDateTime(new Date(readAt)).slice(11)
  if (broken) return `连接中断，仍是 ${time} 的数字`
  return settled ? `${time} 更新` : `${time} 更新，有变动正在计算`
}

const ratioOf = (data: Dashboard, key: string) => data.ratios.find((one) => one.key === key)
const figureOf = (data: Dashboard, key: string) => data.figures.find((one) => one.key === key)?.value ?? 0

function Heroes({ data }: { data: Dashboard }) {
  const known = heroes.flatMap((key) => ratioOf(data, key) ?? [])
  return (
    <ul className="lx-wall-heroes">
      {known.map((one) => (
        <li key={one.key}>
          <p>{one.name}</p>
          <b>{percent(one.value)}</b>
          <p className="lx-wall-small">
            {grouped(one.numerator)} / {grouped(one.denominator)}
            <span>
              第 {one.version} 版口径 · {one.asOf}
            </span>
          </p>
        </li>
      ))}
    </ul>
  )
}

/** Units = own + joint + unbuilt; unbuilt = due + a few members + no member. */
function Closing({ data }: { data: Dashboard }) {
  const of = (key: string) => figureOf(data, key)
  const parts = [
    ['单独组建', of('own'), 'lx-part-own'],
    ['联合组建', of('jointAll'), 'lx-part-joint'],
    ['未建党组织', of('unbuilt'), 'lx-part-none'],
  ] as const
  return (
    <section>
      <h2>覆盖方式</h2>
      <Sum
        whole={['实体运营单位', of('units')]}
        parts={parts.map(([name, value, look]) => ({
          name: (
            <>
              <i className={look} aria-hidden="true" />
              {name}
            </>
          ),
          value,
        }))}
      />
      <div className="lx-share" aria-hidden="true">
        {parts.map(([name, value, look]) => (
          <i key={name} className={look} style={{ flexGrow: value }} />
        ))}
      </div>
      <Sum
        small
        whole={['未建党组织', of('unbuilt')]}
        parts={[
          { name: '应建未建', value: of('dueNotBuilt') },
          { name: '仅有个别党员', value: of('few') },
          { name: '没有党员', value: of('zero') },
        ]}
      />
    </section>
  )
}

function Sum(props: {
  whole: readonly [string, number]
  parts: readonly { name: ReactNode; value: number }[]
  small?: boolean
}) {
  const [name, value] = props.whole
  return (
    <dl className={props.small ? 'lx-wall-sum lx-wall-sum-small' : 'lx-wall-sum'}>
      <div>
        <dt>{name}</dt>
        <dd>{grouped(value)}</dd>
      </div>
      {props.parts.map((part, at) => (
        <div key={at}>
          <dt>{part.name}</dt>
          <dd>
            <span aria-hidden="true">{at === 0 ? '=' : '+'}</span>
            {grouped(part.value)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Gaps({ data }: { data: Dashboard }) {
  const before = data.trend.days.at(-2)
  return (
    <section>
      <h2>差距{before ? <span className="lx-wall-note">括号内为较 {before} 的增减</span> : null}</h2>
      <ul className="lx-wall-gaps">
        {gaps.map(([key, name]) => {
          const value = figureOf(data, key)
          const last = data.trend.figures.find((one) => one.key === key)?.values.at(-2)
          return (
            <li key={key}>
              <p>{name}</p>
              <b className={value > 0 ? 'lx-gap-some' : ''}>{grouped(value)}</b>
              {last === undefined ? null : <span>（{change(value, last)}）</span>}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Below({ data }: { data: Dashboard }) {
  const below = data.region.hasChildren
  const query = useQuery({
    ...coverage.compareRegions.queryOptions({ input: { region: data.region.code, pageSize: 100 }, enabled: below }),
    refetchInterval: refreshMs * 5,
    refetchIntervalInBackground: true,
  })
  const { trend } = data
  const lines = useMemo(
    () =>
      drawn.flatMap((key) => {
        const name = data.ratios.find((one) => one.key === key)?.name
        const found = trend.ratios.find((one) => one.key === key)
        if (!name || !found) return []
        const values = found.numerators.map((numerator, at) => {
          const denominator = found.denominators[at] ?? 0
          return denominator === 0 ? null : numerator / denominator
        })
        return [{ name, values }]
      }),
    [data.ratios, trend],
  )
  return (
    <div className={below ? 'lx-wall-below' : ''}>
      <section>
        <h2>
          近十二个月
          {lines.map((line, at) => (
            <span key={line.name} className={`lx-wall-line lx-wall-line-${at}`}>
              {line.name}
            </span>
          ))}
        </h2>
        <Chart
          name={data.region.name}
          labelTitle="月末"
          labels={trend.days}
          lines={lines}
          text={percent}
          height="22em"
        />
      </section>
      {below ? (
        <section>
          <h2>
            各地
            <span className="lx-wall-note">
              {ratioOf(data, mapped)?.name} · {data.asOf}
            </span>
          </h2>
          <Answered query={query} rows={6}>
            {(found) => <TileMap rows={found.rows} chosen={mapped} asOf={data.asOf} still />}
          </Answered>
        </section>
      ) : null}
    </div>
  )
}
