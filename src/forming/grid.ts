// For each leading node the nodes it may lead, cheapest first: the nearest ones, those of its industry, and a reserve of wide ones.
import { far } from './pair.ts'
import { edgeMetres, type PlanModel, type PlanNode } from './plan-model.ts'

/** Edges from every leading node, sorted by cost: those of node h stand at start[h] to start[h + 1]. */
export type Edges = { start: Int32Array; to: Int32Array; cost: Float64Array }

/** How many edges a node keeps: near ones, ones allowed only by industry, ones that flag the group. */
export const edgeLimits = { near: 48, industry: 12, wide: 24 }

const cell = 120
// A building, park or road with more nodes than this is looked at only next to the lead, in the order of places.
const tagMost = 60

class Grid {
  readonly cells = new Map<number, PlanNode[]>()
  readonly byTag = new Map<string, PlanNode[]>()
  constructor(nodes: readonly PlanNode[]) {
    const ordered = nodes.toSorted((a, b) => a.place.x - b.place.x || a.place.y - b.place.y || a.index - b.index)
    for (const node of ordered) {
      const key = Grid.key(Math.floor(node.place.x / cell), Math.floor(node.place.y / cell))
      push(this.cells, key, node)
      const { building, park, road, street, accuracyMetres } = node.place
      if (building !== null) push(this.byTag, `b${building}`, node)
      if (park !== null) push(this.byTag, `p${park}`, node)
      if (road !== null) push(this.byTag, `r${road}`, node)
      if (street !== null && accuracyMetres > cell) push(this.byTag, `s${street}`, node)
    }
  }
  static key(column: number, row: number): number {
    return (column + 2 ** 24) * 2 ** 26 + (row + 2 ** 24)
  }
}

function push<Key>(map: Map<Key, PlanNode[]>, key: Key, node: PlanNode): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [node])
  else list.push(node)
}

/** Finds the edges of every node. Same building, park, road and guessed street are found by name, the rest by place. */
export function findEdges(model: PlanModel): Edges {
  const { nodes } = model
  const grid = new Grid(nodes.filter((node) => node.host === null))
  const start = new Int32Array(nodes.length + 1)
  let to = new Int32Array(nodes.length * 100 + 100)
  let cost = new Float64Array(to.length)
  let size = 0
  const seen = new Int32Array(nodes.length).fill(-1)
  for (const lead of nodes) {
    const list = edgesOf(model, grid, lead, seen)
    if (size + list.length > to.length) {
      const larger = Math.max(to.length * 2, size + list.length)
      to = grow(to, new Int32Array(larger))
      cost = grow(cost, new Float64Array(larger))
    }
    for (const [node, metres] of list) {
      to[size] = node
      cost[size] = metres
      size += 1
    }
    start[lead.index + 1] = size
  }
  return { start, to: to.slice(0, size), cost: cost.slice(0, size) }
}

function grow<Numbers extends Int32Array | Float64Array>(from: Numbers, into: Numbers): Numbers {
  into.set(from)
  return into
}

function edgesOf(model: PlanModel, grid: Grid, lead: PlanNode, seen: Int32Array): [number, number][] {
  const near: [number, number][] = []
  const industry: [number, number][] = []
  const wide: [number, number][] = []
  seen[lead.index] = lead.index
  const look = (list: PlanNode[] | undefined, most: number) => {
    if (list === undefined) return
    const middle = list.length > most ? Math.max(0, Math.min(rankOf(list, lead) - most / 2, list.length - most)) : 0
    for (let at = middle; at < Math.min(list.length, middle + most); at += 1) {
      const node = list[at]!
      if (seen[node.index] === lead.index) continue
      seen[node.index] = lead.index
      const metres = edgeMetres(model, lead, node)
      if (metres === Infinity) continue
      if (metres >= far) wide.push([node.index, metres])
      else if (metres > model.settings.nearMetres) industry.push([node.index, metres])
      else near.push([node.index, metres])
    }
  }
  const { building, park, road, street } = lead.place
  if (building !== null) look(grid.byTag.get(`b${building}`), tagMost)
  if (park !== null) look(grid.byTag.get(`p${park}`), tagMost)
  if (road !== null) look(grid.byTag.get(`r${road}`), tagMost)
  if (street !== null) look(grid.byTag.get(`s${street}`), tagMost)
  const column = Math.floor(lead.place.x / cell)
  const row = Math.floor(lead.place.y / cell)
  const rings = Math.ceil(model.settings.industryMetres / cell)
  let last = rings
  for (let ring = 0; ring <= last; ring += 1) {
    // Where the near list fills, what lies one ring further is the last that could still be nearer than something in it.
    if (near.length >= edgeLimits.near && last === rings) last = Math.min(rings, ring + 1)
    // Beyond what is near only a common industry counts; a node with neighbours enough does not look that far.
    if (ring * cell > model.settings.nearMetres + cell && near.length + industry.length >= edgeLimits.industry * 2)
      break
    for (const key of ringOf(column, row, ring)) look(grid.cells.get(key), Infinity)
  }
  const cut = (list: [number, number][], most: number) => list.sort((a, b) => a[1] - b[1] || a[0] - b[0]).slice(0, most)
  const kept = [...cut(near, edgeLimits.near), ...cut(industry, edgeLimits.industry)].sort((a, b) => a[1] - b[1])
  return [...kept, ...cut(wide, kept.length >= edgeLimits.wide ? 5 : edgeLimits.wide)]
}

/** How many nodes of a list sorted by place stand west of one. */
function rankOf(list: readonly PlanNode[], node: PlanNode): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.place.x < node.place.x) low = middle + 1
    else high = middle
  }
  return low
}

function* ringOf(column: number, row: number, ring: number): Generator<number> {
  if (ring === 0) {
    yield Grid.key(column, row)
    return
  }
  for (let at = -ring; at <= ring; at += 1) {
    yield Grid.key(column + at, row - ring)
    yield Grid.key(column + at, row + ring)
  }
  for (let at = 1 - ring; at < ring; at += 1) {
    yield Grid.key(column - ring, row + at)
    yield Grid.key(column + ring, row + at)
  }
}
