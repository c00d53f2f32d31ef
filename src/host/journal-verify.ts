import { lastHeads, readCheckpoints } from './checkpoint.ts'
import type { Config } from './config.ts'
import type { JobKind } from './context.ts'
import { asOwner, type Database } from './database.ts'
import { chainStart, hashOf, platformChain } from './journal.ts'
import type { HostTables, JournalTable } from './tables.ts'

/** What is wrong with a chain, and at which row. */
export interface JournalFault {
  seq: number
  fault: keyof typeof faultWords
}

export const faultWords = {
  edited: '内容被改动',
  missing: '此行之前缺行',
  unlinked: '与前一行不相接（插入、调换或重排）',
  restamped: '与已签名的检查点不符（整链被重写）',
  truncated: '检查点签过名的行不见了（末尾被截断）',
} as const

export interface ChainReport {
  countyCode: string
  rows: number
  /** Up to which row the checkpoints vouch for the chain; 0 where there is none yet. */
  signedRows: number
  faults: JournalFault[]
}

export interface JournalReport {
  ok: boolean
  chains: ChainReport[]
  /** Sentences about the checkpoint file itself. */
  checkpointProblems: string[]
}

const batch = 5_000

/** Recomputes every chain from its first row and holds it against the signed checkpoints. Reads as the owner, writes nothing. */
export async function verifyJournal(
  database: Database,
  settings: Pick<Config, 'checkpointDir' | 'secretKey'>,
  onChain: (done: number, total: number) => void = () => undefined,
): Promise<JournalReport> {
  const { lines, problems } = readCheckpoints(settings)
  const signed = new Map<string, Map<number, string>>()
  for (const [county, seq, hash] of lines.flatMap((line) => line.heads)) {
    if (!signed.has(county)) signed.set(county, new Map())
    signed.get(county)!.set(seq, hash)
  }
  const inDatabase = await asOwner(database, (tx) =>
    tx.withTables<HostTables>().selectFrom('journal').select('county_code').distinct().execute(),
  )
  const counties = new Set([platformChain, ...lastHeads(lines).keys(), ...inDatabase.map((row) => row.county_code)])
  const chains: ChainReport[] = []
  for (const county of [...counties].sort()) {
    chains.push(await verifyChain(database, county, signed.get(county) ?? new Map()))
    onChain(chains.length, counties.size)
  }
  return {
    ok: problems.length === 0 && chains.every((chain) => chain.faults.length === 0),
    chains,
    checkpointProblems: problems,
  }
}

async function verifyChain(
  database: Database,
  county: string,
  signed: ReadonlyMap<number, string>,
): Promise<ChainReport> {
  const faults: JournalFault[] = []
  let rows = 0
  let last = { seq: 0, hash: chainStart }
  for (;;) {
    const page = await readPage(database, county, last.seq)
    for (const row of page) {
      faults.push(...faultsOf(row, last, signed.get(row.seq)))
      last = row
      rows += 1
    }
    if (page.length < batch) break
  }
  const signedRows = Math.max(0, ...signed.keys())
  if (signedRows > last.seq) faults.push({ seq: signedRows, fault: 'truncated' })
  return { countyCode: county, rows, signedRows, faults }
}

function readPage(database: Database, county: string, after: number): Promise<JournalTable[]> {
  return asOwner(database, (tx) =>
    tx
      .withTables<HostTables>()
      .selectFrom('journal')
      .selectAll()
      .where('county_code', '=', county)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(batch)
      .execute(),
  )
}

function faultsOf(
  row: JournalTable,
  last: { seq: number; hash: string },
  signedHash: string | undefined,
): JournalFault[] {
  const found: JournalFault['fault'][] = []
  if (row.seq !== last.seq + 1) found.push('missing')
  else if (row.previous_hash !== last.hash) found.push('unlinked')
  if (hashOf(row) !== row.hash) found.push('edited')
  if (signedHash !== undefined && signedHash !== row.hash) found.push('restamped')
  return found.map((fault) => ({ seq: row.seq, fault }))
}

/** The job `journal.verify`: the report, with at most 200 faults, as its result. */
export function verifyJob(database: Database, settings: Pick<Config, 'checkpointDir' | 'secretKey'>): JobKind<null> {
  return {
    kind: 'journal.verify',
    async run(job) {
      const report = await verifyJournal(database, settings, (done, total) => void job.progress(done, total))
      const faults = report.chains.flatMap(({ countyCode, faults }) =>
        faults.map(({ seq, fault }) => ({ countyCode, seq, fault: faultWords[fault] })),
      )
      const rows = report.chains.reduce((sum, chain) => sum + chain.rows, 0)
      return {
        ok: report.ok,
        chains: report.chains.length,
        rows,
        faults: faults.slice(0, 200),
        checkpointProblems: report.checkpointProblems,
      }
    },
  }
}
