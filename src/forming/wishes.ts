import { sql } from 'kysely'
import { namePattern } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { ledgerTables } from '../ledger/service.ts'
import { wishKinds } from './contract.ts'
import type { UnmetWish } from './plan-input.ts'
import { formingTables } from './plan-kept.ts'
import { findScope, type PlanScope } from './scope.ts'
import { unmetWords, wishNow, type WishSide } from './wish-words.ts'

type WishKind = keyof typeof wishKinds

/** Whom a plan is for: the units it places, and hosts with the units that stand in them; and the choices it was asked for. */
interface Planned {
  units: readonly { id: string; name: string }[]
  standing: ReadonlySet<string>
  scope: PlanScope
}

/** The wishes of a county that tell of units of a plan, as the planner takes them, and those it cannot keep. */
export async function loadWishes(ctx: Context, countyCode: string, { units, standing, scope }: Planned) {
  const rows = await formingTables(ctx.tx)
    .selectFrom('forming_wish')
    .select(['kind', 'unit_id', 'other_id'])
    .where('county_code', '=', countyCode)
    .orderBy('id')
    .execute()
  const placed = new Map(units.map((unit) => [unit.id, unit]))
  const pairs = (kind: WishKind): [string, string][] =>
    rows.flatMap((row) => (row.kind === kind ? [[row.unit_id, row.other_id!]] : []))
  const refused = new Set(
    rows.flatMap((row) => (row.kind === 'refused' && placed.has(row.unit_id) ? [row.unit_id] : [])),
  )
  const there = (id: string) => placed.has(id) || standing.has(id)
  const isOut = (id: string) => !placed.has(id) || refused.has(id)
  const unmet = pairs('together')
    .filter(([a, b]) => isOut(a) !== isOut(b))
    .map(([a, b]) => (isOut(a) ? { unitId: b, otherId: a } : { unitId: a, otherId: b }))
  const sides = await sidesOf(
    ctx,
    countyCode,
    unmet.map((one) => one.otherId),
    scope,
  )
  return {
    refused: [...refused],
    together: pairs('together').filter(([a, b]) => placed.has(a) && placed.has(b)),
    apart: pairs('apart').filter(([a, b]) => there(a) && there(b)),
    unmet: unmet.flatMap((one): UnmetWish[] => {
      const out = sides.get(one.otherId)
      return out ? [{ ...one, words: unmetWords(placed.get(one.unitId)!, out) }] : []
    }),
  }
}

/** Units of a county as wishes look at them: why a plan of this scope takes them in or not, and who covers them. */
async function sidesOf(
  ctx: Context,
  countyCode: string,
  unitIds: readonly string[],
  scope: PlanScope,
): Promise<Map<string, WishSide>> {
  if (unitIds.length === 0) return new Map()
  const { listed } = await findScope(ctx, { region: countyCode, ...scope })
  const day = today(ctx.now)
  const { rows } = await sql<WishSide>`
    select u.id as "unitId", u.name, coalesce(s.reason, 'none') as reason, case when s.reason = 'covered' then (
      select jsonb_build_object('id', o.id, 'name', o.name) from party_cover c
      join party_org o on o.county_code = c.county_code and o.id = c.org_id
      where c.county_code = ${countyCode} and c.unit_id = u.id and c.mode <> 'fallback'
        and c.valid_from <= ${day}::date and (c.valid_to is null or c.valid_to > ${day}::date)
      order by c.id limit 1) end as org
    from unit u left join (${listed}) s on s.county_code = u.county_code and s.unit_id = u.id
    where u.county_code = ${countyCode} and u.id = any (${unitIds}::uuid[])`.execute(ctx.tx)
  return new Map(rows.map((row) => [row.unitId, row]))
}

// Whatever a plan may be asked to take in.
const widest: PlanScope = { notOperating: true, elsewhere: true, reported: true }

