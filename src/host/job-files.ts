import { sql } from 'kysely'
import { emptyScope } from './context.ts'
import { scoped } from './database.ts'
import type { Platform } from './platform.ts'
import type { HostTables } from './tables.ts'

/**
 * Removes the files that jobs ended before `before` left for download: an export is a copy that must not outlive its use
 * (PIPL 19, 47). The job stays and says so. Resolves to how many went.
 */
export async function removeJobFiles(platform: Platform, before: Date): Promise<number> {
  const found = await scoped(platform.database, emptyScope, (tx) =>
    tx
      .withTables<HostTables>()
      .selectFrom('job')
      .select(['id', sql<string>`result ->> 'fileId'`.as('fileId')])
      .where('state', '=', 'done')
      .where('finished_at', '<', before)
      .where(sql<string>`result ->> 'fileId'`, 'is not', null)
      .limit(200)
      .execute(),
  )
  for (const { id, fileId } of found) {
    await platform.files.remove(fileId)
    await scoped(platform.database, emptyScope, (tx) =>
      tx
        .withTables<HostTables>()
        .updateTable('job')
        .set({ result: sql`result - 'fileId' || '{"expired": true}'::jsonb` })
        .where('id', '=', id)
        .execute(),
    )
  }
  return found.length
}
