import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Transaction } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { touch } from '../host/touch.ts'
import { defaultRules, deriveUnit } from './derive.ts'
import { leaveEmpty } from './empty-units.ts'
import type { Department, UnitField } from './field-contract.ts'
import { noteTarget, rulesInForce } from './rules-in-force.ts'
import { lastSaid, noteSaid, type Said, saidByOthers } from './said.ts'
import { holdsOn } from './survive.ts'
import type { LedgerTables } from './tables.ts'

/** What one source says of one unit from a day on. */
export interface UnitChange {
  unitId: string
  /** The unit is new with this change: nothing is known of it. */
  create: boolean
  department: Department
  /** YYYY-MM-DD */
  validFrom: string
  sourceRowId: string | null
  /** Canonical texts; null ends what this department said before. A field left out says nothing. */
  values: Partial<Record<UnitField, string | null>>
  reason?: string
  /** Where changes of several imports are made together, the one that this is of, and whoever sent it. */
  import?: { id: string | null; author: string }
}

/** Who or what makes the changes. */
export interface ChangeMaker {
  importId: string | null
  recordedBy: string
  now: Date
}

/** A fact in memory; `fresh` ones are not in the database yet, `touched` ones changed their end. */
export interface Fact {
  id: string
  unitId: string
  field: UnitField
  value: string
  department: Department
  importId: string | null
  sourceRowId: string | null
  validFrom: string
  validTo: string | null
  closedBy: string | null
  reason: string | null
  recordedBy: string
  state: 'kept' | 'touched' | 'fresh'
}

/**
 * Records what sources say, and derives the rows of the units they speak of: about six statements for a batch of any size.
 * An equal value adds nothing; a new one ends the one before on its first day; one older than what is known goes into
 * history. @throws Problem('conflict') when two units would hold one code.
 */
export async function applyChanges(
  tx: Transaction,
  countyCode: string,
  changes: readonly UnitChange[],
  by: ChangeMaker,
): Promise<void> {
  const ids = [...new Set(changes.map((change) => change.unitId))]
  if (ids.length === 0) return
  const made = new Set(changes.flatMap((change) => (change.create ? [change.unitId] : [])))
  const known = ids.filter((id) => !made.has(id))
  const facts = await loadFacts(tx, countyCode, known)
  for (const id of made) facts.set(id, [])
  const said = await lastSaid(tx, countyCode, known)
  const late = changes.filter((one) => (said.get(one.unitId)?.[one.department] ?? '') > one.validFrom)
  // Unit by unit, as they are written: ids that come in order make the smaller and faster index.
  const byUnit = Map.groupBy(changes, (change) => change.unitId)
  for (const [unitId, list] of facts) {
    for (const change of byUnit.get(unitId)!) {
      const { import: own } = change
      const maker = own ? { importId: own.id, recordedBy: own.author, now: by.now } : by
      mergeChange(list, change, maker)
      if (change.department !== 'office') noteSaid(said, unitId, change.department, change.validFrom)
    }
  }
  if (late.length > 0) await sayAgain(tx, countyCode, facts, late, by.now)
  const areas = await writeUnits(tx, countyCode, facts, by.now, { said, made })
  await writeFacts(tx, countyCode, facts, by, areas)
  await touch(tx, countyCode, ids, by.now)
}

/**
 * Equal values are not stored again, so what came late may have ended one that its department has since repeated: the later
 * rows of that department speak once more.
 */
async function sayAgain(
  tx: Transaction,
  countyCode: string,
  facts: Map<string, Fact[]>,
  late: readonly UnitChange[],
  now: Date,
): Promise<void> {
  const rows = await saidByOthers({ tx }, countyCode, [...new Set(late.map((one) => one.unitId))], null)
  const after = Map.groupBy(rows, (row) => JSON.stringify([row.change.unitId, row.change.department]))
  for (const one of late) {
    for (const { change, importId, recordedBy } of after.get(JSON.stringify([one.unitId, one.department])) ?? []) {
      if (change.validFrom <= one.validFrom) continue
      const repeated = Object.entries(change.values).filter(([field]) => field in one.values)
      const values = Object.fromEntries(repeated)
      mergeChange(facts.get(one.unitId) ?? [], { ...change, values }, { importId, recordedBy, now })
    }
  }
}

/**
 * Takes everything that one import said of these units back, as if it had never come: its facts go, what they had ended
 * goes on, and what other imports said in the same words (`kept`, oldest first) gets facts of its own. A unit of which
 * nothing is left goes too. Returns how many went.
 */
