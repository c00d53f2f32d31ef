import { sql } from 'kysely'
import type { Context, Transaction } from '../host/context.ts'
import {
  type ChangeMaker,
  type Fact,
  loadFacts,
  mergeChange,
  type UnitChange,
  writeFacts,
  writeUnits,
} from './apply.ts'
import { leaveEmpty, withdraw } from './empty-units.ts'
import { saidByOthers } from './said.ts'
import type { LedgerTables } from './tables.ts'
import { ledgerTables } from './units.ts'

/** Rows that go from units to units. */
export interface Regrouping {
  /** Where each row goes; null: to no unit. */
  rows: readonly { id: string; unitId: string | null }[]
  /** Facts that people typed which go along. */
  typed?: readonly { id: string; unitId: string }[]
  /** Units that were withdrawn because nothing was left of them, and now have rows again. */
  revived?: readonly string[]
  /** A unit that is withdrawn with all that is still said of it, and why. */
  withdrawn?: { unitId: string; reason: string }
  /** Units that new rows come to right after this: they stay, also where nothing is left of them for the moment. */
  awaited?: ReadonlySet<string>
  /** What is written on a unit that nothing is left of; null: it goes, unless notes or files hang on it. */
  emptied: string | null
  /** Facts that an earlier regrouping left nobody to say: said again, they are the same ones. */
  gone?: readonly GoneFact[]
}

/** A fact that nobody says any longer, as it was. */
export type GoneFact = Pick<
  Fact,
  'id' | 'field' | 'value' | 'department' | 'sourceRowId' | 'validFrom' | 'importId' | 'recordedBy' | 'reason'
> & {
  recordedAt: string
}

/** What regrouping left behind. */
export interface Regrouped {
  /** Units of which nothing is left. */
  emptied: string[]
  gone: GoneFact[]
}

interface Said {
  change: UnitChange
  importId: string
  recordedBy: string
}

/**
 * Moves rows between units. The facts that imports brought to these units become what their rows say, in the order of the
 * days and imports; a fact that is the same as one before keeps its id and its time, so that moving rows back restores
 * everything, given the facts that the first move left nobody to say. What people typed stays as it is.
 */
export async function regroupRows(ctx: Context, countyCode: string, change: Regrouping): Promise<Regrouped> {
  const units = await moveRows(ctx, countyCode, change)
  if (units.length === 0) return { emptied: [], gone: [] }
  const facts = await loadFacts(ctx.tx, countyCode, units)
  const before = new Map([...facts.values()].flat().map((fact) => [fact.id, { ...fact }]))
  for (const { id, unitId } of change.typed ?? []) moveTyped(facts, id, unitId)
  const said = Map.groupBy(await saidByOthers(ctx, countyCode, units, null), (one) => one.change.unitId)
  const kept = new Map<string, Known>((change.gone ?? []).map((fact) => [sameness(fact), { ...fact, stored: false }]))
  for (const fact of before.values()) if (fact.importId !== null) kept.set(sameness(fact), { ...fact, stored: true })
  for (const [unitId, list] of facts) facts.set(unitId, rebuilt(list, said.get(unitId) ?? [], ctx.now, kept))
  const gone = await writeChanged(ctx, countyCode, before, facts)
  const withdrawn = change.withdrawn?.unitId
  const bare = [...facts].flatMap(([id, list]) => (list.length === 0 && id !== withdrawn ? [id] : []))
  for (const id of bare) facts.delete(id)
  const empty = bare.filter((id) => !change.awaited?.has(id))
  await leaveEmpty(ctx, countyCode, empty, change.emptied)
  if (change.withdrawn) {
    await withdraw(ctx, countyCode, [change.withdrawn.unitId], change.withdrawn.reason)
    facts.delete(change.withdrawn.unitId)
  }
  await freeCodes(ctx.tx, countyCode, [...facts.keys(), ...bare], change.revived ?? [])
  const areas = facts.size > 0 ? await writeUnits(ctx.tx, countyCode, facts, ctx.now) : new Map<string, string>()
  await writeFacts(ctx.tx, countyCode, facts, { importId: null, recordedBy: '', now: ctx.now }, areas)
  await remember(ctx, countyCode, change.gone ?? [])
  await takeArea(ctx, countyCode, [...facts.keys()])
  await ctx.touch(countyCode, units)
  return { emptied: empty, gone }
}

type Known = Omit<GoneFact, 'recordedAt'> & { stored: boolean }

/** Facts that are said again have their old time. */
async function remember(ctx: Context, countyCode: string, gone: readonly GoneFact[]): Promise<void> {
  if (gone.length === 0) return
  const times = gone.map(({ id, recordedAt }) => ({ id, recorded_at: recordedAt }))
  await sql`
    update fact t set recorded_at = m.recorded_at
    from jsonb_to_recordset(${JSON.stringify(times)}::jsonb) as m(id uuid, recorded_at timestamptz)
    where t.county_code = ${countyCode} and t.id = m.id and t.id = any (${gone.map((one) => one.id)}::uuid[])`.execute(
    ctx.tx,
  )
}

/** What came from a unit of another area takes over the area of its unit. */
async function takeArea(ctx: Context, countyCode: string, ids: readonly string[]): Promise<void> {
  for (const table of ['fact', 'source_row'] as const) {
    await sql`
      update ${sql.table(table)} t set area_code = u.area_code from unit u
      where t.county_code = ${countyCode} and u.county_code = ${countyCode} and u.id = t.unit_id
        and t.unit_id = any (${ids}::uuid[]) and t.area_code <> u.area_code`.execute(ctx.tx)
  }
}

