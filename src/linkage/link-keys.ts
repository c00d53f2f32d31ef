import { sql } from 'kysely'
import type { Chore } from '../host/chores.ts'
import { bigintArray } from '../host/binary-array.ts'
import type { Context } from '../host/context.ts'
import { rowsAsTable } from '../host/insert-rows.ts'
import { dropRowCode, restoreRowCode } from '../ledger/service.ts'
import { holdersMax } from './groups-of-key.ts'
import { keysInto, keysMax, kindOfKey } from './keys.ts'
import { provingKinds } from './loosen.ts'
import { sharing } from './nearby.ts'
import { allRows, type KnownRow, rowsById, typedRows, unitsOfRows, unitsWithCode } from './neighbours.ts'
import { linkageTables } from './queue.ts'
import { rowsOfKnown } from './row-features.ts'
import type { Rows } from './rows.ts'

/** To be raised when keys are made of other things than before: every county's are then made anew. */
export const keysVersion = 1
const pageRows = 2000

/**
 * A key as a county keeps it: mixed with its code, for a name that is common in the country is rare in a county; the keys of
 * what carries no valid code below zero.
 */
function keptKey(key: number, countyCode: string): number {
  const county = Number(countyCode.slice(0, 6))
  const low = ((key % 2 ** 32) ^ Math.imul(county, 0x9e37_79b1)) >>> 0
  return (Math.floor(key / 2 ** 32) ^ (Math.imul(county, 0x85eb_ca6b) & 0xffff)) * 2 ** 32 + low
}

/** Notes the keys of rows, or of what was typed of units; those of before are replaced. */
export async function writeKeys(
  ctx: Pick<Context, 'tx'>,
  countyCode: string,
  list: readonly KnownRow[],
): Promise<void> {
  const numbered = list.map(({ id }, number) => ({ id, number }))
  await writeKeysOf(ctx, countyCode, rowsOfKnown(list, countyCode), numbered)
}

/** The same of rows that were taken apart already. */
export async function writeKeysOf(
  ctx: Pick<Context, 'tx'>,
  countyCode: string,
  rows: Rows,
  list: readonly { id: string; number: number }[],
): Promise<void> {
  if (list.length === 0) return
  const keys = new Float64Array(list.length * keysMax)
  let end = 0
  const places = list.map(({ id, number }) => {
    const start = end
    end = keysInto(keys, start, rows, number)
    const sign = rows.codeOf(number) > 0 ? 1 : -1
    for (let at = start; at < end; at += 1) keys[at] = sign * keptKey(keys[at]!, countyCode)
    return { id, start, end }
  })
  await sql`
    insert into link_row (county_code, id, keys)
    select ${countyCode}, r.id, (${bigintArray(keys.subarray(0, end))}::bigint[])[r.start + 1 : r.end]
    from ${rowsAsTable({ id: 'uuid', start: 'integer', end: 'integer' }, places)} r
    on conflict (county_code, id) do update set keys = excluded.keys`.execute(ctx.tx)
  await sql`select app.sort_link_keys()`.execute(ctx.tx)
}

/** Rows that a person found to carry somebody else's code say it no longer, and are not found by it. */
export async function dropCode(ctx: Context, countyCode: string, ids: readonly string[]): Promise<void> {
  for (const id of ids) await dropRowCode(ctx, countyCode, id)
  await writeKeys(ctx, countyCode, await rowsById(ctx, countyCode, ids))
}

/** The code is the rows' again. */
export async function restoreCode(
  ctx: Context,
  countyCode: string,
  ids: readonly string[],
  code: string,
): Promise<void> {
  for (const id of ids) await restoreRowCode(ctx, countyCode, id, code)
  await writeKeys(ctx, countyCode, await rowsById(ctx, countyCode, ids))
}

/** The keys by which others are looked for, below zero those that are asked of rows without a code. */
export type AskedKeys = Set<number>

/**
 * The keys by which a row's neighbours are looked for. A row with a code goes by it: of the rows with codes only those of its
 * code and its name are of interest.
 */
export function askFor(asked: AskedKeys, keys: Float64Array, isCoded: boolean): void {
  for (const key of keys) {
    asked.add(-key)
    if (!isCoded || provingKinds.has(kindOfKey(key))) asked.add(key)
  }
}

/** What is found by keys. */
export interface Holders {
  /** Units of which a row, or what was typed of them, holds one. */
  units: Set<string>
  /** Rows in no unit that hold one. */
  waiting: Set<string>
  /** Keys that more units with a code hold than units are looked for by, with how many; their holders are not among these. */
  common: Map<number, number>
}

/** By so many units more a key must be held: those of rows that are settled anew go. */
const spareUnits = 4

