import type { Context, Transaction } from '../host/context.ts'
import { datedSettings, type SettingChange } from '../host/dated-settings.ts'
import { builtInFounding, type FoundingSettings } from './rules.ts'

const numbers = datedSettings('founding_setting', builtInFounding)

/** The numbers in force in a county on a day. */
export async function settingsOn(tx: Transaction, countyCode: string, day: string): Promise<FoundingSettings> {
  return (await numbers.inForce(tx, countyCode, day)).values
}

/** 查看办理期限: every version of every number, the newest of each first, the built-in one last. */
export const getFoundingSettings = numbers.list

/** 修改办理期限: for steps that begin from then on; terms that run already stay. */
export function changeFoundingSetting(input: SettingChange<keyof FoundingSettings>, ctx: Context) {
  return numbers.change(input, ctx, (next) => (next.quorumPercent > 100 ? '比例不能大于 100。' : null))
}
