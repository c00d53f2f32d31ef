import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, Transaction } from '../host/context.ts'
import { builtInSettings, type FormingSettings, settingsOf } from './plan-input.ts'
import { formingTables, type KeptSetting } from './plan-kept.ts'

type Key = keyof FormingSettings
const keys = Object.keys(builtInSettings) as Key[]

async function versions(tx: Transaction, countyCode: string): Promise<KeptSetting[]> {
  const rows = await formingTables(tx)
    .selectFrom('forming_setting')
    .selectAll()
    .where('county_code', '=', countyCode)
    .orderBy('effective_on', 'desc')
    .execute()
  return keys.flatMap((key) => {
    const { word, ...builtIn } = builtInSettings[key]
    const own = rows
      .filter((row) => row.key === key)
      .map(({ value, source, effective_on, author }) => ({
        key,
        word,
        value,
        source,
        effectiveOn: effective_on,
        author,
      }))
    return [...own, { key, word, ...builtIn, author: null }]
  })
}

/** The numbers in force in a county on a day, with their sources. */
export async function settingsInForce(
  tx: Transaction,
  countyCode: string,
  day: string,
): Promise<{ values: FormingSettings; kept: KeptSetting[] }> {
  const all = await versions(tx, countyCode)
  const kept = keys.map((key) => all.find((one) => one.key === key && one.effectiveOn <= day)!)
  return { values: settingsOf(Object.fromEntries(kept.map(({ key, value }) => [key, value]))), kept }
}

/** 查看编排规则: every version of every number, the newest of each first, the built-in one last. */
export async function getFormingSettings({ countyCode }: { countyCode: string }, ctx: Context) {
  const all = await versions(ctx.tx, countyCode)
  const now = today(ctx.now)
  const current = new Set(keys.map((key) => all.find((one) => one.key === key && one.effectiveOn <= now)))
  return { settings: all.map((one) => ({ ...one, current: current.has(one) })) }
}

/** 修改编排规则: from today at the earliest; plans made before keep the numbers they were made with. */
export async function changeFormingSetting(
  input: { countyCode: string; key: Key; value: number; effectiveOn: string; source: string },
  ctx: Context,
) {
  const { countyCode, key, value, effectiveOn, source } = input
  if (effectiveOn < today(ctx.now)) throw new Problem('invalid', '规则从今天或以后施行，已编的方案不变。')
  const { values } = await settingsInForce(ctx.tx, countyCode, effectiveOn)
  const next = { ...values, [key]: value }
  if (next.unitsNormal > next.unitsMax || next.membersMin > next.membersMax || next.nearMetres > next.industryMetres)
    throw new Problem('invalid', '下限不能大于上限，请先改另一个数。')
  const row = { value, source, author: ctx.actor.name, changed_at: ctx.now }
  await formingTables(ctx.tx)
    .insertInto('forming_setting')
    .values({ county_code: countyCode, key, effective_on: effectiveOn, ...row })
    .onConflict((conflict) => conflict.columns(['county_code', 'key', 'effective_on']).doUpdateSet(row))
    .execute()
  ctx.record({
    countyCode,
    subject: `setting:${key}`,
    after: { [builtInSettings[key].word]: value, 施行: effectiveOn, 依据: source },
  })
  return { done: true as const }
}
