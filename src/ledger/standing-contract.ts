import { z } from 'zod'

/** Why a unit does not reach the target, in the order of the steps; each unit has the first that holds. */
export const dropReasons = {
  cancelled: '注销',
  revoked: '吊销',
  movedOut: '迁出',
  shell: '空壳（空挂）',
  dormant: '空壳（停业）',
  otherKind: '非两新单位',
  branch: '分支机构',
  publicOwned: '公有控股',
  ownershipUnknown: '控股情况不明',
  staffUnknown: '人数不明',
  tooSmall: '规模不足',
  noPremises: '无固定场所',
} as const
export type DropReason = keyof typeof dropReasons
export const dropReason = z.enum(Object.keys(dropReasons) as [DropReason, ...DropReason[]])

/** How far units come; each step holds the next. */
export const funnelStages = { alive: '存续', operating: '实体运营', target: '摸排对象' } as const
export type FunnelStage = keyof typeof funnelStages
export const funnelStage = z.enum(Object.keys(funnelStages) as [FunnelStage, ...FunnelStage[]])

/** Reasons for which a unit falls out before a step. */
export const dropsBefore: Readonly<Record<FunnelStage, readonly DropReason[]>> = {
  alive: ['cancelled', 'revoked', 'movedOut'],
  operating: ['cancelled', 'revoked', 'movedOut', 'shell', 'dormant'],
  target: Object.keys(dropReasons) as DropReason[],
}

/** Rules by which real operation is inferred; how each reads for a unit: funnel-words.ts. */
export const evidenceRules = [
  'notAlive',
  'stated',
  'statedNot',
  'insured',
  'taxPaid',
  'seen',
  'seenIdle',
  'taxAbnormal',
  'taxNone',
  'taxNormal',
  'annualReport',
  'listedAbnormal',
  'annualReportMissed',
  'registered',
  'absent',
  'unproven',
] as const
export type EvidenceRule = (typeof evidenceRules)[number]

const months = z.number().int().min(1).max(60)
const people = z.number().int().min(0).max(10_000)

/** What a county may set of the funnel. Where each default comes from stands in `funnelSources`. */
export const funnelSettings = z.object({
  insuredMin: people.describe('参保人数不少于几人，算实体运营'),
  evidenceMonths: months.describe('税务、人社、街道园区的数据几个月内有效（距该部门最新一批文件）'),
  onSiteCounts: z.boolean().describe('街道园区报有从业人员的，算实体运营'),
  taxNormalCounts: z.boolean().describe('纳税人状态正常的，算实体运营'),
  zeroTaxIsIdle: z.boolean().describe('近 12 个月入库税额为零、又无人参保的，算空壳'),
  annualReportCounts: z.boolean().describe('按期年报的，算实体运营'),
  absenceIsShell: z.boolean().describe('税务、人社名单里都没有的，算空壳'),
  societyNeedsEvidence: z.boolean().describe('社会组织也须有税务、人社等佐证'),
  staffMin: people.describe('企业从业人数不少于几人'),
  premisesNeeded: z.boolean().describe('企业须有固定场所'),
  addressIsPremises: z.boolean().describe('不知有无场所时，登记了地址即算有'),
  insuredAsStaff: z.boolean().describe('没有从业人数时，用参保人数'),
  societyStaffMin: people.describe('社会组织从业人数不少于几人'),
  provincialCounts: z.boolean().describe('省级以上登记的社会组织，不论人数'),
  selfEmployedCounts: z.boolean().describe('个体工商户与企业同等看待'),
  branchCounts: z.boolean().describe('分支机构也列为对象'),
  unknownOwnershipCounts: z.boolean().describe('控股情况不明的企业，暂按非公有制'),
})
export type FunnelSettings = z.infer<typeof funnelSettings>
/** Some of the settings: those to be changed. */
export const someFunnelSettings = funnelSettings.partial()
export type SomeFunnelSettings = z.infer<typeof someFunnelSettings>

const operating = '太原做法：12 个月内有参保或有税即在营；赣州章贡“三防四清”：剔除僵尸、空挂企业'
const target = '全国摸排对象：三有企业（10 人以上、有固定场所、有经营活动），省级社会组织，30 人以上社会组织'
const ours = '本平台默认，可按本地口径调整'

/** What holds where the office has set nothing. */
export const funnelDefaults: FunnelSettings = {
  insuredMin: 1,
  evidenceMonths: 12,
  onSiteCounts: true,
  taxNormalCounts: true,
  zeroTaxIsIdle: true,
  annualReportCounts: true,
  absenceIsShell: true,
  societyNeedsEvidence: false,
  staffMin: 10,
  premisesNeeded: true,
  addressIsPremises: true,
  insuredAsStaff: true,
  societyStaffMin: 30,
  provincialCounts: true,
  selfEmployedCounts: true,
  branchCounts: false,
  unknownOwnershipCounts: true,
}

/** Where each default comes from. */
export const funnelSources: Readonly<Record<keyof FunnelSettings, string>> = {
  insuredMin: operating,
  evidenceMonths: operating,
  onSiteCounts: ours,
  taxNormalCounts: ours,
  zeroTaxIsIdle: operating,
  annualReportCounts: '企业信息公示暂行条例：每年 1 至 6 月报上一年度',
  absenceIsShell: operating,
  societyNeedsEvidence: '小型社会组织多无税、无参保，默认以登记为准；可按本地口径调整',
  staffMin: target,
  premisesNeeded: target,
  addressIsPremises: ours,
  insuredAsStaff: ours,
  societyStaffMin: target,
  provincialCounts: target,
  selfEmployedCounts: ours,
  branchCounts: '分支机构随其所属单位统计，企业名称登记管理规定第 13 条',
  unknownOwnershipCounts: '控股情况待补，先计入免漏（党内统计按控股情况分列）',
}
