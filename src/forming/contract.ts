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
import { formingActions, type FormingAction } from './decide.ts'
import { ruleWords, type BrokenRule } from './locked.ts'
import type { PlaceSource } from './place.ts'
import { builtInSettings, type FormingSettings } from './plan-input.ts'

/** Permissions of the forming room. */
export const formingPermissions = {
  'forming.read': '查看组建',
  'forming.plan': '编排组建方案',
  'forming.approve': '批准组建方案',
  'forming.define': '修改组建规则',
  'forming.export': '导出组建方案和名单',
} as const

/** Declares an operation of this room. */
export const operation = operations('组建', formingPermissions)

export const count = z.number().int().min(0)
export const text = (max: number) => z.string().trim().min(2).max(max)
export const keysOf = <K extends string>(words: Record<K, unknown>) => z.enum(Object.keys(words) as [K, ...K[]])
const action = keysOf<FormingAction>(formingActions)
export const brokenRule = keysOf<BrokenRule>(ruleWords)

/**
 * How well a unit's place is known, surest first; anything but `exact` is a guess and never counts as measured, and coordinates
 * that may be wrong by some metres do not either.
 */
export const placeSources = {
  exact: '有坐标',
  building: '按同楼宇推定',
  road: '按道路门牌推定',
  street: '只知乡镇街道',
  none: '位置不明',
} as const satisfies Record<PlaceSource, string>
export const placeSource = keysOf<PlaceSource>(placeSources)

const organisation = z.enum(['none', 'joint', 'branch', 'generalBranch', 'committee'])
const bounds = { min: z.number().int().min(0).exactOptional(), max: z.number().int().min(0).exactOptional() }
const decisionCondition = z.union([
  z.strictObject({ fact: z.enum(['members', 'membersKnown', 'staff', 'capital', 'partners']), ...bounds }),
  z.strictObject({
    fact: z.literal('organisation'),
    oneOf: z.array(organisation).min(1),
  }),
  z.strictObject({ fact: z.enum(['industryReady', 'regionReady', 'hostReady']), is: z.boolean() }),
])

/** A row of the decision table; rows are tried in order and the first whose conditions hold decides (domain A.11). */
export const decisionRow = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, '应为小写字母开头的代码'),
  all: z.array(decisionCondition).max(8).describe('须全部满足；空的总是满足'),
  any: z.array(decisionCondition).min(1).max(8).exactOptional().describe('另须满足其一'),
  action,
  dueDays: z.number().int().min(1).max(366).nullable().describe('自请示至批复的天数；null 为不限'),
  source: text(200).describe('依据'),
  effectiveOn: dateShape,
  endsOn: dateShape.nullable(),
})

const settingKey = keysOf<keyof FormingSettings>(builtInSettings)
export const formingSetting = z.object({
  key: settingKey,
  word: z.string().describe('如 地域相邻的距离（米）'),
  value: count,
  source: z.string().describe('依据'),
  effectiveOn: dateShape,
  author: z.string().nullable().describe('null 为内置'),
  current: z.boolean().describe('今天施行的一版'),
})

/** What became of a group that was approved. */
export const proposalStates = { approved: '已批准，待开办', begun: '办理中', founded: '已成立' } as const

/** A unit that lacks an organisation of the right kind, and what is proposed for it. */
export const gapRow = z.object({
  countyCode: countyCodeShape,
  unitId: idShape,
  name: z.string(),
  areaCode: regionCodeShape,
  areaName: z.string(),
  members: count.describe('正式党员'),
  membersKnown: count.describe('已知党员，含组织关系未转入的'),
  staff: count.nullable(),
  capital: z.number().nullable().describe('注册资本，元'),
  organisation,
  partners: count
    .nullable()
    .describe(
      '同乡镇街道另有几家只有一至二名正式党员的单位；最近的方案未能编组的为 0，乡镇街道不明的为 null（按全县判定）',
    ),
  industryReady: z.boolean(),
  regionReady: z.boolean(),
  hostReady: z.boolean(),
  leftOver: z.boolean().describe('最近的方案里未能编组'),
  proposal: z
    .object({ planId: idShape, state: keysOf(proposalStates) })
    .nullable()
    .describe('所在的已批准的编组'),
  action,
  rowCode: z.string().describe('判定表中作此判定的一行'),
  dueDays: z.number().int().nullable(),
  source: z.string(),
})

