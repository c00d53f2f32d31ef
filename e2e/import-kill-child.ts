import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { sql } from 'kysely'
import { callAsOperator } from '../src/host/command.ts'
import { readConfig } from '../src/host/config.ts'
import { asOwner } from '../src/host/database.ts'
import type { Platform } from '../src/host/platform.ts'
import { driveImport, importFiles } from '../src/ledger/commands.ts'
import { bulkLimits } from '../src/linkage/bulk.ts'
import { linkJob } from '../src/linkage/link-job.ts'
import { openPlatform } from '../src/services.ts'

// Imports the files named on the command line, going on where a killed process left off. Says `ready`, `done FILE` when a
// file is committed, and at the end `state DIGEST`. KEPT names the files that an earlier process said were done; with AT_ONCE
// every file is linked with all that stands at once, a few rows a transaction.

const broken: Record<string, ReturnType<typeof sql>> = {
  'facts without unit': sql`select count(*) as n from fact f where not exists (select from unit u where u.county_code = f.county_code and u.id = f.unit_id)`,
  'facts of a row that went elsewhere': sql`select count(*) as n from fact f join source_row r on r.county_code = f.county_code and r.id = f.source_row_id where r.unit_id is distinct from f.unit_id`,
  'linked rows without unit': sql`select count(*) as n from source_row r where r.outcome in ('joined', 'created') and not exists (select from unit u where u.county_code = r.county_code and u.id = r.unit_id)`,
  'waiting rows without queue item': sql`select count(*) as n from source_row r where r.outcome = 'queued' and not exists (select from queue_item q where q.county_code = r.county_code and q.source_row_id = r.id)`,
  'half batches': sql`select count(*) as n from (
    select i.id, count(*) filter (where r.outcome = 'staged') as staged, count(*) filter (where r.outcome not in ('staged', 'refused')) as linked
    from import i join source_row r on r.county_code = i.county_code and r.import_id = i.id where i.state = 'committing' group by i.id
  ) b where b.staged > 0 and b.linked % 1000 <> 0`,
  'checked imports whose rows do not add up': sql`select count(*) as n from import i where i.state in ('preview', 'committing', 'committed')
    and (i.counts ->> 'read')::int <> (select count(*) from source_row r where r.county_code = i.county_code and r.import_id = i.id)`,
}

async function checkWhole(platform: Platform): Promise<void> {
  for (const [name, query] of Object.entries(broken)) {
    const { rows } = await asOwner(platform.database, (tx) => query.execute(tx) as Promise<{ rows: { n?: number }[] }>)
    if (Number(rows[0]?.n) !== 0) throw new Error(`${rows[0]?.n} ${name}`)
  }
}

async function importNamed(platform: Platform, fileName: string) {
  const { rows } = await callAsOperator<{ rows: { id: string; fileName: string; state: string }[] }>(
    platform,
    'ledger.listImports',
    { pageSize: 200 },
  )
  return rows.find((row) => row.fileName === fileName)
}

/** Everything that an import leaves, without identifiers and times. */
async function stateDigest(platform: Platform): Promise<string> {
  const hash = createHash('sm3')
  for (const query of [
    sql`select u.name, u.uscc, u.status, u.staff_count from unit u order by 1, 2, 3, 4`,
    sql`select u.name, f.field, f.value, f.department from fact f join unit u on u.county_code = f.county_code and u.id = f.unit_id order by 1, 2, 3, 4`,
    sql`select i.file_name, r.sheet, r.row_number, r.outcome from source_row r join import i on i.county_code = r.county_code and i.id = r.import_id order by 1, 2, 3`,
  ]) {
    const { rows } = await asOwner(platform.database, (tx) => query.execute(tx))
    hash.update(JSON.stringify(rows))
  }
  return hash.digest('hex')
}

const [county, ...files] = process.argv.slice(2)
const platform = await openPlatform(readConfig(process.env))
if (process.env['AT_ONCE']) {
  platform.jobKinds.set('linkage.link', linkJob({ ...bulkLimits, newRowsMin: 1, partRows: 150 }))
  // Units are written whole, whatever rows they have.
  delete broken['half batches']
}
await checkWhole(platform)
for (const kept of (process.env['KEPT'] ?? '').split('|').filter(Boolean)) {
  const found = await importNamed(platform, kept)
  if (found?.state !== 'committed') throw new Error(`${kept} was said to be done and is ${found?.state ?? 'gone'}`)
}
process.stdout.write('ready\n')
for (const file of files) {
  const found = await importNamed(platform, basename(file))
  if (found?.state === 'committed') continue
  const [report] = found
    ? [await driveImport(platform, found)]
    : await importFiles(platform, { files: [file], county }, () => undefined)
  if (!report?.counts) {
    const { rows } = await asOwner(platform.database, (tx) =>
      sql`select kind, state, attempts, error, runner from job order by created_at desc limit 3`.execute(tx),
    )
    throw new Error(`${basename(file)} did not end: ${report?.refusal} ${JSON.stringify(rows)}`)
  }
  process.stdout.write(`done ${basename(file)}\n`)
}
await checkWhole(platform)
process.stdout.write(`state ${await stateDigest(platform)}\n`)
await platform.database.close()
