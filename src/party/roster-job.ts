import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { Problem } from '../base/problem.ts'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { JobCancelled } from '../host/job-run.ts'
import { describeFile, readSheets } from '../host/sheets.ts'
import type { SheetRow } from '../host/sheets-shape.ts'
import { memberColumns } from './member-columns.ts'
import type { MemberSheet } from './member-import-contract.ts'
import { memberTables, personDigest } from './member-person.ts'
import { retally, unitsOfPersons } from './member-tally-store.ts'
import { layTasks } from './member-tasks.ts'
import { readUnitNames, resolveUnits, type UnitNames } from './member-units.ts'
import type { RosterCounts } from './roster-contract.ts'
import { type Standing, standingsOf } from './roster-standings.ts'
import { readRosterRow, type RosterColumns } from './roster-row.ts'
import { digestsOf, dropRosterFile, findCheck, forgetHits, noFinds, type RosterCheck, setCheck } from './rosters.ts'

interface CompareJob {
  id: string
}

/**
 * Reads a roster of the insured row by row and keeps of it only that a member works at an employer. Whoever is no member
 * leaves nothing but one more in a number. Killed in between it reads the file again from the start, to the same end; the
 * file is removed when the comparison ends, fails or is cancelled.
 */
export const compareRosterJob: JobKind<CompareJob> = {
  kind: 'party.compareRoster',
  async run(job) {
    const found = await job.transaction((ctx) => findCheck(ctx, job.input.id))
    if (found.state !== 'working' && found.state !== 'done') return null
    try {
      const names = await job.transaction((ctx) => readUnitNames(ctx, found.county_code))
      if (found.state === 'working') {
        const counts = await readRoster(job, found)
        await job.transaction((ctx) => noteDone(ctx, found, counts, names))
      }
      return await settle(job, found, names)
    } catch (error) {
      await giveUp(job, found, error)
      throw error
    }
  },
}

/** However a comparison ends but by a stop of the process, after which it goes on, nothing of the roster is left. */
async function giveUp(job: JobRun<CompareJob>, found: RosterCheck, error: unknown): Promise<void> {
  const cancelled = job.signal.reason instanceof JobCancelled
  if (job.signal.aborted && !cancelled) return
  if (found.file_id) await job.files.remove(found.file_id)
  await job.transaction(async (ctx) => {
    const now = await findCheck(ctx, found.id)
    await dropRosterFile(ctx, now)
    if (now.state !== 'working') return
    await forgetHits(ctx, now)
    const said = error instanceof Problem ? error.message : '系统出了问题，已记录。名册已删除，请重新上传。'
    await setCheck(ctx, now, {
      state: cancelled ? 'cancelled' : 'failed',
      error: cancelled ? null : said,
      finished_at: ctx.now,
    })
  })
}

async function readRoster(job: JobRun<CompareJob>, found: RosterCheck): Promise<RosterCounts> {
  if (!found.file_id) throw new Problem('conflict', '原文件已经删除，请重新上传。')
  const path = job.files.path(found.file_id)
  const members = await job.transaction((ctx) => openMembers(ctx, found))
  if (members.digests.size === 0) throw new Problem('conflict', '还没有党员信息，请先导入党员信息，再比对名册。')
  const { sheets, total } = await rosterSheets(path, found, job.signal)
  const counts = { ...noFinds }
  const names = [...sheets.keys()]
  let seen = 0
  for await (const rows of readSheets(path, found.file_name, { signal: job.signal, sheets: names })) {
    const columns = sheets.get(rows[0]?.sheet ?? '')
    if (!columns) continue
    const hits = hitsIn(rows, columns, members, counts)
    if (hits.length > 0) await job.transaction((ctx) => keepHits(ctx, found, hits))
    seen += rows.length
    await job.progress(Math.min(seen, total), total, `已比对 ${seen.toLocaleString('zh-CN')} 行`)
  }
  return counts
}

interface Members {
  digests: ReadonlySet<string>
  digest: (number: string) => string
}

async function openMembers(ctx: Context, found: RosterCheck): Promise<Members> {
  const rows = await memberTables(ctx.tx)
    .selectFrom('member')
    .select('person_digest')
    .where('county_code', '=', found.county_code)
    .where('valid_to', 'is', null)
    .execute()
  const { settings } = ctx
  return {
    digests: new Set(rows.map((row) => row.person_digest)),
    digest: (number) => personDigest(settings, number),
  }
}

