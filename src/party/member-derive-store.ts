import type { Context } from '../host/context.ts'
import { nameKey } from '../base/chinese.ts'
import { insertRows } from '../host/insert-rows.ts'
import { type PersonEnd, type PersonRow, versionsOf } from './member-derive.ts'
import { memberTables } from './member-person.ts'
import type { MemberRowTable, MemberTable } from './member-tables.ts'
import { type OrgNames, readOrgNames } from './member-orgs.ts'
import { retally, unitsOfPersons } from './member-tally-store.ts'
import { settleTasks } from './member-tasks.ts'
import { resolveUnits, type UnitNames } from './member-units.ts'

type Content = Pick<
  MemberRowTable,
  'name_digest' | 'kind' | 'floating' | 'joined_on' | 'formal_on' | 'branch' | 'employer'
> & { name_sealed: string; name_masked: string }

/** Whether two rows say the same of a person; what merely seals a name anew says nothing new. */
export function sameContent(a: Omit<Content, 'name_sealed'>, b: Omit<Content, 'name_sealed'>): boolean {
  return (
    a.name_digest === b.name_digest &&
    a.kind === b.kind &&
    a.floating === b.floating &&
    a.joined_on === b.joined_on &&
    a.formal_on === b.formal_on &&
    nameKey(a.branch ?? '') === nameKey(b.branch ?? '') &&
    nameKey(a.employer ?? '') === nameKey(b.employer ?? '')
  )
}

/**
 * Works the history of these persons out again from all committed rows, and with it the tallies of every unit that they
 * count at, in the caller's transaction. `ending`: an import whose roster is being taken as complete although it is not yet
 * marked committed. Who is named by no row any more is forgotten whole.
 */
export async function rederive(
  ctx: Context,
  countyCode: string,
  digests: readonly string[],
  names: UnitNames,
  ending: string | null = null,
): Promise<void> {
  if (digests.length === 0) return
  const before = await unitsOfPersons(ctx, countyCode, digests)
  const rows = await rowsOf(ctx, countyCode, digests)
  const ends = await completeImports(ctx, countyCode, ending)
  const orgs = await readOrgNames(ctx, countyCode)
  const texts = rows.flatMap((row) => row.employer ?? [])
  const units = await resolveUnits(ctx, countyCode, texts, names)
  const members = [...Map.groupBy(rows, (row) => row.person_digest)].flatMap(([digest, own]) =>
    versionsOf(own.map(personRow), endsOf(own, ends), sameContent).map(({ row, from, to }) => ({
      ...placed(row.content, countyCode, units, names, orgs),
      county_code: countyCode,
      id: row.rowId,
      person_digest: digest,
      import_id: row.importId,
      valid_from: from,
      valid_to: to,
    })),
  )
  await replaceMembers(ctx, countyCode, digests, members)
  const after = await unitsOfPersons(ctx, countyCode, digests)
  await settleTasks(ctx, countyCode, digests)
  await retally(ctx, countyCode, [...before, ...after], names)
}

type Row = Awaited<ReturnType<typeof rowsOf>>[number]

async function rowsOf(ctx: Context, countyCode: string, digests: readonly string[]) {
  const rows = await memberTables(ctx.tx)
    .selectFrom('member_row')
    .innerJoin('member_import', (join) =>
      join
        .onRef('member_import.county_code', '=', 'member_row.county_code')
        .onRef('member_import.id', '=', 'member_row.import_id'),
    )
    .select([
      'member_row.id',
      'member_row.import_id',
      'member_row.person_digest',
      'member_row.name_sealed',
      'member_row.name_masked',
      'member_row.name_digest',
      'member_row.kind',
      'member_row.floating',
      'member_row.joined_on',
      'member_row.formal_on',
      'member_row.branch',
      'member_row.employer',
      'member_import.as_of',
      'member_import.created_at',
    ])
    .where('member_row.county_code', '=', countyCode)
    .where('member_row.person_digest', 'in', digests)
    .where('member_row.outcome', 'in', ['added', 'updated', 'same'])
    .where('member_import.state', 'in', ['committing', 'committed'])
    .execute()
  return rows.map((row) => ({
    ...row,
    person_digest: row.person_digest!,
    name_sealed: row.name_sealed!,
    name_masked: row.name_masked!,
  }))
}

