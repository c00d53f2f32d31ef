import { Link } from '@tanstack/react-router'
import { Table } from 'antd'
import type { ReactNode } from 'react'
import { grouped } from '../base/number.ts'
import { isCounty } from '../base/region.ts'
import { useCan } from '../ui/session.ts'
import { type Funnel, rowDrops } from './funnel-contract.ts'
import { stageOf } from './funnel-words.ts'
import { dropReasons, type FunnelStage } from './standing-contract.ts'

interface Drop {
  key: string
  title: string
  count: number
  link: ReactNode
}

interface Step {
  key: string
  title: string
  note: string
  count: number
  unit: '行' | '家'
  link: ReactNode
  /** What has dropped on the way to this step. */
  drops: Drop[]
}

const percent = (part: number, whole: number) => {
  if (whole === 0) return '—'
  const share = (part / whole) * 100
  return share > 0 && share < 0.1 ? '不到 0.1%' : `${share.toFixed(1)}%`
}

/** The steps as calm bars, each with what dropped before it; every number leads to its list. */
export function FunnelBars({ funnel, region }: { funnel: Funnel; region: string | undefined }) {
  const steps = stepsOf(funnel, region ? { region } : {})
  const most = Math.max(1, ...steps.map((step) => step.count))
  return (
    <ol className="lx-funnel">
      {steps.map((step, at) => (
        <li key={step.key}>
          {step.drops.length > 0 ? <Drops drops={step.drops} /> : null}
          <div className="lx-funnel-step">
            <div className="lx-funnel-title">
              <b>{step.title}</b>
              <span className="lx-soft">{step.note}</span>
            </div>
            <span className="lx-funnel-track" aria-hidden="true">
              <i style={{ width: `${Math.max(0.4, (step.count / most) * 100)}%` }} />
            </span>
            <span className="lx-funnel-count">
              {step.link} <span className="lx-soft">{step.unit}</span>
            </span>
            <span className="lx-funnel-share lx-soft">{shareOf(step, steps[at - 1])}</span>
          </div>
        </li>
      ))}
    </ol>
  )
}

function shareOf(step: Step, before: Step | undefined): string {
  if (!before || before.unit !== step.unit) return ''
  return `留下 ${percent(step.count, before.count)}`
}

function Drops({ drops }: { drops: Drop[] }) {
  return (
    <ul className="lx-funnel-drops">
      {drops.map((drop) => (
        <li key={drop.key}>
          <span>{drop.title}</span> {drop.link}
        </li>
      ))}
    </ul>
  )
}

/** A number that opens the units behind it. */
function Units({ count, search, sign }: { count: number; search: Record<string, unknown>; sign?: string }) {
  return (
    <Link to="/units" search={search} className="lx-number">
      {sign}
      {grouped(count)}
    </Link>
  )
}

/** A number of rows; it opens them for whoever may see imports. */
function Rows({ search, children }: { search: Record<string, unknown>; children: ReactNode }) {
  const can = useCan()
  if (!can('ledger.import.read')) return <span className="lx-number">{children}</span>
  return (
    <Link to="/funnel/rows" search={search} className="lx-number">
      {children}
    </Link>
  )
}

function stepsOf(funnel: Funnel, where: { region?: string }): Step[] {
  const stage = (name: FunnelStage): Step['drops'] =>
    funnel.drops
      .filter((one) => stageOf(one.reason) === name)
      .map(({ reason, units }) => ({
        key: reason,
        title: dropReasons[reason],
        count: units,
        link: <Units count={units} sign="−" search={{ ...where, dropReasons: [reason] }} />,
      }))
  const step = (key: FunnelStage, title: string, note: string, count: number): Step => ({
    key,
    title,
    note,
    count,
    unit: '家',
    link: <Units count={count} search={{ ...where, stage: key }} />,
    drops: stage(key),
  })
  return [
    ...rowStep(funnel, where),
    {
      key: 'units',
      title: '在册单位',
      note: '去掉重复、撤下的',
      count: funnel.units,
      unit: '家',
      link: <Units count={funnel.units} search={where} />,
      drops: unitDrops(funnel, where),
    },
    step('alive', '存续', '没有注销、吊销、迁出', funnel.alive),
    step('operating', '实体运营', '不是空壳', funnel.operating),
    step('target', '摸排对象', '三有企业与规模以上社会组织', funnel.target),
  ]
}

function rowStep({ rows }: Funnel, where: { region?: string }): Step[] {
  if (!rows) return []
  const link = <Rows search={where}>{grouped(rows.total)}</Rows>
  return [{ key: 'rows', title: '来源行', note: '已入账文件的每一行', count: rows.total, unit: '行', link, drops: [] }]
}

function unitDrops(funnel: Funnel, where: { region?: string }): Drop[] {
  const rows = (funnel.rows?.drops ?? []).map(({ drop, rows: count }) => ({
    key: drop,
    title: rowDrops[drop],
    count,
    link: <Rows search={{ ...where, fate: drop }}>−{grouped(count)} 行</Rows>,
  }))
  const { withdrawn, byHand } = funnel
  const away = {
    key: 'withdrawn',
    title: '已撤下',
    count: withdrawn,
    link: <Units count={withdrawn} sign="−" search={{ ...where, withdrawn: true, sourceRows: 'with' }} />,
  }
  const added = {
    key: 'byHand',
    title: '本单位新建',
    count: byHand,
    link: <Units count={byHand} sign="＋" search={{ ...where, sourceRows: 'without' }} />,
  }
  return [...rows, ...(byHand > 0 ? [added] : []), ...(withdrawn > 0 ? [away] : [])]
}

type Area = Funnel['areas'][number]

/** The same steps by township, or by county where there are several. */
export function AreaTable({ areas }: { areas: Area[] }) {
  const several = areas.every((one) => isCounty(one.code))
  const cell = (count: number, area: Area, search: Record<string, unknown>) => (
    // The county's own code stands for units of which no township is known.
    <Units
      count={count}
      search={{ region: area.code, ...search, ...(!several && isCounty(area.code) ? { withoutArea: true } : {}) }}
    />
  )
  const column = (title: string, read: (area: Area) => number, search: Record<string, unknown>) => ({
    title,
    width: 110,
    align: 'right' as const,
    sorter: (left: Area, right: Area) => read(left) - read(right),
    render: (_v: unknown, area: Area) => cell(read(area), area, search),
  })
  return (
    <Table<Area>
      size="small"
      rowKey={(area) => area.code}
      dataSource={areas}
      pagination={areas.length > 50 ? { pageSize: 50, size: 'small' } : false}
      columns={[
        {
          title: several ? '县' : '乡镇街道',
          render: (_v, area) =>
            !several && isCounty(area.code) ? (
              <span className="lx-soft">{area.name}</span>
            ) : (
              <Link to="/funnel" search={{ region: area.code }}>
                {area.name}
              </Link>
            ),
        },
        column('在册单位', (area) => area.units, {}),
        column('存续', (area) => area.alive, { stage: 'alive' }),
        column('实体运营', (area) => area.operating, { stage: 'operating' }),
        column('摸排对象', (area) => area.target, { stage: 'target' }),
        {
          title: '对象占在册',
          width: 110,
          align: 'right',
          render: (_v, area) => percent(area.target, area.units),
        },
      ]}
    />
  )
}
