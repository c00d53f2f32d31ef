// For each leading node the nodes it may lead, cheapest first: the nearest ones, those of its industry, and a reserve of wide ones.
import { far } from './pair.ts'
import { edgeMetres, type PlanModel, type PlanNode } from './plan-model.ts'

/**
 * Edges from every leading node, sorted by cost: those of node h stand at start[h] to start[h + 1]. `complete` marks nodes that
 * stand in the edges of every node that may lead them, and whose own edges are all there are: nothing about them was cut off.
 */
export type Edges = { start: Int32Array; to: Int32Array; cost: Float64Array; complete: Uint8Array }

/** A node that may be led, and its cost under the lead (`far` added where wide). */
export type Edge = [node: number, metres: number]

/**
 * How many edges a node keeps: near ones, ones allowed only by industry, ones that flag the group, and those where others abound.
 * Of a building, park or road with more than `tag` nodes only those next to the lead are looked at, in the order of places.
 */
export type EdgeLimits = { near: number; industry: number; wide: number; wideFew: number; tag: number }

const usualLimits: EdgeLimits = { near: 48, industry: 12, wide: 24, wideFew: 5, tag: 60 }

/** Keeps every edge there is: for proofs over some thousand nodes. */
export const noLimits: EdgeLimits = {
  near: Infinity,
  industry: Infinity,
  wide: Infinity,
  wideFew: Infinity,
  tag: Infinity,
}

const cell = 120
// Cells from west to east at most: a country's width, so that keys of cells stay small numbers.
const columnsMost = 2 ** 16

/** Nodes by place and by what their addresses name. */
export class Grid {
  readonly cells = new Map<number, PlanNode[]>()
  readonly byTag = new Map<string, PlanNode[]>()
  /** Of each road in the order of house numbers, which are known where places are not. */
  readonly byRoad = new Map<string, PlanNode[]>()
  readonly size: number
  private readonly roadNumbers: number
  /** Places once more, by the index of the node, close together in memory. */
  readonly east: Float64Array
  readonly north: Float64Array
  constructor(nodes: readonly PlanNode[], { nodes: { length: all }, settings }: PlanModel) {
    this.size = nodes.length
    this.roadNumbers = settings.roadNumbers
    this.east = new Float64Array(all)
    this.north = new Float64Array(all)
    const ordered = nodes.toSorted((a, b) => a.place.x - b.place.x || a.place.y - b.place.y || a.index - b.index)
    for (const node of ordered) {
      this.east[node.index] = node.place.x
      this.north[node.index] = node.place.y
      const { x, y } = node.place
      // Whoever may stand anywhere is near nobody by its place.
      if (node.place.accuracyMetres <= settings.industryMetres)
        push(this.cells, Grid.key(Math.floor(x / cell), Math.floor(y / cell)), node)
      const { building, park, road, street, accuracyMetres } = node.place
      if (building !== null) push(this.byTag, `b${building}`, node)
      if (park !== null) push(this.byTag, `p${park}`, node)
      if (road !== null && node.place.number !== null) push(this.byRoad, road, node)
      if (street !== null) push(this.byTag, `${accuracyMetres > cell ? 's' : 't'}${street}`, node)
    }
    for (const list of this.byRoad.values()) list.sort((a, b) => a.place.number! - b.place.number!)
  }
  static key(column: number, row: number): number {
    return row * columnsMost + column
  }
  /**
   * Lists of nodes of a lead's building, park, street (of those placed nowhere surer, and of all where the lead is such a one) and
   * neighbouring numbers of its road, each with where the lead's own place in it is.
   */
  tagged({ place }: PlanNode): { list: PlanNode[]; rank: () => number }[] {
    const { building, park, road, street, x, number } = place
    const guess = place.accuracyMetres > cell && street
    const keys = [building && `b${building}`, park && `p${park}`, street && `s${street}`, guess && `t${street}`]
    const lists = keys.flatMap((key) => (key === null || key === false ? [] : [this.byTag.get(key) ?? []]))
    const found = lists.map((list) => ({ list, rank: () => rankIn(list, (node) => node.place.x < x) }))
    if (road === null || number === null) return found
    const all = this.byRoad.get(road) ?? []
    const least = rankIn(all, (node) => node.place.number! < number - this.roadNumbers)
    const most = rankIn(all, (node) => node.place.number! <= number + this.roadNumbers)
    const along = all.slice(least, most)
    return [...found, { list: along, rank: () => rankIn(along, (node) => node.place.number! < number) }]
  }
}

function push<Key>(map: Map<Key, PlanNode[]>, key: Key, node: PlanNode): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [node])
  else list.push(node)
}

/** Finds the edges of every node. Same building, park, road and guessed street are found by name, the rest by place. */
export function findEdges(model: PlanModel, limits: EdgeLimits = usualLimits): Edges {
  const { nodes } = model
  const grid = new Grid(
    nodes.filter((node) => node.host === null),
    model,
  )
  const hosts = new Grid(
    nodes.filter((node) => node.host !== null),
    model,
  )
  const seen = new Int32Array(nodes.length).fill(-1)
  const complete = new Uint8Array(nodes.length)
  const lists = nodes.map((lead): Edge[] => {
    const { list, whole } = edgesOf(model, grid, lead, seen, limits)
    if (whole) complete[lead.index] = 1
    return list
  })
  for (const node of nodes)
    if (complete[node.index] === 1 && node.host === null) addBack(model, grid, hosts, node, lists)
  return { ...packed(lists), complete }
}

