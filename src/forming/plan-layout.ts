// Where units of unknown place are drawn: road by road in the order of house numbers, beside the map, so that neighbours by address
// can be seen and taken hold of. It is a table that looks like a map: nothing there is a distance.
import type { MapLabel } from '../ui/map-view.ts'

/** What of a unit the layout looks at. */
export interface LaidUnit {
  id: string
  x: number
  y: number
  accuracy: string
  street: string | null
  road: string | null
  number: number | null
}

/** Where unknown places are drawn, the names above them, and whether they are some of the units or all. */
export interface SchemeLayout {
  places: ReadonlyMap<string, { x: number; y: number }>
  labels: MapLabel[]
  share: 'none' | 'some' | 'all'
}

interface Block {
  name: string
  units: LaidUnit[]
  columns: number
  rows: number
}

const stepMetres = 60
/** Rows that a block's name and the gap to the next one take. */
const headRows = 1.6
const gapColumns = 1.2

/** Lays out the units whose place is not known, roads with the most units first. */
export function schemeLayout(units: readonly LaidUnit[]): SchemeLayout {
  const unknown = units.filter((unit) => unit.accuracy === 'none')
  const known = units.filter((unit) => unit.accuracy !== 'none')
  if (unknown.length === 0) return { places: new Map(), labels: [], share: 'none' }
  const box = boxOf(known)
  const step = Math.max(
    stepMetres,
    (0.7 * Math.max(box.right - box.left, box.top - box.low)) / Math.sqrt(known.length || 1),
  )
  const blocks = blocksOf(unknown)
  const cells = blocks.reduce((sum, one) => sum + (one.columns + gapColumns) * (one.rows + headRows), 0)
  const widest = Math.max(...blocks.map((one) => one.columns))
  const most = Math.max(widest, Math.sqrt(cells * 1.25))
  const left = known.length === 0 ? 0 : box.right + step * 4
  const top = known.length === 0 ? 0 : box.top
  const places = new Map<string, { x: number; y: number }>()
  const labels: MapLabel[] = []
  let [column, row, tall] = [0, 0, 0]
  for (const block of blocks) {
    if (column > 0 && column + block.columns > most) {
      row += tall + headRows
      column = 0
      tall = 0
    }
    const at = (across: number, down: number) => ({ x: left + across * step, y: top - down * step })
    labels.push({ text: block.name, ...at(column + (block.columns - 1) / 2, row) })
    for (const [index, unit] of block.units.entries())
      places.set(unit.id, at(column + (index % block.columns), row + 1 + Math.floor(index / block.columns)))
    column += block.columns + gapColumns
    tall = Math.max(tall, block.rows)
  }
  return { places, labels, share: known.length === 0 ? 'all' : 'some' }
}

function boxOf(units: readonly LaidUnit[]) {
  const box = { left: 0, right: 0, low: 0, top: 0 }
  for (const [at, { x, y }] of units.entries()) {
    box.left = at === 0 ? x : Math.min(box.left, x)
    box.right = at === 0 ? x : Math.max(box.right, x)
    box.low = at === 0 ? y : Math.min(box.low, y)
    box.top = at === 0 ? y : Math.max(box.top, y)
  }
  return box
}

function blocksOf(units: readonly LaidUnit[]): Block[] {
  const named = new Map<string, LaidUnit[]>()
  for (const unit of units) {
    const name = unit.road ?? unit.street ?? '地址不明'
    named.set(name, [...(named.get(name) ?? []), unit])
  }
  return [...named]
    .map(([name, own]): Block => {
      const columns = Math.max(1, Math.ceil(Math.sqrt(own.length * 1.6)))
      const ordered = own.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0) || (a.id < b.id ? -1 : 1))
      return { name, units: ordered, columns, rows: Math.ceil(own.length / columns) }
    })
    .toSorted((a, b) => b.units.length - a.units.length || (a.name < b.name ? -1 : 1))
}
