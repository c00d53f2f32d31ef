import { sql, type SqlBool } from 'kysely'
import { countyOf, isCounty, level } from '../base/region.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { applyChanges } from './apply.ts'
import type { Funnel, RowDrop } from './funnel-contract.ts'
import { waitingUnits } from './rederive.ts'
import { rulesInForce } from './rules-in-force.ts'
import { type DropReason, dropReasons, dropsBefore } from './standing-contract.ts'
import { findUnit } from './unit-page.ts'
import { inRegion, ledgerTables } from './units.ts'

/** 甄别漏斗: rows, units, and what is left of them at each step; every figure opens into its list. */
export async function getFunnel(input: { region?: string | undefined }, ctx: Context): Promise<Funnel> {
  const { region } = input
  const groups = await unitGroups(ctx, region)
  const present = stepsOf(groups)
  const withdrawn = await withdrawnUnits(ctx, region)
  const linked = await linkedRows(ctx, region)
  const countyCode = onlyCounty(ctx, region, groups)
  const using = countyCode ? await rulesInForce(ctx.tx, countyCode, today(ctx.now)) : null
  return {
    asOf: ctx.now.toISOString(),
    region: region ? { code: region, name: (await regionNames(ctx, [region])).get(region) ?? region } : null,
    rows: isBelowCounty(region) ? null : await rowSteps(ctx, region, linked),
    byHand: present.units + withdrawn - linked.units,
    withdrawn,
    ...present,
    drops: dropsOf(groups),
    areas: await areasOf(ctx, groups),
    parks: await cityParks(ctx, region),
    files: Object.entries(using?.hand.files ?? {}).map(([department, asOf]) => ({
      department,
      asOf,
    })) as Funnel['files'],
    settings: using?.funnel ?? null,
    waiting: countyCode ? await waitingUnits(ctx.tx, countyCode, ctx.now) : 0,
  }
}

const isBelowCounty = (region: string | undefined) =>
  region !== undefined && ['township', 'village'].includes(level(region))

interface Group {
  county_code: string
  area_code: string
  drop_reason: DropReason | null
  units: number
}

/** Units in the ledger by area and by why they drop: read along one narrow index. */
function unitGroups(ctx: Context, region: string | undefined): Promise<Group[]> {
  return ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select((eb) => ['county_code', 'area_code', 'drop_reason', eb.fn.countAll<number>().as('units')])
    .where('withdrawn_at', 'is', null)
    .where(inRegion(region))
    .groupBy(['county_code', 'area_code', 'drop_reason'])
    .execute()
}

/** Units that were withdrawn though files speak of them; what was merged into another unit is counted there. */
async function withdrawnUnits(ctx: Context, region: string | undefined): Promise<number> {
  const { units } = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select((eb) => eb.fn.countAll<number>().as('units'))
    .where('withdrawn_at', 'is not', null)
    .where(inRegion(region))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('source_row')
          .select('source_row.id')
          .whereRef('source_row.county_code', '=', 'unit.county_code')
          .whereRef('source_row.unit_id', '=', 'unit.id'),
      ),
    )
    .executeTakeFirstOrThrow()
  return units
}

/** How many rows belong to how many units. */
export async function linkedRows(ctx: Context, region: string | undefined): Promise<{ rows: number; units: number }> {
  const byUnit = ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select((eb) => ['unit_id', eb.fn.countAll<number>().as('rows')])
    .where('unit_id', 'is not', null)
    .where(inRegion(region))
    .groupBy(['county_code', 'unit_id'])
  const found = await ctx.tx
    .selectFrom(byUnit.as('one'))
    .select((eb) => [
      eb.fn.countAll<number>().as('units'),
      sql<number>`coalesce(sum(${eb.ref('one.rows')}), 0)::bigint`.as('rows'),
    ])
    .executeTakeFirstOrThrow()
  return { rows: found.rows, units: found.units }
}

const looseOutcomes = { refused: 'refused', queued: 'queued', repeated: 'repeated', staged: 'staged' } as const

