import {
  type PartySettings,
  type PartySettingVersion,
  partySettingKeys,
  partySettingsOn,
} from '../party/settings-contract.ts'
import type { settingKeys } from './contract.ts'

type SettingKey = (typeof settingKeys)[number]

/** The numbers that states are worked out with: the party room's rules on forming and terms, and the room's own. */
export type Settings = PartySettings & Readonly<Record<SettingKey, number>>

/** What each of the room's own numbers means, what it is where the office said nothing, and where that comes from. */
export const settingWords: Record<SettingKey, { title: string; unit: string; value: number; source: string }> = {
  instructStaffMin: {
    title: '没有党员的单位优先派指导员的从业人数',
    unit: '人',
    value: 50,
    source: '非公有制企业组建流程（资本 1000 万元以上且从业 50 人以上优先派指导员）',
  },
}

/** One dated change of a number. */
export type SettingVersion = PartySettingVersion | { key: SettingKey; value: number; effectiveFrom: string }

const isParty = (one: SettingVersion): one is PartySettingVersion =>
  (partySettingKeys as readonly string[]).includes(one.key)

/** The numbers in force on a day: the last version of each that had taken effect, else the default. */
export function settingsOn(versions: readonly SettingVersion[], day: string): Settings {
  const own = Object.fromEntries(Object.entries(settingWords).map(([key, { value }]) => [key, value]))
  const inForce = versions.filter((one) => !isParty(one) && one.effectiveFrom <= day)
  for (const one of inForce.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1))) own[one.key] = one.value
  return { ...partySettingsOn(versions.filter(isParty), day), ...(own as Record<SettingKey, number>) }
}
