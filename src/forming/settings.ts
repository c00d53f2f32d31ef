import type { Context, Transaction } from '../host/context.ts'
import { datedSettings, type SettingChange } from '../host/dated-settings.ts'
import { builtInSettings, type FormingSettings, settingsOf } from './plan-input.ts'
import type { KeptSetting } from './plan-kept.ts'

const numbers = datedSettings('forming_setting', builtInSettings)

/** The numbers in force in a county on a day, with their sources. */
export async function settingsInForce(
  tx: Transaction,
  countyCode: string,
  day: string,
): Promise<{ values: FormingSettings; kept: KeptSetting[] }> {
  const { values, kept } = await numbers.inForce(tx, countyCode, day)
  return { values: settingsOf(values), kept }
}

/** 查看编排规则: every version of every number, the newest of each first, the built-in one last. */
export const getFormingSettings = numbers.list

/** 修改编排规则: from today at the earliest; plans made before keep the numbers they were made with. */
export function changeFormingSetting(input: SettingChange<keyof FormingSettings>, ctx: Context) {
  return numbers.change(input, ctx, (next) =>
    next.unitsNormal > next.unitsMax || next.membersMin > next.membersMax || next.nearMetres > next.industryMetres
      ? '下限不能大于上限，请先改另一个数。'
      : null,
  )
}
