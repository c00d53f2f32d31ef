import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Config } from './config.ts'
import { hmacSm3, sameDigest } from './crypto.ts'
import { asOwner, type Database } from './database.ts'
import { canonical } from './journal.ts'

type Settings = Pick<Config, 'checkpointDir' | 'secretKey'>

/** The end of one chain at one moment: county, number of rows, hash of the last one. */
export type Head = [county: string, seq: number, hash: string]

/** One signed line of the checkpoint file; it also signs the line before it. */
export interface Checkpoint {
  number: number
  at: string
  /** Chains that grew since the line before. */
  heads: Head[]
  previous: string
  mac: string
}

const fileIn = (settings: Settings) => join(settings.checkpointDir, 'journal.jsonl')

function macOf(settings: Settings, line: Omit<Checkpoint, 'mac'>): string {
  return hmacSm3(settings.secretKey, 'journal-checkpoint', canonical(line))
}

/** The checkpoints of the file in order, and a Chinese sentence for each line that is not as it was signed. */
export function readCheckpoints(settings: Settings): { lines: Checkpoint[]; problems: string[] } {
  const path = fileIn(settings)
  if (!existsSync(path)) return { lines: [], problems: [] }
  const lines: Checkpoint[] = []
  const problems: string[] = []
  let previous = ''
  for (const [at, text] of readFileSync(path, 'utf8').trimEnd().split('\n').entries()) {
    const line = parsed(text)
    if (!line) {
      problems.push(`检查点文件第 ${at + 1} 行无法读取`)
      continue
    }
    const { mac, ...body } = line
    if (!sameDigest(mac, macOf(settings, body))) problems.push(`检查点文件第 ${at + 1} 行的签名不符`)
    else if (line.previous !== previous || line.number !== lines.length + 1)
      problems.push(`检查点文件第 ${at + 1} 行之前缺行`)
    previous = mac
    lines.push(line)
  }
  return { lines, problems }
}

function parsed(text: string): Checkpoint | null {
  try {
    const line = JSON.parse(text) as Checkpoint
    return typeof line.mac === 'string' && Array.isArray(line.heads) ? line : null
  } catch {
    return null
  }
}

/** The last signed head of each chain. */
export function lastHeads(lines: readonly Checkpoint[]): Map<string, Head> {
  return new Map(lines.flatMap((line) => line.heads.map((head) => [head[0], head] as const)))
}

/**
 * Signs the heads of all chains that grew since the last line, and appends them. Does not sign over damage: when a signed
 * head is no longer in the journal as it was, nothing is written and the sentence says which. Call it at start, at most
 * every five minutes, and when the process stops.
 */
export async function checkpoint(
  database: Database,
  settings: Settings,
  now: Date,
): Promise<{ signed: number; problem: string | null }> {
  const { lines, problems } = readCheckpoints(settings)
  if (problems[0]) return { signed: 0, problem: problems[0] }
  const known = lastHeads(lines)
  const last = lines.at(-1)
  const heads = await grownHeads(database, last ? new Date(Date.parse(last.at) - 86_400_000) : new Date(0))
  const grown = heads.filter(([county, seq, hash]) => known.get(county)?.[1] !== seq || known.get(county)?.[2] !== hash)
  if (grown.length === 0) return { signed: 0, problem: null }
  const lost = await firstLost(
    database,
    grown.map(([county]) => known.get(county)).filter((head) => head !== undefined),
  )
  if (lost)
    return { signed: 0, problem: `流水 ${lost[0]} 第 ${lost[1]} 行与已签名的检查点不符，请执行 liangxin audit verify` }
  const body = { number: lines.length + 1, at: now.toISOString(), heads: grown, previous: last?.mac ?? '' }
  mkdirSync(settings.checkpointDir, { recursive: true, mode: 0o700 })
  appendFileSync(fileIn(settings), `${JSON.stringify({ ...body, mac: macOf(settings, body) })}\n`, { mode: 0o600 })
  return { signed: grown.length, problem: null }
}

/** Heads of the chains that have a row since `since`; a day of overlap covers slow commits and clocks set back. */
function grownHeads(database: Database, since: Date): Promise<Head[]> {
  return asOwner(database, async (tx) => {
    const { rows } = await sql<{ county_code: string; seq: number; hash: string }>`
      select j.county_code, j.seq, j.hash
      from (select county_code, max(seq) as seq from journal where at >= ${since} group by county_code) head
      join journal j on j.county_code = head.county_code and j.seq = head.seq
      order by j.county_code`.execute(tx)
    return rows.map((row): Head => [row.county_code, row.seq, row.hash])
  })
}

function firstLost(database: Database, heads: Head[]): Promise<Head | undefined> {
  return asOwner(database, async (tx) => {
    for (const head of heads) {
      const { rows } = await sql<{ hash: string }>`
        select hash from journal where county_code = ${head[0]} and seq = ${head[1]}`.execute(tx)
      if (rows[0]?.hash !== head[2]) return head
    }
    return undefined
  })
}
