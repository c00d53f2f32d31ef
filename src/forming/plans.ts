import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context } from '../host/context.ts'
import { explainGroup as groupReasons, explainLeft, unmetOf } from './explain.ts'
import { GroupRules } from './locked.ts'
import type { FormingPlan } from './plan-input.ts'
import { pendingOf, pendingWords } from './pending.ts'
import {
  findPlan,
  formingTables,
  type KeptInput,
  plannedOf,
  type PlanRow,
  proposalsOf,
  standing,
  stoppedPlans,
} from './plan-kept.ts'
import type { PlanScope } from './scope.ts'
import { comparePlans as differ } from './evaluate.ts'
import { sql, type SqlBool } from 'kysely'

const headColumns = [
  'county_code',
  'id',
  'area_code',
  'title',
  'state',
  'phase',
  'done',
  'job_id',
  'revision',
  'seed',
  'passes',
  'bound',
  'units',
  'guessed',
  'groups',
  'left_over',
  'flagged',
  'metres',
  'approved',
  'author',
  'created_at',
  'error',
] as const

function headOf(row: Pick<PlanRow, (typeof headColumns)[number]>) {
  const { id, title, state, phase, done, revision, units, groups, flagged, metres, approved, guessed, author } = row
  return {
    id,
    title,
    state,
    phase,
    done,
    revision,
    units,
    groups,
    flagged,
    metres,
    approved,
    guessed,
    author,
    countyCode: row.county_code,
    region: row.area_code,
    jobId: row.job_id,
    left: row.left_over,
    bound: row.bound,
    createdAt: row.created_at.toISOString(),
    error: row.error,
  }
}

/** 编排组建方案: the plan's row now, its groups by a job. */
export async function startPlan(
  input: { region: string; title?: string | undefined; seed: number; passes: number; scope: PlanScope },
  ctx: Context,
) {
  const ground = await findGround(ctx, input.region)
  if (ground.countyCode === null) throw new Problem('invalid', '方案以县（市、区）或乡镇街道为范围，请选其中一个。')
  const id = newId(ctx.now)
  const title = input.title ?? (await freeTitle(ctx, ground.countyCode, `${ground.name}联合组建方案 ${today(ctx.now)}`))
  const jobId = await ctx.enqueue({
    kind: 'forming.plan',
    title: `编排${title}`,
    input: { id },
    countyCode: ground.countyCode,
  })
  await formingTables(ctx.tx)
    .insertInto('forming_plan')
    .values({
      county_code: ground.countyCode,
      id,
      area_code: ground.areaCode ?? ground.countyCode,
      title,
      state: 'running',
      phase: '收集单位',
      done: 0,
      job_id: jobId,
      revision: 0,
      seed: input.seed,
      passes: input.passes,
      scope: JSON.stringify({ asked: input.scope }),
      input: '{}',
      units: 0,
      guessed: 0,
      groups: 0,
      left_over: 0,
      flagged: 0,
      metres: 0,
      approved: 0,
      author: ctx.actor.name,
      created_at: ctx.now,
    })
    .execute()
  ctx.record({ countyCode: ground.countyCode, subject: `plan:${id}`, after: { 方案: title, 种子: input.seed } })
  return { id, jobId }
}

/** A usual title that no other plan of the county bears: the second of a day is called so. */
async function freeTitle(ctx: Context, countyCode: string, title: string): Promise<string> {
  const rows = await formingTables(ctx.tx)
    .selectFrom('forming_plan')
    .select('title')
    .where('county_code', '=', countyCode)
    .where('title', 'like', `${title}%`)
    .execute()
  const taken = new Set(rows.map((row) => row.title))
  for (let at = 2, free = title; ; free = `${title}（${at}）`, at += 1) if (!taken.has(free)) return free
}

interface WantedPlans {
  region?: string | undefined
  state?: PlanRow['state'] | undefined
  text?: string | undefined
  page: number
  pageSize: number
}

/** 查看组建方案列表: newest first. */
export async function listPlans(input: WantedPlans, ctx: Context) {
  const ground = await findGround(ctx, input.region)
  let listed = formingTables(ctx.tx).selectFrom('forming_plan').where(within(ground))
  if (input.state) {
    const stopped = await stoppedPlans(ctx, within(ground))
    const [ids, same] = [stopped, stopped.filter((row) => row.state === input.state)].map((of) =>
      of.map(({ id }) => id),
    )
    listed = listed.where(
      sql<SqlBool>`(state = ${input.state} and not id = any (${ids}::uuid[]) or id = any (${same}::uuid[]))`,
    )
  }
  if (input.text) listed = listed.where('title', 'like', `%${input.text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`)
  const { total } = await listed.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await listed
    .select(headColumns)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  return { total, rows: (await standing(ctx, rows)).map(headOf) }
}

/** 查看组建方案: units, groups, numbers; while it is being made, the best so far. */
export async function getPlan({ id }: { id: string }, ctx: Context) {
  const row = await findPlan(ctx, id)
  const input = row.input
  const proposals = await proposalsOf(ctx, row)
  const units = input.units ?? []
  return {
    ...headOf(row),
    seed: row.seed,
    scope: row.scope.asked,
    scopeCounts: row.scope.counts ?? [],
    settings: input.kept ?? [],
    unitList: units.map(({ source: accuracy, place, industry: _industry, ...unit }) => {
      const { x, y, street, accuracyMetres, road, number } = place
      return { ...unit, accuracy, x, y, street, accuracyMetres, road, number }
    }),
    groupList: row.plan === null ? [] : groupsOf(input as KeptInput, row.plan, proposals),
    refused: input.refused ?? [],
    unmet: row.plan === null ? [] : unmetOf(input as KeptInput, row.plan),
  }
}

