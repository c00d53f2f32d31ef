import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import type { Context } from '../host/context.ts'
import { sm3 } from '../host/crypto.ts'
import { canonical } from '../host/journal.ts'
import type { Department, UnitField } from '../ledger/field-contract.ts'
import type { DecisionOrigin } from './contract.ts'
import { linkageTables } from './queue.ts'

/** What a row says of who it is. */
export interface Speaker {
  department: Department
  fields: Partial<Record<UnitField, string>>
}

/**
 * A digest of what a row says of who it is: department, name, codes, person, place. The same organisation in the same
 * words in next month's file has the same, whatever its head counts.
 */
export function subjectOf({ department, fields }: Speaker): string {
  const { name, uscc, organisationCode, registrationNumber, legalRep, address } = fields
  const said = [
    name && nameKey(name),
    uscc,
    organisationCode,
    registrationNumber,
    legalRep,
    address && nameKey(address),
  ]
  return sm3(canonical([department, ...said.map((one) => one ?? null)]))
}

/** Something a person said of a row and a unit. */
export interface Said {
  kind: 'must' | 'cannot'
  subject: string
  sourceRowId: string
  unitId: string
  origin: DecisionOrigin
  originId: string
  droppedCode?: string | null
  reason?: string | null
}

/** Remembers what was decided; what was said of the same row and unit before is replaced. */
export async function remember(ctx: Context, countyCode: string, said: readonly Said[]): Promise<void> {
  for (const one of said) {
    await linkageTables(ctx)
      .updateTable('link_decision')
      .set({ undone_at: ctx.now, undone_by: ctx.actor.name })
      .where('county_code', '=', countyCode)
      .where('subject', '=', one.subject)
      .where('undone_at', 'is', null)
      .where((eb) => {
        const ofUnit = eb('unit_id', '=', one.unitId)
        return one.kind === 'must' ? eb.or([ofUnit, eb('kind', '=', 'must')]) : ofUnit
      })
      .execute()
    await linkageTables(ctx)
      .insertInto('link_decision')
      .values({
        county_code: countyCode,
        id: newId(ctx.now),
        kind: one.kind,
        subject: one.subject,
        source_row_id: one.sourceRowId,
        unit_id: one.unitId,
        origin: one.origin,
        origin_id: one.originId,
        dropped_code: one.droppedCode ?? null,
        reason: one.reason ?? null,
        by_id: ctx.actor.userId,
        by_name: ctx.actor.name,
        at: ctx.now,
        undone_at: null,
        undone_by: null,
      })
      .execute()
  }
}

/** Takes back what was said on one occasion; answers what it was. */
export async function forget(ctx: Context, countyCode: string, originId: string, kind?: 'must' | 'cannot') {
  return linkageTables(ctx)
    .updateTable('link_decision')
    .set({ undone_at: ctx.now, undone_by: ctx.actor.name })
    .where('county_code', '=', countyCode)
    .where('origin_id', '=', originId)
    .where('undone_at', 'is', null)
    .where((eb) => (kind ? eb('kind', '=', kind) : eb.val(true)))
    .returning(['kind', 'source_row_id', 'unit_id', 'dropped_code'])
    .execute()
}

/** What people said of a row, as it stands: the unit that it must be with, and those that it is not. */
export interface Standing {
  must: string | null
  /** A person found that the row carries somebody else's code. */
  dropCode: boolean
  cannot: Set<string>
}

