import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { departments, type UnitField, unitFields } from './field-contract.ts'
import { requireCounty, waitingUnits } from './rederive.ts'
import { rulesInForce } from './rules-in-force.ts'
import { funnelDefaults, type FunnelSettings, type SomeFunnelSettings } from './standing-contract.ts'
import type { SurvivorshipRules } from './survivorship-contract.ts'
import { type FieldRule, survivorshipDefaults } from './survive.ts'
import { ledgerTables } from './units.ts'

/** 查看取值与甄别规则 */
export async function getRules(input: { countyCode: string }, ctx: Context) {
  const { countyCode } = input
  const { scope, permissions } = ctx.actor
  const inScope = scope.nation || scope.counties.includes(countyCode)
  if (!inScope) throw new Problem('notFound', '没有这个县，或不在您的管理范围内。')
  const using = await rulesInForce(ctx.tx, countyCode, today(ctx.now))
  const versions = await ledgerTables(ctx.tx)
    .selectFrom('ledger_rules')
    .selectAll()
    .where('county_code', '=', countyCode)
    .orderBy('at', 'desc')
    .orderBy('version', 'desc')
    .limit(100)
    .execute()
  const conflicts = await conflictsIn(ctx, countyCode)
  return {
    fields: (Object.keys(unitFields) as UnitField[]).map((field) => {
      const { order: defaultOrder, freshMonths, source } = survivorshipDefaults[field]
      const rule = using.survivorship[field]
      const isDefault = isSameRule(rule, { order: defaultOrder, freshMonths })
      const { order, freshMonths: months } = rule
      const inConflict = conflicts.get(field) ?? 0
      return { field, order, freshMonths: months, isDefault, source, defaultOrder, conflicts: inConflict }
    }),
    funnel: using.funnel,
    versions: versions.map((row) => ({
      id: row.id,
      kind: row.kind,
      version: row.version,
      effectiveFrom: row.effective_from,
      reason: row.reason,
      byName: row.by_name,
      at: row.at.toISOString(),
      changes: Object.keys(row.value).length,
      value: row.value,
    })),
    waiting: await waitingUnits(ctx.tx, countyCode, ctx.now),
    mayChange: permissions.has('ledger.rules.write') && scope.areas === '*',
  }
}

/** Of how many units departments differ, by field; read along the list's index. */
async function conflictsIn(ctx: Context, countyCode: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ field: string; units: number }>`
    select field, count(*) as units from unit, unnest(conflicts) as field
    where county_code = ${countyCode} and withdrawn_at is null group by field`.execute(ctx.tx)
  return new Map(rows.map((row) => [row.field, row.units]))
}

const isSameRule = (left: FieldRule, right: FieldRule) =>
  left.freshMonths === right.freshMonths && left.order.join() === right.order.join()

/** The overrides that differ from the defaults. @throws Problem where an order is not one of all departments. */
export function ownRules(rules: SurvivorshipRules): SurvivorshipRules {
  const own = Object.entries(rules) as [UnitField, FieldRule][]
  for (const [field, { order }] of own) {
    const { title } = unitFields[field]
    const all = Object.keys(departments)
    if (order[0] !== 'office')
      throw new Problem('invalid', `${title}：本单位填报的值总在最前，请不要移动它。`, {
        fields: [{ path: `value.${field}`, message: '本单位填报总在最前' }],
      })
    if (new Set(order).size !== order.length || order.length !== all.length)
      throw new Problem('invalid', `${title}：每个部门应恰好出现一次。`, {
        fields: [{ path: `value.${field}`, message: '每个部门应恰好出现一次' }],
      })
  }
  return Object.fromEntries(own.filter(([field, rule]) => !isSameRule(rule, survivorshipDefaults[field])))
}

/** The settings that differ from the defaults. */
export function ownSettings(settings: SomeFunnelSettings): Partial<FunnelSettings> {
  const keys = Object.keys(funnelDefaults) as (keyof FunnelSettings)[]
  return Object.fromEntries(
    keys.flatMap((key) =>
      settings[key] === undefined || settings[key] === funnelDefaults[key] ? [] : [[key, settings[key]]],
    ),
  )
}

interface Change<Value> {
  countyCode: string
  value: Value
  reason: string
  effectiveFrom?: string | undefined
}

/** 修改取值规则 */
export async function saveSurvivorship(input: Change<SurvivorshipRules>, ctx: Context) {
  return saveVersion('survivorship', { ...input, value: ownRules(input.value) }, ctx)
}

/** 修改甄别口径 */
export async function saveFunnel(input: Change<SomeFunnelSettings>, ctx: Context) {
  return saveVersion('funnel', { ...input, value: ownSettings(input.value) }, ctx)
}

const titles = { survivorship: '取值规则', funnel: '甄别口径' }

async function saveVersion(kind: keyof typeof titles, input: Change<object>, ctx: Context) {
  const { countyCode, value, reason } = input
  requireCounty(ctx, countyCode)
  const effectiveFrom = input.effectiveFrom ?? today(ctx.now)
  if (effectiveFrom > today(ctx.now)) throw new Problem('invalid', '生效日期不能晚于今天。')
  const tables = ledgerTables(ctx.tx)
  const before = await tables
    .selectFrom('ledger_rules')
    .select(['version', 'value'])
    .where('county_code', '=', countyCode)
    .where('kind', '=', kind)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  const version = (before?.version ?? 0) + 1
  await tables
    .insertInto('ledger_rules')
    .values({
      county_code: countyCode,
      id: newId(ctx.now),
      kind,
      version,
      value: JSON.stringify(value),
      effective_from: effectiveFrom,
      reason,
      by_id: ctx.actor.userId,
      by_name: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  ctx.record({ countyCode, subject: `rules:${kind}`, before: before?.value ?? {}, after: { ...value, 依据: reason } })
  return { version, jobId: await startDeriving(ctx, countyCode, `按新的${titles[kind]}重算全县单位`) }
}

function startDeriving(ctx: Context, countyCode: string, title: string): Promise<string> {
  return ctx.enqueue({ kind: 'ledger.derive', title, input: { countyCode }, countyCode })
}

/** 按规则重算 */
export async function deriveAgain(input: { countyCode: string }, ctx: Context) {
  requireCounty(ctx, input.countyCode)
  ctx.record({ countyCode: input.countyCode, subject: 'rules:derive' })
  return { jobId: await startDeriving(ctx, input.countyCode, '按现行规则重算全县单位') }
}

/** 试算规则改动: a job looks at every unit under the present and the proposed rules, and writes nothing. */
export async function previewRules(
  input: {
    countyCode: string
    survivorship?: SurvivorshipRules | undefined
    funnel?: SomeFunnelSettings | undefined
  },
  ctx: Context,
) {
  requireCounty(ctx, input.countyCode)
  const { countyCode } = input
  const proposed = {
    countyCode,
    ...(input.survivorship ? { survivorship: ownRules(input.survivorship) } : {}),
    ...(input.funnel ? { funnel: ownSettings(input.funnel) } : {}),
  }
  return { jobId: await ctx.enqueue({ kind: 'ledger.preview', title: '试算规则改动', input: proposed, countyCode }) }
}
