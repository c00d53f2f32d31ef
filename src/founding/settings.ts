import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, Transaction } from '../host/context.ts'
import { builtInFounding, type FoundingSettings } from './rules.ts'
import type { FoundingTables } from './tables.ts'

type Key = keyof FoundingSettings
const keys = Object.keys(builtInFounding) as Key[]

async function versions(tx: Transaction, countyCode: string) {
  const rows = await tx
    .withTables<FoundingTables>()
    .selectFrom('founding_setting')
    .selectAll()
    .where('county_code', '=', countyCode)
    .orderBy('effective_on', 'desc')
    .execute()
  return keys.flatMap((key) => {
    const { word, unit, ...builtIn } = builtInFounding[key]
    const own = rows
      .filter((row) => row.key === key)
      .map(({ value, source, effective_on: effectiveOn, author }) => ({
        key,
        word,
        unit,
        value,
        source,
        effectiveOn,
        author,
      }))
    return [...own, { key, word, unit, ...builtIn, author: null }]
  })
}

/** The numbers in force in a county on a day. */
export async function settingsOn(tx: Transaction, countyCode: string, day: string): Promise<FoundingSettings> {
  const all = await versions(tx, countyCode)
  const value = (key: Key) =>
    all.find((one) => one.key === key && (one.effectiveOn <= day || one.author === null))!.value
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as FoundingSettings
}

/** 查看办理期限: every version of every number, the newest of each first, the built-in one last. */
export async function getFoundingSettings({ countyCode }: { countyCode: string }, ctx: Context) {
  const all = await versions(ctx.tx, countyCode)
  const now = today(ctx.now)
  const current = new Set(keys.map((key) => all.find((one) => one.key === key && one.effectiveOn <= now)))
  return { settings: all.map((one) => ({ ...one, current: current.has(one) })) }
}

/** 修改办理期限: for steps that begin from then on; terms that run already stay. */
export async function changeFoundingSetting(
  input: { countyCode: string; key: Key; value: number; effectiveOn: string; source: string },
  ctx: Context,
) {
  const { countyCode, key, value, effectiveOn, source } = input
  if (effectiveOn < today(ctx.now)) throw new Problem('invalid', '期限从今天或以后施行，已在办的一步期限不变。')
  if (key === 'quorumPercent' && value > 100) throw new Problem('invalid', '比例不能大于 100。')
  const row = { value, source, author: ctx.actor.name, changed_at: ctx.now }
  await ctx.tx
    .withTables<FoundingTables>()
    .insertInto('founding_setting')
    .values({ county_code: countyCode, key, effective_on: effectiveOn, ...row })
    .onConflict((conflict) => conflict.columns(['county_code', 'key', 'effective_on']).doUpdateSet(row))
    .execute()
  ctx.record({
    countyCode,
    subject: `setting:${key}`,
    after: { [builtInFounding[key].word]: value, 施行: effectiveOn, 依据: source },
  })
  return { done: true as const }
}
