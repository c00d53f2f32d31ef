import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, Transaction } from '../host/context.ts'
import { partyTables } from './change-rows.ts'
import {
  type PartySettingKey,
  partySettingKeys,
  type PartySettings,
  partySettingsOn,
  partySettingWords,
} from './settings-contract.ts'

/** The numbers of the rules in force on a day. */
export async function loadPartySettings(tx: Transaction, day: string): Promise<PartySettings> {
  const rows = await partyTables(tx).selectFrom('party_setting').select(['key', 'value', 'effective_from']).execute()
  return partySettingsOn(
    rows.map((row) => ({ key: row.key as PartySettingKey, value: row.value, effectiveFrom: row.effective_from })),
    day,
  )
}

/** 党组织规则: every version of every number, the newest of each first, the built-in default last. */
export async function getPartySettings(_input: unknown, ctx: Context) {
  const rows = await partyTables(ctx.tx)
    .selectFrom('party_setting')
    .selectAll()
    .orderBy('effective_from', 'desc')
    .execute()
  const day = today(ctx.now)
  return {
    settings: partySettingKeys.flatMap((key) => {
      const { title, unit, value, source } = partySettingWords[key]
      const own = rows
        .filter((row) => row.key === key)
        .map((row) => ({ value: row.value, effectiveFrom: row.effective_from, source: row.source, author: row.author }))
      const versions = [...own, { value, effectiveFrom: '1949-10-01', source, author: null }]
      const current = versions.find((one) => one.effectiveFrom <= day)
      return versions.map((one) => ({ key, title, unit, ...one, current: one === current }))
    }),
  }
}

/** 修改党组织规则: from today at the earliest, so that what was judged before stays judged by what held then. */
export async function changePartySetting(
  input: { key: PartySettingKey; value: number; effectiveFrom: string; source: string },
  ctx: Context,
) {
  if (input.effectiveFrom < today(ctx.now)) throw new Problem('invalid', '规则从今天或以后施行。')
  const values = { value: input.value, source: input.source, author: ctx.actor.name, changed_at: ctx.now }
  await partyTables(ctx.tx)
    .insertInto('party_setting')
    .values({ key: input.key, effective_from: input.effectiveFrom, ...values })
    .onConflict((conflict) => conflict.columns(['key', 'effective_from']).doUpdateSet(values))
    .execute()
  const { title } = partySettingWords[input.key]
  ctx.record({
    subject: `setting:${input.key}`,
    after: { [title]: input.value, 施行: input.effectiveFrom, 依据: input.source },
  })
  return { done: true as const }
}
