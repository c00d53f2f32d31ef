import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import { maskName } from '../base/mask.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context, JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import { searchGrams } from '../ledger/rules.ts'
import { applyChanges, dropRowCode, ledgerTables, recountImports, sourceRowOf, takeBackRow } from '../ledger/service.ts'
import { linkedBy, type linkageContract, type QueueReason, queueStates } from './contract.ts'
import { likeness } from './link.ts'
import { changeOf, linkJob, relinkJob } from './link-job.ts'
import { linkageTables, markRows } from './queue.ts'

interface ListInput {
  text?: string | undefined
  state: keyof typeof queueStates
  reason?: QueueReason | undefined
  importId?: string | undefined
  sort: 'createdAt' | 'name'
  order: 'asc' | 'desc'
  page: number
  pageSize: number
}

function items(ctx: Context) {
  return linkageTables(ctx)
    .selectFrom('queue_item')
    .innerJoin('source_row', (join) =>
      join
        .onRef('source_row.county_code', '=', 'queue_item.county_code')
        .onRef('source_row.id', '=', 'queue_item.source_row_id'),
    )
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'queue_item.county_code').onRef('import.id', '=', 'queue_item.import_id'),
    )
    .where('import.state', 'not in', ['undone', 'undoing'])
}

/** 待核对列表 */
async function listQueue(input: ListInput, ctx: Context) {
  let query = items(ctx).where('queue_item.state', '=', input.state)
  if (input.importId) query = query.where('queue_item.import_id', '=', input.importId)
  if (input.text) {
    const pattern = `%${nameKey(input.text).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
    query = query.where((eb) =>
      eb.or([eb('queue_item.name_key', 'like', pattern), eb('queue_item.code', 'like', pattern)]),
    )
  }
  const reasons = await query
    .select((eb) => ['queue_item.reason', eb.fn.countAll<number>().as('count')])
    .groupBy('queue_item.reason')
    .execute()
  const found = await (input.reason ? query.where('queue_item.reason', '=', input.reason) : query)
    .selectAll('queue_item')
    .select(['source_row.sheet', 'source_row.row_number', 'import.file_name'])
    .orderBy(input.sort === 'name' ? 'queue_item.name_key' : 'queue_item.created_at', input.order)
    .orderBy('queue_item.id', input.order)
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  const total = reasons
    .filter((row) => !input.reason || row.reason === input.reason)
    .reduce((sum, row) => sum + row.count, 0)
  return { rows: found.map(itemOf), total, byReason: reasons }
}

type Found = Awaited<ReturnType<typeof findItem>>

async function findItem(ctx: Context, id: string) {
  const item = await items(ctx)
    .selectAll('queue_item')
    .select([
      'source_row.sheet',
      'source_row.row_number',
      'source_row.cells',
      'source_row.fields',
      'source_row.digest',
      'source_row.linked_by',
      'source_row.linked_at',
      'source_row.unit_id',
      'import.file_name',
      'import.as_of',
    ])
    .where('queue_item.id', '=', id)
    .executeTakeFirst()
  if (!item) throw notFound('行待核对')
  return item
}

function itemOf(
  item: Pick<
    Found,
    | 'id'
    | 'county_code'
    | 'reason'
    | 'state'
    | 'name'
    | 'code'
    | 'department'
    | 'file_name'
    | 'sheet'
    | 'row_number'
    | 'candidates'
    | 'created_at'
    | 'decided_at'
    | 'decided_by_name'
  >,
) {
  return {
    id: item.id,
    countyCode: item.county_code,
    reason: item.reason,
    state: item.state,
    name: item.name,
    code: item.code,
    department: item.department,
    fileName: item.file_name,
    sheet: item.sheet,
    row: item.row_number,
    candidates: item.candidates.length,
    createdAt: item.created_at.toISOString(),
    decidedAt: item.decided_at?.toISOString() ?? null,
    decidedBy: item.decided_by_name,
  }
}

/** 查看待核对行, with the units it may be: those that a key pointed to, then those of a similar name. */
async function getQueueItem(input: { id: string }, ctx: Context) {
  const item = await findItem(ctx, input.id)
  const found = await candidateUnits(ctx, item)
  const source = sourceRowOf({ ...item, id: item.source_row_id })
  return {
    ...itemOf(item),
    candidates: found.length,
    source,
    candidateList: found.map((unit) => candidateOf(unit, item)),
    decision: decisionWords(item),
  }
}

async function candidateUnits(ctx: Context, item: Found) {
  const grams = searchGrams(nameKey(item.name ?? ''))
  const units = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .leftJoin('region', 'region.code', 'unit.area_code')
    .selectAll('unit')
    .select('region.name as area_name')
    .where('unit.county_code', '=', item.county_code)
    .where('unit.withdrawn_at', 'is', null)
    .where((eb) =>
      eb.or([
        ...(item.candidates.length > 0 ? [eb('unit.id', 'in', item.candidates)] : []),
        ...(item.code ? [eb('unit.uscc', '=', item.code), eb('unit.organisation_code', '=', item.code)] : []),
        sql<boolean>`cardinality(array(select unnest(unit.search_grams) intersect select unnest(${grams}::text[]))) * 2 >= ${grams.length} and unit.search_grams && ${grams}::text[]`,
      ]),
    )
    .limit(200)
    .execute()
  const named = new Set(item.candidates)
  return units
    .map((unit) => ({ unit, score: (named.has(unit.id) ? 1 : 0) + likeness(unit.name, item.name ?? '') }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 9)
    .map(({ unit }) => unit)
}

type Candidate = Awaited<ReturnType<typeof candidateUnits>>[number]

function candidateOf(unit: Candidate, item: Found) {
  const { fields } = item
  const say = (title: string, mine: string | null | undefined, theirs: string | null) =>
    !mine || !theirs ? [] : [`${title}${nameKey(mine) === nameKey(theirs) ? '相同' : '不同'}`]
  const name =
    nameKey(unit.name) === nameKey(item.name ?? '')
      ? '名称相同'
      : `名称相似 ${Math.round(likeness(unit.name, item.name ?? '') * 100)}%`
  return {
    unitId: unit.id,
    name: unit.name,
    uscc: unit.uscc,
    address: unit.address,
    legalRep: unit.legal_rep === null ? null : maskName(unit.legal_rep),
    areaName: unit.area_name ?? unit.area_code,
    because: [
      name,
      ...say('代码', fields.uscc, unit.uscc),
      ...say('负责人', fields.legalRep, unit.legal_rep),
      ...say('电话', fields.phone, unit.phone),
      ...say('地址', fields.address, unit.address),
    ],
  }
}

function decisionWords(item: Found): string | null {
  if (item.state === 'open' || !item.decision) return item.state === 'later' ? '稍后再办' : null
  if (item.decision.kind === 'join') return '认定为台账里已有的单位'
  if (item.decision.kind === 'create') return '认定为新单位'
  return `退回：${item.decision.reason ?? ''}`
}

type Decision =
  | { kind: 'join'; unitId: string }
  | { kind: 'create' }
  | { kind: 'refuse'; reason: string }
  | { kind: 'later' }

/** 办理待核对. Two people cannot decide the same row: the second is told. */
async function decideQueueItem(input: { id: string; decision: Decision }, ctx: Context) {
  const item = await findItem(ctx, input.id)
  await carryOut(ctx, item, input.decision)
  await recountImports(ctx, item.county_code, item.import_id)
  return { done: true as const }
}

const stateOf = { join: 'joined', create: 'created', refuse: 'refused', later: 'later' } as const

/** Does what was decided; answers the unit that the row went to. */
async function carryOut(ctx: Context, item: Found, decision: Decision): Promise<string | null> {
  const taken = await linkageTables(ctx)
    .updateTable('queue_item')
    .set({
      state: stateOf[decision.kind],
      decision: JSON.stringify(decision),
      decided_by: ctx.actor.userId,
      decided_by_name: ctx.actor.name,
      decided_at: ctx.now,
    })
    .where('county_code', '=', item.county_code)
    .where('id', '=', item.id)
    .where('state', 'in', ['open', 'later'])
    .executeTakeFirst()
  if (taken.numUpdatedRows === 0n) throw new Problem('conflict', '这一行刚刚已由别人办理，请看下一行。')
  ctx.record({ countyCode: item.county_code, subject: `queue:${item.id}`, after: { ...decision, 名称: item.name } })
  if (decision.kind === 'later') return null
  if (decision.kind === 'refuse') {
    await markRows(ctx, item.county_code, [
      { id: item.source_row_id, outcome: 'refused', unit_id: null, linked_by: null, reason: decision.reason },
    ])
    return null
  }
  const unitId = decision.kind === 'join' ? await existing(ctx, item, decision.unitId) : newId(ctx.now)
  const row = {
    id: item.source_row_id,
    import_id: item.import_id,
    digest: item.digest,
    fields: await fieldsFor(ctx, item, unitId),
    department: item.department,
    as_of: item.as_of,
  }
  const change = changeOf(row, unitId, decision.kind === 'create')
  await applyChanges(ctx.tx, item.county_code, [change], {
    importId: item.import_id,
    recordedBy: ctx.actor.name,
    now: ctx.now,
  })
  const outcome = decision.kind === 'join' ? 'joined' : 'created'
  await markRows(ctx, item.county_code, [
    { id: item.source_row_id, outcome, unit_id: unitId, linked_by: linkedBy.manual, reason: null },
  ])
  return unitId
}

/** The unit that a person joins a row to. @throws Problem('notFound') */
async function existing(ctx: Context, item: Found, unitId: string): Promise<string> {
  const unit = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select('id')
    .where('county_code', '=', item.county_code)
    .where('id', '=', unitId)
    .executeTakeFirst()
  if (!unit) throw notFound('家单位')
  return unit.id
}

/**
 * What a row says of a unit that a person chose for it. A code that belongs to another unit (a branch under its parent's
 * code), or that differs from the unit's own, is not taken over, and the row says it no longer.
 */
async function fieldsFor(ctx: Context, item: Found, unitId: string): Promise<Found['fields']> {
  const { uscc, ...rest } = item.fields
  if (!uscc) return item.fields
  const units = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'uscc'])
    .where('county_code', '=', item.county_code)
    .where((eb) => eb.or([eb('id', '=', unitId), eb.and([eb('uscc', '=', uscc), eb('withdrawn_at', 'is', null)])]))
    .execute()
  const free = units.every((unit) => (unit.id === unitId ? unit.uscc === null || unit.uscc === uscc : false))
  if (free) return item.fields
  await dropRowCode(ctx, item.county_code, item.source_row_id)
  return rest
}

/** 撤回办理: the row waits again, and what it had said goes. */
async function undoDecision(input: { id: string }, ctx: Context) {
  const item = await findItem(ctx, input.id)
  if (item.state === 'open') throw new Problem('conflict', '这一行还没有办理，不用撤回。')
  if (item.unit_id) await takeBackRow(ctx, item.county_code, item.source_row_id, item.unit_id)
  await linkageTables(ctx)
    .updateTable('queue_item')
    .set({ state: 'open', decision: null, decided_by: null, decided_by_name: null, decided_at: null })
    .where('county_code', '=', item.county_code)
    .where('id', '=', item.id)
    .execute()
  await markRows(ctx, item.county_code, [
    { id: item.source_row_id, outcome: 'queued', unit_id: null, linked_by: null, reason: null },
  ])
  await recountImports(ctx, item.county_code, item.import_id)
  ctx.record({ countyCode: item.county_code, subject: `queue:${item.id}`, before: { 办理: decisionWords(item) } })
  return { done: true as const }
}

/** 成批新建单位; rows that somebody decided meanwhile are passed over, rows of one name or code become one unit. */
async function createFromQueue(input: { ids: string[] }, ctx: Context) {
  const made = new Map<string, string>()
  let created = 0
  let countyCode: string | null = null
  for (const id of input.ids) {
    const item = await findItem(ctx, id)
    countyCode ??= item.county_code
    if (item.county_code !== countyCode) throw new Problem('invalid', '一次只能成批办理同一个县的行。')
    if (item.state !== 'open') continue
    const key = item.fields.uscc ?? nameKey(item.name ?? item.id)
    const same = made.get(key)
    const unitId = await carryOut(ctx, item, same ? { kind: 'join', unitId: same } : { kind: 'create' })
    if (!same && unitId) made.set(key, unitId)
    created += 1
  }
  if (countyCode) await recountImports(ctx, countyCode)
  ctx.record({ ...(countyCode ? { countyCode } : {}), subject: 'queue', after: { 成批新建: made.size, 行数: created } })
  return { created, skipped: input.ids.length - created }
}

/** 重新比对待核对行 */
async function relinkQueue(input: { countyCode: string }, ctx: Context) {
  if (!ctx.actor.scope.counties.includes(input.countyCode)) throw notFound('个县')
  const { countyCode } = input
  return {
    jobId: await ctx.enqueue({ kind: 'linkage.relink', title: '重新比对待核对行', input: { countyCode }, countyCode }),
  }
}

/** The linkage room's functions, one an operation, in contract order. */
export const linkage = {
  listQueue,
  getQueueItem,
  decideQueueItem,
  undoDecision,
  createFromQueue,
  relinkQueue,
} satisfies Handlers<typeof linkageContract>

/** Work of linking that goes on after its command. */
export const linkageJobs: JobKind[] = [linkJob, relinkJob]
