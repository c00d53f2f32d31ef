import type { Context } from '../host/context.ts'
import { Beside } from './beside.ts'
import { holdAnchors, subjectOf, type Standing, standingFor } from './decisions.ts'
import { fellowsOf } from './fellows.ts'
import { Groups } from './groups.ts'
import { KeyIndex } from './key-index.ts'
import { keysInto, keysMax } from './keys.ts'
import { askFor, holdersOf, waitingHolders } from './link-keys.ts'
import { Loosening } from './loosen.ts'
import type { Model } from './model.ts'
import { type KnownRow, mayMove, rowsById, rowsOfUnits } from './neighbours.ts'
import { featuresOfRow } from './row-features.ts'
import { Rows } from './rows.ts'

/** The unit that a row is in by now; null: it waits, or has not been settled yet. */
export type PlaceOf = (row: KnownRow) => string | null

/** What lies around rows, read from the database as far as settling them needs it: by number, the rows in `list`. */
export class Neighbourhood {
  readonly list: KnownRow[] = []
  /** Keys that so many units hold that none was looked for by them, with how many. */
  readonly common = new Map<number, number>()
  private readonly ctx: Context
  private readonly countyCode: string
  private readonly model: Model
  private readonly rows = new Rows()
  private readonly numbers = new Map<string, number>()
  private readonly asked = new Set<number>()
  private readonly units = new Set<string>()

  constructor(ctx: Context, countyCode: string, model: Model) {
    this.ctx = ctx
    this.countyCode = countyCode
    this.model = model
  }

  /**
   * Reads what rows can be settled with: whatever shares a key with them, and every row of the units of it; what people
   * said of the rows, with the units that they named.
   */
  async reach(free: readonly KnownRow[]): Promise<Map<string, Standing>> {
    this.add(free)
    const said = await saidOf(this.ctx, this.countyCode, free)
    const near = await holdersOf(this.ctx, this.countyCode, this.keysToAsk(free), this.model.holdersMax)
    for (const [key, held] of near.common) this.common.set(key, held)
    await this.read([...near.waiting])
    const { units } = near
    for (const row of free) if (row.unitId) units.add(row.unitId)
    for (const { must, cannot } of said.values()) for (const id of [must, ...cannot]) if (id) units.add(id)
    const unread = [...units].filter((id) => !this.units.has(id))
    for (const id of unread) this.units.add(id)
    this.add(await rowsOfUnits(this.ctx, this.countyCode, unread))
    holdAnchors(this.anchors(), said)
    return said
  }

  private anchors() {
    return this.list.map((row) => ({ id: row.id, unitId: row.unitId, isCoded: Boolean(row.fields.uscc) }))
  }

  private add(list: readonly KnownRow[]): void {
    const from = this.list.length
    for (const row of list) {
      if (this.numbers.has(row.id)) continue
      this.numbers.set(row.id, this.list.length)
      this.list.push(row)
    }
    this.rows.addAll(this.list.slice(from).map((row) => featuresOfRow(row, this.countyCode)))
  }

  private keysToAsk(free: readonly KnownRow[]): Set<number> {
    const wanted = new Set<number>()
    const keys = new Float64Array(keysMax)
    for (const row of free) {
      const number = this.numbers.get(row.id)!
      const own = keys.subarray(0, keysInto(keys, 0, this.rows, number))
      askFor(wanted, own, this.rows.codeOf(number) > 0)
    }
    for (const key of wanted) {
      if (this.asked.has(key)) wanted.delete(key)
      else this.asked.add(key)
    }
    return wanted
  }

  /** Reads rows that are not here yet. */
  private async read(ids: readonly string[]): Promise<void> {
    const unread = ids.filter((id) => !this.numbers.has(id))
    this.add(await rowsById(this.ctx, this.countyCode, unread))
  }

  /** What rows of the list say, in the order given. */
  rowsOf(list: Iterable<KnownRow>): Rows {
    return this.rows.pick(this.numbersOf(list))
  }