function groupsOf(input: KeptInput, plan: FormingPlan, proposals: Awaited<ReturnType<typeof proposalsOf>>) {
  const units = new Map(input.units.map((unit) => [unit.id, unit]))
  const hosts = new Map(input.hosts.map((host) => [host.id, host]))
  return plan.groups.map(({ leadId, unitIds, metres, flagged, locked }) => {
    const host = hosts.get(leadId)
    return {
      leadId,
      unitIds,
      metres,
      flagged,
      locked,
      host: host
        ? {
            name: host.name,
            x: host.place.x,
            y: host.place.y,
            units: host.unitIds.length,
            members: host.members,
          }
        : null,
      members: unitIds.reduce((sum, id) => sum + (units.get(id)?.members ?? 0), host?.members ?? 0),
      proposal: proposals.get(leadId) ?? null,
      ...pendingOf(units, { unitIds }),
    }
  })
}

/** 查看编组理由 */
export async function explainGroup(asked: { id: string; leadId: string }, ctx: Context) {
  const { input, plan } = await plannedOf(ctx, asked.id)
  const group = plan.groups.find((one) => one.leadId === asked.leadId)
  if (!group) throw new Problem('notFound', '方案里没有这个组，可能刚改过，请刷新。')
  const units = new Map(input.units.map((unit) => [unit.id, unit]))
  const why = groupReasons(input, group)
  return { ...why, flags: [...why.flags, ...pendingWords(pendingOf(units, group))] }
}

/** 查看未编组单位: each with why, and the nearest it could have been with. */
export async function listLeft(asked: { id: string; page: number; pageSize: number }, ctx: Context) {
  const { input, plan } = await plannedOf(ctx, asked.id)
  const names = namesOf(input)
  const rules = new GroupRules(input)
  const from = (asked.page - 1) * asked.pageSize
  const rows = plan.leftOver.slice(from, from + asked.pageSize).map((unitId) => {
    const { within: near, members, words } = explainLeft(input, plan, unitId, rules)
    const unknown = rules.units.get(unitId)!.place.accuracyMetres > rules.settings.nearMetres
    return {
      unitId,
      members,
      name: names.get(unitId) ?? '',
      words: unknown ? `位置尚未核实；${words}` : words,
      within: near.map((one) => ({
        ...one,
        name: names.get(one.unitId) ?? '',
      })),
    }
  })
  return { total: plan.leftOver.length, rows }
}

function namesOf(input: KeptInput): Map<string, string> {
  return new Map([...input.units, ...input.hosts].map((one) => [one.id, one.name]))
}

/** 比较两个方案 of one region, or of regions that share units. */
export async function comparePlans({ id, otherId }: { id: string; otherId: string }, ctx: Context) {
  const [before, after] = [await plannedOf(ctx, id), await plannedOf(ctx, otherId)]
  if (before.row.county_code !== after.row.county_code)
    throw new Problem('invalid', '两个方案不在同一个县（市、区），没有可比的单位。')
  const names = new Map([...namesOf(before.input), ...namesOf(after.input)])
  const { moved, ...sums } = differ(before.plan, after.plan)
  const nameOf = (lead: string | null) => (lead === null ? null : (names.get(lead) ?? ''))
  return {
    before: headOf(before.row),
    after: headOf(after.row),
    ...sums,
    moved: moved.map(({ unitId, from, to }) => ({
      unitId,
      name: names.get(unitId) ?? '',
      from: nameOf(from),
      to: nameOf(to),
    })),
  }
}

/** 查看待组建名单: what was approved, newest first. */
export async function listProposals(
  input: { region?: string | undefined; planId?: string | undefined; page: number; pageSize: number },
  ctx: Context,
) {
  const ground = await findGround(ctx, input.region)
  let listed = formingTables(ctx.tx).selectFrom('forming_proposal').where(within(ground))
  if (input.planId) listed = listed.where('plan_id', '=', input.planId)
  const { total } = await listed.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await listed
    .selectAll()
    .orderBy('approved_at', 'desc')
    .orderBy('id')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  const ids = [...new Set(rows.flatMap((row) => [row.lead_id, ...row.unit_ids]))]
  const named = await sql<{ id: string; name: string }>`
    select id, name from unit where id = any (${ids}::uuid[])
    union all select id, name from party_org where id = any (${ids}::uuid[])`.execute(ctx.tx)
  const names = new Map(named.rows.map((one) => [one.id, one.name]))
  return {
    total,
    rows: rows.map((row) => ({
      countyCode: row.county_code,
      id: row.id,
      planId: row.plan_id,
      state: row.state,
      leadId: row.lead_id,
      leadName: names.get(row.lead_id) ?? '',
      hostOrgId: row.host_org_id,
      units: row.unit_ids.map((unitId) => ({ unitId, name: names.get(unitId) ?? '' })),
      members: row.members,
      reason: row.reason,
      approvedBy: row.approved_by,
      approvedAt: row.approved_at.toISOString(),
    })),
  }
}
