import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { finishJobs } from '../host/command.ts'
import type { Actor } from '../host/context.ts'
import { asOwner } from '../host/database.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { storeUpload } from '../host/uploads.ts'
import { ledgerContract, ledgerPermissions } from '../ledger/contract.ts'
import { importContract, type ImportCounts } from '../ledger/import-contract.ts'
import { ledger, ledgerJobs } from '../ledger/service.ts'
import { linkageContract, linkagePermissions } from './contract.ts'
import { modelContract } from './model-contract.ts'
import { linkage, linkageJobs } from './service.ts'

/** The county in which tests play. */
export const county = '210204000000'
const permissions = [...Object.keys(ledgerPermissions), ...Object.keys(linkagePermissions)]

/** Somebody with every permission over the county, or over the counties given. */
export function somebody(name: string, counties: readonly string[] = [county]): Actor {
  return { ...actorLike(newId(), permissions, { counties, areas: '*' }), name }
}

/** A ledger with linkage over the emptied test database, and what tests do with it. */
export async function openDesk(more: { clock?: () => Date } = {}) {
  const here = somebody('张三')
  const people = { authenticate: async () => null, actorOf: async () => here, operator: async () => here }
  const platform = await testPlatform(
    {
      contracts: {
        ledger: { ...ledgerContract, ...importContract },
        linkage: { ...linkageContract, ...modelContract },
      },
      handlers: { ledger, linkage },
      jobKinds: [...ledgerJobs, ...linkageJobs],
      people,
    },
    more,
  )
  const call = async <T>(name: string, input: unknown, actor: Actor = here): Promise<T> =>
    (await invoke(platform, name, input, { actor })).output as T
  return {
    platform,
    here,
    call,
    imported: (lines: readonly string[], department?: string, asOf?: string) =>
      imported(platform, here, call, { fileName: '表.csv', bytes: Buffer.from(lines.join('\n')) }, department, asOf),
    importedFile: (file: File, department: string) => imported(platform, here, call, file, department, '2026-01-01'),
    queue: async (filter: object = {}, actor: Actor = here) =>
      call<{ rows: QueueRow[]; total: number }>('linkage.listQueue', filter, actor),
    units: async () =>
      (await call<{ rows: { id: string; name: string; uscc: string | null }[] }>('ledger.searchUnits', { filter: {} }))
        .rows,
    dump: () => dump(platform),
    partition: () => partition(platform),
  }
}

export interface QueueRow {
  id: string
  name: string
  reason: string
  heldBy: string | null
  probability: number | null
}

interface File {
  fileName: string
  bytes: Uint8Array
}

type Call = <T>(name: string, input: unknown) => Promise<T>

/** Takes a file through every step of an import. */
async function imported(
  platform: Platform,
  actor: Actor,
  call: Call,
  file: File,
  department = 'marketRegulation',
  asOf = '2026-01-01',
): Promise<{ id: string; counts: ImportCounts }> {
  const upload = await storeUpload(platform, { actor }, file.fileName, Readable.from([file.bytes]))
  const { fileId } = upload.output as { fileId: string }
  const { id } = await call<{ id: string }>('ledger.createImport', { fileId, countyCode: county, department, asOf })
  await finishJobs(platform)
  const { mapping } = await call<{ mapping: unknown }>('ledger.getImport', { id })
  await call('ledger.checkImport', { id, department, asOf, mapping })
  await finishJobs(platform)
  await call('ledger.commitImport', { id })
  await finishJobs(platform)
  const page = await call<{ state: string; counts: ImportCounts; error: string | null }>('ledger.getImport', { id })
  if (page.state !== 'committed') throw new Error(`the import ended as ${page.state}: ${page.error}`)
  return { id, counts: page.counts }
}

/**
 * Units, facts and rows as they are, without the moments of their last change, and without what is judged anew whenever a
 * unit is derived, from which files came since.
 */
function dump(platform: Platform): Promise<unknown[]> {
  return asOwner(platform.database, async (tx) => {
    const units =
      await sql`select to_jsonb(u) - array['updated_at', 'drop_reason', 'in_operation', 'operating_because', 'is_target'] as row from unit u order by id`.execute(
        tx,
      )
    const facts = await sql`select to_jsonb(f) as row from fact f order by id`.execute(tx)
    const rows = await sql`select to_jsonb(r) - 'linked_at' as row from source_row r order by id`.execute(tx)
    return [units.rows, facts.rows, rows.rows]
  })
}

/** Which rows are together, by what they say: the rows of each unit, and those that wait. */
function partition(platform: Platform): Promise<string[]> {
  return asOwner(platform.database, async (tx) => {
    const { rows } = await sql<{ unit_id: string | null; said: string }>`
      select r.unit_id, i.department || ' ' || r.fields::text as said
      from source_row r join import i on i.county_code = r.county_code and i.id = r.import_id
      where r.outcome in ('joined', 'created', 'queued')`.execute(tx)
    const groups = Map.groupBy(rows, (row) => row.unit_id ?? `waiting ${row.said}`)
    return [...groups]
      .map(
        ([unit, list]) =>
          `${unit.startsWith('waiting') ? 'waits' : 'unit'}: ${list
            .map((row) => row.said)
            .sort()
            .join(' + ')}`,
      )
      .sort()
  })
}