/** Who holds any of the keys; `most`: by a key that more units hold none is looked for. */
export async function holdersOf(
  ctx: Pick<Context, 'tx'>,
  countyCode: string,
  asked: AskedKeys,
  most: number,
): Promise<Holders> {
  const byKey = await rowsByKey(ctx, countyCode, asked)
  const unitOf = await unitsOfRows(ctx, countyCode, new Set(Iterator.from(byKey.values()).flatMap(({ ids }) => ids)))
  const found = Array.from(byKey, ([key, { held, ids }]) => {
    const units = new Set(ids.flatMap((id) => unitOf.get(id) ?? []))
    const mayPass = units.size > most + spareUnits && !provingKinds.has(kindOfKey(key))
    return { key, held, ids, units, mayPass }
  })
  const toCount = new Set(found.flatMap(({ units, mayPass }) => (mayPass ? [...units] : [])))
  const coded = await unitsWithCode(ctx, countyCode, [...toCount])
  const holders: Holders = { units: new Set(), waiting: new Set(), common: new Map() }
  for (const { key, held, ids, units, mayPass } of found) {
    const counted = mayPass ? units.intersection(coded).size : 0
    if (held > ids.length || counted > most + spareUnits) {
      holders.common.set(key, sharing(held, counted))
      continue
    }
    for (const unit of units) holders.units.add(unit)
    for (const id of ids) if (unitOf.get(id) === null) holders.waiting.add(id)
  }
  return holders
}

/** Of each key how many rows hold it, and which they are unless they are very many. */
async function rowsByKey(ctx: Pick<Context, 'tx'>, countyCode: string, asked: AskedKeys) {
  const byKey = new Map<number, { held: number; ids: string[] }>()
  if (asked.size === 0) return byKey
  const wanted = Float64Array.from(asked, (key) => Math.sign(key) * keptKey(Math.abs(key), countyCode))
  const { rows } = await sql<{ key: number; held: number; holders: string | null }>`
    select key, held, holders from app.link_holders(${countyCode}, ${bigintArray(wanted)}::bigint[], ${holdersMax})`.execute(
    ctx.tx,
  )
  for (const row of rows) {
    const key = keptKey(Math.abs(row.key), countyCode)
    const other = byKey.get(key)
    const ids = row.holders?.split(',') ?? []
    byKey.set(key, { held: row.held + (other?.held ?? 0), ids: other ? [...other.ids, ...ids] : ids })
  }
  return byKey
}

/** Which of a county's rows that wait hold any of the keys. */
export async function waitingHolders(ctx: Context, countyCode: string, keys: ReadonlySet<number>): Promise<string[]> {
  if (keys.size === 0) return []
  const wanted = Float64Array.from(keys, (key) => keptKey(key, countyCode))
  const { rows } = await sql<{ id: string }>`
    select distinct l.id from queue_item q
    join link_row l on l.county_code = q.county_code and l.id = q.source_row_id
    cross join lateral unnest(l.keys) as held (key)
    join unnest(${bigintArray(wanted)}::bigint[]) as w (key) on w.key = abs(held.key)
    where q.county_code = ${countyCode} and q.state in ('open', 'later')`.execute(ctx.tx)
  return rows.map((row) => row.id)
}

/** Makes keys of an older making anew, county by county, soon after a new version of the platform has started. */
export const keysChore: Chore = {
  name: 'linkage.keys',
  async run(run) {
    const old = await run.transaction((tx) =>
      linkageTables({ tx })
        .selectFrom('link_state')
        .select('county_code')
        .where('keys_version', '!=', keysVersion)
        .execute(),
    )
    for (const { county_code: countyCode } of old) {
      if (run.signal.aborted) return
      await run.transaction(async (tx) => {
        const state = await linkageTables({ tx })
          .selectFrom('link_state')
          .select('keys_version')
          .where('county_code', '=', countyCode)
          .forUpdate()
          .executeTakeFirstOrThrow()
        if (state.keys_version !== keysVersion) await makeKeys({ tx }, countyCode)
      })
    }
  },
}

/** Makes the keys of all rows of a county anew; the transaction must see all of them. */
export async function makeKeys(ctx: Pick<Context, 'tx'>, countyCode: string): Promise<void> {
  await linkageTables(ctx).deleteFrom('link_row').where('county_code', '=', countyCode).execute()
  for (let after = ''; ;) {
    const page = await allRows(ctx, countyCode, after, pageRows)
    await writeKeys(ctx, countyCode, page)
    after = page.at(-1)?.id ?? ''
    if (page.length < pageRows) break
  }
  await writeKeys(ctx, countyCode, await typedRows(ctx, countyCode, null))
  await linkageTables(ctx)
    .updateTable('link_state')
    .set({ keys_version: keysVersion })
    .where('county_code', '=', countyCode)
    .execute()
}
