import { sql } from 'kysely'
import type { Context, JobRun, Transaction } from '../host/context.ts'
import { checksOf } from './check.ts'
import { amount } from './condition.ts'
import { figures } from './definitions.ts'
import { loadFacts } from './facts.ts'
import type { Ground } from './ground.ts'
import { identities, weigh } from './identities.ts'
import { loadDefinitions, loadSettings, ratiosOn } from './measures.ts'
import { standing } from './state-rows.ts'
import { figuresFrom, measuresFor, ratiosFrom, readSums, type Sums, tellDay } from './sums.ts'
import type { CoverageTables } from './tables.ts'

/** What a snapshot holds of a region at a month's end. */
export interface SnapshotContent {
  figures: { key: string; name: string; value: number }[]
  ratios: ReturnType<typeof ratiosFrom>
  checks: { key: string; title: string; kind: 'identity' | 'data'; left: number; right: number; holds: boolean }[]
}

const nameOf = new Map(figures.map((one) => [one.key, one.name]))

function contentOf(
  ratios: Parameters<typeof ratiosFrom>[0],
  day: string,
  sums: Sums,
  checks: SnapshotContent['checks'],
) {
  const named = figuresFrom(sums).map((one) => ({ ...one, name: nameOf.get(one.key)! }))
  return { figures: named, ratios: ratiosFrom(ratios, day, sums), checks }
}

/** A region's figures as the day was closed with. */
export async function closedContent(ctx: Context, ground: Ground, day: string): Promise<SnapshotContent> {
  const { ratios } = await loadDefinitions(ctx.tx)
  const told = await tellDay(ctx, ground, day)
  const sums = (await readSums(ctx, ground, told, measuresFor(ratios, [day]), [day])).get('')?.get(day)
  const checks = (await checksOf(ctx, ground, told)).map(({ key, title, kind, left, right, holds }) => ({
    key,
    title,
    kind,
    left,
    right,
    holds,
  }))
  return contentOf(ratios, day, sums ?? new Map<number, number>(), checks)
}

const unitsAtOnce = 500

/** A region's figures for a day as everything known now tells them, unit by unit, in short transactions. */
export async function restatedContent<T>(
  job: JobRun<T>,
  ground: Ground & { countyCode: string },
  day: string,
): Promise<SnapshotContent> {
  const { ids, measures, ratios, versions } = await job.transaction(async ({ tx }) => {
    const { ratios } = await loadDefinitions(tx)
    const { versions } = await loadSettings(tx)
    const ids = await unitsOf(tx, ground)
    return { ids, measures: measuresFor(ratiosOn(ratios, day), [day]), ratios, versions }
  })
  const sums = new Map<number, number>(measures.map((one) => [one.slot, 0]))
  for (let from = 0; from < ids.length; from += unitsAtOnce) {
    job.signal.throwIfAborted()
    const some = ids.slice(from, from + unitsAtOnce)
    await job.transaction(async ({ tx }) => {
      const areas = await areasThen(tx, ground.countyCode, some, day)
      for (const [id, facts] of await loadFacts(tx, ground.countyCode, some)) {
        if (ground.areaCode && (areas.get(id) ?? facts.areaCode) !== ground.areaCode) continue
        const { state } = standing(facts, day, versions)
        for (const one of measures) sums.set(one.slot, sums.get(one.slot)! + amount(one, state))
      }
    })
    await job.progress(Math.min(from + unitsAtOnce, ids.length), ids.length)
  }
  const checks = identities.map((one) => ({ key: one.key, title: one.title, kind: one.kind, ...weigh(one, sums) }))
  return contentOf(ratios, day, sums, checks)
}

async function unitsOf(tx: Transaction, ground: Ground & { countyCode: string }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from unit where county_code = ${ground.countyCode} order by id`.execute(tx)
  return rows.map((row) => row.id)
}

/** Where units were on a day: a unit counts in the region that it was in then. */
async function areasThen(tx: Transaction, countyCode: string, ids: readonly string[], day: string) {
  const rows = await tx
    .withTables<CoverageTables>()
    .selectFrom('unit_state')
    .select(['unit_id', 'area_code'])
    .where('county_code', '=', countyCode)
    .where('unit_id', 'in', ids)
    .where('valid_from', '<=', day)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', day)]))
    .execute()
  return new Map(rows.map((row) => [row.unit_id, row.area_code]))
}