/** 查看编组要求: newest first, each with whether plans keep it as things stand. */
export async function listWishes(
  input: { countyCode: string; kind?: WishKind | undefined; text?: string | undefined; page: number; pageSize: number },
  ctx: Context,
) {
  const pattern = namePattern(input.text)
  const named = pattern === null ? sql`true` : sql`(u.name_key like ${pattern} or o.name_key like ${pattern})`
  const kind = input.kind === undefined ? sql`true` : sql`w.kind = ${input.kind}`
  const { rows } = await sql<{
    id: string
    kind: WishKind
    unit_id: string
    name: string
    other_id: string | null
    other_name: string | null
    reason: string
    author: string
    at: Date
    total: number
  }>`
    select w.id, w.kind, w.unit_id, u.name, w.other_id, o.name as other_name, w.reason, w.author, w.at,
      count(*) over () as total
    from forming_wish w
    join unit u on u.county_code = w.county_code and u.id = w.unit_id
    left join unit o on o.county_code = w.county_code and o.id = w.other_id
    where w.county_code = ${input.countyCode} and ${kind} and ${named} order by w.at desc, w.id
    limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}`.execute(ctx.tx)
  const ids = rows.flatMap((row) => [row.unit_id, row.other_id ?? []].flat())
  const sides = await sidesOf(ctx, input.countyCode, ids, widest)
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map(({ unit_id: unitId, other_id: otherId, other_name: otherName, at, ...row }) => {
      const [unit, other] = [sides.get(unitId)!, otherId === null ? null : (sides.get(otherId) ?? null)]
      return {
        ...row,
        unitId,
        otherId,
        otherName,
        ...wishNow(row.kind, unit, other),
        orgId: unit.org?.id ?? other?.org?.id ?? null,
        at: at.toISOString(),
      }
    }),
  }
}

/** 登记编组要求: it holds for every plan made afterwards. */
export async function addWish(
  input: { kind: WishKind; unitId: string; otherId?: string | undefined; reason: string },
  ctx: Context,
) {
  const { kind, unitId, otherId, reason } = input
  if ((kind === 'refused') === (otherId !== undefined) || otherId === unitId)
    throw new Problem('invalid', '“明确不参加”只选一家单位，“应同组”“不得同组”要选两家不同的单位。')
  const ids = otherId === undefined ? [unitId] : [unitId, otherId]
  const units = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['county_code', 'id', 'name'])
    .where('id', 'in', ids)
    .execute()
  if (units.length !== ids.length) throw notFound('家单位')
  const countyCode = units[0]!.county_code
  if (units.some((unit) => unit.county_code !== countyCode))
    throw new Problem('invalid', '两家单位须在同一个县（市、区）。')
  const { rows: held } = await sql<{ kind: WishKind }>`
    select kind from forming_wish where county_code = ${countyCode}
      and (unit_id = ${unitId}::uuid and other_id is not distinct from ${otherId ?? null}::uuid
        or other_id = ${unitId}::uuid and unit_id = ${otherId ?? null}::uuid)`.execute(ctx.tx)
  if (held.length > 0) throw new Problem('conflict', `已登记过“${wishKinds[held[0]!.kind]}”，要改请先撤销原来的。`)
  if (kind === 'together') await refuseCovered(ctx, countyCode, units)
  const id = newId(ctx.now)
  await formingTables(ctx.tx)
    .insertInto('forming_wish')
    .values({
      county_code: countyCode,
      id,
      kind,
      unit_id: unitId,
      other_id: otherId ?? null,
      reason,
      author: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  ctx.record({
    countyCode,
    subject: `unit:${unitId}`,
    after: { 编组要求: wishKinds[kind], 单位: units.map((unit) => unit.name), 理由: reason },
  })
  return { id }
}

/** @throws Problem where a unit stands in an organisation: no plan places it, so nothing can be placed with it */
async function refuseCovered(
  ctx: Context,
  countyCode: string,
  units: readonly { id: string; name: string }[],
): Promise<void> {
  const { rows } = await sql<{ unit_id: string }>`
    select unit_id from unit_state where county_code = ${countyCode} and valid_to is null
      and unit_id = any (${units.map((unit) => unit.id)}::uuid[])
      and state in ('own', 'joint', 'regional', 'industry', 'attached') order by unit_id`.execute(ctx.tx)
  const covered = units.find((unit) => unit.id === rows[0]?.unit_id)
  if (!covered) return
  const advice =
    rows.length > 1
      ? '两家都已有党组织，要调整请到党组织页面办理。'
      : `要让“${units.find((unit) => unit !== covered)!.name}”加入它的党组织，请到该党组织页面的“覆盖单位”里登记。`
  throw new Problem('conflict', `“${covered.name}”已有党组织，不再编组，不能要求与它同组。${advice}`)
}

/** 撤销编组要求 */
export async function removeWish(input: { id: string; reason: string }, ctx: Context) {
  const { rows } = await sql<{ county_code: string; kind: WishKind; unit_id: string }>`
    delete from forming_wish w using unit u
    where w.id = ${input.id} and u.county_code = w.county_code and u.id = w.unit_id
    returning w.county_code, w.kind, w.unit_id`.execute(ctx.tx)
  const gone = rows[0]
  if (!gone) throw notFound('条编组要求')
  ctx.record({
    countyCode: gone.county_code,
    subject: `unit:${gone.unit_id}`,
    before: { 编组要求: wishKinds[gone.kind] },
    after: { 撤销理由: input.reason },
  })
  return { done: true as const }
}