/** The sheets of a roster with where the number and the employer stand. @throws Problem where there is none */
async function rosterSheets(path: string, found: RosterCheck, signal: AbortSignal) {
  const file = await describeFile(path, found.file_name, { signal })
  const heads = file.sheets.map((sheet) => ({ sheet: sheet.name, visible: sheet.visible, firstRows: sheet.firstRows }))
  const sheets = new Map(
    memberColumns(heads).flatMap((sheet) => {
      const columns = sheet.use ? rosterColumns(sheet) : null
      return columns ? [[sheet.sheet, columns] as const] : []
    }),
  )
  if (sheets.size === 0) {
    throw new Problem(
      'unsupported',
      '没有同时找到身份证号和用人单位两列，不像参保名册，文件已删除。请核对表头后重新上传。',
    )
  }
  const total = file.sheets.reduce((sum, one) => sum + (sheets.has(one.name) ? one.rowCount : 0), 0)
  return { sheets, total }
}

function rosterColumns(sheet: MemberSheet): RosterColumns | null {
  const number = sheet.columns.find((column) => column.field === 'idNumber')
  const employer = sheet.columns.find((column) => column.field === 'employer')
  return number && employer ? { headerRow: sheet.headerRow, number: number.index, employer: employer.index } : null
}

interface Hit {
  person_digest: string
  employer: string
}

function hitsIn(rows: readonly SheetRow[], columns: RosterColumns, members: Members, counts: RosterCounts): Hit[] {
  const hits: Hit[] = []
  for (const row of rows) {
    if (row.row <= columns.headerRow) continue
    const read = readRosterRow(row.cells, columns)
    if (read === null) continue
    counts.read += 1
    if (read.number === null) {
      counts.bad += 1
      continue
    }
    const digest = members.digest(read.number)
    if (!members.digests.has(digest)) counts.others += 1
    else hits.push({ person_digest: digest, employer: read.employer })
  }
  return hits
}

async function keepHits(ctx: Context, found: RosterCheck, hits: readonly Hit[]): Promise<void> {
  const rows = hits.map((hit) => ({
    county_code: found.county_code,
    check_id: found.id,
    person_digest: hit.person_digest,
    employer_key: nameKey(hit.employer),
    employer: hit.employer,
  }))
  await insertRows(ctx.tx, 'roster_hit', rows, sql`on conflict do nothing`)
}

/** Resolves the employers, counts, lays the tasks, and lets the file go: from here on the comparison counts. */
async function noteDone(ctx: Context, found: RosterCheck, counts: RosterCounts, names: UnitNames): Promise<void> {
  const tables = memberTables(ctx.tx)
  const employers = await tables
    .selectFrom('roster_hit')
    .select('employer')
    .distinct()
    .where('county_code', '=', found.county_code)
    .where('check_id', '=', found.id)
    .where('employer_key', '!=', '')
    .execute()
  const texts = employers.map((row) => row.employer)
  await resolveUnits(ctx, found.county_code, texts, names)
  const standings = await standingsOf(ctx, found)
  const tasks = await layTasks(ctx, found, standings)
  const all = { ...counts, ...figuresOf(standings), tasks }
  await setCheck(ctx, found, { state: 'done', counts: JSON.stringify(all), finished_at: ctx.now })
  await dropRosterFile(ctx, found)
  ctx.record({
    countyCode: found.county_code,
    subject: `rosterCheck:${found.id}`,
    after: { 已比对: found.file_name, 读到: all.read, 党员: all.members, 关系在别处: all.elsewhere, 任务: all.tasks },
  })
}

/** Persons of each standing; who stands in two ways counts in both. */
function figuresOf(standings: readonly Standing[]) {
  const persons = (wanted: (one: Standing) => boolean) =>
    new Set(standings.filter(wanted).map((one) => one.personDigest)).size
  return {
    members: persons((one) => one.standing !== 'notFound'),
    here: persons((one) => one.standing === 'here'),
    elsewhere: persons((one) => one.standing === 'elsewhere' && one.unitId !== null),
    unplaced: persons((one) => one.standing === 'elsewhere' && one.unitId === null),
    notFound: persons((one) => one.standing === 'notFound'),
  }
}

const batchPersons = 1000

/** Brings the tallies of the units up to date, a thousand persons a transaction. */
async function settle(job: JobRun<CompareJob>, found: RosterCheck, names: UnitNames): Promise<RosterCounts> {
  const digests = await job.transaction((ctx) => everyone(ctx, found))
  for (let at = 0; at < digests.length; at += batchPersons) {
    job.signal.throwIfAborted()
    await job.transaction(async (ctx) => {
      const units = await unitsOfPersons(ctx, found.county_code, digests.slice(at, at + batchPersons))
      await retally(ctx, found.county_code, units, names)
    })
    await job.progress(at, digests.length, '正在更新各单位党员数')
  }
  return job.transaction(async (ctx) => ({ ...noFinds, ...(await findCheck(ctx, found.id)).counts }))
}

/** Whose standing the comparison may have changed: whom it found, and after a roster of everybody, every member. */
async function everyone(ctx: Context, found: RosterCheck): Promise<string[]> {
  if (!found.complete) return digestsOf(ctx, found)
  const { digests } = await openMembers(ctx, found)
  return [...digests]
}