/** Writes the rows' new units down; answers every unit that gains or loses something. */
async function moveRows(ctx: Context, countyCode: string, change: Regrouping): Promise<string[]> {
  const ids = change.rows.map((row) => row.id)
  const before = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select('unit_id')
    .distinct()
    .where('county_code', '=', countyCode)
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .execute()
  await sql`
    update source_row r set unit_id = m."unitId"
    from jsonb_to_recordset(${JSON.stringify(change.rows)}::jsonb) as m(id uuid, "unitId" uuid)
    where r.county_code = ${countyCode} and r.id = m.id and r.id = any (${ids}::uuid[])`.execute(ctx.tx)
  const typed = (change.typed ?? []).map((one) => one.id)
  const typedBefore =
    typed.length === 0
      ? []
      : await ledgerTables(ctx.tx)
          .selectFrom('fact')
          .select('unit_id')
          .distinct()
          .where('county_code', '=', countyCode)
          .where('id', 'in', typed)
          .execute()
  const units = [
    ...before.map((row) => row.unit_id),
    ...typedBefore.map((row) => row.unit_id),
    ...change.rows.map((row) => row.unitId),
    ...(change.typed ?? []).map((one) => one.unitId),
    ...(change.revived ?? []),
    // A unit that people typed in has no rows, and goes all the same.
    change.withdrawn?.unitId ?? null,
  ]
  return [...new Set(units.filter((id) => id !== null))]
}

function moveTyped(facts: Map<string, Fact[]>, id: string, unitId: string): void {
  for (const list of facts.values()) {
    const at = list.findIndex((fact) => fact.id === id)
    const fact = list[at]
    if (!fact || fact.unitId === unitId) continue
    list.splice(at, 1)
    facts.get(unitId)?.push({ ...fact, unitId })
    return
  }
}

const sameness = (fact: Omit<GoneFact, 'recordedAt'>) =>
  JSON.stringify([fact.department, fact.field, fact.value, fact.sourceRowId, fact.validFrom, fact.importId])

/** A unit's facts: the typed ones as they are, and what its rows say; known ones keep their id. */
function rebuilt(list: readonly Fact[], said: readonly Said[], now: Date, known: Map<string, Known>): Fact[] {
  const typed = list.filter((fact) => fact.importId === null)
  // A day on which people ended what a row had said is kept: nothing else tells of it.
  const ended = list.filter((fact) => fact.importId !== null && fact.validTo !== null && fact.closedBy === null)
  const facts: Fact[] = typed
  for (const one of said) {
    const by: ChangeMaker = { importId: one.importId, recordedBy: one.recordedBy, now }
    mergeChange(facts, one.change, by)
  }
  for (const fact of facts) {
    if (fact.state !== 'fresh') continue
    const end = fact.validTo === null ? ended.find((one) => sameness(one) === sameness(fact)) : undefined
    if (end) fact.validTo = end.validTo
    const same = known.get(sameness(fact))
    if (!same) continue
    known.delete(sameness(fact))
    const { id, recordedBy, reason } = same
    Object.assign(fact, { id, recordedBy, reason, state: same.stored ? 'kept' : 'fresh' })
  }
  return facts.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Removes the facts that are no longer said, and changes those that went to another unit or end on another day. */
async function writeChanged(
  ctx: Context,
  countyCode: string,
  before: Map<string, Fact>,
  facts: Map<string, Fact[]>,
): Promise<GoneFact[]> {
  const after = new Map([...facts.values()].flat().map((fact) => [fact.id, fact]))
  const gone = [...before.keys()].filter((id) => !after.has(id))
  const left = await removeFacts(ctx, countyCode, gone)
  const changed = [...before.values()].flatMap((old) => {
    const fact = after.get(old.id)
    const same = fact && fact.unitId === old.unitId && fact.validTo === old.validTo && fact.closedBy === old.closedBy
    return fact && !same
      ? [{ id: fact.id, unit_id: fact.unitId, valid_to: fact.validTo, closed_by: fact.closedBy }]
      : []
  })
  if (changed.length === 0) return left
  await sql`
    update fact t set unit_id = m.unit_id, valid_to = m.valid_to, closed_by_import_id = m.closed_by
    from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as m(id uuid, unit_id uuid, valid_to date, closed_by uuid)
    where t.county_code = ${countyCode} and t.id = m.id and t.id = any (${changed.map((one) => one.id)}::uuid[])`.execute(
    ctx.tx,
  )
  return left
}

async function removeFacts(ctx: Context, countyCode: string, ids: readonly string[]): Promise<GoneFact[]> {
  if (ids.length === 0) return []
  const rows = await ledgerTables(ctx.tx)
    .deleteFrom('fact')
    .where('county_code', '=', countyCode)
    .where('id', 'in', ids)
    .returningAll()
    .execute()
  return rows.map((row) => ({
    id: row.id,
    field: row.field,
    value: row.value,
    department: row.department,
    sourceRowId: row.source_row_id,
    validFrom: row.valid_from,
    importId: row.import_id,
    recordedBy: row.recorded_by,
    reason: row.reason,
    recordedAt: row.recorded_at.toISOString(),
  }))
}

/** Two units may swap codes in one step: they let go of them first. */
async function freeCodes(tx: Transaction, countyCode: string, ids: readonly string[], revived: readonly string[]) {
  const units = tx.withTables<LedgerTables>().updateTable('unit').where('county_code', '=', countyCode)
  await units
    .set({ uscc: null })
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .where('uscc', 'is not', null)
    .execute()
  if (revived.length === 0) return
  await units
    .set({ withdrawn_at: null, withdrawn_reason: null })
    .where(sql<boolean>`id = any (${revived}::uuid[])`)
    .execute()
}
