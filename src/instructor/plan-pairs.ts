// One assignment of instructors pair by pair: read, and changed by hand.
import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { regionNames } from '../office/service.ts'
import { gatherTask, type Gathered } from './plan-gather.ts'
import { draftPlan, headOf, planOf, setPlan } from './plans.ts'
import type { Draft, DraftPair, PlanRow } from './tables.ts'

/** Kilometres from which a pair is shown as far. */
const farMetres = 5000
export type Shown = 'all' | 'fresh' | 'given' | 'far' | 'short'

/** Which pairs of a plan are looked at, in which order. */
export interface WantedPairs {
  id: string
  show: Shown
  text?: string | undefined
  sort: 'plan' | 'areaName' | 'metres'
  order: 'asc' | 'desc'
}

type ShownPair = Omit<DraftPair, 'instructorId'> & { instructorId: string | null }

const nobody = { instructorId: null, metres: null, measured: false, skilled: false, kept: false }
const emptyDraft: Draft = { pairs: [], short: [], units: 0, instructors: 0, given: [] }

function shownOf(draft: Draft): Record<Shown, ShownPair[]> {
  const short = draft.short.map(({ unitId }) => ({ ...nobody, unitId }))
  return {
    all: [...short, ...draft.pairs],
    short,
    fresh: draft.pairs.filter((pair) => !pair.kept),
    given: draft.given.map((pair) => ({ ...nobody, ...pair })),
    far: draft.pairs.filter((pair) => (pair.metres ?? 0) > farMetres),
  }
}

/** Pairs of a plan with their names, and how many each view has. */
export async function readPairs(ctx: Context, row: PlanRow, input: Omit<WantedPairs, 'id'>) {
  const shown = shownOf(row.draft ?? emptyDraft)
  const named = await withNames(ctx, row.county_code, shown[input.show])
  const text = input.text ? nameKey(input.text) : ''
  const rows = named.filter((pair) =>
    [pair.unitName, pair.instructorName, pair.employer].some((name) => nameKey(name ?? '').includes(text)),
  )
  const sign = input.order === 'asc' ? 1 : -1
  if (input.sort === 'metres') rows.sort((a, b) => sign * ((a.metres ?? Infinity) - (b.metres ?? Infinity) || 0))
  if (input.sort === 'areaName') rows.sort((a, b) => sign * a.areaName.localeCompare(b.areaName, 'zh-CN'))
  const counts = Object.fromEntries(Object.entries(shown).map(([show, pairs]) => [show, pairs.length]))
  return { rows, counts: counts as Record<Shown, number> }
}

/** 查看一次指导员安排 */
export async function getAssignPlan(input: WantedPairs & { page: number; pageSize: number }, ctx: Context) {
  const row = await planOf(ctx, input.id, { held: false })
  const { rows, counts } = await readPairs(ctx, row, input)
  const from = (input.page - 1) * input.pageSize
  return { plan: headOf(row), counts, total: rows.length, rows: rows.slice(from, from + input.pageSize) }
}

async function withNames(ctx: Context, countyCode: string, pairs: readonly ShownPair[]) {
  const ids = [...new Set(pairs.flatMap((pair) => pair.instructorId ?? []))]
  const unitIds = [...new Set(pairs.map((pair) => pair.unitId))]
  const { rows: units } = await sql<{ id: string; name: string; area_code: string }>`
    select id, name, area_code from unit where county_code = ${countyCode} and id = any (${unitIds}::uuid[])`.execute(
    ctx.tx,
  )
  const codes = units.map((unit) => unit.area_code)
  const areas = await regionNames(ctx.tx, codes)
  const { rows: people } = await sql<{ id: string; name: string; employer: string | null }>`
    select id, name_masked as name, employer from instructor
    where county_code = ${countyCode} and id = any (${ids}::uuid[])`.execute(ctx.tx)
  const unitOf = new Map(units.map((unit) => [unit.id, unit]))
  const personOf = new Map(people.map((one) => [one.id, one]))
  return pairs.map((pair) => {
    const unit = unitOf.get(pair.unitId)
    const person = pair.instructorId === null ? undefined : personOf.get(pair.instructorId)
    return {
      ...pair,
      unitName: unit?.name ?? '（已不在台账）',
      areaName: unit ? (areas.get(unit.area_code)?.name ?? unit.area_code) : '',
      instructorName: pair.instructorId === null ? null : (person?.name ?? ''),
      employer: person?.employer ?? null,
    }
  })
}

/** The most instructors that one unit may choose from. */
const choicesMax = 200

