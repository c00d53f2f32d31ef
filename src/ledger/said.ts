import { sql } from 'kysely'
import type { Transaction } from '../host/context.ts'
import type { UnitChange } from './apply.ts'
import type { Department } from './field-contract.ts'
import { ledgerTables } from './units.ts'

/** The last day, YYYY-MM-DD, on which each department's files spoke of a unit, by unit. */
export type Said = Map<string, Partial<Record<Department, string>>>

/** When files last spoke of units, up to a day; found in narrow indexes. */
export async function lastSaid(
  tx: Transaction,
  countyCode: string,
  unitIds: readonly string[],
  day = '9999-12-31',
): Promise<Said> {
  if (unitIds.length === 0) return new Map()
  const { rows } = await sql<{ unit_id: string; department: Department; as_of: string }>`
    select r.unit_id, i.department, max(i.as_of) as as_of
    from source_row r join import i on i.county_code = r.county_code and i.id = r.import_id
    where r.county_code = ${countyCode} and r.unit_id = any (${unitIds}::uuid[])
      and i.state <> 'undone' and i.department is not null and i.as_of <= ${day}::date
    group by r.unit_id, i.department`.execute(tx)
  const said: Said = new Map()
  for (const row of rows) noteSaid(said, row.unit_id, row.department, row.as_of)
  return said
}

/** Notes that a department spoke of a unit on a day. */
export function noteSaid(said: Said, unitId: string, department: Department, day: string): void {
  const known = said.get(unitId) ?? {}
  said.set(unitId, known)
  if ((known[department] ?? '') < day) known[department] = day
}

/** What the rows of imports, all but one, say of the units, oldest first. */
export async function saidByOthers(
  { tx }: { tx: Transaction },
  countyCode: string,
  unitIds: readonly string[],
  except: string | null,
) {
  const rows = await ledgerTables(tx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .select([
      'source_row.id',
      'source_row.unit_id',
      'source_row.fields',
      'source_row.import_id',
      'import.department',
      'import.as_of',
      'import.author',
    ])
    .where('source_row.county_code', '=', countyCode)
    .where('source_row.unit_id', 'in', unitIds)
    .where((eb) => (except ? eb('source_row.import_id', '!=', except) : eb.val(true)))
    .where('import.state', '!=', 'undone')
    .orderBy('import.as_of')
    .orderBy('import.created_at')
    .orderBy('source_row.row_number')
    .execute()
  return rows.map((row) => {
    const change: UnitChange = {
      unitId: row.unit_id ?? '',
      create: false,
      department: row.department ?? 'other',
      validFrom: row.as_of,
      sourceRowId: row.id,
      values: row.fields,
    }
    return { change, importId: row.import_id, recordedBy: row.author }
  })
}
