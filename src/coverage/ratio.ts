import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import type { Condition } from './condition-contract.ts'
import { amountSql } from './condition-sql.ts'
import type { Ratio } from './contract.ts'
import { figures, keepRatio, officeSlotsFrom } from './definitions.ts'
import { findGround, within } from './ground.ts'
import { loadDefinitions } from './measures.ts'
import { onDay, tellDay } from './sums.ts'
import type { CoverageTables } from './tables.ts'

/** 指标定义: every version of every ratio, the newest of each first, and what the figures count. */
export async function getDefinitions(_input: unknown, ctx: Context) {
  const { ratios } = await loadDefinitions(ctx.tx)
  const order = [...new Set(ratios.map((one) => one.key))]
  const sorted = ratios.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key) || b.version - a.version)
  return {
    ratios: sorted,
    figures: figures.map(({ key, name, group, unit, text }) => ({ key, name, group, unit, text })),
  }
}

interface Formula {
  numerator: Condition
  denominator: Condition
  counting: Ratio['counting']
}

/** 试算: what conditions would answer, before they are defined. */
export async function previewRatio(
  input: Formula & { region?: string | undefined; asOf?: string | undefined },
  ctx: Context,
) {
  const ground = await findGround(ctx, input.region)
  const { asOf } = await tellDay(ctx, ground, input.asOf)
  const told = { ...input, key: 'preview', version: 1 } as unknown as Ratio
  const { numeratorMeasure, denominatorMeasure } = keepRatio(told, officeSlotsFrom)
  const { rows } = await sql<{ numerator: number; denominator: number }>`
    select coalesce(sum(${amountSql(numeratorMeasure)}), 0)::int8 as numerator,
      coalesce(sum(${amountSql(denominatorMeasure)}), 0)::int8 as denominator
    from unit_state where ${within(ground)} and ${onDay(asOf)}`.execute(ctx.tx)
  const { numerator, denominator } = rows[0]!
  return { asOf, numerator, denominator, value: denominator === 0 ? null : numerator / denominator }
}

type Defined = Formula &
  Pick<Ratio, 'name' | 'definition' | 'numeratorText' | 'denominatorText' | 'effectiveFrom' | 'source' | 'note'> & {
    key?: string | undefined
  }

/**
 * 定义指标: a new ratio, or a new version of one. A new version holds from today at the earliest, so that no day that was
 * answered for is answered otherwise; a ratio that is new may tell of days gone by. Its sums are filled soon after (follow.ts).
 */
export async function defineRatio(input: Defined, ctx: Context) {
  const { key: asked, effectiveFrom, ...rest } = input
  const { ratios, slots } = await loadDefinitions(ctx.tx)
  const earlier = ratios.filter((one) => one.key === asked)
  const last = earlier.at(-1)
  if (asked && !last) throw notFound('个指标')
  if (last?.retiredFrom) throw new Problem('conflict', '这个指标已经停用，请另定义一个。')
  const now = today(ctx.now)
  if (last && effectiveFrom < now) throw new Problem('invalid', '新版从今天或以后施行，以前各日的数字不变。')
  if (last && effectiveFrom <= last.effectiveFrom && last.effectiveFrom >= now) {
    throw new Problem('invalid', `上一版自 ${last.effectiveFrom} 起施行，新版应晚于这一天。`)
  }
  const taken = ratios.find((one) => one.name === input.name && one.key !== asked && !one.retiredFrom)
  if (taken) throw new Problem('conflict', `已有叫“${taken.name}”的指标，请换一个名称，或为它定新版。`)
  const key = asked ?? `office_${newId(ctx.now).replaceAll('-', '').slice(-12)}`
  const version = (last?.version ?? 0) + 1
  const made = await ctx.tx
    .withTables<CoverageTables>()
    .insertInto('coverage_ratio')
    .values({
      key,
      version,
      slot: Math.max(officeSlotsFrom, slots + 1),
      told: JSON.stringify({ ...rest, basis: 'office' }),
      effective_from: effectiveFrom,
      author: ctx.actor.name,
      defined_at: ctx.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows === 0n) throw new Problem('conflict', '刚刚有人定义了别的指标，请再试一次。')
  ctx.record({
    subject: `ratio:${key}`,
    after: { 指标: input.name, 版本: version, 施行: effectiveFrom, 依据: input.source },
  })
  return { key, version }
}

/** 停用指标: no longer answered from tomorrow on; what was answered stays. */
export async function retireRatio(input: { key: string; reason: string }, ctx: Context) {
  const { ratios } = await loadDefinitions(ctx.tx)
  const last = ratios.findLast((one) => one.key === input.key)
  if (!last) throw notFound('个指标')
  if (last.retiredFrom) throw new Problem('conflict', '这个指标已经停用。')
  const from = sql<string>`${today(ctx.now)}::date + 1`
  await sql`
    insert into coverage_ratio_retired (key, retired_from, reason, author, at)
    values (${input.key}, ${from}, ${input.reason}, ${ctx.actor.name}, ${ctx.now})`.execute(ctx.tx)
  ctx.record({ subject: `ratio:${input.key}`, before: { 指标: last.name }, after: { 停用: input.reason } })
  return { done: true as const }
}