/** What people said of these rows, by row; merged units are followed to where they ended. */
export async function standingFor(
  ctx: Context,
  countyCode: string,
  rows: readonly { id: string; subject: string }[],
): Promise<Map<string, Standing>> {
  const found = new Map<string, Standing>()
  if (rows.length === 0) return found
  const decisions = await linkageTables(ctx)
    .selectFrom('link_decision')
    .select(['kind', 'subject', 'source_row_id', 'unit_id', 'dropped_code'])
    .where('county_code', '=', countyCode)
    .where('undone_at', 'is', null)
    .where((eb) =>
      eb.or([
        sql<boolean>`subject = any (${[...new Set(rows.map((row) => row.subject))]}::text[])`,
        sql<boolean>`source_row_id = any (${rows.map((row) => row.id)}::uuid[])`,
      ]),
    )
    .orderBy('id')
    .execute()
  if (decisions.length === 0) return found
  const ends = await redirectsOf(ctx, countyCode)
  const bySubject = Map.groupBy(decisions, (one) => one.subject)
  const byRow = Map.groupBy(decisions, (one) => one.source_row_id)
  for (const row of rows) {
    const own = new Set([...(bySubject.get(row.subject) ?? []), ...(byRow.get(row.id) ?? [])])
    if (own.size > 0) found.set(row.id, standingOf([...own], ends))
  }
  await dropLost(ctx, countyCode, found)
  return found
}

/** A unit that is there no longer (the import that brought it was undone) binds nobody. */
async function dropLost(ctx: Context, countyCode: string, found: Map<string, Standing>): Promise<void> {
  const wanted = [...new Set([...found.values()].flatMap((one) => one.must ?? []))]
  if (wanted.length === 0) return
  const units = await linkageTables(ctx)
    .selectFrom('unit')
    .select('id')
    .where('county_code', '=', countyCode)
    .where('id', 'in', wanted)
    .where('withdrawn_at', 'is', null)
    .execute()
  const there = new Set(units.map((unit) => unit.id))
  for (const one of found.values()) if (one.must && !there.has(one.must)) one.must = null
}

function standingOf(
  decisions: readonly { kind: 'must' | 'cannot'; unit_id: string; dropped_code: string | null }[],
  ends: ReadonlyMap<string, string>,
): Standing {
  const standing: Standing = { must: null, dropCode: false, cannot: new Set() }
  for (const one of decisions) {
    const unitId = ends.get(one.unit_id) ?? one.unit_id
    if (one.kind === 'cannot') standing.cannot.add(unitId)
    else Object.assign(standing, { must: unitId, dropCode: one.dropped_code !== null })
  }
  return standing
}

/** Every merged unit of a county with the unit that it ended in. */
export async function redirectsOf(ctx: Context, countyCode: string): Promise<Map<string, string>> {
  const rows = await linkageTables(ctx)
    .selectFrom('link_redirect')
    .select(['from_unit', 'to_unit'])
    .where('county_code', '=', countyCode)
    .execute()
  const next = new Map(rows.map((row) => [row.from_unit, row.to_unit]))
  const ends = new Map<string, string>()
  for (const from of next.keys()) {
    let to = from
    for (let step = 0; step <= next.size && next.has(to); step += 1) to = next.get(to)!
    ends.set(from, to)
  }
  return ends
}

/** A row that a unit may be known by. */
export interface Anchor {
  id: string
  unitId: string | null
  isCoded: boolean
}

/**
 * A unit that people said rows belong to, or do not, is known by one row of its own, which stays with it: the one with its
 * code, else its oldest.
 */
export function holdAnchors(rows: readonly Anchor[], said: Map<string, Standing>): void {
  if (said.size === 0) return
  const wanted = new Set([...said.values()].flatMap((one) => [...one.cannot, ...(one.must ? [one.must] : [])]))
  const anchors = new Map<string, Anchor>()
  for (const row of rows) {
    const { unitId } = row
    if (unitId === null || !wanted.has(unitId) || said.get(row.id)?.must) continue
    const known = anchors.get(unitId)
    if (!known || (!known.isCoded && row.isCoded)) anchors.set(unitId, row)
  }
  for (const [unitId, { id }] of anchors) {
    const standing = said.get(id) ?? { dropCode: false, cannot: new Set<string>() }
    said.set(id, { ...standing, must: unitId })
  }
}