export async function takeBack(
  tx: Transaction,
  countyCode: string,
  unitIds: readonly string[],
  importId: string,
  kept: readonly { change: UnitChange; importId: string; recordedBy: string }[],
  now: Date,
): Promise<number> {
  const facts = await loadFacts(tx, countyCode, unitIds)
  const gone = new Set(
    [...facts.values()].flatMap((list) => list.filter((fact) => fact.importId === importId).map(saying)),
  )
  for (const list of facts.values()) withoutImport(list, importId)
  for (const one of kept) {
    const by = { importId: one.importId, recordedBy: one.recordedBy, now }
    mergeChange(facts.get(one.change.unitId) ?? [], onlySaid(one.change, gone), by)
  }
  const tables = tx.withTables<LedgerTables>()
  await tables
    .deleteFrom('fact')
    .where('county_code', '=', countyCode)
    .where('unit_id', 'in', unitIds)
    .where('import_id', '=', importId)
    .execute()
  const empty = [...facts].flatMap(([id, list]) => (list.length === 0 ? [id] : []))
  for (const id of empty) facts.delete(id)
  if (empty.length > 0) {
    await tables
      .updateTable('source_row')
      .set({ unit_id: null })
      .where('county_code', '=', countyCode)
      .where('unit_id', 'in', empty)
      .execute()
    await leaveEmpty({ tx, now }, countyCode, empty, null, '带来它的导入已撤销')
  }
  if (facts.size > 0) {
    const areas = await writeUnits(tx, countyCode, facts, now)
    await writeFacts(tx, countyCode, facts, { importId: null, recordedBy: '', now }, areas)
  }
  await touch(tx, countyCode, unitIds, now)
  return empty.length
}

const saying = (fact: Pick<Fact, 'unitId' | 'department' | 'field' | 'value'>) =>
  JSON.stringify([fact.unitId, fact.department, fact.field, fact.value])

/** The part of a change that added nothing because a fact that now goes said the same; all else has its facts already. */
function onlySaid(change: UnitChange, gone: ReadonlySet<string>): UnitChange {
  const { unitId, department } = change
  const values = Object.entries(change.values).filter(
    ([field, value]) => value && gone.has(saying({ unitId, department, field: field as UnitField, value })),
  )
  return { ...change, values: Object.fromEntries(values) }
}

/** Removes an import's facts from a unit's list; what each had ended takes over the end of the fact that goes. */
function withoutImport(list: Fact[], importId: string): void {
  for (const gone of list.filter((fact) => fact.importId === importId)) {
    const ended = list.find(
      (fact) =>
        fact !== gone &&
        fact.closedBy === importId &&
        fact.field === gone.field &&
        fact.department === gone.department &&
        fact.validTo === gone.validFrom,
    )
    if (ended) {
      ended.validTo = gone.validTo
      ended.closedBy = gone.closedBy
      if (ended.state === 'kept') ended.state = 'touched'
    }
    list.splice(list.indexOf(gone), 1)
  }
}

/** Facts of the units by unit id; a unit without any has an empty list. */
export async function loadFacts(
  tx: Transaction,
  countyCode: string,
  ids: readonly string[],
): Promise<Map<string, Fact[]>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .withTables<LedgerTables>()
    .selectFrom('fact')
    .selectAll()
    .where('county_code', '=', countyCode)
    .where(sql<boolean>`unit_id = any (${ids}::uuid[])`)
    .orderBy('id')
    .execute()
  const facts = new Map<string, Fact[]>(ids.map((id) => [id, []]))
  for (const row of rows) {
    facts.get(row.unit_id)?.push({
      id: row.id,
      unitId: row.unit_id,
      field: row.field,
      value: row.value,
      department: row.department,
      importId: row.import_id,
      sourceRowId: row.source_row_id,
      validFrom: row.valid_from,
      validTo: row.valid_to,
      closedBy: row.closed_by_import_id,
      reason: row.reason,
      recordedBy: row.recorded_by,
      state: 'kept',
    })
  }
  return facts
}

/** Adds to a unit's facts what a change says that is new. */
export function mergeChange(facts: Fact[], change: UnitChange, by: ChangeMaker): void {
  for (const [name, value] of Object.entries(change.values)) {
    if (value === undefined) continue
    const field = name as UnitField
    const line = facts.filter((fact) => fact.field === field && fact.department === change.department)
    const before = line.find((fact) => holdsOn(fact, change.validFrom))
    if (before?.value === value || (!before && value === null)) continue
    const later = line.map((fact) => fact.validFrom).filter((day) => day > change.validFrom)
    const until = before ? before.validTo : (later.sort()[0] ?? null)
    if (before) {
      before.validTo = change.validFrom
      before.closedBy = by.importId
      if (before.state === 'kept') before.state = 'touched'
    }
    if (value === null) continue
    facts.push({
      id: newId(by.now),
      unitId: change.unitId,
      field,
      value,
      department: change.department,
      importId: by.importId,
      sourceRowId: change.sourceRowId,
      validFrom: change.validFrom,
      validTo: until,
      closedBy: null,
      reason: change.reason ?? null,
      recordedBy: by.recordedBy,
      state: 'fresh',
    })
  }
}

