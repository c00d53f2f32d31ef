import { newId } from '../base/ids.ts'
import { notFound } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import type { Department } from './field-contract.ts'
import type { SheetMapping } from './import-contract.ts'
import { headerSignature } from './recognise.ts'
import { ledgerTables } from './units.ts'

/** Remembers which column of a department's file fills which field, by the words of its header. */
export async function saveProfile(
  ctx: Context,
  countyCode: string,
  department: Department,
  mapping: readonly SheetMapping[],
): Promise<void> {
  const used = mapping.find((one) => one.use)
  if (!used) return
  const said = {
    titles: JSON.stringify(used.columns.map((column) => column.title)),
    fields: JSON.stringify(used.columns.map((column) => column.field)),
    used_at: ctx.now,
  }
  const key = { county_code: countyCode, department, signature: headerSignature(mapping) }
  await ledgerTables(ctx.tx)
    .insertInto('import_profile')
    .values({ ...key, ...said, id: newId(ctx.now) })
    .onConflict((oc) => oc.columns(['county_code', 'department', 'signature']).doUpdateSet(said))
    .execute()
}

/** The mapping as remembered for a header of these words; null when there is none. The most recently used wins. */
export async function findProfile(ctx: Context, countyCode: string, mapping: readonly SheetMapping[]) {
  const profile = await ledgerTables(ctx.tx)
    .selectFrom('import_profile')
    .selectAll()
    .where('county_code', '=', countyCode)
    .where('signature', '=', headerSignature(mapping))
    .orderBy('used_at', 'desc')
    .executeTakeFirst()
  if (!profile) return null
  const columns = (sheet: SheetMapping) =>
    sheet.columns.map((one) => ({ ...one, field: profile.fields[one.index] ?? null }))
  return {
    department: profile.department,
    mapping: mapping.map((sheet) => (sheet.use ? { ...sheet, columns: columns(sheet) } : sheet)),
  }
}

/** 列对应方案 */
export async function listProfiles(_input: undefined, ctx: Context) {
  const rows = await ledgerTables(ctx.tx).selectFrom('import_profile').selectAll().orderBy('used_at', 'desc').execute()
  return {
    rows: rows.map((row) => ({
      id: row.id,
      countyCode: row.county_code,
      department: row.department,
      titles: row.titles,
      usedAt: row.used_at.toISOString(),
    })),
  }
}

/** 删除列对应方案 */
export async function removeProfile(input: { id: string }, ctx: Context) {
  const gone = await ledgerTables(ctx.tx).deleteFrom('import_profile').where('id', '=', input.id).executeTakeFirst()
  if (gone.numDeletedRows === 0n) throw notFound('个方案')
  return { done: true as const }
}
