import { z } from 'zod'
import {
  countyCodeShape,
  dateShape,
  doneOutput,
  idShape,
  jobStarted,
  momentShape,
  pageInput,
  pageOutput,
  purposeShape,
  regionCodeShape,
  sortOrder,
} from '../base/list.ts'
import { operations } from '../base/operation.ts'
import { unitKind } from '../ledger/field-contract.ts'
import { condition, countColumn, coverageState, lacks, nextSteps } from './condition-contract.ts'

/** Permissions of the coverage room. */
export const coveragePermissions = {
  'coverage.read': '查看覆盖',
  'coverage.export': '导出覆盖名单',
  'coverage.mark': '维护党建基数与标记',
  'coverage.define': '定义指标与规则',
  'coverage.submit': '上报数据',
  'coverage.approve': '审核上报数据',
} as const

const operation = operations('覆盖', coveragePermissions)

const key = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,39}$/, '应为字母开头的代码')
const count = z.number().int().describe('个数，或合计人数')
const levelShape = z.enum(['country', 'province', 'city', 'county', 'township'])
const asOfInput = dateShape.optional().describe('截至日；默认今天，不能晚于今天')

/** What a percentage counts: units that fulfil the conditions, or a number of persons added up over them. */
const counting = z
  .union([
    z.strictObject({ by: z.literal('units') }),
    z.strictObject({ by: z.literal('sum'), numerator: countColumn, denominator: countColumn }),
  ])
  .describe('按单位计数，或按列合计')

export const ratioBases = {
  written: '有成文定义',
  article: '文章所用口径',
  inferred: '推定口径',
  office: '本机关自定',
} as const

/** One version of a named ratio. The numerator is counted among the units of the denominator, so it is never greater. */
export const ratio = z.object({
  key,
  version: z.number().int().min(1),
  name: z.string().describe('名称，如 组织覆盖率'),
  definition: z.string().describe('成文定义，一句话'),
  numeratorText: z.string().describe('分子，用文字说'),
  denominatorText: z.string().describe('分母，用文字说'),
  numerator: condition,
  denominator: condition,
  counting,
  effectiveFrom: dateShape.describe('施行日；此前各日仍用前一版'),
  source: z.string().describe('依据：文件名、文号或网址'),
  basis: z.enum(Object.keys(ratioBases) as [keyof typeof ratioBases]),
  note: z.string(),
  builtIn: z.boolean(),
  author: z.string().nullable(),
  definedAt: momentShape.nullable(),
  retiredFrom: dateShape.nullable().describe('停用日；null 为仍在用'),
})
export type Ratio = z.infer<typeof ratio>

const ratioInput = z.object({
  key: key.optional().describe('已有指标的代码，为它定新版；不填为新指标'),
  name: z.string().trim().min(2).max(40),
  definition: z.string().trim().min(4).max(500),
  numeratorText: z.string().trim().min(2).max(200),
  denominatorText: z.string().trim().min(2).max(200),
  numerator: condition,
  denominator: condition,
  counting,
  effectiveFrom: dateShape.describe('施行日。新版不早于今天；新指标可以早于今天'),
  source: z.string().trim().min(2).max(300),
  note: z.string().trim().max(500).default(''),
})

/** A ratio's answer: whose definition, which version, as of which day, from how many. `value` is null over nothing. */
export const ratioAnswer = z.object({
  key,
  name: z.string(),
  version: z.number().int(),
  asOf: dateShape,
  numerator: count,
  denominator: count,
  value: z.number().nullable().describe('分子 ÷ 分母，0 至 1；分母为 0 时为 null'),
})
export type RatioAnswer = z.infer<typeof ratioAnswer>

/** A plain count of the dashboard; opens into its list as `{of: {figure: key}}`. */
export const figureAnswer = z.object({ key, value: count })

const figureGroups = {
  total: '总量',
  state: '覆盖方式',
  lack: '未建情形',
  gap: '差距',
  person: '人数',
  work: '工作力量',
} as const
export const figure = z.object({
  key,
  name: z.string().describe('如 应建未建'),
  group: z.enum(Object.keys(figureGroups) as [keyof typeof figureGroups]),
  unit: z.string().describe('家 或 人'),
  text: z.string().describe('怎么数的'),
})

/** Which units a list shows: those that a ratio or a figure counts, or those that fulfil a condition. */
export const listOf = z.union([
  z.strictObject({
    ratio: key,
    part: z.enum(['numerator', 'denominator', 'gap']).describe('分子、分母、差距（在分母不在分子）'),
  }),
  z.strictObject({ figure: key }),
  z.strictObject({ condition }),
])
export type ListOf = z.infer<typeof listOf>

