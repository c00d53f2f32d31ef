import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { applyChanges, loadFacts, writeUnits } from './apply.ts'
import { canonicalValues } from './canonical.ts'
import { type UnitField, unitFields } from './field-contract.ts'
import { findUnit } from './unit-page.ts'
import { ledgerTables } from './units.ts'

type Values = Partial<Record<UnitField, string | null>>

const by = (ctx: Context) => ({ importId: null, recordedBy: ctx.actor.name, now: ctx.now })

/** 新建单位 */
export async function createUnit(input: { countyCode: string; values: Values }, ctx: Context) {
  if (!ctx.actor.scope.counties.includes(input.countyCode)) throw notFound('个县')
  const values = canonicalValues(input.values)
  if (!values.name)
    throw new Problem('invalid', '请填写单位名称。', { fields: [{ path: 'name', message: '请填写单位名称' }] })
  const id = newId(ctx.now)
  await applyChanges(
    ctx.tx,
    input.countyCode,
    [{ unitId: id, create: true, department: 'office', validFrom: today(ctx.now), sourceRowId: null, values }],
    by(ctx),
  )
  ctx.record({ countyCode: input.countyCode, subject: `unit:${id}`, after: titled(values) })
  return { id }
}

/** 更正单位信息 */
export async function correctUnit(
  input: { id: string; values: Values; validFrom?: string | undefined; reason: string },
  ctx: Context,
) {
  const unit = await findUnit(ctx, input.id)
  const values = canonicalValues(input.values)
  const validFrom = input.validFrom ?? today(ctx.now)
  if (validFrom > today(ctx.now)) throw new Problem('invalid', '生效日期不能晚于今天。')
  const { reason } = input
  await applyChanges(
    ctx.tx,
    unit.county_code,
    [{ unitId: unit.id, create: false, department: 'office', validFrom, sourceRowId: null, values, reason }],
    by(ctx),
  )
  ctx.record({ countyCode: unit.county_code, subject: `unit:${unit.id}`, after: { ...titled(values), 依据: reason } })
  return { done: true as const }
}

/** Values by their Chinese titles, personal ones only named: the journal keeps no contact data. */
function titled(values: Values): Record<string, string | null> {
  const entries = Object.entries(values) as [UnitField, string | null][]
  return Object.fromEntries(
    entries.map(([field, value]) => [unitFields[field].title, 'personal' in unitFields[field] ? '（已更正）' : value]),
  )
}

/** 撤下单位 */
export async function withdrawUnit(input: { id: string; reason: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  if (unit.withdrawn_at) throw new Problem('conflict', '这家单位已经撤下。')
  await setWithdrawn(ctx, unit, ctx.now, input.reason)
  ctx.record({ countyCode: unit.county_code, subject: `unit:${unit.id}`, after: { 撤下: input.reason } })
  return { done: true as const }
}

/** 恢复单位 */
export async function restoreUnit(input: { id: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  if (!unit.withdrawn_at) throw new Problem('conflict', '这家单位没有撤下，不用恢复。')
  try {
    await setWithdrawn(ctx, unit, null, null)
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'unit_uscc') throw error
    throw new Problem('conflict', '撤下期间，另一家单位已使用同一个统一社会信用代码，请先核对。')
  }
  // While it was away, the rules may have changed.
  await writeUnits(ctx.tx, unit.county_code, await loadFacts(ctx.tx, unit.county_code, [unit.id]), ctx.now)
  ctx.record({ countyCode: unit.county_code, subject: `unit:${unit.id}`, after: { 恢复: true } })
  return { done: true as const }
}

async function setWithdrawn(
  ctx: Context,
  unit: { county_code: string; id: string },
  at: Date | null,
  reason: string | null,
) {
  await ledgerTables(ctx.tx)
    .updateTable('unit')
    .set({ withdrawn_at: at, withdrawn_reason: reason, updated_at: ctx.now })
    .where('county_code', '=', unit.county_code)
    .where('id', '=', unit.id)
    .execute()
  await ctx.touch(unit.county_code, [unit.id])
}

/** 设置所在区域 */
export async function setPlaces(input: { id: string; placeIds: string[] }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const tables = ledgerTables(ctx.tx)
  const wanted = [...new Set(input.placeIds)]
  if (wanted.length > 0) {
    const found = await tables
      .selectFrom('place')
      .select('id')
      .where('county_code', '=', unit.county_code)
      .where('id', 'in', wanted)
      .execute()
    if (found.length !== wanted.length) throw notFound('处区域')
  }
  await tables
    .deleteFrom('unit_place')
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .execute()
  if (wanted.length > 0) {
    const rows = wanted.map((placeId) => ({
      county_code: unit.county_code,
      unit_id: unit.id,
      place_id: placeId,
      area_code: unit.area_code,
    }))
    await tables.insertInto('unit_place').values(rows).execute()
  }
  await tables
    .updateTable('unit')
    .set({ updated_at: ctx.now })
    .where('county_code', '=', unit.county_code)
    .where('id', '=', unit.id)
    .execute()
  await ctx.touch(unit.county_code, [unit.id])
  ctx.record({ countyCode: unit.county_code, subject: `unit:${unit.id}`, after: { 区域数: wanted.length } })
  return { done: true as const }
}
