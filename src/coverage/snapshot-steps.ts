import { sql } from 'kysely'
import { countryCode, isCounty, level, parentCode, prefixOf } from '../base/region.ts'
import type { Context } from '../host/context.ts'
import type { SnapshotTable } from './tables.ts'

/** One thing that was done with a snapshot. */
export interface SnapshotStep {
  at: string
  by: string
  byId: string | null
  did: 'prepared' | 'submitted' | 'approved' | 'returned'
  /** The region whose office did it. */
  region: string
  reason: string | null
}

/** Who approves a region's figures, nearest first: the county a township's, the city and the province a county's. */
export function approversOf(countyCode: string, areaCode: string): string[] {
  if (areaCode !== countyCode) return [countyCode]
  const above: string[] = []
  for (let code = parentCode(countyCode); code !== null && code !== countryCode; code = parentCode(code))
    above.push(code)
  return above
}

/** 县级审核, 市级审核 or 省级审核: what a step of a region is called. */
export function approvalWords(approver: string): string {
  if (isCounty(approver)) return '县级审核'
  return level(approver) === 'province' ? '省级审核' : '市级审核'
}

/** The steps since the figures were last sent up. */
function thisRound(steps: readonly SnapshotStep[]): readonly SnapshotStep[] {
  const from = steps.findLastIndex((step) => step.did === 'submitted')
  return from < 0 ? [] : steps.slice(from)
}

type Waiting = Pick<SnapshotTable, 'county_code' | 'area_code' | 'state'> & { steps: readonly SnapshotStep[] }

/** The region whose approval a snapshot waits for; null when it waits for none. */
export function awaitedOf(one: Waiting): string | null {
  if (one.state !== 'submitted' && one.state !== 'approved') return null
  const given = thisRound(one.steps).filter((step) => step.did === 'approved').length
  return approversOf(one.county_code, one.area_code)[given] ?? null
}

/** Those who have sent up or approved in this round: nobody does two of these. */
export function takenPart(steps: readonly SnapshotStep[]): Set<string | null> {
  return new Set(thisRound(steps).map((step) => step.byId))
}

/** Of some regions, those of which the account looks after every county, whole. */
export async function whollyHeld(ctx: Context, codes: readonly string[]): Promise<Set<string>> {
  const { scope } = ctx.actor
  if (scope.nation) return new Set(codes)
  if (scope.areas !== '*' || codes.length === 0) return new Set()
  const asked = [...new Set(codes)]
  const { rows } = await sql<{ code: string }>`
    select asked.code from unnest(${asked}::text[], ${asked.map(prefixOf)}::text[]) as asked (code, prefix)
    where not exists (
      select from region r where r.level = 'county' and r.year_to is null and starts_with(r.code, asked.prefix)
        and not r.code = any (${scope.counties}::text[])
    ) and exists (
      select from unnest(${scope.counties}::text[]) as mine (code) where starts_with(mine.code, asked.prefix)
    )`.execute(ctx.tx)
  return new Set(rows.map((row) => row.code))
}