function personRow(row: Row): PersonRow<Content> {
  return { rowId: row.id, importId: row.import_id, asOf: row.as_of, order: row.created_at.getTime(), content: row }
}

interface CompleteImport extends PersonEnd {
  importId: string
}

async function completeImports(ctx: Context, countyCode: string, ending: string | null): Promise<CompleteImport[]> {
  const rows = await memberTables(ctx.tx)
    .selectFrom('member_import')
    .select(['id', 'as_of', 'created_at'])
    .where('county_code', '=', countyCode)
    .where('complete', '=', true)
    .where((eb) => eb.or([eb('state', '=', 'committed'), ...(ending ? [eb('id', '=', ending)] : [])]))
    .execute()
  return rows.map((row) => ({ importId: row.id, asOf: row.as_of, order: row.created_at.getTime() }))
}

function endsOf(own: readonly Row[], complete: readonly CompleteImport[]): CompleteImport[] {
  const named = new Set(own.map((row) => row.import_id))
  return complete.filter((one) => !named.has(one.importId))
}

/** A row's content with the units and the organisation that its texts name. */
function placed(
  content: Content,
  countyCode: string,
  units: ReadonlyMap<string, string | null>,
  names: UnitNames,
  orgs: OrgNames,
) {
  const { branch, employer } = content
  const employerKey = employer ? nameKey(employer) : null
  const unitId = employerKey ? (units.get(employerKey) ?? null) : null
  const org = branch ? orgs.find(branch) : null
  const relationUnit = branch ? relationOf(branch, employer, unitId, org, names) : null
  return {
    name_sealed: content.name_sealed,
    name_masked: content.name_masked,
    name_digest: content.name_digest,
    kind: content.kind,
    floating: content.floating,
    joined_on: content.joined_on,
    formal_on: content.formal_on,
    branch,
    branch_key: branch ? nameKey(branch) : null,
    party_org_id: org?.id ?? null,
    employer,
    employer_key: employerKey,
    unit_id: unitId,
    relation_unit_id: relationUnit,
    relation_here: unitId !== null && relationUnit === unitId,
    area_code: (unitId ? names.areaOf(unitId) : undefined) ?? countyCode,
  }
}

/** The unit that a member's branch belongs to; the employer, where the branch covers it or bears its name. */
function relationOf(
  branch: string,
  employer: string | null,
  unitId: string | null,
  org: ReturnType<OrgNames['find']>,
  names: UnitNames,
): string | null {
  if (org && org.unitIds.length > 0) {
    if (unitId && org.unitIds.includes(unitId)) return unitId
    return org.unitIds.length === 1 ? org.unitIds[0]! : null
  }
  const named = names.ofBranch(branch)
  if (named) return named
  return unitId && employer && names.sameByName(branch, employer) ? unitId : null
}

async function replaceMembers(
  ctx: Context,
  countyCode: string,
  digests: readonly string[],
  members: readonly Omit<MemberTable, never>[] | readonly object[],
): Promise<void> {
  const tables = memberTables(ctx.tx)
  await tables
    .deleteFrom('member')
    .where('county_code', '=', countyCode)
    .where('person_digest', 'in', digests)
    .execute()
  await insertRows(ctx.tx, 'member', members)
  const still = new Set((members as { person_digest: string }[]).map((one) => one.person_digest))
  const gone = digests.filter((digest) => !still.has(digest))
  if (gone.length === 0) return
  for (const table of ['roster_hit', 'member_task'] as const) {
    await tables.deleteFrom(table).where('county_code', '=', countyCode).where('person_digest', 'in', gone).execute()
  }
}
