import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { childRange, parentCode } from '../base/region.ts'
import { Problem } from '../base/problem.ts'
import type { Context, Transaction } from '../host/context.ts'
import { readSheets } from '../host/sheets.ts'
import { uploadOf } from '../host/uploads.ts'
import { forgetCounties } from './access.ts'
import { type RegionLine, readRegionLines, readShippedRegions, regionRows } from './region-rows.ts'
import type { OfficeTables, RegionTable } from './tables.ts'

const linesMax = 100_000
const batch = 2_000

/** What a load changed, in regions. */
export interface RegionLoad {
  added: number
  renamed: number
  retired: number
}

/** Loads a region file that was uploaded. Codes that it leaves out stay as they are: a file need not be the whole country. */
export async function loadRegions(input: { fileId: string; year: number }, ctx: Context): Promise<RegionLoad> {
  const upload = await uploadOf(ctx, input.fileId)
  const rows: { row: number; cells: (string | null)[] }[] = []
  for await (const some of readSheets(ctx.files.path(input.fileId), upload.file_name)) {
    rows.push(...some)
    if (rows.length > linesMax) throw new Problem('tooLarge', '一次至多载入 10 万行，请按市、县分成几个文件。')
  }
  const lines = readRegionLines(rows)
  if (lines.length === 0)
    throw new Problem('invalid', '文件里没有区划。请检查列的次序：代码、名称、停用年份、承接代码。')
  const load = await applyRegions(ctx.tx, lines, input.year)
  ctx.record({ subject: 'region', after: { fileName: upload.file_name, year: input.year, ...load } })
  return load
}

/** Adds, renames and retires regions. A code that comes back without 停用年份 is in use again, and counts as added. */
export async function applyRegions(tx: Transaction, lines: readonly RegionLine[], year: number): Promise<RegionLoad> {
  const known = await knownRegions(tx, lines)
  const rows = regionRows(lines, known, year)
  await checkSuccessors(tx, rows)
  let [added, renamed, retired] = [0, 0, 0]
  const changed: RegionTable[] = []
  const renames: RegionTable[] = []
  for (const row of rows) {
    const before = known.get(row.code)
    if (!before || (before.year_to !== null && row.year_to === null)) added += 1
    if (before && before.name !== row.name) {
      renamed += 1
      renames.push(row)
    }
    if (before?.year_to === null && row.year_to !== null) retired += 1
    if (!before || isDifferent(before, row)) changed.push(row)
  }
  for (let at = 0; at < changed.length; at += batch) await upsert(tx, changed.slice(at, at + batch))
  for (const row of renames) await renewFullNames(tx, row)
  await countChildren(tx, [...new Set(changed.flatMap((row) => row.parent_code ?? []))])
  forgetCounties()
  return { added, renamed, retired }
}

function isDifferent(before: RegionTable, row: RegionTable): boolean {
  return (
    before.full_name !== row.full_name ||
    before.name !== row.name ||
    before.year_to !== row.year_to ||
    before.successor_code !== row.successor_code
  )
}

/** Rows that are there already: those of the file, and their parents. */
async function knownRegions(tx: Transaction, lines: readonly RegionLine[]): Promise<Map<string, RegionTable>> {
  const codes = [...new Set(lines.flatMap(({ code }) => [code, parentCode(code) ?? code]))]
  const rows = await tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .selectAll()
    .where(sql<boolean>`code = any (${codes}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.code, row]))
}

async function checkSuccessors(tx: Transaction, rows: readonly RegionTable[]): Promise<void> {
  const inFile = new Set(rows.map((row) => row.code))
  const wanted = [...new Set(rows.flatMap((row) => row.successor_code ?? []))].filter((code) => !inFile.has(code))
  if (wanted.length === 0) return
  const there = await tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .select('code')
    .where(sql<boolean>`code = any (${wanted}::text[])`)
    .execute()
  const missing = wanted.filter((code) => !there.some((row) => row.code === code))
  if (missing.length > 0)
    throw new Problem('invalid', `承接代码 ${missing.slice(0, 5).join('、')} 既不在文件里，也不在平台里。`)
}

async function upsert(tx: Transaction, rows: readonly RegionTable[]): Promise<void> {
  await sql`
    insert into region (code, name, full_name, level, parent_code, selectable, initials, year_from, year_to, successor_code)
    select code, name, full_name, level, parent_code, selectable, initials, year_from, year_to, successor_code
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
      code text, name text, full_name text, level text, parent_code text, selectable boolean, initials text,
      year_from integer, year_to integer, successor_code text)
    on conflict (code) do update set name = excluded.name, full_name = excluded.full_name, initials = excluded.initials,
      selectable = excluded.selectable, year_to = excluded.year_to, successor_code = excluded.successor_code`.execute(
    tx,
  )
}

/** Full names below a renamed region begin with its new name. */
async function renewFullNames(tx: Transaction, top: RegionTable): Promise<void> {
  const { from, to } = childRange(top.code)
  const below = await tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .selectAll()
    .where('code', '>=', from)
    .where('code', '<', to)
    .where('code', '!=', top.code)
    .execute()
  const lines = below.map(({ code, name }) => ({ code, name, yearTo: null, successorCode: null }))
  const full = new Map(
    regionRows(lines, new Map([[top.code, top]]), top.year_from).map((row) => [row.code, row.full_name]),
  )
  const stale = below.filter((row) => full.get(row.code) !== row.full_name)
  await sql`
    update region set full_name = r.full_name
    from jsonb_to_recordset(${JSON.stringify(stale.map(({ code }) => ({ code, full_name: full.get(code) })))}::jsonb)
      as r (code text, full_name text)
    where region.code = r.code`.execute(tx)
}

async function countChildren(tx: Transaction, parents: readonly string[]): Promise<void> {
  await sql`
    update region set has_children = exists (select from region c where c.parent_code = region.code and c.year_to is null)
    where code = any (${parents}::text[])`.execute(tx)
}

/** Brings the shipped national list in: at the first start, and when a newer year is shipped. */
export async function loadShippedRegions(tx: Transaction): Promise<RegionLoad | null> {
  const { year: have } = await tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .select((eb) => eb.fn.max<number | null>('year_from').as('year'))
    .executeTakeFirstOrThrow()
  const { lines, year } = readShippedRegions(
    gunzipSync(readFileSync(new URL('./regions.tsv.gz', import.meta.url))).toString('utf8'),
  )
  return have !== null && have >= year ? null : applyRegions(tx, lines, year)
}
