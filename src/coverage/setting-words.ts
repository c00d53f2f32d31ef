import type { settingKeys } from './contract.ts'

type SettingKey = (typeof settingKeys)[number]

/** The numbers that states are worked out with. */
export type Settings = Readonly<Record<SettingKey, number>>

/** What each number means, what it is where the office said nothing, and where that comes from (domain A.1, A.11). */
export const settingWords: Record<SettingKey, { title: string; unit: string; value: number; source: string }> = {
  dueMin: { title: '应建党组织的正式党员人数', unit: '名', value: 3, source: '《中国共产党章程》第三十条' },
  jointMax: {
    title: '联合党支部覆盖单位上限',
    unit: '家',
    value: 5,
    source: '《中国共产党支部工作条例（试行）》第五条',
  },
  smallCommitteeMin: {
    title: '设支部委员会的正式党员人数',
    unit: '名',
    value: 7,
    source: '《中国共产党支部工作条例（试行）》第二十条',
  },
  generalBranchMin: {
    title: '设党总支的党员人数',
    unit: '名',
    value: 50,
    source: '《中国共产党章程》及基层组织选举工作条例',
  },
  committeeMin: {
    title: '设基层党委的党员人数',
    unit: '名',
    value: 100,
    source: '《中国共产党章程》及基层组织选举工作条例',
  },
  instructStaffMin: {
    title: '没有党员的单位优先派指导员的从业人数',
    unit: '人',
    value: 50,
    source: '非公有制企业组建流程（资本 1000 万元以上且从业 50 人以上优先派指导员）',
  },
  termSoonMonths: { title: '届满提前提醒', unit: '个月', value: 6, source: '《中国共产党基层组织选举工作条例》' },
}

/** One dated change of a number. */
export interface SettingVersion {
  key: SettingKey
  value: number
  effectiveFrom: string
}

/** The numbers in force on a day: the last version of each that had taken effect, else the default. */
export function settingsOn(versions: readonly SettingVersion[], day: string): Settings {
  const found = Object.fromEntries(Object.entries(settingWords).map(([key, { value }]) => [key, value]))
  const inForce = versions.filter((one) => one.effectiveFrom <= day)
  for (const one of inForce.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1))) found[one.key] = one.value
  return found as Settings
}