/** Which units a plan takes in beside those with one or two formal members that are in operation. */
export const planScope = z.object({
  notOperating: z.boolean().default(false).describe('含没有证实在实体运营的'),
  elsewhere: z.boolean().default(false).describe('计入组织关系未转入的党员，须先转接'),
  reported: z.boolean().default(false).describe('含名册里没有、只有来源部门所报党员数的，须先核对'),
})

/** Why a unit that is known to have members is in a plan or out of it; the first that holds counts. */
export const scopeReasons = {
  joins: '列入编排',
  gone: '已注销、迁出',
  covered: '已有党组织',
  own: '应单独组建',
  transferFirst: '应先转接组织关系，再单独组建',
  proposed: '已在批准的编组里',
  refused: '明确不参加',
  probationary: '只有预备党员',
  reportedMany: '部门报三名以上，名册里没有',
  notOperating: '没有证实在实体运营',
  elsewhere: '组织关系都不在本单位',
  reported: '只有部门所报的党员数',
} as const
export type ScopeReason = keyof typeof scopeReasons
const scopeReason = keysOf<ScopeReason>(scopeReasons)

/** What each reason means, and what to do about it. */
export const scopeHints: Readonly<Record<ScopeReason, string>> = {
  joins: '按所选的范围列入编排。',
  gone: '台账里登记为注销、迁出，或已撤出，仍有党员在册：请核对党员去向。',
  covered: '已单独、联合、区域、行业或挂靠组建。',
  own: '正式党员达到单独组建的人数，到组建台账里开办。',
  transferFirst: '连同组织关系未转入的达到人数：先转接，再单独组建。',
  proposed: '已批准的编组还没有办成；要重新编排，先撤回批准。',
  refused: '登记过“明确不参加”；在编组要求里撤销。',
  probationary: '没有正式党员，预备党员转正后再编排。',
  reportedMany: '请核对党员名册；核实后应单独组建。',
  notOperating: '甄别没有证实在实体运营；可以选择列入，或到甄别里核实。',
  elsewhere: '党员在本单位工作，组织关系在别处；可以选择列入，批复前须转接。',
  reported: '街道园区等报来的人数，党员名册里没有；可以选择列入，批复前须核对。',
}

/** A unit that is known to have members, and why it is in a plan or out of it. */
export const scopeRow = z.object({
  countyCode: countyCodeShape,
  unitId: idShape,
  name: z.string(),
  areaCode: regionCodeShape,
  areaName: z.string(),
  formal: count.describe('正式党员'),
  probationary: count.describe('预备党员'),
  elsewhere: count.describe('组织关系未转入的党员'),
  reported: count.nullable().describe('来源部门所报的党员数'),
  inOperation: z.boolean(),
  reason: scopeReason,
})

/** What the office notes of units before planning. */
export const wishKinds = { refused: '明确不参加', together: '应同组', apart: '不得同组' } as const
const wishKind = keysOf(wishKinds)

const geocoderUrl = z
  .string()
  .trim()
  .max(500)
  .regex(/^https?:\/\/[^\s]*\{address\}/, '应为 http 或 https 网址，其中 {address} 处填入地址')
const regionInput = regionCodeShape.optional().describe('默认为管理范围的最上一级')
const exportInput = { format: z.enum(['xlsx', 'csv']).default('xlsx'), purpose: purposeShape }

