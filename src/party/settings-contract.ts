import { z } from 'zod'

/** Numbers of the rules on forming, size and terms; each may be changed from a day on. */
export const partySettingKeys = [
  'ownMin',
  'branchMax',
  'generalBranchMin',
  'committeeMin',
  'jointUnitsMax',
  'branchCommitteeMin',
  'branchTermYears',
  'generalBranchTermYears',
  'committeeTermYears',
  'delayMonthsMax',
  'soonMonths',
  'firstElectionMonths',
  'projectMonthsMin',
] as const
export type PartySettingKey = (typeof partySettingKeys)[number]
export const partySettingKey = z.enum(partySettingKeys)
export type PartySettings = Readonly<Record<PartySettingKey, number>>

interface SettingWords {
  title: string
  unit: string
  value: number
  source: string
}

const branchRules = '《中国共产党支部工作条例（试行）》'
const electionRules = '《中国共产党基层组织选举工作条例》'
const termRules = '《关于党的基层组织任期的意见》'

/** What each number means, what it is where the office said nothing, and where that comes from. */
export const partySettingWords: Record<PartySettingKey, SettingWords> = {
  ownMin: { title: '单独成立党支部的正式党员下限', unit: '名', value: 3, source: '《中国共产党章程》第三十条' },
  branchMax: { title: '党支部党员人数一般上限', unit: '名', value: 50, source: `${branchRules}第四条` },
  generalBranchMin: {
    title: '设党总支的党员下限',
    unit: '名',
    value: 50,
    source: `${electionRules}及基层组织设置规定`,
  },
  committeeMin: { title: '设基层党委的党员下限', unit: '名', value: 100, source: `${electionRules}及基层组织设置规定` },
  jointUnitsMax: { title: '联合党支部覆盖单位一般上限', unit: '家', value: 5, source: `${branchRules}第五条` },
  branchCommitteeMin: { title: '设支部委员会的正式党员下限', unit: '名', value: 7, source: `${branchRules}第二十条` },
  branchTermYears: { title: '党支部委员会任期', unit: '年', value: 3, source: termRules },
  generalBranchTermYears: { title: '党总支任期', unit: '年', value: 3, source: termRules },
  committeeTermYears: { title: '基层党委任期', unit: '年', value: 5, source: termRules },
  delayMonthsMax: { title: '延期换届一般上限', unit: '个月', value: 12, source: electionRules },
  soonMonths: { title: '届满提前提醒', unit: '个月', value: 6, source: termRules },
  firstElectionMonths: { title: '成立后应完成首次选举', unit: '个月', value: 6, source: '平台默认，按本地要求修改' },
  projectMonthsMin: { title: '设项目党支部的工期下限', unit: '个月', value: 6, source: `${branchRules}第五条` },
}

/** One dated change of a number. */
export interface PartySettingVersion {
  key: PartySettingKey
  value: number
  effectiveFrom: string
}

/** The numbers in force on a day: the last version of each that had taken effect, else the default. */
export function partySettingsOn(versions: readonly PartySettingVersion[], day: string): PartySettings {
  const found = Object.fromEntries(partySettingKeys.map((key) => [key, partySettingWords[key].value]))
  const inForce = versions.filter((one) => one.effectiveFrom <= day)
  for (const one of inForce.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1))) found[one.key] = one.value
  return found as PartySettings
}
