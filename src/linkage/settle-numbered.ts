import type { QueueReason } from './contract.ts'
import type { JoinedBy } from './engine.ts'
import { Groups } from './groups.ts'
import type { Match } from './linker.ts'
import type { Model } from './model.ts'
import { orderOf } from './order.ts'
import type { Rows } from './rows.ts'
import { type SaidOfRow, Settlement } from './settlement-run.ts'

/** Rows to settle, in whatever order they are numbered. */
export interface Numbered {
  rows: Rows
  /** By row: the group that it stays in; -1: it is to be settled. */
  fixed: Int32Array
  /** How many groups there are before anything is settled. */
  groups: number
  /** What people said, by row; units are given as groups. */
  said: ReadonlyMap<number, SaidOfRow & { dropCode: boolean }>
  model: Model
  /** Keys that more units hold than are here, with how many. */
  common?: ReadonlyMap<number, number> | undefined
  /** Orders rows that say the same. */
  tie: (a: number, b: number) => number
}

/** What became of rows, by the numbers that they were given with. */
export interface SettledRows {
  /** -1: it waits. */
  groupOf: (row: number) => number
  /** Null: it stayed, or waits; `named`: its group is new, and named by it. */
  wayOf: (row: number) => JoinedBy | 'named' | null
  /** What a row that joined by weight was weighed against, the best and the next. */
  matchesOf: (row: number) => readonly Match[]
  waitingOf: (row: number) => { reason: QueueReason; matches: readonly Match[] } | undefined
  /** The row that a new group is named by. */
  nameOf: (group: number) => number
}

/** Settles rows: in an order by what they say, so that those that are compared lie near each other. Pure. */
export function settleNumbered({ rows, fixed, groups: count, said, model, common, tie }: Numbered): SettledRows {
  const order = orderOf(rows, tie)
  const ordered = rows.pick(order)
  const groups = new Groups(rows.size)
  for (let group = 0; group < count; group += 1) groups.open()
  const placeOf = new Int32Array(rows.size)
  const free: number[] = []
  const saidHere = new Map<number, SaidOfRow>()
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place]!
    placeOf[row] = place
    const own = said.size > 0 ? said.get(row) : undefined
    if (own) saidHere.set(place, own)
    if (own?.dropCode) ordered.dropCode(place)
    if (fixed[row]! >= 0) groups.put(place, own?.must ?? fixed[row]!)
    else free.push(place)
  }
  const all = { rows: ordered, groups, free: Int32Array.from(free), said: saidHere, model, common }
  const settlement = new Settlement(all).run()
  return {
    groupOf: (row) => groups.of[placeOf[row]!]!,
    wayOf: (row) => settlement.wayOf(placeOf[row]!),
    matchesOf: (row) => settlement.matches.get(placeOf[row]!) ?? [],
    waitingOf: (row) => settlement.waiting.get(placeOf[row]!),
    nameOf: (group) => order[settlement.names.get(group)!]!,
  }
}