/** Rows of files that are in the ledger, as far as they belong to no unit, by what became of them. */
async function rowSteps(ctx: Context, region: string | undefined, linked: { rows: number; units: number }) {
  const groups = await looseRows(ctx, region)
    .select((eb) => ['source_row.outcome', eb.fn.countAll<number>().as('rows')])
    .groupBy('source_row.outcome')
    .execute()
  const drops: Record<RowDrop, number> = { refused: 0, queued: 0, repeated: 0, staged: 0, loose: 0 }
  for (const { outcome, rows } of groups) {
    drops[outcome in looseOutcomes ? (outcome as keyof typeof looseOutcomes) : 'loose'] += rows
  }
  const loose = groups.reduce((sum, one) => sum + one.rows, 0)
  drops.repeated += linked.rows - linked.units
  return {
    total: linked.rows + loose,
    drops: Object.entries(drops).flatMap(([drop, rows]) => (rows > 0 ? [{ drop: drop as RowDrop, rows }] : [])),
    units: linked.units,
  }
}

/** Rows that belong to no unit, of imports that are in the ledger. */
export function looseRows(ctx: Context, region: string | undefined) {
  return ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .where('source_row.unit_id', 'is', null)
    .where('import.state', 'in', ['committing', 'committed', 'undoing'])
    .where(inRegion(region, 'source_row'))
}

function stepsOf(groups: readonly Group[]) {
  const sum = (without: readonly (DropReason | null)[]) =>
    groups.reduce((total, one) => total + (without.includes(one.drop_reason) ? 0 : one.units), 0)
  const { alive, operating, target } = dropsBefore
  return { units: sum([]), alive: sum(alive), operating: sum(operating), target: sum(target) }
}

function dropsOf(groups: readonly Group[]): Funnel['drops'] {
  const units = (reason: DropReason) =>
    groups.reduce((total, one) => total + (one.drop_reason === reason ? one.units : 0), 0)
  return (Object.keys(dropReasons) as DropReason[]).flatMap((reason) =>
    units(reason) > 0 ? [{ reason, units: units(reason) }] : [],
  )
}

const areasMax = 300

/** Townships inside one county, counties where there are several. */
async function areasOf(ctx: Context, groups: readonly Group[]): Promise<Funnel['areas']> {
  const several = new Set(groups.map((one) => one.county_code)).size > 1
  const byCode = Map.groupBy(groups, (one) => (several ? one.county_code : one.area_code))
  const names = await regionNames(ctx, [...byCode.keys()])
  return [...byCode]
    .map(([code, list]) => {
      const name = names.get(code) ?? code
      return { code, name: !several && isCounty(code) ? '不知乡镇街道' : name, ...stepsOf(list) }
    })
    .sort((a, b) => Number(isCounty(a.code)) - Number(isCounty(b.code)) || b.units - a.units)
    .slice(0, areasMax)
}

async function regionNames(ctx: Context, codes: readonly string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map()
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('region')
    .select(['code', 'name'])
    .where('code', 'in', codes)
    .execute()
  return new Map(rows.map((row) => [row.code, row.name]))
}

/** Parks of a city or higher are targets themselves; they are places, not units. */
async function cityParks(ctx: Context, region: string | undefined): Promise<number> {
  const { parks } = await ledgerTables(ctx.tx)
    .selectFrom('place')
    .select((eb) => eb.fn.countAll<number>().as('parks'))
    .where('kind', '=', 'park')
    .where(sql<SqlBool>`level ~ '国|部|省|市'`)
    .where(inRegion(region))
    .executeTakeFirstOrThrow()
  return parks
}

/** The one county that the figures are of; its settings are shown beside them. */
function onlyCounty(ctx: Context, region: string | undefined, groups: readonly Group[]): string | null {
  const asked = region ? countyOf(region) : null
  if (asked) return asked
  const { counties } = ctx.actor.scope
  if (counties.length === 1) return counties[0] ?? null
  const [only, second] = new Set(groups.map((one) => one.county_code))
  return only && !second ? only : null
}

/** 认定是否实体运营: a fact of our own, which comes before what is inferred; null takes it back. */
export async function stateOperation(input: { id: string; inOperation: boolean | null; reason: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const { inOperation, reason } = input
  const values = { inOperation: inOperation === null ? null : String(inOperation) }
  const validFrom = today(ctx.now)
  await applyChanges(
    ctx.tx,
    unit.county_code,
    [{ unitId: unit.id, create: false, department: 'office', validFrom, sourceRowId: null, values, reason }],
    { importId: null, recordedBy: ctx.actor.name, now: ctx.now },
  )
  const words = inOperation === null ? '撤销认定' : inOperation ? '在运营' : '不在运营'
  ctx.record({ countyCode: unit.county_code, subject: `unit:${unit.id}`, after: { 实体运营: words, 依据: reason } })
  return { done: true as const }
}
