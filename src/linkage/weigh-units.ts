import type { Waterfall } from './contract.ts'
import { Groups } from './groups.ts'
import { Linker } from './linker.ts'
import type { Model } from './model.ts'
import type { KnownRow } from './neighbours.ts'
import { rowsOfKnown } from './row-features.ts'
import { membersMax } from './scale.ts'
import { contributions, oddsAmong, probabilityOf, weigh } from './score.ts'
import { waterfallOf } from './settle-rows.ts'

/**
 * Weighs a row against units, given with their rows: what speaks for and against each, and how likely each is beside the
 * others. `common` are keys that more units hold than are here.
 */
export function weighUnits(
  row: KnownRow,
  units: ReadonlyMap<string, readonly KnownRow[]>,
  using: { countyCode: string; common: ReadonlyMap<number, number>; model: Model },
): Map<string, Waterfall> {
  const { countyCode, common, model } = using
  const known: KnownRow[] = [row]
  // The row itself is number 0.
  const lists = [...units].map(([unitId, list]) => ({
    unitId,
    members: list.filter((one) => one.id !== row.id).map((one) => known.push(one) - 1),
  }))
  const rows = rowsOfKnown(known, countyCode)
  const linker = new Linker(rows, new Groups(rows.size), model, { common })
  for (const { members } of lists) {
    const group = linker.groups.open()
    for (const at of members) linker.groups.put(at, group)
  }
  linker.ask([0])
  const shares = linker.sharesOf(0)
  const weighed = lists
    .filter((one) => one.members.length > 0)
    .map(({ unitId, members }) => ({ unitId, ...weigh(rows, 0, members.slice(0, membersMax), shares, model) }))
  const odds = oddsAmong(weighed.map((one) => one.weight))
  return new Map(
    weighed.map(({ unitId, weight, likeness }) => {
      const probability = probabilityOf(odds(weight), model)
      return [unitId, waterfallOf({ because: contributions(likeness, shares, model), weight, probability }, null)]
    }),
  )
}
