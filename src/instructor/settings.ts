import type { Context, Transaction } from '../host/context.ts'
import { datedSettings, type SettingChange } from '../host/dated-settings.ts'
import { builtInInstructor, type InstructorSettings } from './rules.ts'

const numbers = datedSettings('instructor_setting', builtInInstructor)

/** The numbers in force in a county on a day. */
export async function settingsOn(tx: Transaction, countyCode: string, day: string): Promise<InstructorSettings> {
  return (await numbers.inForce(tx, countyCode, day)).values
}

/** 查看选派规则 */
export const getInstructorSettings = numbers.list

/** 修改选派规则: for what is planned from then on. */
export function changeInstructorSetting(input: SettingChange<keyof InstructorSettings>, ctx: Context) {
  return numbers.change(input, ctx, (next) =>
    next.capacity < 1 || next.each < 1 ? '联系家数和派几名都至少是 1。' : null,
  )
}