/** Lists of edges, one a node, put side by side. */
export function packed(lists: readonly Edge[][]): { start: Int32Array; to: Int32Array; cost: Float64Array } {
  const start = new Int32Array(lists.length + 1)
  for (const [at, list] of lists.entries()) start[at + 1] = start[at]! + list.length
  const to = new Int32Array(start[lists.length]!)
  const cost = new Float64Array(to.length)
  for (const [at, list] of lists.entries())
    for (const [offset, [node, metres]] of list.entries()) {
      to[start[at]! + offset] = node
      cost[start[at]! + offset] = metres
    }
  return { start, to, cost }
}

/** A node with few neighbours stands in the edges of all that may lead it, though they have many that are nearer. */
function addBack(model: PlanModel, grid: Grid, hosts: Grid, node: PlanNode, lists: Edge[][]): void {
  const found = new Set<PlanNode>()
  for (const from of hosts.size > 0 ? [grid, hosts] : [grid]) {
    for (const { list } of from.tagged(node)) for (const lead of list) found.add(lead)
    for (let ring = 0; ring <= ringsOf(model); ring += 1)
      forRing(node, ring, (key) => from.cells.get(key)?.forEach((lead) => found.add(lead)))
  }
  for (const lead of found) {
    const own = lists[lead.index]!
    if (lead === node || own.some((edge) => edge[0] === node.index)) continue
    const metres = edgeMetres(model, lead, node)
    if (metres === Infinity) continue
    const at = own.findIndex((edge) => edge[1] > metres)
    own.splice(at === -1 ? own.length : at, 0, [node.index, metres])
  }
}

/** Rings of cells that hold everything within some metres, by default within reach of a common industry. */
export const ringsOf = (model: PlanModel, metres = model.settings.industryMetres) => Math.ceil(metres / cell)

/** The nearest edges of one lead, and whether they are all there are. */
function edgesOf(
  model: PlanModel,
  grid: Grid,
  lead: PlanNode,
  seen: Int32Array,
  limits: EdgeLimits,
): { list: Edge[]; whole: boolean } {
  const { settings } = model
  const near: Edge[] = []
  const industry: Edge[] = []
  const wide: Edge[] = []
  let whole = true
  seen[lead.index] = lead.index
  // What stands further off in a straight line than this is not looked at: out of reach, or not nearer than what is there already.
  let reach = Infinity
  const look = (list: PlanNode[], from: number, to: number) => {
    for (let at = from; at < to; at += 1) {
      const node = list[at]!
      if (seen[node.index] === lead.index) continue
      seen[node.index] = lead.index
      const east = grid.east[node.index]! - lead.place.x
      const north = grid.north[node.index]! - lead.place.y
      if (east * east + north * north > reach) continue
      const metres = edgeMetres(model, lead, node)
      if (metres === Infinity) continue
      ;(metres >= far ? wide : metres > settings.nearMetres ? industry : near).push([node.index, metres])
    }
  }
  for (const { list, rank } of grid.tagged(lead)) {
    whole &&= list.length <= limits.tag
    const from = list.length > limits.tag ? Math.max(0, Math.min(rank() - limits.tag / 2, list.length - limits.tag)) : 0
    look(list, from, Math.min(list.length, from + limits.tag))
  }
  const lookIn = (key: number) => {
    const list = grid.cells.get(key)
    if (list !== undefined) look(list, 0, list.length)
  }
  const rings = lead.place.accuracyMetres > settings.industryMetres ? -1 : ringsOf(model)
  let last = rings
  reach = settings.industryMetres ** 2
  for (let ring = 0; ring <= last; ring += 1) {
    // Where the near list fills, what lies one ring further is the last that could still be nearer than something in it.
    if (near.length >= limits.near && last === rings) {
      last = Math.min(rings, ring + 1)
      reach = Math.min(reach, near.sort((a, b) => a[1] - b[1])[limits.near - 1]![1] ** 2)
    }
    // Beyond what is near only a common industry counts; a node with neighbours enough does not look that far.
    if (ring * cell > settings.nearMetres + cell && near.length + industry.length >= limits.industry * 2) last = -1
    else forRing(lead, ring, lookIn)
  }
  const wideMost =
    Math.min(near.length, limits.near) + Math.min(industry.length, limits.industry) >= limits.wide
      ? limits.wideFew
      : limits.wide
  whole &&= last === rings && near.length < limits.near && industry.length <= limits.industry
  whole &&= wide.length <= wideMost
  const kept = [...cut(near, limits.near), ...cut(industry, limits.industry)].sort((a, b) => a[1] - b[1])
  return { list: [...kept, ...cut(wide, wideMost)], whole }
}

const cut = (list: Edge[], most: number) => list.sort((a, b) => a[1] - b[1] || a[0] - b[0]).slice(0, most)

/** How many nodes of a sorted list stand before one. */
function rankIn(list: readonly PlanNode[], before: (node: PlanNode) => boolean): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (before(list[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}

/** Calls back with the keys of the cells that lie a number of cells round a node's. */
export function forRing({ place }: PlanNode, ring: number, visit: (key: number) => void): void {
  const column = Math.floor(place.x / cell)
  const row = Math.floor(place.y / cell)
  if (ring === 0) {
    visit(Grid.key(column, row))
    return
  }
  for (let at = -ring; at <= ring; at += 1) {
    visit(Grid.key(column + at, row - ring))
    visit(Grid.key(column + at, row + ring))
  }
  for (let at = 1 - ring; at < ring; at += 1) {
    visit(Grid.key(column - ring, row + at))
    visit(Grid.key(column + ring, row + at))
  }
}
