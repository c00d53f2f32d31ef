import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { settingKeys } from './contract.ts'
import { settingWords } from './setting-words.ts'
import type { CoverageTables } from './tables.ts'

type SettingKey = (typeof settingKeys)[number]

/** 覆盖规则: every version of every number, the newest of each first, the built-in default last. */
export async function getSettings(_input: unknown, ctx: Context) {
  const rows = await ctx.tx
    .withTables<CoverageTables>()
    .selectFrom('coverage_setting')
    .selectAll()
    .orderBy('effective_from', 'desc')
    .execute()
  const now = today(ctx.now)
  return {
    settings: settingKeys.flatMap((key) => {
      const { title, unit, value, source } = settingWords[key]
      const own = rows
        .filter((row) => row.key === key)
        .map((row) => ({ value: row.value, effectiveFrom: row.effective_from, source: row.source, author: row.author }))
      const versions = [...own, { value, effectiveFrom: '1949-10-01', source, author: null }]
      const current = versions.find((one) => one.effectiveFrom <= now)
      return versions.map((one) => ({ key, title, unit, ...one, current: one === current }))
    }),
  }
}

/** 修改规则: from today at the earliest; every unit is worked out anew on the day from which it holds. */
export async function changeSetting(
  input: { key: SettingKey; value: number; effectiveFrom: string; source: string },
  ctx: Context,
) {
  if (input.effectiveFrom < today(ctx.now)) {
    throw new Problem('invalid', '规则从今天或以后施行，以前各日的数字不变。')
  }
  const values = {
    value: input.value,
    source: input.source,
    author: ctx.actor.name,
    changed_at: ctx.now,
  }
  await ctx.tx
    .withTables<CoverageTables>()
    .insertInto('coverage_setting')
    .values({ key: input.key, effective_from: input.effectiveFrom, ...values })
    .onConflict((conflict) => conflict.columns(['key', 'effective_from']).doUpdateSet(values))
    .execute()
  const { title } = settingWords[input.key]
  ctx.record({
    subject: `setting:${input.key}`,
    after: { [title]: input.value, 施行: input.effectiveFrom, 依据: input.source },
  })
  return { done: true as const }
}
