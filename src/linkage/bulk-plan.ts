import { newId } from '../base/ids.ts'
import { assignUnits, type Cluster, partsOf } from './assign.ts'
import { likenessOf } from './compare.ts'
import { linkedBy } from './contract.ts'
import type { CountyRows } from './county-rows.ts'
import type { Model } from './model.ts'
import { Rows } from './rows.ts'
import { contributions } from './score.ts'
import { waterfallOf } from './settle-rows.ts'
import { type SettleReport, settleApart, ways } from './settle-thread.ts'
import type { Outcome } from './settlement.ts'

/** What is to become of a county's rows, and in which parts it is to be done. */
export interface BulkPlan {
  /** Numbers of the rows that come to a unit, go to another, or wait; those of a part are to be changed together. */
  parts: number[][]
  /** How many rows there are in all parts. */
  count: number
  outcomeOf: (number: number) => Outcome
}

interface PlanningWith {
  model: Model
  /** By code, the unit that has it. */
  holders: ReadonlyMap<string, string>
  partRows: number
}

/** Settles all rows of a county that people have not fixed. Its `rows` are of no use until that is done. */
export async function planBulk(
  county: CountyRows,
  { model, holders, partRows }: PlanningWith,
  signal: AbortSignal,
): Promise<BulkPlan> {
  const planning = new Planning(county, model)
  const codes = planning.heldCodes(holders)
  const report = await settleApart({ ...planning.task(), model }, signal)
  county.rows = Rows.of(report.rows)
  return planning.plan(report, codes, partRows)
}

class Planning {
  private readonly county: CountyRows
  private readonly model: Model
  private readonly groups = new Map<string, number>()
  /** By group: its unit. Those that people or what they typed name come first. */
  private readonly units: string[] = []

  constructor(county: CountyRows, model: Model) {
    this.county = county
    this.model = model
  }

  /** By row whose code a unit has already, that unit. */
  heldCodes(holders: ReadonlyMap<string, string>): Map<number, string> {
    const held = new Map<number, string>()
    if (holders.size === 0) return held
    const { list, rows, said } = this.county
    for (let number = 0; number < list.length; number += 1) {
      // A code that people found to be somebody else's draws its row nowhere.
      if (rows.codeOf(number) === 0 || (said.size > 0 && said.get(list[number]!.id)?.dropCode)) continue
      const unit = holders.get(rows.texts.text(rows.codeOf(number)))
      if (unit !== undefined) held.set(number, unit)
    }
    return held
  }

  task() {
    const { list, rows, said } = this.county
    const fixed = new Int32Array(list.length).fill(-1)
    const saidOfRow = new Map<number, { must: number | null; cannot: Set<number>; dropCode: boolean }>()
    for (const [number, { id, unitId, fixed: stays }] of list.entries()) {
      if (stays && unitId !== null) fixed[number] = this.groupOf(unitId)
      const own = said.size > 0 ? said.get(id) : undefined
      if (!own) continue
      const must = own.must === null ? null : this.groupOf(own.must)
      const cannot = new Set([...own.cannot].map((unit) => this.groupOf(unit)))
      saidOfRow.set(number, { must, cannot, dropCode: own.dropCode })
    }
    return { rows: rows.image(), fixed, groups: this.units.length, said: saidOfRow }
  }

  private groupOf(unit: string): number {
    const known = this.groups.get(unit)
    if (known !== undefined) return known
    const group = this.units.push(unit) - 1
    this.groups.set(unit, group)
    return group
  }

  plan(report: SettleReport, codes: ReadonlyMap<number, string>, partRows: number): BulkPlan {
    const { list } = this.county
    const stood = new Set([...list.flatMap(({ unitId }) => unitId ?? []), ...codes.values()])
    this.nameGroups(report, codes)
    const unitOf = (number: number) => {
      const group = report.group[number]!
      return group < 0 ? null : this.units[group]!
    }
    const changed = list.flatMap(({ unitId, fixed, staged }, number) =>
      !fixed && (staged || report.waiting.has(number) || unitOf(number) !== unitId) ? [number] : [],
    )
    const parts = partsOf(changed.map((number) => ({ from: list[number]!.unitId, to: unitOf(number) })))
    return {
      parts: inPieces(changed, parts, partRows),
      count: changed.length,
      outcomeOf: (number) => this.outcomeOf(report, number, { stood, codes }),
    }
  }

  /** Gives new groups the units that their rows, or their codes, had before; a new one to those that had none. */
  private nameGroups(report: SettleReport, codes: ReadonlyMap<number, string>): void {
    const { list } = this.county
    const named = this.units.length
    const clusters = new Map<number, Cluster & { rows: { id: string; unitId: string | null }[] }>()
    for (const [number, { id, unitId, fixed }] of list.entries()) {
      const group = report.group[number]!
      const code = codes.get(number) ?? null
      if (fixed || group < named || (unitId === null && code === null)) continue
      const cluster = clusters.get(group) ?? { rows: [], code: null, must: null }
      cluster.rows.push({ id, unitId })
      clusters.set(group, { ...cluster, code: cluster.code ?? code })
    }
    // A unit's code is looked up already.
    const units = assignUnits([...clusters.values()], (unit) => unit)
    for (const [at, group] of [...clusters.keys()].entries()) {
      const unit = units[at]
      if (unit && !this.groups.has(unit)) this.units[group] = unit
    }
    const now = new Date()
    for (const group of report.group) if (group >= 0) this.units[group] ??= newId(now)
  }

  private outcomeOf(
    report: SettleReport,
    number: number,
    { stood, codes }: { stood: ReadonlySet<string>; codes: ReadonlyMap<number, string> },
  ): Outcome {
    const waits = report.waiting.get(number)
    if (waits) {
      const candidates = waits.groups.map((group) => this.units[group]!)
      return { kind: 'queue', reason: waits.reason, candidates, probability: waits.probability }
    }
    const unitId = this.units[report.group[number]!]!
    const way = ways[report.way[number]!]!
    const dropCode = this.county.said.get(this.county.list[number]!.id)?.dropCode ?? false
    if ((way === 'named' && !stood.has(unitId)) || way === 'stayed') {
      return { kind: 'new', unitId, by: 'created', waterfall: null, dropCode }
    }
    // The row that would have named a new unit comes to one that was there.
    const by = way === 'named' ? (codes.get(number) === unitId ? 'uscc' : 'weights') : way
    const weighed = report.weighings.get(number)
    const because = weighed ? contributions(likenessOf(weighed.levels), weighed.shares, this.model) : []
    const certain = by === 'weights' ? this.model.join : 1
    const weighing = { because, weight: weighed?.weight ?? 0, probability: weighed?.probability ?? certain }
    return { kind: 'join', unitId, by, waterfall: waterfallOf(weighing, linkedBy[by]), dropCode }
  }
}

/** Rows in pieces of so many or some more, each of whole parts, in the order of the parts. */
function inPieces(rows: readonly number[], parts: readonly number[], partRows: number): number[][] {
  const byPart: number[][] = []
  for (const [at, row] of rows.entries()) (byPart[parts[at]!] ??= []).push(row)
  const pieces: number[][] = []
  let piece: number[] = []
  for (const part of byPart) {
    piece.push(...part)
    if (piece.length < partRows) continue
    pieces.push(piece)
    piece = []
  }
  if (piece.length > 0) pieces.push(piece)
  return pieces
}