/**
 * Derives and writes the rows of the units; those whose area changed take what hangs on them along. `known`: when files last
 * spoke of them, where the caller knows better than the linked rows, and which of them are new. Answers each unit's area.
 */
export async function writeUnits(
  tx: Transaction,
  countyCode: string,
  facts: Map<string, Fact[]>,
  now: Date,
  known?: { said: Said; made?: ReadonlySet<string> },
): Promise<Map<string, string>> {
  const using = await rulesInForce(tx, countyCode, today(now))
  await noteTarget(tx, countyCode, using.key, now)
  const said = known?.said ?? (await lastSaid(tx, countyCode, [...facts.keys()]))
  const rows = [...facts].map(([id, list]) => ({
    county_code: countyCode,
    id,
    ...deriveUnit(countyCode, list, using, said.get(id)),
  }))
  const stamped = rows.map((row) => ({ ...row, created_at: now, updated_at: now }))
  const ids = rows.flatMap((row) => (known?.made?.has(row.id) ? [] : [row.id]))
  const before = await areasOf(tx, countyCode, ids)
  try {
    const also = sql`on conflict (county_code, id) do update set ${sql.raw(assignments)}`
    await insertRows(tx, 'unit', stamped, also)
  } catch (error) {
    if ((error as { code?: string }).code === '42501') {
      throw new Problem('forbidden', '单位所属的乡镇街道不在您的管理范围内，请选择您管理的乡镇街道。')
    }
    if ((error as { constraint?: string }).constraint !== 'unit_uscc') throw error
    throw new Problem('conflict', '这个统一社会信用代码已属于台账里的另一家单位，请先核对两家是不是同一家。')
  }
  const moved = rows.filter((row) => before.has(row.id) && before.get(row.id) !== row.area_code)
  if (moved.length > 0) await moveAlong(tx, countyCode, moved)
  return new Map(rows.map((row) => [row.id, row.area_code]))
}

async function areasOf(tx: Transaction, countyCode: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .withTables<LedgerTables>()
    .selectFrom('unit')
    .select(['id', 'area_code'])
    .where('county_code', '=', countyCode)
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, row.area_code]))
}

const derivedColumns = Object.keys(deriveUnit('000000000000', [], defaultRules('2000-01-01')))
const assignments = [...derivedColumns, 'updated_at'].map((column) => `${column} = excluded.${column}`).join(', ')

async function moveAlong(
  tx: Transaction,
  countyCode: string,
  moved: readonly { id: string; area_code: string }[],
): Promise<void> {
  const list = JSON.stringify(moved.map(({ id, area_code }) => ({ id, area_code })))
  for (const table of ['fact', 'source_row', 'unit_place', 'unit_note', 'unit_attachment'] as const) {
    await sql`
      update ${sql.table(table)} t set area_code = m.area_code
      from jsonb_to_recordset(${list}::jsonb) as m(id uuid, area_code text)
      where t.county_code = ${countyCode} and t.unit_id = m.id`.execute(tx)
  }
}

/** Writes the facts that are new and the ends that changed. `areas`: by unit, where it lies. */
export async function writeFacts(
  tx: Transaction,
  countyCode: string,
  facts: Map<string, Fact[]>,
  by: ChangeMaker,
  areas: ReadonlyMap<string, string>,
): Promise<void> {
  const all = [...facts.values()].flat()
  const touched = all.filter((fact) => fact.state === 'touched')
  if (touched.length > 0) {
    const list = JSON.stringify(
      touched.map((fact) => ({ id: fact.id, valid_to: fact.validTo, closed_by: fact.closedBy })),
    )
    await sql`
      update fact t set valid_to = m.valid_to, closed_by_import_id = m.closed_by
      from jsonb_to_recordset(${list}::jsonb) as m(id uuid, valid_to date, closed_by uuid)
      where t.county_code = ${countyCode} and t.id = m.id`.execute(tx)
  }
  const fresh = all.filter((fact) => fact.state === 'fresh')
  const rows = fresh.map((fact) => ({
    county_code: countyCode,
    id: fact.id,
    unit_id: fact.unitId,
    area_code: areas.get(fact.unitId) ?? countyCode,
    field: fact.field,
    value: fact.value,
    department: fact.department,
    import_id: fact.importId,
    source_row_id: fact.sourceRowId,
    valid_from: fact.validFrom,
    valid_to: fact.validTo,
    closed_by_import_id: fact.closedBy,
    recorded_at: by.now,
    recorded_by: fact.recordedBy,
    reason: fact.reason,
  }))
  await insertRows(tx, 'fact', rows)
}
