// Instructors for units without members: the assignment of least distance that load and skill allow, exactly.

/** An instructor: how many units at most, and what he knows (industry letters or any agreed words). */
export type Instructor = { id: string; x: number; y: number; capacity: number; skills: readonly string[] }

/** A unit to be given instructors. `skill` is what it would want of them, null for none. */
export type InstructedUnit = { id: string; x: number; y: number; skill: string | null }

/** How instructors are assigned; every number in metres, or metres' worth. */
export type AssignSettings = {
  /** Instructors for each unit. */
  each: number
  /** Beyond this distance nobody is sent. */
  metresMax: number
  /** What a missing skill weighs. */
  skillMetres: number
  /** What it is worth to leave a unit with the instructor it has. */
  keepMetres: number
  /** Nearest instructors looked at for a unit; all of them where there are no more. */
  nearest: number
}

/** The built-in settings: one instructor each, within 15 km. */
export const builtInAssign: AssignSettings = {
  each: 1,
  metresMax: 15_000,
  skillMetres: 2000,
  keepMetres: 3000,
  nearest: 60,
}

/** An assignment: pairs with their straight metres, units short of instructors, how many earlier pairs were given up. */
export type Assignment = {
  pairs: { unitId: string; instructorId: string; metres: number; skilled: boolean; kept: boolean }[]
  short: { unitId: string; missing: number }[]
  changed: number
}

type Arc = { to: number; cost: number }

// A unit that stays short outweighs any distance; pairs are taken from this reserve last.
const reserveCost = 1e8

class Flow {
  readonly arcs: Arc[][]
  readonly used: Set<number>[]
  private readonly load: number[][]
  private readonly price: Float64Array
  private readonly capacity: number[]
  private readonly costOf: Map<number, number>[]
  constructor(arcs: Arc[][], capacity: number[]) {
    this.arcs = arcs
    this.capacity = capacity
    this.used = arcs.map(() => new Set())
    this.load = capacity.map(() => [])
    this.price = new Float64Array(capacity.length)
    this.costOf = arcs.map((list) => new Map(list.map((arc) => [arc.to, arc.cost])))
  }

  /** Gives a unit one more instructor by the shortest chain of exchanges; prices keep every earlier choice the cheapest. */
  augment(unit: number): void {
    const count = this.capacity.length
    const dist = new Float64Array(count).fill(Infinity)
    const from = new Int32Array(count).fill(-1)
    const via = new Int32Array(count).fill(-1)
    const settled: number[] = []
    const heap: [number, number][] = []
    const reach = (through: number, instructor: number, base: number) => {
      for (const { to, cost } of this.arcs[through]!) {
        if (this.used[through]!.has(to)) continue
        const next = base + cost - this.price[to]!
        if (next >= dist[to]!) continue
        dist[to] = next
        from[to] = instructor
        via[to] = through
        heapPush(heap, [next, to])
      }
    }
    reach(unit, -1, 0)
    for (;;) {
      const [near, at] = heapPop(heap)!
      if (near > dist[at]!) continue
      if (this.load[at]!.length < this.capacity[at]!) {
        for (const one of settled) this.price[one] = this.price[one]! + dist[one]! - near
        this.trace(at, from, via)
        return
      }
      settled.push(at)
      for (const other of this.load[at]!) reach(other, at, near + this.price[at]! - this.costOf[other]!.get(at)!)
    }
  }

  private trace(end: number, from: Int32Array, via: Int32Array): void {
    for (let at = end; at !== -1; at = from[at]!) {
      const unit = via[at]!
      const before = from[at]!
      if (before !== -1) {
        this.used[unit]!.delete(before)
        this.load[before]!.splice(this.load[before]!.indexOf(unit), 1)
      }
      this.used[unit]!.add(at)
      this.load[at]!.push(unit)
    }
  }
}

/**
 * Assigns instructors: as many units as possible get theirs, then the sum of distance, missing skills and changes is least (exact
 * over the nearest instructors of each unit). A unit gets an instructor once at most. `previous` holds pairs worth keeping.
 */
export function assignInstructors(
  units: readonly InstructedUnit[],
  instructors: readonly Instructor[],
  previous: readonly { unitId: string; instructorId: string }[] = [],
  own: Partial<AssignSettings> = {},
): Assignment {
  const settings = { ...builtInAssign, ...own }
  const held = new Set(previous.map((pair) => `${pair.unitId}\n${pair.instructorId}`))
  const arcs = units.map((unit) => arcsOf(unit, instructors, held, settings))
  // Each missing instructor of a unit has a reserve seat of its own, so that a unit may be short more than once.
  for (const list of arcs)
    for (let seat = 0; seat < settings.each; seat += 1) list.push({ to: instructors.length + seat, cost: reserveCost })
  const seats = Array.from({ length: settings.each }, () => Infinity)
  const flow = new Flow(arcs, [...instructors.map((one) => one.capacity), ...seats])
  for (let round = 0; round < settings.each; round += 1) for (const unit of units.keys()) flow.augment(unit)
  return read(flow, units, instructors, held)
}

function arcsOf(
  unit: InstructedUnit,
  instructors: readonly Instructor[],
  held: ReadonlySet<string>,
  settings: AssignSettings,
): Arc[] {
  const list: Arc[] = []
  for (const [to, one] of instructors.entries()) {
    const metres = Math.hypot(one.x - unit.x, one.y - unit.y)
    const kept = held.has(`${unit.id}\n${one.id}`)
    if (metres > settings.metresMax || one.capacity < 1) continue
    const skill = unit.skill !== null && !one.skills.includes(unit.skill) ? settings.skillMetres : 0
    list.push({ to, cost: Math.round(metres) + skill + (kept ? 0 : settings.keepMetres) })
  }
  return list.sort((a, b) => a.cost - b.cost || a.to - b.to).slice(0, settings.nearest)
}

function read(
  flow: Flow,
  units: readonly InstructedUnit[],
  instructors: readonly Instructor[],
  held: ReadonlySet<string>,
): Assignment {
  const result: Assignment = { pairs: [], short: [], changed: 0 }
  let kept = 0
  for (const [at, unit] of units.entries()) {
    const chosen = [...flow.used[at]!].sort((a, b) => a - b)
    const real = chosen.filter((to) => to < instructors.length).map((to) => instructors[to]!)
    for (const one of real) {
      const pair = { unitId: unit.id, instructorId: one.id, kept: held.has(`${unit.id}\n${one.id}`) }
      const skilled = unit.skill === null || one.skills.includes(unit.skill)
      if (pair.kept) kept += 1
      result.pairs.push({ ...pair, skilled, metres: Math.round(Math.hypot(one.x - unit.x, one.y - unit.y)) })
    }
    if (real.length < chosen.length) result.short.push({ unitId: unit.id, missing: chosen.length - real.length })
  }
  return { ...result, changed: held.size - kept }
}

function heapPush(heap: [number, number][], item: [number, number]): void {
  let at = heap.length
  heap.push(item)
  while (at > 0) {
    const up = (at - 1) >> 1
    if (heap[up]![0] <= item[0]) break
    heap[at] = heap[up]!
    at = up
  }
  heap[at] = item
}

function heapPop(heap: [number, number][]): [number, number] | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (heap.length === 0 || last === undefined) return top
  let at = 0
  for (;;) {
    let next = 2 * at + 1
    if (next >= heap.length) break
    if (next + 1 < heap.length && heap[next + 1]![0] < heap[next]![0]) next += 1
    if (heap[next]![0] >= last[0]) break
    heap[at] = heap[next]!
    at = next
  }
  heap[at] = last
  return top
}
