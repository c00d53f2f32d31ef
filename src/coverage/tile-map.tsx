import { Link } from '@tanstack/react-router'
import { grouped } from '../base/number.ts'
import type { RegionRow } from './coverage-client.tsx'
import { percent } from './words.ts'

const classes = 5

/** Five classes of equal width over what the regions show, in whole percents. */
function classesOf(values: readonly number[]): { from: number; to: number }[] {
  if (values.length === 0) return []
  const low = Math.floor(Math.min(...values) * 100)
  const high = Math.max(Math.ceil(Math.max(...values) * 100), low + 1)
  const width = Math.max(1, Math.ceil((high - low) / classes))
  const count = Math.ceil((high - low) / width)
  return Array.from({ length: count }, (_, at) => ({
    from: low + at * width,
    to: Math.min(low + (at + 1) * width, 100),
  }))
}

const unitsIn = (row: RegionRow) => row.figures.find((one) => one.key === 'allUnits')?.value ?? 0

/** The regions that have units; all of them where none has. */
export function peopled(rows: readonly RegionRow[]): readonly RegionRow[] {
  const some = rows.filter((row) => unitsIn(row) > 0)
  return some.length > 0 ? some : rows
}

/**
 * The regions below as tiles in the order of their codes, darker where the ratio is higher. No boundaries are shipped and
 * none are fetched. The number stands in every tile, so that nothing is told by colour alone; a tile leads to its region.
 */
export function TileMap(props: {
  rows: readonly RegionRow[]
  chosen: string | undefined
  asOf: string
  /** Tiles that lead nowhere, for a wall. */
  still?: boolean
}) {
  const tiles = peopled(props.rows).map((row) => ({ row, answer: row.ratios.find((one) => one.key === props.chosen) }))
  const known = tiles.flatMap(({ answer }) => (answer?.value === null || !answer ? [] : [answer.value]))
  const scale = classesOf(known)
  const classOf = (value: number) => {
    const at = scale.findLastIndex((one) => value * 100 >= one.from)
    return Math.max(0, at) + (classes - scale.length)
  }
  return (
    <>
      <ul className={tiles.length > 24 ? 'lx-tiles lx-tiles-many' : 'lx-tiles'}>
        {tiles.map(({ row, answer }) => {
          const none = !answer || answer.value === null
          const look = none ? 'lx-tile lx-tile-none' : `lx-tile lx-tile-${classOf(answer.value!)}`
          const words = (
            <>
              <span>{row.region.name}</span>
              <b>{none ? '—' : percent(answer.value)}</b>
            </>
          )
          return (
            <li key={row.region.code}>
              {props.still ? (
                <div className={look}>{words}</div>
              ) : (
                <Link
                  className={look}
                  to={row.region.name === '未明确乡镇街道' ? '/coverage/units' : '/coverage'}
                  search={(now: Record<string, unknown>) => ({ ...now, region: row.region.code, asOf: props.asOf })}
                  title={none ? `${row.region.name}：没有可算的单位` : tileWords(row, answer)}
                >
                  {words}
                </Link>
              )}
            </li>
          )
        })}
      </ul>
      <ul className="lx-legend" aria-label="图例">
        {scale.map((one, at) => (
          <li key={one.from}>
            <i className={`lx-tile-${at + (classes - scale.length)}`} aria-hidden="true" />
            {one.from} %–{one.to} %
          </li>
        ))}
        <li>
          <i className="lx-tile-none" aria-hidden="true" />
          没有可算的单位
        </li>
      </ul>
    </>
  )
}

function tileWords(row: RegionRow, answer: RegionRow['ratios'][number]): string {
  return `${row.region.name}：${answer.name} ${percent(answer.value)}（${grouped(answer.numerator)} / ${grouped(answer.denominator)}）`
}
