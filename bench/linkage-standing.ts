import { assignUnits } from '../src/linkage/assign.ts'
import type { Features } from '../src/linkage/features.ts'
import { blockKeys } from '../src/linkage/keys.ts'
import { type LinkRecord, settle } from '../src/linkage/engine.ts'
import { defaultModel } from '../src/linkage/model.ts'
import { type Pool, poolOf } from '../src/linkage/pool.ts'
import { type Keyed, Touch } from '../src/linkage/touch.ts'

/** As in src/linkage/neighbours.ts: of a key that more rows hold, only their number is looked at. */
const holdersMax = 240
const roundsMax = 6
const waiting = -1

/** A county in memory to which rows are added the way src/linkage/{linking,neighbourhood}.ts does it in the database. */
export class Standing {
  private readonly rows: Features[] = []
  /** By row: its unit; `waiting`: it has none. */
  private readonly unitOf: number[] = []
  private readonly members = new Map<number, number[]>()
  /** Rows that came at one time, with where they begin. */
  private readonly parts: { from: number; pool: Pool }[] = []
  private made = 0

  /** Links the rows that stand there from the beginning, all at once. */
  constructor(rows: readonly Features[]) {
    this.take(rows)
    const records = rows.map((_, at) => this.recordOf(at, false))
    this.carryOut(this.placed(settle({ records, said: new Map(), model: defaultModel })))
  }

  /** Adds rows; answers how many rows were settled for it, and how many that stood there have another place now. */
  add(fresh: readonly Features[]): { settled: number; moved: number } {
    const first = this.take(fresh)
    const around = new Set(fresh.map((_, at) => first + at))
    for (let round = 1; ; round += 1) {
      const { records, common } = this.near(around)
      const places = this.placed(settle({ records, said: new Map(), model: defaultModel, common }))
      const moved = [...places].flatMap(([row, unit]) => (row >= first || unit === this.unitOf[row] ? [] : [row]))
      const others = moved.filter((row) => !around.has(row))
      if (others.length === 0 || round === roundsMax) {
        this.carryOut(places)
        return { settled: places.size, moved: moved.length }
      }
      for (const row of others) around.add(row)
    }
  }

  units(): Int32Array {
    return Int32Array.from(this.unitOf)
  }

  private take(rows: readonly Features[]): number {
    const from = this.rows.length
    this.parts.push({ from, pool: poolOf(rows) })
    for (const row of rows) {
      this.rows.push(row)
      this.unitOf.push(waiting)
    }
    return from
  }

  private recordOf(at: number, fixed: boolean): LinkRecord {
    return { id: String(at), features: this.rows[at]!, entity: this.nameOf(at), fixed }
  }

  /** What is to be settled, and all that is known near it. */
  private near(around: ReadonlySet<number>): { records: LinkRecord[]; common: Map<number, number> } {
    const common = new Map<number, number>()
    const seen = new Set(around)
    const asked = [...around]
    const near = this.holders(asked, seen, common)
    const touch = new Touch(
      asked.map((row) => this.keyed(row)),
      defaultModel,
    )
    const loose = near.filter(
      (row) => this.unitOf[row] === waiting || touch.bearsOn(this.keyed(row), this.isJoined(row)),
    )
    const free = new Set([...asked, ...loose])
    const further = this.holders(loose, seen, common)
    const units = new Set([...near, ...further, ...asked].map((row) => this.unitOf[row]!))
    units.delete(waiting)
    const records = [...free].map((row) => this.recordOf(row, false))
    for (const unit of units) {
      for (const row of this.members.get(unit) ?? []) if (!free.has(row)) records.push(this.recordOf(row, true))
    }
    return { records, common }
  }

  private keyed(row: number): Keyed {
    const features = this.rows[row]!
    return { features, keys: blockKeys(features) }
  }

  private isJoined(row: number): boolean {
    return this.unitOf[row] !== waiting && (this.members.get(this.unitOf[row]!)?.length ?? 0) > 1
  }

  /** The rows not seen before that hold any key of these. */
  private holders(rows: readonly number[], seen: Set<number>, common: Map<number, number>): number[] {
    const found: number[] = []
    const looked = new Set<number>()
    for (const row of rows) {
      for (const key of blockKeys(this.rows[row]!)) {
        if (looked.has(key)) continue
        looked.add(key)
        const held = this.parts.map(({ from, pool }) => ({ from, holders: pool.holders(key) }))
        const count = held.reduce((sum, { holders }) => sum + holders.length, 0)
        if (count > holdersMax) {
          common.set(key, count)
          continue
        }
        for (const { from, holders } of held) {
          for (let at = 0; at < holders.length; at += 1) {
            const other = from + holders[at]!
            if (seen.has(other)) continue
            seen.add(other)
            found.push(other)
          }
        }
      }
    }
    return found
  }

  /** The unit of each row that was settled: clusters keep the units that they are, as in src/linkage/placing.ts. */
  private placed(outcomes: ReturnType<typeof settle>): Map<number, number> {
    const places = new Map<number, number>()
    const clusters = Map.groupBy(outcomes, ([, one]) => (one.kind === 'queue' ? '' : one.entity))
    for (const [id] of clusters.get('') ?? []) places.set(Number(id), waiting)
    clusters.delete('')
    const units = assignUnits(
      [...clusters].map(([entity, list]) => ({
        rows: list.map(([id]) => ({ id, unitId: this.nameOf(Number(id)) })),
        code: null,
        must: entity.startsWith('new:') ? null : entity,
      })),
      () => undefined,
    )
    for (const [at, list] of [...clusters.values()].entries()) {
      const unit = units[at] ? Number(units[at]) : (this.made += 1)
      for (const [id] of list) places.set(Number(id), unit)
    }
    return places
  }

  private nameOf(row: number): string | null {
    const unit = this.unitOf[row]!
    return unit === waiting ? null : String(unit)
  }

  private carryOut(places: ReadonlyMap<number, number>): void {
    for (const [row, unit] of places) {
      const before = this.members.get(this.unitOf[row]!)
      before?.splice(before.indexOf(row), 1)
      this.unitOf[row] = unit
      if (unit === waiting) continue
      const members = this.members.get(unit)
      if (members) members.push(row)
      else this.members.set(unit, [row])
    }
  }
}
