import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pagination, Segmented, Table, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { Section } from '../ui/page.tsx'
import { Answered } from '../ui/states.tsx'
import { coverage, type Dashboard, type Definitions, type RegionRow } from './coverage-client.tsx'
import { Trend } from './dashboard-trend.tsx'
import { peopled, TileMap } from './tile-map.tsx'
import { listSearch, percent } from './words.ts'

/** The levels of regions. */
export const levels = { country: '全国', province: '省', city: '市', county: '县', township: '乡镇街道' } as const
export type Level = keyof typeof levels
const order = Object.keys(levels) as Level[]
const pageSize = 200

interface BelowProps {
  data: Dashboard
  definitions: Definitions
  chosen: string | undefined
  level: Level | undefined
  onLevel: (level: Level) => void
}

/** The chosen ratio over the months and over the regions below, and every ratio of those regions side by side. */
export function Below(props: BelowProps) {
  const { data, definitions, chosen } = props
  const lower = order.slice(order.indexOf(data.region.level) + 1)
  const level = props.level && lower.includes(props.level) ? props.level : lower[0]
  const [page, setPage] = useState({ of: data.region.code, at: 1 })
  const at = page.of === data.region.code ? page.at : 1
  const query = useQuery({
    ...coverage.compareRegions.queryOptions({
      input: { region: data.region.code, level: level ?? 'township', asOf: data.asOf, page: at, pageSize },
      enabled: level !== undefined,
    }),
    staleTime: 60_000,
    placeholderData: (last) => (last?.level === level ? last : undefined),
  })
  const trend = <Trend data={data} definitions={definitions} chosen={chosen} />
  if (!level) return trend
  return (
    <>
      <div className="lx-coverage-pair">
        {trend}
        <Section title="各地" extra={<ChosenName data={data} chosen={chosen} />}>
          <Answered query={query} rows={6}>
            {(found) => <TileMap rows={found.rows} chosen={chosen} asOf={data.asOf} />}
          </Answered>
        </Section>
      </div>
      <Section
        title={`各${levels[level]}比较`}
        extra={
          lower.length > 1 ? (
            <Segmented
              size="small"
              aria-label="比较哪一级"
              value={level}
              options={lower.map((one) => ({ value: one, label: levels[one] }))}
              onChange={props.onLevel}
            />
          ) : undefined
        }
      >
        <Answered query={query} rows={6}>
          {(found) => (
            <>
              <Comparison rows={peopled(found.rows)} definitions={definitions} chosen={chosen} asOf={data.asOf} />
              <Unpeopled rows={found.rows} />
              {found.total > pageSize ? (
                <Pagination
                  className="lx-pages"
                  size="small"
                  current={at}
                  pageSize={pageSize}
                  total={found.total}
                  showSizeChanger={false}
                  onChange={(next) => setPage({ of: data.region.code, at: next })}
                />
              ) : null}
            </>
          )}
        </Answered>
      </Section>
    </>
  )
}

function ChosenName({ data, chosen }: { data: Dashboard; chosen: string | undefined }) {
  const one = data.ratios.find((ratio) => ratio.key === chosen)
  return one ? (
    <span className="lx-soft">
      {one.name}（第 {one.version} 版）· {one.asOf}
    </span>
  ) : null
}

/** Says which regions are left out, so that nobody takes them for forgotten. */
function Unpeopled({ rows }: { rows: readonly RegionRow[] }) {
  const some = peopled(rows)
  const none = rows.filter((row) => !some.includes(row))
  if (none.length === 0) return null
  const names = none.map((row) => row.region.name).join('、')
  return (
    <p className="lx-soft lx-below-facts" title={names}>
      另有 {grouped(none.length)} 个区划没有统计范围内的单位，未列：
      {names.length > 60 ? `${names.slice(0, 60)}…` : names}
    </p>
  )
}

interface ComparisonProps {
  rows: readonly RegionRow[]
  definitions: Definitions
  chosen: string | undefined
  asOf: string
}

/** A table of the regions, sorted by any of its numbers; regions only, never persons. */
function Comparison({ rows, definitions, chosen, asOf }: ComparisonProps) {
  const figure = (key: string, width: number) => {
    const words = definitions.figures.find((one) => one.key === key)
    const of = (row: RegionRow) => row.figures.find((one) => one.key === key)?.value ?? 0
    return {
      key,
      title: words?.name ?? key,
      width,
      align: 'right' as const,
      sorter: (a: RegionRow, b: RegionRow) => of(a) - of(b),
      render: (_: unknown, row: RegionRow) => (
        <Link to="/coverage/units" search={listSearch({ figure: key }, { region: row.region.code, asOf })}>
          {grouped(of(row))}
        </Link>
      ),
    }
  }
  const known = rows[0]?.ratios ?? []
  // The chosen ratio stands first, beside the units.
  const ratios = known.toSorted((a, b) => Number(b.key === chosen) - Number(a.key === chosen))
  const columns: TableColumnsType<RegionRow> = [
    {
      key: 'region',
      title: '区划',
      width: 168,
      fixed: 'left',
      ellipsis: true,
      sorter: (a, b) => (a.region.code < b.region.code ? -1 : 1),
      render: (_, { region }) => <RegionLink region={region} asOf={asOf} />,
    },
    figure('units', 120),
    ...ratios.map(({ key, name }) => ({
      key,
      title: name,
      width: Math.max(112, 40 + name.length * 13),
      align: 'right' as const,
      sorter: (a: RegionRow, b: RegionRow) => valueOf(a, key) - valueOf(b, key),
      render: (_: unknown, row: RegionRow) => <RatioCell row={row} ratio={key} asOf={asOf} chosen={key === chosen} />,
    })),
    figure('dueNotBuilt', 110),
    figure('dueSoloNotSolo', 140),
    figure('termOver', 120),
  ]
  return (
    <Table<RegionRow>
      aria-label="各地比较"
      className="lx-table"
      size="small"
      rowKey={(row) => row.region.code}
      columns={columns}
      dataSource={rows}
      pagination={false}
      tableLayout="fixed"
      scroll={{ x: columns.reduce((sum, column) => sum + Number(column.width ?? 120), 0), y: 420 }}
      showSorterTooltip={false}
    />
  )
}

// A region without anything to divide by stands below all others.
const valueOf = (row: RegionRow, key: string) => row.ratios.find((one) => one.key === key)?.value ?? -1

/** A region's name, leading to its own dashboard where it has one. */
export function RegionLink({ region, asOf }: { region: RegionRow['region']; asOf: string }) {
  if (region.name === '未明确乡镇街道') return <span className="lx-soft">{region.name}</span>
  return (
    <Link to="/coverage" search={(now: Record<string, unknown>) => ({ ...now, region: region.code, asOf })}>
      {region.name}
    </Link>
  )
}

function RatioCell(props: { row: RegionRow; ratio: string; asOf: string; chosen: boolean }) {
  const one = props.row.ratios.find((answer) => answer.key === props.ratio)
  if (!one || one.value === null) return <span className="lx-faint">—</span>
  const words = `${one.name}（第 ${one.version} 版，${one.asOf}）：${grouped(one.numerator)} / ${grouped(one.denominator)}`
  return (
    <Link
      className={props.chosen ? 'lx-ratio-cell lx-ratio-cell-now' : 'lx-ratio-cell'}
      to="/coverage/units"
      search={listSearch({ ratio: one.key, part: 'gap' }, { region: props.row.region.code, asOf: props.asOf })}
      title={`${words}；打开差距名单`}
    >
      {percent(one.value)}
    </Link>
  )
}
