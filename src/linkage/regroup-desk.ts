import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { type GoneFact, ledgerTables, markSourceRows, regroupRows } from '../ledger/service.ts'
import { linkedBy } from './contract.ts'
import { forget, remember, subjectOf } from './decisions.ts'
import { noteEvents } from './events.ts'
import { dropCode, restoreCode } from './link-keys.ts'
import { modelVersionOf } from './model-in-use.ts'
import { isAutomatic } from './settlement.ts'
import { lockCounty } from './county-lock.ts'
import { linkageTables } from './queue.ts'

/** A unit that stands. @throws Problem when it is not there or withdrawn. */
async function standingUnit(ctx: Context, id: string) {
  const unit = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['county_code', 'id', 'name', 'uscc', 'withdrawn_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!unit) throw notFound('家单位')
  if (unit.withdrawn_at) throw new Problem('conflict', `“${unit.name}”已经撤下，不能再并入或拆分。`)
  return unit
}

/** The rows behind a unit, with what each says of its code. */
async function rowsOf(ctx: Context, countyCode: string, unitId: string) {
  return ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .select([
      'source_row.id',
      'source_row.fields',
      'source_row.digest',
      'source_row.outcome',
      'source_row.linked_by',
      'source_row.import_id',
      'import.department',
    ])
    .where('source_row.county_code', '=', countyCode)
    .where('source_row.unit_id', '=', unitId)
    .execute()
}

/** Facts that people typed of a unit. */
async function typedOf(ctx: Context, countyCode: string, unitId: string) {
  return ledgerTables(ctx.tx)
    .selectFrom('fact')
    .select(['id', 'field', 'value', 'valid_to'])
    .where('county_code', '=', countyCode)
    .where('unit_id', '=', unitId)
    .where('import_id', 'is', null)
    .execute()
}

/** 并入另一单位: all rows of the one go to the other; whoever asks for the old id is sent on. */
export async function mergeUnits(input: { id: string; intoId: string; reason: string }, ctx: Context) {
  if (input.id === input.intoId) throw new Problem('invalid', '一家单位不能并入它自己。')
  const { county_code: countyCode } = await standingUnit(ctx, input.id)
  await lockCounty(ctx, countyCode)
  const from = await standingUnit(ctx, input.id)
  const into = await standingUnit(ctx, input.intoId)
  if (into.county_code !== countyCode) throw new Problem('invalid', '只能并入同一个县的单位。')
  const rows = await rowsOf(ctx, countyCode, from.id)
  await requireOneCode(ctx, from, into, rows)
  const typedThere = new Set((await typedOf(ctx, countyCode, into.id)).map((fact) => fact.field))
  const typed = (await typedOf(ctx, countyCode, from.id)).filter((fact) => !typedThere.has(fact.field))
  const { gone } = await regroupRows(ctx, countyCode, {
    rows: rows.map((row) => ({ id: row.id, unitId: into.id })),
    typed: typed.map((fact) => ({ id: fact.id, unitId: into.id })),
    withdrawn: { unitId: from.id, reason: `已并入“${into.name}”：${input.reason}` },
    emptied: null,
  })
  await linkageTables(ctx)
    .insertInto('link_redirect')
    .values({
      county_code: countyCode,
      from_unit: from.id,
      to_unit: into.id,
      reason: input.reason,
      source_rows: rows.map((row) => row.id),
      typed_facts: typed.map((fact) => fact.id),
      gone: JSON.stringify(gone),
      by_id: ctx.actor.userId,
      by_name: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  await noteUnits(ctx, countyCode, 'merge', from.id, into.id, rows, input.reason)
  ctx.record({
    countyCode,
    subject: `unit:${into.id}`,
    before: { 并入: from.name, 编号: from.id },
    after: { 行数: rows.length, 理由: input.reason },
  })
  return { done: true as const }
}

async function noteUnits(
  ctx: Context,
  countyCode: string,
  cause: 'merge' | 'undo',
  from: string,
  to: string,
  rows: readonly { id: string }[],
  reason: string,
): Promise<void> {
  const version = await modelVersionOf(ctx, countyCode)
  const change = { from, to, cause, linkedBy: linkedBy.manual, reason }
  const changes = [null, ...rows.map((row) => row.id)].map((sourceRowId) => ({ ...change, sourceRowId }))
  await noteEvents(ctx, countyCode, version, changes)
}

interface WithCode {
  id: string
  uscc: string | null
}

/** @throws Problem('conflict') when the two would hold two valid codes. */
async function requireOneCode(
  ctx: Context,
  from: WithCode & { county_code: string },
  into: WithCode,
  rows: Awaited<ReturnType<typeof rowsOf>>,
): Promise<void> {
  const others = await rowsOf(ctx, from.county_code, into.id)
  const codes = [from.uscc, into.uscc, ...[...rows, ...others].map((row) => row.fields.uscc ?? null)]
  const differing = [...new Set(codes.filter((code) => code !== null))]
  if (differing.length < 2) return
  throw new Problem(
    'conflict',
    `两家各有有效的统一社会信用代码（${differing.join('、')}），不能并成一家。确系一处写错的，请先拆出写错的那一行，或更正代码。`,
  )
}

/** A merger by a person. @throws Problem('notFound') */
async function mergeOf(ctx: Context, fromUnit: string) {
  const found = await linkageTables(ctx)
    .selectFrom('link_redirect')
    .selectAll()
    .where('from_unit', '=', fromUnit)
    .executeTakeFirst()
  if (!found) throw notFound('次合并')
  if (isAutomatic(found))
    throw new Problem('conflict', '来源行是比对自动归过来的，不是合并，不能撤销；归错的行请逐行拆出。')
  return found
}

/** 撤销合并: the old unit stands again with the rows that it brought. */
export async function undoMerge(input: { id: string }, ctx: Context) {
  const countyCode = (await mergeOf(ctx, input.id)).county_code
  await lockCounty(ctx, countyCode)
  const found = await mergeOf(ctx, input.id)
  await standingUnit(ctx, found.to_unit)
  const now = await rowsOf(ctx, countyCode, found.to_unit)
  const back = now.filter((row) => found.source_rows.includes(row.id))
  await regroupRows(ctx, countyCode, {
    rows: back.map((row) => ({ id: row.id, unitId: found.from_unit })),
    typed: found.typed_facts.map((id) => ({ id, unitId: found.from_unit })),
    revived: [found.from_unit],
    gone: found.gone,
    emptied: null,
  })
  await linkageTables(ctx)
    .deleteFrom('link_redirect')
    .where('county_code', '=', countyCode)
    .where('from_unit', '=', found.from_unit)
    .execute()
  await noteUnits(ctx, countyCode, 'undo', found.to_unit, found.from_unit, back, '撤销合并')
  ctx.record({ countyCode, subject: `unit:${found.from_unit}`, after: { 撤销合并: found.to_unit, 行数: back.length } })
  return { done: true as const }
}

/** 拆出来源行: the row, with its repeats, leaves a unit for one of its own or for another. Answers the unit it went to. */
export async function splitRow(
  input: { sourceRowId: string; unitId: string; intoId: string | null; reason: string },
  ctx: Context,
) {
  const { county_code: countyCode } = await standingUnit(ctx, input.unitId)
  await lockCounty(ctx, countyCode)
  const unit = await standingUnit(ctx, input.unitId)
  const rows = await rowsOf(ctx, countyCode, unit.id)
  const row = rows.find((one) => one.id === input.sourceRowId)
  if (!row) throw new Problem('conflict', '这一行已经不在这家单位里，请刷新后再看。')
  const leaving = rows.filter((one) => one.digest === row.digest)
  if (input.intoId === null && leaving.length === rows.length && (await typedOf(ctx, countyCode, unit.id)).length === 0)
    throw new Problem('conflict', '这家单位只有这一行来源，不用拆出。要归到别的单位，请选择那家单位。')
  const into = input.intoId === null ? null : await standingUnit(ctx, input.intoId)
  if (into && (into.county_code !== countyCode || into.id === unit.id))
    throw new Problem('invalid', '请选择同一个县的另一家单位。')
  const staying = rows.filter((one) => !leaving.includes(one))
  const dropped = await foreignCode(ctx, countyCode, unit.id, row.fields.uscc ?? null, staying, into)
  if (dropped !== null) {
    const ids = leaving.map((one) => one.id)
    await dropCode(ctx, countyCode, ids)
  }
  const to = into?.id ?? newId(ctx.now)
  const { gone } = await regroupRows(ctx, countyCode, {
    rows: leaving.map((one) => ({ id: one.id, unitId: to })),
    emptied: `来源行已归到“${into?.name ?? ''}”`,
  })
  const eventIds = await noteSplit(ctx, countyCode, { from: unit.id, to, reason: input.reason, gone }, leaving)
  const subject = subjectOf({ department: row.department ?? 'other', fields: row.fields })
  const said = {
    subject,
    sourceRowId: row.id,
    origin: 'unmerge',
    originId: eventIds[0]!,
    reason: input.reason,
  } as const
  await remember(ctx, countyCode, [
    { ...said, kind: 'cannot', unitId: unit.id },
    { ...said, kind: 'must', unitId: to, droppedCode: dropped },
  ])
  ctx.record({
    countyCode,
    subject: `unit:${unit.id}`,
    after: { 拆出: row.fields.name ?? row.id, 归到: to, 理由: input.reason },
  })
  return { unitId: to }
}

/** The row's code when it is another unit's: that of the rows that stay, of whom it goes to, of a third unit, or typed of the unit it leaves. */
async function foreignCode(
  ctx: Context,
  countyCode: string,
  from: string,
  uscc: string | null,
  staying: readonly { fields: { uscc?: string } }[],
  into: WithCode | null,
): Promise<string | null> {
  if (!uscc) return null
  if (staying.some((row) => row.fields.uscc === uscc)) return uscc
  if (into && into.uscc !== null && into.uscc !== uscc) return uscc
  const holder = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select('id')
    .where('county_code', '=', countyCode)
    .where('uscc', '=', uscc)
    .where('withdrawn_at', 'is', null)
    .where('id', 'not in', [from, ...(into ? [into.id] : [])])
    .executeTakeFirst()
  if (holder) return uscc
  const typed = await typedOf(ctx, countyCode, from)
  return typed.some((fact) => fact.field === 'uscc' && fact.value === uscc && fact.valid_to === null) ? uscc : null
}

async function noteSplit(
  ctx: Context,
  countyCode: string,
  split: { from: string; to: string; reason: string; gone: readonly GoneFact[] },
  leaving: readonly { id: string; outcome: string }[],
): Promise<string[]> {
  await markLinked(ctx, countyCode, leaving, split.to)
  const version = await modelVersionOf(ctx, countyCode)
  const change = { ...split, cause: 'unmerge' as const, linkedBy: linkedBy.manual }
  return noteEvents(
    ctx,
    countyCode,
    version,
    leaving.map((row) => ({ ...change, sourceRowId: row.id })),
  )
}

/** Notes that a person gave the rows this unit; repeats stay repeats. */
async function markLinked(
  ctx: Context,
  countyCode: string,
  rows: readonly { id: string; outcome: string }[],
  unitId: string,
): Promise<void> {
  const marks = rows.map((row) => ({
    id: row.id,
    outcome: row.outcome as 'joined' | 'created' | 'repeated',
    unit_id: unitId,
    linked_by: linkedBy.manual,
    reason: null,
  }))
  await markSourceRows(ctx, countyCode, marks)
}

/** 撤销拆分: the rows go back to the unit that they were taken from. */
export async function undoSplit(input: { eventId: string }, ctx: Context) {
  const event = await linkageTables(ctx)
    .selectFrom('link_event')
    .selectAll()
    .where('id', '=', input.eventId)
    .where('cause', '=', 'unmerge')
    .executeTakeFirst()
  if (!event || !event.from_unit || !event.to_unit || !event.source_row_id) throw notFound('次拆分')
  const countyCode = event.county_code
  await lockCounty(ctx, countyCode)
  const rows = await rowsOf(ctx, countyCode, event.to_unit)
  const row = rows.find((one) => one.id === event.source_row_id)
  if (!row) throw new Problem('conflict', '这一行后来又归到了别的单位，请从它现在的单位拆出。')
  const home = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'withdrawn_at'])
    .where('county_code', '=', countyCode)
    .where('id', '=', event.from_unit)
    .executeTakeFirst()
  const [before] = await linkageTables(ctx)
    .selectFrom('link_event')
    .select('linked_by')
    .where('county_code', '=', countyCode)
    .where('source_row_id', '=', row.id)
    .where('to_unit', '=', event.from_unit)
    .orderBy('id', 'desc')
    .limit(1)
    .execute()
  const leaving = rows.filter((one) => one.digest === row.digest)
  // The row and its repeats left together, an event each; what was decided then hangs on one of these.
  const events = await linkageTables(ctx)
    .selectFrom('link_event')
    .select(['id', 'source_row_id', 'gone'])
    .where('county_code', '=', countyCode)
    .where('cause', '=', 'unmerge')
    .where('from_unit', '=', event.from_unit)
    .where('to_unit', '=', event.to_unit)
    .where('at', '=', event.at)
    .where(
      'source_row_id',
      'in',
      leaving.map((one) => one.id),
    )
    .execute()
  const said = (await Promise.all(events.map((one) => forget(ctx, countyCode, one.id)))).flat()
  const code = said.find((one) => one.dropped_code)?.dropped_code
  if (code) {
    const ids = leaving.map((one) => one.id)
    await restoreCode(ctx, countyCode, ids, code)
  }
  await regroupRows(ctx, countyCode, {
    rows: leaving.map((one) => ({ id: one.id, unitId: event.from_unit! })),
    revived: home?.withdrawn_at ? [event.from_unit] : [],
    gone: events.find((one) => one.gone)?.gone ?? [],
    emptied: null,
  })
  const marks = leaving.map((one) => ({
    id: one.id,
    outcome: one.outcome,
    unit_id: event.from_unit,
    linked_by: before?.linked_by ?? null,
    reason: null,
  }))
  await markSourceRows(ctx, countyCode, marks)
  const version = await modelVersionOf(ctx, countyCode)
  await noteEvents(
    ctx,
    countyCode,
    version,
    leaving.map((one) => ({
      sourceRowId: one.id,
      from: event.to_unit,
      to: event.from_unit,
      cause: 'undo' as const,
      linkedBy: before?.linked_by ?? null,
      undoes: events.find((by) => by.source_row_id === one.id)?.id ?? event.id,
      reason: '撤销拆分',
    })),
  )
  ctx.record({ countyCode, subject: `unit:${event.from_unit}`, after: { 撤销拆分: row.fields.name ?? row.id } })
  return { done: true as const }
}