export const formingContract = {
  getDecisionTable: operation({
    method: 'GET',
    path: '/forming/decisions',
    permission: 'forming.read',
    summary: '查看组建判定表',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        version: z.coerce.number().int().min(0).optional().describe('要看的一版；默认为现行的'),
      }),
    )
    .output(
      z.object({
        version: count.describe('0 为内置表'),
        current: count.describe('现行的一版'),
        rows: z.array(decisionRow),
        versions: z
          .array(z.object({ version: count, author: z.string(), at: momentShape, reason: z.string() }))
          .describe('新的在前'),
      }),
    ),
  changeDecisionTable: operation({
    method: 'POST',
    path: '/forming/decisions',
    permission: 'forming.define',
    summary: '修改组建判定表',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        version: count.describe('所依据的一版'),
        rows: z.array(decisionRow).min(1).max(60),
        reason: text(300),
      }),
    )
    .output(z.object({ version: count })),
  tryDecisionTable: operation({
    method: 'POST',
    path: '/forming/decisions/try',
    effect: 'query',
    permission: 'forming.read',
    summary: '试算组建判定表',
  })
    .input(z.object({ countyCode: countyCodeShape, rows: z.array(decisionRow).min(1).max(60) }))
    .output(
      z.object({
        counts: z.array(z.object({ action, before: count, after: count })).describe('各种判定的单位数'),
        changed: count.describe('判定不同的单位数'),
      }),
    ),
  getFormingSettings: operation({
    method: 'GET',
    path: '/forming/settings',
    permission: 'forming.read',
    summary: '查看编排规则',
  })
    .input(z.object({ countyCode: countyCodeShape }))
    .output(z.object({ settings: z.array(formingSetting).describe('每个数的各版，新的在前') })),
  changeFormingSetting: operation({
    method: 'POST',
    path: '/forming/settings',
    permission: 'forming.define',
    summary: '修改编排规则',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        key: settingKey,
        value: z.number().int().min(1).max(100_000),
        effectiveOn: dateShape.describe('施行日，不早于今天'),
        source: text(200),
      }),
    )
    .output(doneOutput),
  listGaps: operation({
    method: 'POST',
    path: '/forming/gaps/search',
    effect: 'query',
    permission: 'forming.read',
    summary: '查看组建缺口',
  })
    .input(
      z.object({
        region: regionInput,
        action: action.optional(),
        text: z.string().trim().max(64).optional(),
        sort: z.enum(['areaName', 'members', 'membersKnown', 'partners', 'staff', 'capital']).default('areaName'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(
      pageOutput(gapRow).extend({
        counts: z.array(z.object({ action, units: count })).describe('各种判定的单位数，与 action 一项筛选无关'),
      }),
    ),
  exportGaps: operation({
    method: 'POST',
    path: '/forming/gaps/export',
    permission: 'forming.export',
    summary: '导出组建缺口',
  })
    .input(
      z.object({
        region: regionInput,
        action: action.optional(),
        text: z.string().trim().max(64).optional(),
        ...exportInput,
      }),
    )
    .output(jobStarted),
  listScope: operation({
    method: 'POST',
    path: '/forming/scope/search',
    effect: 'query',
    permission: 'forming.read',
    summary: '查看编排范围',
  })
    .input(
      z.object({
        region: regionInput,
        ...planScope.shape,
        reason: scopeReason.optional(),
        text: z.string().trim().max(64).optional(),
        ...pageInput,
      }),
    )
    .output(
      pageOutput(scopeRow).extend({
        counts: z
          .array(z.object({ reason: scopeReason, units: count }))
          .describe('各种情形的单位数，与 reason 一项筛选无关'),
      }),
    ),
  exportScope: operation({
    method: 'POST',
    path: '/forming/scope/export',
    permission: 'forming.export',
    summary: '导出编排范围',
  })
    .input(
      z.object({
        region: regionInput,
        ...planScope.shape,
        reason: scopeReason.optional(),
        text: z.string().trim().max(64).optional(),
        ...exportInput,
      }),
    )
    .output(jobStarted),
  getPlaces: operation({
    method: 'GET',
    path: '/forming/places',
    permission: 'forming.read',
    summary: '查看单位坐标情况',
  })
    .input(z.object({ countyCode: countyCodeShape }))
    .output(
      z.object({
        units: count.describe('台账单位数'),
        known: count.describe('有坐标的单位数'),
        addressed: count.describe('有地址而无坐标的单位数'),
        geocoder: z.string().nullable().describe('地理编码服务的主机名；网址里可能有密钥，不回显；null 为未配置'),
      }),
    ),
  setPlace: operation({
    method: 'PUT',
    path: '/forming/places/{unitId}',
    permission: 'forming.plan',
    summary: '登记单位坐标',
  })
    .input(
      z.object({
        unitId: idShape,
        longitude: z.number().min(73).max(136).describe('经度，度'),
        latitude: z.number().min(3).max(54).describe('纬度，度'),
        accuracyMetres: z.number().int().min(0).max(1000).default(0).describe('误差，米'),
        source: text(60).describe('来源，如 实地摸排'),
        surveyedOn: dateShape,
      }),
    )
    .output(doneOutput),
  setGeocoder: operation({
    method: 'PUT',
    path: '/forming/geocoder',
    permission: 'forming.define',
    summary: '设置地理编码服务',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        url: geocoderUrl.nullable().describe('查询网址，{address} 处填入地址，如自建服务或天地图；null 为不用'),
        accuracyMetres: z.number().int().min(0).max(1000).default(100).describe('所得坐标按多大误差记，米'),
      }),
    )
    .output(doneOutput),
  tryGeocoder: operation({
    method: 'POST',
    path: '/forming/geocoder/try',
    permission: 'forming.define',
    summary: '试查一个地址',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        url: geocoderUrl.describe('查询网址，尚未保存的'),
        address: z.string().trim().min(4, '请填写一个详细地址').max(100).describe('地址'),
      }),
    )
    .output(jobStarted.describe('作业结果：{longitude, latitude}，或 {said} 说明为什么没有查到')),
  geocodeUnits: operation({
    method: 'POST',
    path: '/forming/places/geocode',
    permission: 'forming.plan',
    summary: '查询单位坐标',
  })
    .input(z.object({ countyCode: countyCodeShape }))
    .output(jobStarted.describe('作业结果：{asked, placed, failed}；只查有党员、未被覆盖、尚无坐标的单位')),
  importPlaces: operation({
    method: 'POST',
    path: '/forming/places/import',
    permission: 'forming.plan',
    summary: '导入单位坐标',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        fileId: idShape.describe('已上传的表：统一社会信用代码或单位名称、经度、纬度，可有误差（米）、日期'),
        source: text(60).describe('来源，如 天地图批量查询'),
        surveyedOn: dateShape,
        checkOnly: z.boolean().default(false).describe('true：只逐行检查，不登记'),
      }),
    )
    .output(
      jobStarted.describe(
        '作业结果：{read, placed, replaced, refused, errors: [{row, message}]}，只检查时为将要登记的家数',
      ),
    ),
  listWishes: operation({
    method: 'GET',
    path: '/forming/wishes',
    permission: 'forming.read',
    summary: '查看编组要求',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        kind: wishKind.optional(),
        text: z.string().trim().max(64).optional().describe('任一家单位的名称'),
        ...pageInput,
      }),
    )
    .output(
      pageOutput(
        z.object({
          id: idShape,
          kind: wishKind,
          unitId: idShape,
          name: z.string(),
          otherId: idShape.nullable(),
          otherName: z.string().nullable(),
          followed: z.boolean().describe('按今天的情形，编排时照办'),
          now: z.string().describe('编排时怎样；不照办的说明为什么、怎么办'),
          orgId: idShape.nullable().describe('覆盖其中一家的党组织'),
          reason: z.string(),
          author: z.string(),
          at: momentShape,
        }),
      ),
    ),
  addWish: operation({ method: 'POST', path: '/forming/wishes', permission: 'forming.plan', summary: '登记编组要求' })
    .input(
      z.object({
        kind: wishKind,
        unitId: idShape,
        otherId: idShape.optional().describe('应同组、不得同组的另一家'),
        reason: text(200),
      }),
    )
    .output(z.object({ id: idShape })),
  removeWish: operation({
    method: 'POST',
    path: '/forming/wishes/{id}/remove',
    permission: 'forming.plan',
    summary: '撤销编组要求',
  })
    .input(z.object({ id: idShape, reason: text(200) }))
    .output(doneOutput),
}
