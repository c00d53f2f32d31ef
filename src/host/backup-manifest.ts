import { sql } from 'kysely'
import { z } from 'zod'
import { Problem } from '../base/problem.ts'
import type { Transaction } from './context.ts'
import { hmacSm3, sameDigest } from './crypto.ts'
import { canonical } from './journal.ts'

// What a database must be found to hold again after it was restored.
const facts = z.object({
  /** Rows of every table, by its name with its schema. */
  tables: z.record(z.string(), z.number()),
  /** The end of each chain of the journal: county, number of rows, hash of the last. */
  heads: z.array(z.tuple([z.string(), z.number(), z.string()])),
  migrations: z.array(z.string()),
})

const body = z.object({
  format: z.literal('liangxin-backup-1'),
  madeAt: z.string(),
  kind: z.enum(['embedded', 'postgres']),
  /** Tells the platform's key from others and gives nothing of it away. */
  keyMark: z.string(),
  ...facts.shape,
  parts: z.array(z.object({ path: z.string(), bytes: z.number(), sm3: z.string() })),
})

export type Facts = z.infer<typeof facts>
/** What a backup says about itself, signed with the platform's key. */
export type Manifest = z.infer<typeof body>

/** Counts every table and reads the journal's heads, as the owner, in the order that makes two of them comparable. */
export async function factsOf(tx: Transaction): Promise<Facts> {
  const { rows: names } = await sql<{ schema: string; name: string }>`
    select schemaname as schema, tablename as name from pg_tables where schemaname in ('app', 'public')
    order by schemaname collate "C", tablename collate "C"`.execute(tx)
  const tables: Record<string, number> = {}
  for (const { schema, name } of names) {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.id(schema, name)}`.execute(tx)
    tables[`${schema}.${name}`] = rows[0]!.count
  }
  const { rows: heads } = await sql<{ county_code: string; seq: number; hash: string }>`
    select distinct on (county_code) county_code, seq, hash from journal order by county_code, seq desc`.execute(tx)
  const { rows: migrations } = await sql<{ name: string }>`select name from app.migration order by id`.execute(tx)
  return {
    tables,
    heads: heads.map((row) => [row.county_code, row.seq, row.hash]),
    migrations: migrations.map((row) => row.name),
  }
}

/** The mark of a key, as `keyMark`. */
export function markOf(secretKey: Buffer): string {
  return hmacSm3(secretKey, 'backup-key', '').slice(0, 16)
}

/** A manifest as the text that lies in the backup. */
export function sealManifest(manifest: Manifest, secretKey: Buffer): string {
  return JSON.stringify({ ...manifest, mac: macOf(manifest, secretKey) }, null, 1)
}

/** Reads and checks a manifest. @throws Problem when it is of another key, or was altered. */
export function readManifest(text: string, secretKey: Buffer): Manifest {
  const read = body.extend({ mac: z.string() }).safeParse(parsed(text))
  if (!read.success) throw new Problem('invalid', '备份清单无法读取：文件损坏，或由别的版本所备份。')
  const { mac, ...manifest } = read.data
  if (manifest.keyMark !== markOf(secretKey)) {
    throw new Problem(
      'conflict',
      '这份备份是用另一把密钥的平台做的。请先把当时的 secret.key 放到数据目录（或设 SECRET_KEY），再恢复。',
    )
  }
  if (!sameDigest(mac, macOf(manifest, secretKey))) {
    throw new Problem('conflict', '备份清单的签名不符，备份被改动过，没有恢复。请换一份备份。')
  }
  return manifest
}

function macOf(manifest: Manifest, secretKey: Buffer): string {
  return hmacSm3(secretKey, 'backup-manifest', canonical(manifest))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