/** Which list: of what, where, on which day, and what is looked for in it. */
/** What the list of units can be sorted by. */
export const unitSort = z.enum(['place', 'name', 'state', 'formal', 'staff', 'since', 'elsewhere'])
export type UnitSort = z.infer<typeof unitSort>

const wantedList = {
  of: listOf,
  where: condition.optional().describe('名单中再满足的条件'),
  region: regionCodeShape.optional(),
  unplaced: z.boolean().optional().describe('只看未明确乡镇街道的'),
  asOf: asOfInput,
  text: z.string().trim().max(64).optional().describe('单位现名中的字'),
}

const stepShape = z.object({
  key: z.enum(Object.keys(nextSteps) as [keyof typeof nextSteps]),
  title: z.string(),
  basis: z.string().describe('为什么、期限'),
})

/** A unit as it stood on a day. */
export const coverageRow = z.object({
  countyCode: countyCodeShape,
  unitId: idShape,
  name: z.string().describe('单位现名'),
  unitKind,
  areaCode: regionCodeShape.describe('当日所属乡镇街道（或县）'),
  areaName: z.string(),
  inOperation: z.boolean(),
  isTarget: z.boolean(),
  staff: z.number().int().nullable(),
  formal: z.number().int(),
  probationary: z.number().int(),
  knownElsewhere: z.number().int().describe('组织关系未转入的党员'),
  state: coverageState,
  lack: z.enum(Object.keys(lacks) as [keyof typeof lacks]).nullable(),
  due: z.boolean(),
  jointUnits: z.number().int().nullable(),
  since: dateShape.describe('这样记着的起始日'),
  reason: z.string().describe('为什么是这个覆盖方式，一句话'),
  step: stepShape,
})
export type CoverageRow = z.infer<typeof coverageRow>

const regionWords = z.object({ code: regionCodeShape, name: z.string(), level: levelShape, hasChildren: z.boolean() })

const dashboard = z.object({
  region: regionWords,
  path: z.array(regionWords).describe('自管理范围起，到本区划的各级'),
  asOf: dateShape.describe('数据所到之日：不晚于所问之日'),
  settled: z.boolean().describe('false：仍有变动在计算，几秒后再看'),
  failing: count.describe('不成立的恒等关系处数（县、乡镇街道逐处核验，每次变动后都核验）；打开数据核验'),
  figures: z.array(figureAnswer),
  ratios: z.array(ratioAnswer),
  trend: z.object({
    days: z.array(dateShape).describe('各月末，末项为 asOf'),
    ratios: z.array(
      z.object({
        key,
        versions: z.array(z.number().int().nullable()).describe('各日所用版本；null 为当日尚无此指标'),
        numerators: z.array(count),
        denominators: z.array(count),
      }),
    ),
    figures: z.array(z.object({ key, values: z.array(count) })),
  }),
})

const regionRow = z.object({
  region: regionWords,
  figures: z.array(figureAnswer),
  ratios: z.array(ratioAnswer),
})

const check = z.object({
  key: z.string(),
  title: z.string().describe('如 单位数 = 单独组建 + 联合组建 + 未建'),
  kind: z.enum(['identity', 'data']).describe('恒等关系，或需核实的数据'),
  left: count,
  right: count,
  holds: z.boolean(),
  failing: z
    .array(z.object({ region: regionCodeShape, name: z.string(), left: count, right: count }))
    .describe('不成立的县、乡镇街道，至多 50 个'),
  list: listOf.nullable().describe('打开后面的单位'),
})

/** Numbers of the room's own rules; those on forming and terms are the party room's (GET /party/settings). */
export const settingKeys = ['instructStaffMin'] as const
const settingKey = z.enum(settingKeys)
const setting = z.object({
  key: settingKey,
  title: z.string(),
  unit: z.string(),
  value: z.number().int(),
  effectiveFrom: dateShape,
  source: z.string(),
  author: z.string().nullable().describe('null 为内置默认值'),
  current: z.boolean().describe('今天施行的一版'),
})

/** What the office itself states of a unit from a day on. */
export const markKinds = {
  base: '列入党建基数',
  dueByPlan: '列入组建计划（应建）',
  professional: '实行党务工作者专业化管理',
} as const
const markKind = z.enum(Object.keys(markKinds) as [keyof typeof markKinds])

export const snapshotStates = {
  draft: '待上报',
  submitted: '已上报，待审核',
  approved: '已审核，待上级审核',
  locked: '已锁定',
  returned: '已退回',
} as const
const snapshotState = z.enum(Object.keys(snapshotStates) as [keyof typeof snapshotStates])

