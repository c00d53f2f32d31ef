import { sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, Transaction } from './context.ts'

/** A number as it comes with the platform: in the field's words, with its source and the day it holds from. */
export interface BuiltInNumber {
  word: string
  value: number
  source: string
  effectiveOn: string
}

interface SettingRow {
  key: string
  value: number
  source: string
  effective_on: string
  author: string
}

/** A new version of a number, as its operation takes it. */
export interface SettingChange<K extends string> {
  countyCode: string
  key: K
  value: number
  effectiveOn: string
  source: string
}

/**
 * Numbers of a room that each county may set from a day on, over the built-in ones. `table` has the columns county_code, key,
 * effective_on, value, source, author, changed_at, and belongs to the room that asks.
 */
export function datedSettings<K extends string, B extends BuiltInNumber>(
  table: string,
  builtIn: Readonly<Record<K, B>>,
) {
  const keys = Object.keys(builtIn) as K[]

  /** Every version of every number, the newest of each first, the built-in one last. */
  async function versions(tx: Transaction, countyCode: string) {
    const { rows } = await sql<SettingRow>`
      select key, value, source, effective_on, author from ${sql.table(table)}
      where county_code = ${countyCode} order by effective_on desc`.execute(tx)
    return keys.flatMap((key) => {
      const own = rows
        .filter((row) => row.key === key)
        .map(({ value, source, effective_on: effectiveOn, author }) => ({
          ...builtIn[key],
          key,
          value,
          source,
          effectiveOn,
          author: author as string | null,
        }))
      return [...own, { ...builtIn[key], key, author: null }]
    })
  }

  /** The number of each key that holds on a day; before every day there is the built-in one. */
  const heldOn = (all: Awaited<ReturnType<typeof versions>>, day: string) =>
    keys.map((key) => all.find((one) => one.key === key && (one.effectiveOn <= day || one.author === null))!)

  /** The numbers in force in a county on a day, and where each comes from. */
  const inForce = async (tx: Transaction, countyCode: string, day: string) => {
    const kept = heldOn(await versions(tx, countyCode), day)
    return { kept, values: Object.fromEntries(kept.map(({ key, value }) => [key, value])) as Record<K, number> }
  }

  /** Every version, for a screen. */
  const list = async ({ countyCode }: { countyCode: string }, ctx: Context) => {
    const all = await versions(ctx.tx, countyCode)
    const current = new Set(heldOn(all, today(ctx.now)))
    return { settings: all.map((one) => ({ ...one, current: current.has(one) })) }
  }

  /** Sets a number from today at the earliest. `refuse` may find fault with all numbers as they would be on that day. */
  const change = async (input: SettingChange<K>, ctx: Context, refuse: (next: Record<K, number>) => string | null) => {
    const { countyCode, key, value, effectiveOn, source } = input
    if (effectiveOn < today(ctx.now)) throw new Problem('invalid', '规则从今天或以后施行，以前的不变。')
    const { values } = await inForce(ctx.tx, countyCode, effectiveOn)
    const fault = refuse({ ...values, [key]: value })
    if (fault) throw new Problem('invalid', fault)
    await sql`
      insert into ${sql.table(table)} (county_code, key, effective_on, value, source, author, changed_at)
      values (${countyCode}, ${key}, ${effectiveOn}::date, ${value}, ${source}, ${ctx.actor.name}, ${ctx.now})
      on conflict (county_code, key, effective_on) do update set value = excluded.value, source = excluded.source,
        author = excluded.author, changed_at = excluded.changed_at`.execute(ctx.tx)
    ctx.record({
      countyCode,
      subject: `setting:${key}`,
      after: { [builtIn[key].word]: value, 施行: effectiveOn, 依据: source },
    })
    return { done: true as const }
  }

  return { inForce, list, change }
}