  private numbersOf(list: Iterable<KnownRow>): number[] {
    return Array.from(list, (row) => this.numbers.get(row.id)!)
  }

  private grouped(placeOf: PlaceOf): Groups {
    const groups = new Groups(this.list.length)
    const groupOf = new Map<string, number>()
    for (const [number, row] of this.list.entries()) {
      const unit = placeOf(row)
      if (unit === null) continue
      const group = groupOf.get(unit) ?? groups.open()
      groupOf.set(unit, group)
      groups.put(number, group)
    }
    return groups
  }

  /** Rows that wait and carry the codes of these, or their names and other codes. */
  fellowsOf(free: readonly KnownRow[], placeOf: PlaceOf): KnownRow[] {
    const waiting = this.list.flatMap((row, number) => (placeOf(row) === null ? [number] : []))
    return this.listed(fellowsOf(this.rows, waiting, this.numbersOf(free)))
  }

  /** Rows that wait and may be of a unit that any of these are or were in: what is known of it may be otherwise now. */
  async waitingBeside(list: readonly KnownRow[], placeOf: PlaceOf): Promise<KnownRow[]> {
    const units = new Set(list.flatMap((row) => [row.unitId ?? [], placeOf(row) ?? []].flat()))
    const mates = this.list.filter((row) => units.has(placeOf(row) ?? ''))
    const touched = this.numbersOf(new Set([...list, ...mates]))
    const keys = new Set<number>()
    const own = new Float64Array(keysMax)
    for (const number of touched) {
      for (const key of own.subarray(0, keysInto(own, 0, this.rows, number))) if (!this.common.has(key)) keys.add(key)
    }
    const ids = await waitingHolders(this.ctx, this.countyCode, keys)
    await this.read(ids)
    const waiting = ids.flatMap((id) => this.numbers.get(id) ?? [])
    const { rows, model } = this
    const indexes = [new KeyIndex(rows, waiting, { among: touched })]
    const beside = new Beside({ rows, groups: this.grouped(placeOf), indexes, model, isTouched: () => true })
    return this.listed(beside.among(waiting))
  }

  /**
   * Rows that must be settled again after some of those that were settled came or moved; `telling`: those of the latter that
   * say what nothing in their unit said before.
   */
  loosened(moved: readonly KnownRow[], settled: readonly KnownRow[], placeOf: PlaceOf) {
    const loosening = this.loosening(moved, placeOf, false)
    const loosened = this.listed(loosening.after(this.numbersOf(moved), this.numbersOf(settled)))
    return { loosened, telling: this.listed(loosening.telling) }
  }

  /** Rows that must be settled again after others, which were read too, have gone from the ledger. */
  leftBy(gone: readonly KnownRow[]): KnownRow[] {
    const numbers = this.numbersOf(gone)
    const found = new Set(this.loosening(gone, (row) => row.unitId, true).after(numbers, numbers))
    return this.listed(found.difference(new Set(numbers)))
  }

  private loosening(moved: readonly KnownRow[], placeOf: PlaceOf, haveGone: boolean): Loosening {
    return new Loosening({
      rows: this.rows,
      groups: this.grouped(placeOf),
      indexes: [new KeyIndex(this.rows, this.numbersOf(moved))],
      model: this.model,
      uncoded: Uint8Array.from(this.list, (_, number) => (this.rows.codeOf(number) === 0 ? 1 : 0)),
      mayMove: (number) => mayMove(this.list[number]!),
      haveGone,
    })
  }

  private listed(numbers: Iterable<number>): KnownRow[] {
    return Array.from(numbers, (number) => this.list[number]!)
  }
}

function saidOf(ctx: Context, countyCode: string, rows: readonly KnownRow[]): Promise<Map<string, Standing>> {
  const subjects = rows.map((row) => ({ id: row.id, subject: subjectOf(row) }))
  return standingFor(ctx, countyCode, subjects)
}
