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
  regionCodeShape,
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

const operation = operations('组建', formingPermissions)

const count = z.number().int().min(0)
const text = (max: number) => z.string().trim().min(2).max(max)
const keysOf = <K extends string>(words: Record<K, unknown>) => z.enum(Object.keys(words) as [K, ...K[]])
const action = keysOf<FormingAction>(formingActions)
const brokenRule = keysOf<BrokenRule>(ruleWords)

/** How well a unit's place is known, surest first; anything but `exact` is a guess and never counts as measured. */
export const placeSources = {
  exact: '坐标准确',
  building: '按同楼宇推定',
  road: '按道路门牌推定',
  street: '只知乡镇街道',
  none: '位置不明',
} as const satisfies Record<PlaceSource, string>
const placeSource = keysOf<PlaceSource>(placeSources)

const bounds = { min: z.number().int().min(0).exactOptional(), max: z.number().int().min(0).exactOptional() }
const decisionCondition = z.union([
  z.strictObject({ fact: z.enum(['members', 'membersKnown', 'staff', 'capital', 'partners']), ...bounds }),
  z.strictObject({
    fact: z.literal('organisation'),
    oneOf: z.array(z.enum(['none', 'joint', 'branch', 'generalBranch', 'committee'])).min(1),
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
const formingSetting = z.object({
  key: settingKey,
  word: z.string().describe('如 地域相邻的距离（米）'),
  value: count,
  source: z.string().describe('依据'),
  effectiveOn: dateShape,
  author: z.string().nullable().describe('null 为内置'),
  current: z.boolean().describe('今天施行的一版'),
})

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
  partners: count.describe('同乡镇街道另有几家只有一至二名正式党员的单位'),
  action,
  rowCode: z.string().describe('判定表中作此判定的一行'),
  dueDays: z.number().int().nullable(),
  source: z.string(),
})

export const planStates = {
  running: '正在编排',
  ready: '待审定',
  approved: '已全部批准',
  failed: '未能完成',
} as const

const planBound = z
  .object({
    percent: z.number().describe('在同样的剩余家数、同样的须说明理由组数下，总米数至多比任何方案多百分之几'),
    metresBound: z.number(),
    leftMin: count.describe('至少剩余几家'),
    leftProved: z.boolean().describe('剩余家数已证明不能再少'),
    cut: z.boolean(),
  })
  .nullable()
  .describe('null：尚未算出，或方案改动后未重算')

/** A plan in a list. */
export const planHead = z.object({
  countyCode: countyCodeShape,
  id: idShape,
  title: z.string(),
  region: regionCodeShape.describe('编排范围：县或乡镇街道'),
  state: keysOf(planStates),
  phase: z.string().describe('编排到哪一步'),
  done: z.number().min(0).max(1).describe('编排完成的份额'),
  jobId: idShape.nullable(),
  revision: count.describe('每次改动加一；改动时须带上所见的一版'),
  units: count.describe('参加编排的单位数'),
  groups: count,
  left: count.describe('未编组的单位数'),
  flagged: count.describe('须说明理由的组数'),
  metres: z.number().describe('到牵头单位的米数合计'),
  approved: count.describe('已批准的组数'),
  guessed: count.describe('位置为推定的单位数'),
  bound: planBound,
  author: z.string(),
  createdAt: momentShape,
  error: z.string().nullable(),
})

const planUnit = z.object({
  id: idShape,
  name: z.string(),
  members: count,
  street: z.string().nullable(),
  x: z.number().describe('自本方案原点向东的米数'),
  y: z.number().describe('向北的米数'),
  accuracy: placeSource,
  accuracyMetres: z.number().describe('位置误差不超过的米数'),
})
const planGroup = z.object({
  leadId: idShape.describe('牵头单位，或接收单位的现有联合党支部'),
  unitIds: z.array(idShape),
  host: z
    .object({ name: z.string(), x: z.number(), y: z.number(), units: count, members: count })
    .nullable()
    .describe('现有联合党支部：名称、位置、原有单位数和党员数；null 为新组'),
  members: count,
  metres: z.number(),
  flagged: z.boolean().describe('须说明理由'),
  locked: z.boolean(),
  approved: z.boolean(),
})

/** A plan whole: what the map and the table show. Units in no group are left over. */
export const planPage = planHead.extend({
  seed: z.number().int(),
  settings: z.array(formingSetting.omit({ current: true })).describe('编排时所用的数和依据'),
  unitList: z.array(planUnit),
  groupList: z.array(planGroup),
  refused: z.array(idShape).describe('明确不参加的单位'),
})

const byId = z.object({ id: idShape })
const edited = { id: idShape, revision: count.describe('所见方案的 revision；已被他人改动时退回') }
const moveTarget = z
  .union([idShape, z.literal('new')])
  .nullable()
  .describe('去往的组（leadId）、new 另成一组、null 移出')
const move = z.object({ unitId: idShape, to: moveTarget })
const moves = z.array(move).min(1).max(200).describe('依次进行')
const moveEffect = z.object({
  metres: z.number(),
  flagged: z.number().int(),
  leftOver: z.number().int(),
  broken: z.array(z.object({ leadId: idShape, rules: z.array(brokenRule) })).describe('改动后违反的规则，按组'),
})
const newRevision = z.object({ revision: count })

/** What the office notes of units before planning. */
export const wishKinds = { refused: '明确不参加', together: '应同组', apart: '不得同组' } as const
const wishKind = keysOf(wishKinds)

export const proposalStates = { approved: '已批准，待组建' } as const
const geocoderUrl = z
  .string()
  .trim()
  .max(500)
  .regex(/^https?:\/\/[^\s]*\{address\}/, '应为 http 或 https 网址，其中 {address} 处填入地址')
const regionInput = regionCodeShape.optional().describe('默认为管理范围的最上一级')
const exportInput = { format: z.enum(['xlsx', 'csv']).default('xlsx'), purpose: text(200).describe('用途') }

export const formingContract = {
  getDecisionTable: operation({
    method: 'GET',
    path: '/forming/decisions',
    permission: 'forming.read',
    summary: '查看组建判定表',
  })
    .input(z.object({ countyCode: countyCodeShape }))
    .output(
      z.object({
        version: count.describe('0 为内置表'),
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
    .output(jobStarted.describe('作业结果：{asked, placed, failed}；只查尚无坐标、待联合组建的单位')),
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
  startPlan: operation({ method: 'POST', path: '/forming/plans', permission: 'forming.plan', summary: '编排组建方案' })
    .input(
      z.object({
        region: regionCodeShape.describe('县或乡镇街道'),
        title: text(60).optional().describe('默认为区划名加日期'),
        seed: z.number().int().min(1).max(1_000_000).default(1).describe('同样的单位和种子得到同样的方案'),
        passes: z.number().int().min(0).max(4).default(2).describe('精细编排的遍数；0 只要快速方案'),
      }),
    )
    .output(z.object({ id: idShape, jobId: idShape })),
  listPlans: operation({
    method: 'GET',
    path: '/forming/plans',
    permission: 'forming.read',
    summary: '查看组建方案列表',
  })
    .input(z.object({ region: regionCodeShape.optional(), ...pageInput }))
    .output(pageOutput(planHead)),
  getPlan: operation({
    method: 'GET',
    path: '/forming/plans/{id}',
    permission: 'forming.read',
    summary: '查看组建方案',
  })
    .input(byId)
    .output(planPage),
  explainGroup: operation({
    method: 'GET',
    path: '/forming/plans/{id}/groups/{leadId}',
    permission: 'forming.read',
    summary: '查看编组理由',
  })
    .input(z.object({ id: idShape, leadId: idShape }))
    .output(
      z.object({
        leadId: idShape,
        members: count,
        units: count,
        lines: z.array(
          z.object({
            unitId: idShape,
            members: count,
            nearness: z.string().nullable(),
            words: z.string().describe('如 同一楼宇、地域相邻'),
            metres: z.number(),
            measured: z.boolean().describe('false：至少一方位置为推定，米数不作数'),
          }),
        ),
        flags: z.array(z.string()).describe('须说明的理由；空为正常'),
      }),
    ),
  listLeft: operation({
    method: 'GET',
    path: '/forming/plans/{id}/left',
    permission: 'forming.read',
    summary: '查看未编组单位',
  })
    .input(z.object({ id: idShape, ...pageInput }))
    .output(
      pageOutput(
        z.object({
          unitId: idShape,
          name: z.string(),
          members: count.describe('可联合范围内连同自身的正式党员'),
          words: z.string().describe('为什么未编组、建议怎么办'),
          within: z.array(z.object({ unitId: idShape, name: z.string(), metres: z.number() })).describe('最近的几家'),
        }),
      ),
    ),
  evaluateMove: operation({
    method: 'POST',
    path: '/forming/plans/{id}/evaluate',
    effect: 'query',
    permission: 'forming.read',
    summary: '试算移动单位',
  })
    .input(z.object({ id: idShape, moves }))
    .output(moveEffect),
  applyMoves: operation({
    method: 'POST',
    path: '/forming/plans/{id}/moves',
    permission: 'forming.plan',
    summary: '移动单位',
  })
    .input(z.object({ ...edited, moves }))
    .output(moveEffect.extend({ revision: count })),
  lockGroups: operation({
    method: 'POST',
    path: '/forming/plans/{id}/lock',
    permission: 'forming.plan',
    summary: '锁定或解锁编组',
  })
    .input(z.object({ ...edited, leadIds: z.array(idShape).min(1).max(5000), locked: z.boolean() }))
    .output(newRevision),
  replanRest: operation({
    method: 'POST',
    path: '/forming/plans/{id}/replan',
    permission: 'forming.plan',
    summary: '重排其余单位',
  })
    .input(
      z.object({ ...edited, fresh: z.boolean().default(false).describe('true：未锁定的全部从头排；否则尽量不动') }),
    )
    .output(jobStarted),
  takePlan: operation({
    method: 'POST',
    path: '/forming/plans/{id}/take',
    permission: 'forming.plan',
    summary: '就用目前的方案',
  })
    .input(byId)
    .output(newRevision),
  comparePlans: operation({
    method: 'GET',
    path: '/forming/plans/{id}/compare/{otherId}',
    permission: 'forming.read',
    summary: '比较两个方案',
  })
    .input(z.object({ id: idShape, otherId: idShape }))
    .output(
      z.object({
        before: planHead,
        after: planHead,
        same: count.describe('两个方案里成员相同的组数'),
        moved: z.array(
          z.object({
            unitId: idShape,
            name: z.string(),
            from: z.string().nullable().describe('原组牵头单位名称；null 为未编组'),
            to: z.string().nullable(),
          }),
        ),
        metres: z.number(),
        flagged: z.number().int(),
        leftOver: z.number().int(),
      }),
    ),
  approvePlan: operation({
    method: 'POST',
    path: '/forming/plans/{id}/approve',
    permission: 'forming.approve',
    summary: '批准编组',
  })
    .input(
      z.object({
        ...edited,
        leadIds: z.array(idShape).min(1).max(20_000).optional().describe('不填为全部尚未批准的组'),
        reason: text(300).optional().describe('所选的组有须说明理由的，必填'),
      }),
    )
    .output(z.object({ revision: count, approved: count })),
  exportPlan: operation({
    method: 'POST',
    path: '/forming/plans/{id}/export',
    permission: 'forming.export',
    summary: '导出组建方案',
  })
    .input(
      z.object({
        id: idShape,
        format: z.enum(['docx', 'xlsx']).default('docx').describe('docx 为会议文档，xlsx 为逐家的表格'),
        purpose: text(200).describe('用途'),
      }),
    )
    .output(jobStarted),
  listProposals: operation({
    method: 'GET',
    path: '/forming/proposals',
    permission: 'forming.read',
    summary: '查看待组建名单',
  })
    .input(z.object({ region: regionCodeShape.optional(), planId: idShape.optional(), ...pageInput }))
    .output(
      pageOutput(
        z.object({
          countyCode: countyCodeShape,
          id: idShape,
          planId: idShape,
          state: keysOf(proposalStates),
          leadId: idShape,
          leadName: z.string(),
          hostOrgId: idShape.nullable().describe('并入的现有联合党支部'),
          units: z.array(z.object({ unitId: idShape, name: z.string() })),
          members: count,
          reason: z.string().nullable(),
          approvedBy: z.string(),
          approvedAt: momentShape,
        }),
      ),
    ),
  listWishes: operation({
    method: 'GET',
    path: '/forming/wishes',
    permission: 'forming.read',
    summary: '查看编组要求',
  })
    .input(z.object({ countyCode: countyCodeShape, ...pageInput }))
    .output(
      pageOutput(
        z.object({
          id: idShape,
          kind: wishKind,
          unitId: idShape,
          name: z.string(),
          otherId: idShape.nullable(),
          otherName: z.string().nullable(),
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
    .output(byId),
  removeWish: operation({
    method: 'POST',
    path: '/forming/wishes/{id}/remove',
    permission: 'forming.plan',
    summary: '撤销编组要求',
  })
    .input(z.object({ id: idShape, reason: text(200) }))
    .output(doneOutput),
}
