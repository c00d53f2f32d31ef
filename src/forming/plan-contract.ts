import { z } from 'zod'
import {
  countyCodeShape,
  doneOutput,
  idShape,
  jobStarted,
  momentShape,
  pageInput,
  pageOutput,
  purposeShape,
  regionCodeShape,
} from '../base/list.ts'
import {
  brokenRule,
  count,
  formingSetting,
  keysOf,
  operation,
  placeSource,
  planScope,
  proposalStates,
  scopeReasons,
  text,
} from './contract.ts'

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
  units: count.describe('方案里的单位数，含明确不参加的'),
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
  members: count.describe('编排所计的党员'),
  formal: count.describe('其中组织关系在本单位的正式党员'),
  reported: z.boolean().describe('党员数是来源部门所报，须先核对'),
  operating: z.boolean().describe('证实在实体运营'),
  address: z.string().nullable(),
  road: z.string().nullable().describe('地址里的道路或小区'),
  number: count.nullable().describe('门牌号'),
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
  proposal: keysOf(proposalStates).nullable().describe('批准后办到哪里；null 为没有批准'),
  transfer: count.describe('组织关系须先转入的党员'),
  verify: count.describe('须先核对的党员：来源部门所报，名册里没有'),
  idle: count.describe('没有证实在实体运营的单位'),
})

/** A plan whole: what the map and the table show. Units in no group are left over. */
export const planPage = planHead.extend({
  seed: z.number().int(),
  scope: planScope,
  scopeCounts: z
    .array(z.object({ reason: keysOf(scopeReasons), units: count }))
    .describe('编排时有党员的单位列入、未列入的家数，按情形'),
  settings: z.array(formingSetting.omit({ current: true })).describe('编排时所用的数和依据'),
  unitList: z.array(planUnit),
  groupList: z.array(planGroup),
  refused: z.array(idShape).describe('明确不参加的单位'),
  unmet: z
    .array(z.object({ unitId: idShape, words: z.string() }))
    .describe('没有照办的“应同组”要求：只有一家列入编排；说明为什么、怎么办'),
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

export const planContract = {
  startPlan: operation({ method: 'POST', path: '/forming/plans', permission: 'forming.plan', summary: '编排组建方案' })
    .input(
      z.object({
        region: regionCodeShape.describe('县或乡镇街道'),
        title: text(60).optional().describe('默认为区划名加日期'),
        scope: planScope.default({ notOperating: false, elsewhere: false, reported: false }).describe('哪些单位参加'),
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
    .input(
      z.object({
        region: regionCodeShape.optional(),
        state: keysOf(planStates).optional(),
        text: z.string().trim().max(60).optional().describe('方案名称'),
        ...pageInput,
      }),
    )
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
        flags: z.array(z.string()).describe('须说明的理由、没有照办的编组要求；空为正常'),
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
          members: count.describe('可联合范围内连同自身的党员，含编排范围所列入的未转入和部门所报'),
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
  measurePlan: operation({
    method: 'POST',
    path: '/forming/plans/{id}/measure',
    permission: 'forming.plan',
    summary: '重算差距',
  })
    .input(byId)
    .output(jobStarted.describe('作业结果：{groups, left, percent}')),
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
  withdrawApproval: operation({
    method: 'POST',
    path: '/forming/plans/{id}/withdraw',
    permission: 'forming.approve',
    summary: '撤回批准',
  })
    .input(z.object({ ...edited, leadIds: z.array(idShape).min(1).max(20_000), reason: text(200).describe('原因') }))
    .output(newRevision),
  discardPlan: operation({
    method: 'POST',
    path: '/forming/plans/{id}/discard',
    permission: 'forming.plan',
    summary: '删除组建方案',
  })
    .input(z.object({ id: idShape, reason: text(200).describe('原因') }))
    .output(doneOutput),
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
        purpose: purposeShape,
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
          hostOrgId: idShape.nullable().describe('并入的现有党组织'),
          units: z.array(z.object({ unitId: idShape, name: z.string() })),
          members: count,
          reason: z.string().nullable(),
          approvedBy: z.string(),
          approvedAt: momentShape,
        }),
      ),
    ),
}
