import { sql } from 'kysely'
import type { Scope } from './context.ts'
import { scoped } from './database.ts'
import type { Platform } from './platform.ts'

const everywhere: Scope = { counties: [], areas: '*', nation: true }
const batch = 200

/**
 * Removes uploads made before a moment that no row of any table names: what was uploaded was never used, was given up or was
 * removed, and may hold anybody's data. A column that names an upload is called `file_id`, in every table. Resolves to how
 * many went.
 */
export async function removeForgottenUploads(platform: Platform, before: Date): Promise<number> {
  const gone = await scoped(platform.database, everywhere, async (tx) => {
    const { rows: tables } = await sql<{ name: string }>`
      select c.relname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace
      where a.attname = 'file_id' and not a.attisdropped and c.relkind in ('r', 'p') and n.nspname = 'public'
        and c.relname <> 'upload' order by 1`.execute(tx)
    const named = tables.map(
      ({ name }) => sql`
      and not exists (select from ${sql.table(name)} t where t.file_id = u.file_id)`,
    )
    const { rows } = await sql<{ file_id: string }>`
      delete from upload where file_id in (
        select u.file_id from upload u where u.at < ${before} ${sql.join(named, sql` `)} limit ${batch})
      returning file_id`.execute(tx)
    return rows.map((row) => row.file_id)
  })
  for (const id of gone) await platform.files.remove(id)
  return gone.length
}
