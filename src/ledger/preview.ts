import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { loadFacts, mergeChange, type UnitChange } from './apply.ts'
import { factText } from './fact-text.ts'
import { type UnitField, unitFields } from './field-contract.ts'
import { rulesInForce } from './rules-in-force.ts'
import { lastSaid, noteSaid } from './said.ts'
import { type FactLike, saidTogether, saySame, survivors } from './survive.ts'
import { maskField } from './unit-page.ts'

/** One field of a row beside a unit. Personal values are masked; nulls are values that are not there. */
export interface FieldPreview {
  field: UnitField
  row: string | null
  unit: string | null
  /** The unit's value if the row were joined. */
  after: string | null
  /** Whether the row and the unit say the same, however it is written. */
  same: boolean
  /** Whether joining changes the unit's value; masked ones may look alike. */
  changes: boolean
}

/**
 * What rows would change in units: for each change the fields that its row or its unit speaks of, in the order of the
 * fields. Nothing is written.
 */
export async function previewChanges(
  ctx: Context,
  countyCode: string,
  changes: readonly UnitChange[],
  importId: string | null,
): Promise<FieldPreview[][]> {
  const ids = changes.map((change) => change.unitId)
  if (ids.length === 0) return []
  const day = today(ctx.now)
  const { survivorship } = await rulesInForce(ctx.tx, countyCode, day)
  const facts = await loadFacts(ctx.tx, countyCode, ids)
  const said = await lastSaid(ctx.tx, countyCode, ids)
  const valuesOf = (unitId: string, list: readonly FactLike[]) =>
    survivors(
      list.map((fact) => saidTogether(fact, said.get(unitId) ?? {})),
      day,
      survivorship,
    )
  return changes.map((change) => {
    const list = facts.get(change.unitId) ?? []
    const before = valuesOf(change.unitId, list)
    mergeChange(list, change, { importId, recordedBy: '', now: ctx.now })
    noteSaid(said, change.unitId, change.department, change.validFrom)
    const after = valuesOf(change.unitId, list)
    return (Object.keys(unitFields) as UnitField[]).flatMap((field): FieldPreview[] => {
      const [row, unit, then] = [change.values[field], before.get(field)?.[0]?.value, after.get(field)?.[0]?.value]
      if (!row && !unit) return []
      const shown = (value: string | null | undefined) => (value ? factText(field, maskField(field, value)) : null)
      const same = Boolean(row && unit && saySame(field, row, unit))
      const changes = (unit ?? '') !== (then ?? '')
      return [{ field, row: shown(row), unit: shown(unit), after: shown(then), same, changes }]
    })
  })
}