const snapshotHead = z.object({
  countyCode: countyCodeShape,
  id: idShape,
  region: regionCodeShape.describe('上报的县或乡镇街道'),
  regionName: z.string(),
  period: z.string().describe('YYYY-MM'),
  asOf: dateShape.describe('该月最后一天'),
  version: z.number().int().min(1).describe('1 为首报，之后为订正'),
  basis: z.enum(['closed', 'restated']).describe('按当日结算数，或按现在所知重新计算当日'),
  state: snapshotState,
  preparedBy: z.string(),
  preparedAt: momentShape,
  submittedBy: z.string().nullable(),
  submittedAt: momentShape.nullable(),
  awaits: z.string().nullable().describe('等哪一级办理，如 市级审核；null 为不等'),
  mayApprove: z.boolean().describe('当前账号可审核'),
  reason: z.string().nullable().describe('订正或退回的理由'),
})

const snapshot = snapshotHead.extend({
  figures: z.array(figureAnswer.extend({ name: z.string(), before: count.nullable().describe('前一版的数') })),
  ratios: z.array(
    ratioAnswer.extend({ before: z.object({ numerator: count, denominator: count }).nullable().describe('前一版') }),
  ),
  checks: z.array(check.pick({ key: true, title: true, kind: true, left: true, right: true, holds: true })),
  missing: z.array(z.object({ region: regionCodeShape, name: z.string() })).describe('本期尚未审核通过的下级'),
  steps: z.array(
    z.object({
      at: momentShape,
      by: z.string(),
      did: z.string().describe('上报、县级审核通过、退回……'),
      reason: z.string().nullable(),
    }),
  ),
})