/** 可派的指导员 for one unit of a draft: how far each is, whether of its trade, and how many units each has in the draft. */
export async function listPairChoices(input: { id: string; unitId: string }, ctx: Context) {
  const { row, draft } = await draftPlan(ctx, input.id)
  const gathered = await gatherTask(ctx, row.county_code, row.told)
  const unit = wantingOf(gathered, input.unitId)
  const load = new Map<string, number>()
  for (const { instructorId } of draft.pairs) load.set(instructorId, (load.get(instructorId) ?? 0) + 1)
  const pairs = gathered.task.instructors.map((one) => pairOf(gathered, unit, one))
  const { skillMetres } = row.told.settings
  const cost = (pair: DraftPair) => (pair.metres ?? Infinity) + (pair.skilled ? 0 : skillMetres)
  const nearest = pairs.toSorted((a, b) => cost(a) - cost(b) || a.instructorId.localeCompare(b.instructorId))
  const capacity = new Map(gathered.task.instructors.map((one) => [one.id, one.capacity]))
  const named = await withNames(ctx, row.county_code, nearest.slice(0, choicesMax))
  return {
    rows: named.map(({ instructorId, instructorName, employer, metres, measured, skilled, kept }) => ({
      instructorId: instructorId!,
      name: instructorName!,
      employer,
      metres,
      measured,
      skilled,
      kept,
      load: load.get(instructorId!) ?? 0,
      room: capacity.get(instructorId!)!,
    })),
  }
}

/** 调整指导员安排 of one unit; the load of whom it goes to is kept. */
export async function setPair(
  input: { id: string; unitId: string; from: string | null; to: string | null },
  ctx: Context,
) {
  const { row, draft } = await draftPlan(ctx, input.id)
  const { unitId, from, to } = input
  const at = draft.pairs.findIndex((pair) => pair.unitId === unitId && pair.instructorId === from)
  const lacks = draft.short.some((one) => one.unitId === unitId)
  if (from === null ? !lacks : at < 0) throw new Problem('conflict', '这一行已经改动过，请刷新后再调整。')
  if (to !== null && draft.pairs.some((pair) => pair.unitId === unitId && pair.instructorId === to))
    throw new Problem('invalid', '这名指导员已经派在这家单位。')
  const pairs = draft.pairs.filter((_, index) => index !== at || from === null)
  const gathered = await gatherTask(ctx, row.county_code, row.told)
  const given = [...draft.given]
  if (from !== null && gathered.task.previous.some((one) => one.unitId === unitId && one.instructorId === from))
    given.push({ unitId, instructorId: from })
  if (to !== null) pairs.push(pairFor(gathered, pairs, unitId, to))
  const short = shortOf(draft.short, unitId, (from === null ? 0 : 1) - (to === null ? 0 : 1))
  const kept = given.filter((one) => one.unitId !== unitId || one.instructorId !== to)
  await setPlan(ctx, row, { draft: { ...draft, pairs, short, given: kept } })
  ctx.record({
    countyCode: row.county_code,
    subject: `instructorPlan:${row.id}`,
    before: { 单位: unitId, 指导员: from },
    after: { 指导员: to },
  })
  return { done: true as const }
}

/** @throws Problem where there is no room left */
function pairFor(gathered: Gathered, pairs: readonly DraftPair[], unitId: string, to: string): DraftPair {
  const one = gathered.task.instructors.find((other) => other.id === to)
  if (!one) throw notFound('名在任的指导员')
  if (pairs.filter((pair) => pair.instructorId === to).length >= one.capacity)
    throw new Problem('invalid', `这名指导员已经派满（还能联系 ${one.capacity} 家）。`)
  return pairOf(gathered, wantingOf(gathered, unitId), one)
}

type Task = Gathered['task']

/** @throws Problem where the unit wants nobody any more */
function wantingOf({ task }: Gathered, unitId: string): Task['units'][number] {
  const unit = task.units.find((other) => other.id === unitId)
  if (!unit) throw new Problem('conflict', '这家单位已不用派指导员，请重新安排。')
  return unit
}

function pairOf(
  { task, exact, unknown }: Gathered,
  unit: Task['units'][number],
  one: Task['instructors'][number],
): DraftPair {
  const [unitId, to] = [unit.id, one.id]
  const known = !unknown.has(unitId) && !unknown.has(to)
  return {
    unitId,
    instructorId: to,
    metres: known ? Math.round(Math.hypot(one.x - unit.x, one.y - unit.y)) : null,
    measured: exact.has(unitId) && exact.has(to),
    skilled: unit.skill === null || one.skills.includes(unit.skill),
    kept: task.previous.some((pair) => pair.unitId === unitId && pair.instructorId === to),
  }
}

function shortOf(short: Draft['short'], unitId: string, change: number): Draft['short'] {
  const missing = (short.find((one) => one.unitId === unitId)?.missing ?? 0) + change
  const others = short.filter((one) => one.unitId !== unitId)
  return missing > 0 ? [...others, { unitId, missing }] : others
}
