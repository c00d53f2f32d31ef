import { sql } from 'kysely'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { rederive, sameContent } from './member-derive-store.ts'
import type { MemberCounts, MemberOutcome } from './member-import-contract.ts'
import { memberStepFailed } from './member-import-jobs.ts'
import { dropMemberFile, findMemberImport, type MemberImport, noMembers, setMemberImport } from './member-imports.ts'
import { memberTables } from './member-person.ts'
import { readUnitNames, type UnitNames } from './member-units.ts'

interface ImportJob {
  id: string
}

const batchPersons = 500

/**
 * Takes the rows laid ready in, five hundred persons a transaction; killed in between it goes on with the rest. The file goes
 * as soon as the last row is in.
 */
export const commitMembersJob: JobKind<ImportJob> = {
  kind: 'party.commitMembers',
  async run(job) {
    try {
      const found = await job.transaction((ctx) => findMemberImport(ctx, job.input.id))
      if (found.state !== 'committing') return null
      const names = await job.transaction((ctx) => readUnitNames(ctx, found.county_code))
      const total = { ...noMembers, ...found.counts }.staged
      for (let done = 0; ; done += batchPersons) {
        job.signal.throwIfAborted()
        const taken = await job.transaction((ctx) => commitBatch(ctx, found, names))
        if (taken === 0) break
        await job.progress(Math.min(done + batchPersons, total), total, '正在入库')
      }
      if (found.complete) await endOthers(job, found, names)
      return await job.transaction((ctx) => noteCommitted(ctx, found))
    } catch (error) {
      // Cancelled half way it stays where it can be gone on with or undone.
      if (job.signal.aborted) throw error
      return memberStepFailed(job, error)
    }
  },
}

async function commitBatch(ctx: Context, found: MemberImport, names: UnitNames): Promise<number> {
  const rows = await memberTables(ctx.tx)
    .selectFrom('member_row')
    .selectAll()
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
    .where('outcome', '=', 'staged')
    .orderBy('person_digest')
    .limit(batchPersons)
    .execute()
  if (rows.length === 0) return 0
  const digests = rows.map((row) => row.person_digest!)
  const members = await memberTables(ctx.tx)
    .selectFrom('member')
    .selectAll()
    .where('county_code', '=', found.county_code)
    .where('person_digest', 'in', digests)
    .where('valid_to', 'is', null)
    .execute()
  const open = new Map(members.map((member) => [member.person_digest, member]))
  const marks = rows.map((row) => {
    const known = open.get(row.person_digest!)
    const outcome: MemberOutcome = !known
      ? 'added'
      : sameContent(known, { ...row, name_masked: row.name_masked! })
        ? 'same'
        : 'updated'
    return { id: row.id, outcome }
  })
  await sql`
    update member_row r set outcome = m.outcome
    from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as m (id uuid, outcome text)
    where r.county_code = ${found.county_code} and r.id = m.id`.execute(ctx.tx)
  await rederive(ctx, found.county_code, digests, names)
  return rows.length
}

/** Ends everybody whom a roster of all members does not name. */
async function endOthers(job: JobRun<ImportJob>, found: MemberImport, names: UnitNames): Promise<void> {
  for (let after = ''; ;) {
    job.signal.throwIfAborted()
    const last = await job.transaction(async (ctx) => {
      const rows = await memberTables(ctx.tx)
        .selectFrom('member')
        .select('person_digest')
        .where('county_code', '=', found.county_code)
        .where('valid_to', 'is', null)
        .where('person_digest', '>', after)
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('member_row')
                .select('member_row.id')
                .whereRef('member_row.county_code', '=', 'member.county_code')
                .whereRef('member_row.person_digest', '=', 'member.person_digest')
                .where('member_row.import_id', '=', found.id),
            ),
          ),
        )
        .orderBy('person_digest')
        .limit(batchPersons)
        .execute()
      const digests = rows.map((row) => row.person_digest)
      await rederive(ctx, found.county_code, digests, names, found.id)
      return digests.at(-1)
    })
    if (last === undefined) return
    after = last
  }
}

async function noteCommitted(ctx: Context, found: MemberImport): Promise<MemberCounts> {
  const rows = await memberTables(ctx.tx)
    .selectFrom('member_row')
    .select((eb) => ['outcome', eb.fn.countAll<number>().as('rows')])
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
    .groupBy('outcome')
    .execute()
  const counts = { ...noMembers, ...found.counts, staged: 0, ended: await endedBy(ctx, found) }
  for (const { outcome, rows: n } of rows) counts[outcome] = n
  const change = { state: 'committed' as const, committed_at: ctx.now, counts: JSON.stringify(counts), sketch: '[]' }
  await setMemberImport(ctx, found, change)
  await dropMemberFile(ctx, found)
  ctx.record({
    countyCode: found.county_code,
    subject: `memberImport:${found.id}`,
    after: { 已入库: found.file_name, 新增: counts.added, 更新: counts.updated, 不在册: counts.ended },
  })
  return counts
}

async function endedBy(ctx: Context, found: MemberImport): Promise<number> {
  if (!found.complete) return 0
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from member m
    where m.county_code = ${found.county_code} and m.valid_to = ${found.as_of}::date
      and not exists (select from member o
        where o.county_code = m.county_code and o.person_digest = m.person_digest and o.valid_from >= m.valid_to)`.execute(
    ctx.tx,
  )
  return rows[0]?.n ?? 0
}

/** Undoes an import: who was in it becomes again what the other rosters say. */
export const undoMembersJob: JobKind<ImportJob> = {
  kind: 'party.undoMembers',
  async run(job) {
    const found = await job.transaction((ctx) => findMemberImport(ctx, job.input.id))
    if (found.state !== 'undoing') return null
    const names = await job.transaction((ctx) => readUnitNames(ctx, found.county_code))
    for (let after = ''; ;) {
      job.signal.throwIfAborted()
      const last = await job.transaction(async (ctx) => {
        const digests = await personsTouched(ctx, found, after)
        await rederive(ctx, found.county_code, digests, names)
        return digests.at(-1)
      })
      if (last === undefined) break
      after = last
    }
    return job.transaction((ctx) => noteUndone(ctx, found))
  },
}

/** Whom the import named, and, where it was a roster of all members, everybody. */
async function personsTouched(ctx: Context, found: MemberImport, after: string): Promise<string[]> {
  const rows = await memberTables(ctx.tx)
    .selectFrom('member_row')
    .select('person_digest')
    .distinct()
    .where('county_code', '=', found.county_code)
    .where('person_digest', '>', after)
    .where((eb) => (found.complete ? eb.val(true) : eb('import_id', '=', found.id)))
    .orderBy('person_digest')
    .limit(batchPersons)
    .execute()
  return rows.flatMap((row) => row.person_digest ?? [])
}

async function noteUndone(ctx: Context, found: MemberImport): Promise<null> {
  await memberTables(ctx.tx)
    .deleteFrom('member_row')
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
    .execute()
  await setMemberImport(ctx, found, { state: 'undone', undone_at: ctx.now, sketch: '[]' })
  await dropMemberFile(ctx, found)
  ctx.record({
    countyCode: found.county_code,
    subject: `memberImport:${found.id}`,
    after: { 已撤销: found.file_name, 原因: found.undone_reason },
  })
  return null
}