export const coverageContract = {
  getDashboard: operation({
    method: 'GET',
    path: '/coverage/dashboard',
    permission: 'coverage.read',
    summary: '查看覆盖看板',
  })
    .input(
      z.object({
        region: regionCodeShape.optional().describe('默认为管理范围的最上一级'),
        asOf: asOfInput,
        months: z.coerce.number().int().min(1).max(60).default(24).describe('趋势月数'),
      }),
    )
    .output(dashboard),
  compareRegions: operation({
    method: 'GET',
    path: '/coverage/regions',
    permission: 'coverage.read',
    summary: '比较各区划覆盖情况',
  })
    .input(
      z.object({
        region: regionCodeShape.optional(),
        level: levelShape.optional().describe('默认为下一级'),
        asOf: asOfInput,
        ...pageInput,
      }),
    )
    .output(pageOutput(regionRow).extend({ asOf: dateShape, level: levelShape })),
  listUnits: operation({
    method: 'POST',
    path: '/coverage/units/search',
    effect: 'query',
    permission: 'coverage.read',
    summary: '查看覆盖名单',
  })
    .input(
      z.object({
        ...wantedList,
        sort: unitSort.default('place'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(
      pageOutput(coverageRow).extend({
        asOf: dateShape,
        title: z.string().describe('名单叫什么，如 组织覆盖率（第 1 版）· 差距'),
      }),
    ),
  exportUnits: operation({
    method: 'POST',
    path: '/coverage/units/export',
    permission: 'coverage.export',
    summary: '导出覆盖名单',
  })
    .input(
      z.object({
        ...wantedList,
        format: z.enum(['xlsx', 'csv']),
        purpose: purposeShape,
      }),
    )
    .output(jobStarted),
  getUnitCoverage: operation({
    method: 'GET',
    path: '/coverage/units/{id}',
    permission: 'coverage.read',
    summary: '查看单位覆盖情况',
  })
    .input(z.object({ id: idShape }))
    .output(
      z.object({
        now: coverageRow.nullable().describe('null：不在统计范围（已撤下、注销，或尚未计算）'),
        history: z.array(z.object({ from: dateShape, to: dateShape.nullable().describe('不含'), row: coverageRow })),
        marks: z.array(z.object({ kind: markKind, from: dateShape, to: dateShape.nullable(), source: z.string() })),
      }),
    ),
  getDefinitions: operation({
    method: 'GET',
    path: '/coverage/definitions',
    permission: 'coverage.read',
    summary: '查看指标定义',
  }).output(
    z.object({ ratios: z.array(ratio).describe('全部指标的全部版本，同一指标新版在前'), figures: z.array(figure) }),
  ),
  previewRatio: operation({
    method: 'POST',
    path: '/coverage/ratios/preview',
    effect: 'query',
    permission: 'coverage.define',
    summary: '试算指标',
  })
    .input(
      z.object({
        numerator: condition,
        denominator: condition,
        counting,
        region: regionCodeShape.optional(),
        asOf: asOfInput,
      }),
    )
    .output(z.object({ asOf: dateShape, numerator: count, denominator: count, value: z.number().nullable() })),
  defineRatio: operation({
    method: 'POST',
    path: '/coverage/ratios',
    permission: 'coverage.define',
    summary: '定义指标',
  })
    .input(ratioInput)
    .output(z.object({ key, version: z.number().int() }).describe('各月数字随后算出，其间看板 settled 为 false')),
  retireRatio: operation({
    method: 'POST',
    path: '/coverage/ratios/{key}/retire',
    permission: 'coverage.define',
    summary: '停用指标',
  })
    .input(z.object({ key, reason: z.string().trim().min(2).max(200) }))
    .output(doneOutput),
  getSettings: operation({
    method: 'GET',
    path: '/coverage/settings',
    permission: 'coverage.read',
    summary: '查看覆盖规则',
  }).output(z.object({ settings: z.array(setting).describe('每项的各版，新版在前') })),
  changeSetting: operation({
    method: 'POST',
    path: '/coverage/settings',
    permission: 'coverage.define',
    summary: '修改覆盖规则',
  })
    .input(
      z.object({
        key: settingKey,
        value: z.number().int().min(1).max(10_000),
        effectiveFrom: dateShape.describe('不早于今天'),
        source: z.string().trim().min(2).max(300),
      }),
    )
    .output(doneOutput),
  markUnits: operation({ method: 'POST', path: '/coverage/marks', permission: 'coverage.mark', summary: '标记单位' })
    .input(
      z.object({
        kind: markKind,
        unitIds: z.array(idShape).min(1).max(500),
        on: z.boolean().describe('false 为取消'),
        from: dateShape.optional().describe('自何日起，默认今天'),
        source: z.string().trim().min(2).max(300).describe('依据'),
      }),
    )
    .output(z.object({ changed: z.number().int() })),
  getChecks: operation({
    method: 'GET',
    path: '/coverage/checks',
    permission: 'coverage.read',
    summary: '查看数据核验',
  })
    .input(z.object({ region: regionCodeShape.optional(), asOf: asOfInput }))
    .output(z.object({ asOf: dateShape, checks: z.array(check) })),
  rebuildCoverage: operation({
    method: 'POST',
    path: '/coverage/rebuild',
    permission: 'coverage.define',
    summary: '重算覆盖情况',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        history: z
          .boolean()
          .default(false)
          .describe('true：建账回填，过去三十六个月按现有事实重来一遍；只在该县首次生成上报数据之前可用'),
        reason: z.string().trim().min(2).max(300).optional().describe('回填必填：为什么'),
      }),
    )
    .output(z.object({ units: z.number().int().describe('将重算的单位数') })),
  listSnapshots: operation({
    method: 'GET',
    path: '/coverage/snapshots',
    permission: 'coverage.read',
    summary: '查看上报列表',
  })
    .input(
      z.object({
        region: regionCodeShape.optional(),
        period: z
          .string()
          .regex(/^\d{4}-\d{2}$/)
          .optional(),
        state: snapshotState.optional(),
        ...pageInput,
      }),
    )
    .output(pageOutput(snapshotHead)),
  getSnapshot: operation({
    method: 'GET',
    path: '/coverage/snapshots/{id}',
    permission: 'coverage.read',
    summary: '查看上报',
  })
    .input(z.object({ id: idShape }))
    .output(snapshot),
  prepareSnapshot: operation({
    method: 'POST',
    path: '/coverage/snapshots',
    permission: 'coverage.submit',
    summary: '生成上报数据',
  })
    .input(
      z.object({
        region: regionCodeShape.describe('县或乡镇街道'),
        period: z
          .string()
          .regex(/^\d{4}-(0[1-9]|1[0-2])$/, '应为 YYYY-MM')
          .describe('已结束的月份'),
        reason: z.string().trim().min(2).max(300).optional().describe('订正必填：为什么订正'),
      }),
    )
    .output(z.object({ id: idShape.nullable().describe('订正由作业生成，此时为 null'), jobId: idShape.nullable() })),
  submitSnapshot: operation({
    method: 'POST',
    path: '/coverage/snapshots/{id}/submit',
    permission: 'coverage.submit',
    summary: '上报',
  })
    .input(z.object({ id: idShape }))
    .output(doneOutput),
  approveSnapshot: operation({
    method: 'POST',
    path: '/coverage/snapshots/{id}/approve',
    permission: 'coverage.approve',
    summary: '审核通过',
  })
    .input(z.object({ id: idShape }))
    .output(z.object({ state: snapshotState })),
  returnSnapshot: operation({
    method: 'POST',
    path: '/coverage/snapshots/{id}/return',
    permission: 'coverage.approve',
    summary: '退回上报',
  })
    .input(z.object({ id: idShape, reason: z.string().trim().min(2).max(300) }))
    .output(doneOutput),
}
