import { type Selectable, sql } from 'kysely'
import { notFound } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { regionNames } from '../office/service.ts'
import { findGround, within } from './ground.ts'
import { wholeCounty } from './rollup.ts'
import type { SnapshotContent } from './snapshot-content.ts'
import { approvalWords, awaitedOf, type SnapshotStep, takenPart, whollyHeld } from './snapshot-steps.ts'
import type { CoverageTables, SnapshotTable } from './tables.ts'

/** A snapshot as it is kept. */
export type SnapshotRow = Selectable<SnapshotTable> & { steps: SnapshotStep[] }
type Row = SnapshotRow

function snapshots(ctx: Context) {
  return ctx.tx.withTables<CoverageTables>().selectFrom('coverage_snapshot')
}

interface ListInput {
  region?: string | undefined
  period?: string | undefined
  state?: SnapshotTable['state'] | undefined
  page: number
  pageSize: number
}

/** 上报列表: newest month first. */
export async function listSnapshots(input: ListInput, ctx: Context) {
  const ground = await findGround(ctx, input.region)
  let query = snapshots(ctx).where(sql<boolean>`${within(ground)}`)
  if (input.period) query = query.where('period', '=', input.period)
  if (input.state) query = query.where('state', '=', input.state)
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy('period', 'desc')
    .orderBy('county_code')
    .orderBy('area_code')
    .orderBy('version', 'desc')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  return { rows: await headsOf(ctx, rows as Row[]), total }
}

async function headsOf(ctx: Context, rows: readonly Row[]) {
  const names = await regionNames(
    ctx.tx,
    rows.map((row) => row.area_code),
  )
  const awaits = new Map(rows.map((row) => [row.id, awaitedOf(row)]))
  const held = await whollyHeld(
    ctx,
    [...awaits.values()].filter((code) => code !== null),
  )
  const permitted = ctx.actor.permissions.has('coverage.approve')
  return rows.map((row) => {
    const approver = awaits.get(row.id) ?? null
    const mine = approver !== null && held.has(approver) && !takenPart(row.steps).has(ctx.actor.userId)
    return {
      countyCode: row.county_code,
      id: row.id,
      region: row.area_code,
      regionName: names.get(row.area_code)?.name ?? row.area_code,
      period: row.period,
      asOf: row.as_of,
      version: row.version,
      basis: row.basis,
      state: row.state,
      preparedBy: row.prepared_by_name,
      preparedAt: row.prepared_at.toISOString(),
      submittedBy: row.submitted_by_name,
      submittedAt: row.submitted_at?.toISOString() ?? null,
      awaits: approver && approvalWords(approver),
      mayApprove: permitted && mine,
      reason: row.reason,
    }
  })
}

/** 一份上报: its figures beside those of the version before, its checks, what is missing below, and all that was done with it. */
export async function getSnapshot(input: { id: string }, ctx: Context) {
  const row = (await snapshots(ctx).selectAll().where('id', '=', input.id).executeTakeFirst()) as Row | undefined
  if (!row) throw notFound('份上报')
  const earlier = await snapshots(ctx)
    .select('content')
    .where('county_code', '=', row.county_code)
    .where('area_code', '=', row.area_code)
    .where('period', '=', row.period)
    .where('version', '=', row.version - 1)
    .executeTakeFirst()
  const [head] = await headsOf(ctx, [row])
  const content = row.content as SnapshotContent
  const before = earlier?.content as SnapshotContent | undefined
  const { missing } = await missingBelow(ctx, row)
  return {
    ...head!,
    figures: content.figures.map((one) => ({
      ...one,
      before: before?.figures.find((other) => other.key === one.key)?.value ?? null,
    })),
    ratios: content.ratios.map((one) => {
      const other = before?.ratios.find((other) => other.key === one.key)
      return { ...one, before: other ? { numerator: other.numerator, denominator: other.denominator } : null }
    }),
    checks: content.checks,
    missing,
    steps: row.steps.map(({ at, by, did, region, reason }) => ({ at, by, did: stepWords(did, region), reason })),
  }
}

function stepWords(did: SnapshotStep['did'], region: string): string {
  if (did === 'prepared') return '生成'
  if (did === 'submitted') return '上报'
  return `${approvalWords(region)}${did === 'approved' ? '通过' : '退回'}`
}

/**
 * The townships of a county with units on the day whose last version of the month is not locked, and whether any township
 * sends figures up at all. A township's own snapshot misses nothing.
 */
export async function missingBelow(
  ctx: Context,
  row: Pick<SnapshotTable, 'county_code' | 'area_code' | 'period' | 'as_of'>,
): Promise<{ missing: { region: string; name: string }[]; used: boolean }> {
  if (row.area_code !== row.county_code) return { missing: [], used: false }
  const { rows } = await sql<{ code: string; state: SnapshotTable['state'] | null }>`
    select r.area_code as code, (
      select s.state from coverage_snapshot s
      where s.county_code = r.county_code and s.area_code = r.area_code and s.period = ${row.period}
      order by s.version desc limit 1
    ) as state
    from rollup r
    where r.county_code = ${row.county_code} and r.day = ${row.as_of}::date and r.counts[1] > 0
      and r.area_code <> ${wholeCounty} and r.area_code <> r.county_code
    order by r.area_code`.execute(ctx.tx)
  const open = rows.filter((one) => one.state !== 'locked').map((one) => one.code)
  const names = await regionNames(ctx.tx, open)
  return {
    missing: open.map((region) => ({ region, name: names.get(region)?.name ?? region })),
    used: rows.some((one) => one.state !== null),
  }
}
