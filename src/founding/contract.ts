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
import { formingMode, orgKind, termForming } from '../party/words-contract.ts'
import { builtInFounding, dossierItems, foundingForms, foundingSteps } from './rules.ts'

/** Permissions of the founding room. */
export const foundingPermissions = {
  'founding.read': '查看组建办理',
  'founding.handle': '办理组建',
  'founding.approve': '登记批复、选举和报备',
  'founding.define': '修改办理期限',
  'founding.export': '导出组建办理台账和文书',
  'founding.download': '下载组建办理材料',
} as const

const operation = operations('组建办理', foundingPermissions)

const count = z.number().int().min(0)
const text = (max: number) => z.string().trim().min(2).max(max)
const keysOf = <K extends string>(words: Record<K, unknown>) => z.enum(Object.keys(words) as [K, ...K[]])

export const caseStates = { open: '办理中', done: '已办结', closed: '已终止' } as const
export const stepStates = { done: '已办', skipped: '跳过', postponed: '延期' } as const
/** Documents that the platform writes from a case. */
export const documentKinds = {
  request: '请示',
  reply: '批复',
  result: '选举（任职）报告',
  filing: '备案表',
} as const
export type DocumentKind = keyof typeof documentKinds

const form = keysOf(foundingForms)
const step = keysOf(foundingSteps)
const item = keysOf(dossierItems)
const settingKey = keysOf(builtInFounding)
const regionInput = regionCodeShape.optional().describe('默认为管理范围的最上一级')
const reason = text(200).describe('原因')
const byId = z.object({ id: idShape })
const docNo = z.string().trim().max(60).optional().describe('文号')
const note = text(500).describe('办理情况')

/** A case on the board and in lists. */
export const caseHead = z.object({
  countyCode: countyCodeShape,
  id: idShape,
  form,
  state: keysOf(caseStates),
  step: step.nullable().describe('下一步；null 为已办结或已终止'),
  dueOn: dateShape.nullable().describe('下一步的期限'),
  overdue: z.boolean(),
  kind: orgKind,
  formingMode,
  orgName: z.string(),
  leadId: idShape,
  leadName: z.string(),
  units: count.describe('单位数'),
  members: count.describe('开办时的正式党员数'),
  areaName: z.string(),
  openedOn: dateShape,
  endedOn: dateShape.nullable(),
  orgId: idShape.nullable().describe('成立或并入的党组织'),
})

const stepRow = z.object({
  id: idShape,
  step,
  state: keysOf(stepStates),
  on: dateShape.describe('办理日期；延期为延到的日期'),
  note: z.string(),
  docNo: z.string().nullable(),
  entitled: count.nullable().describe('应到会有选举权的党员'),
  present: count.nullable().describe('实到'),
  author: z.string(),
  at: momentShape,
  takenBack: z.object({ at: momentShape, by: z.string(), reason: z.string() }).nullable(),
})

const evidenceRow = z.object({
  id: idShape,
  step,
  item: item.nullable(),
  on: dateShape,
  note: z.string(),
  fileName: z.string().nullable(),
  waived: z.boolean().describe('不需要这份材料'),
  author: z.string(),
  at: momentShape,
})

/** A case whole. */
export const casePage = caseHead.extend({
  parentId: idShape.nullable(),
  parentName: z.string().nullable(),
  hostOrgId: idShape.nullable(),
  hostName: z.string().nullable(),
  membersMin: count.nullable().describe('批复时至少要有的正式党员；null 为不限'),
  unitList: z.array(
    z.object({ unitId: idShape, name: z.string(), members: count.describe('今天的正式党员数'), covered: z.boolean() }),
  ),
  stepList: z.array(stepRow).describe('由早到晚，含撤回的'),
  evidence: z.array(evidenceRow),
  dossier: z.array(z.object({ item, state: z.enum(['there', 'waived', 'missing']) })),
  author: z.string(),
  closedReason: z.string().nullable(),
})

const listInput = {
  region: regionInput,
  state: keysOf(caseStates).optional(),
  step: step.optional(),
  overdue: z.boolean().optional().describe('只要逾期的'),
  soon: z.boolean().optional().describe('只要今天起七天内到期的'),
  text: z.string().trim().max(64).optional().describe('党组织或单位名称'),
}

export const foundingContract = {
  getFoundingSettings: operation({
    method: 'GET',
    path: '/founding/settings',
    permission: 'founding.read',
    summary: '查看办理期限',
  })
    .input(z.object({ countyCode: countyCodeShape }))
    .output(
      z.object({
        settings: z.array(
          z.object({
            key: settingKey,
            word: z.string(),
            unit: z.string(),
            value: count,
            source: z.string().describe('依据'),
            effectiveOn: dateShape,
            author: z.string().nullable().describe('null 为内置'),
            current: z.boolean(),
          }),
        ),
      }),
    ),
  changeFoundingSetting: operation({
    method: 'PUT',
    path: '/founding/settings',
    permission: 'founding.define',
    summary: '修改办理期限',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        key: settingKey,
        value: z.number().int().min(1).max(366),
        effectiveOn: dateShape.describe('从哪天起施行'),
        source: text(200).describe('依据'),
      }),
    )
    .output(doneOutput),
  listWaiting: operation({
    method: 'GET',
    path: '/founding/waiting',
    permission: 'founding.read',
    summary: '查看已批准待办理的编组',
  })
    .input(
      z.object({
        region: regionInput,
        text: z.string().trim().max(64).optional().describe('单位名称'),
        ...pageInput,
      }),
    )
    .output(
      pageOutput(
        z.object({
          proposalId: idShape,
          planId: idShape,
          leadName: z.string(),
          hostName: z.string().nullable().describe('并入的现有党组织'),
          units: z.array(z.string()),
          members: count.describe('编排所计的党员'),
          formal: count.describe('今天组织关系在本单位的正式党员；并入的不含现有党组织的'),
          approvedBy: z.string(),
          approvedAt: momentShape,
        }),
      ),
    ),
  openFromProposals: operation({
    method: 'POST',
    path: '/founding/cases/from-proposals',
    permission: 'founding.handle',
    summary: '按批准的编组开办',
  })
    .input(
      z.object({
        proposalIds: z.array(idShape).min(1).max(200),
        parentId: idShape.nullable().default(null).describe('上级党组织'),
        parentName: z.string().trim().max(100).nullable().default(null).describe('上级党组织名称（不在本平台的）'),
      }),
    )
    .output(z.object({ opened: count, ids: z.array(idShape) })),
  openCase: operation({
    method: 'POST',
    path: '/founding/cases',
    permission: 'founding.handle',
    summary: '开办组建',
  })
    .input(
      z.object({
        unitIds: z.array(idShape).min(1, '请选择单位').max(50).describe('单位；第一家为牵头单位'),
        kind: orgKind.describe('类别'),
        formingMode: formingMode.describe('组建方式'),
        orgName: z.string().trim().max(100).default('').describe('党组织名称'),
        parentId: idShape.nullable().default(null).describe('上级党组织'),
        parentName: z.string().trim().max(100).nullable().default(null).describe('上级党组织名称（不在本平台的）'),
      }),
    )
    .output(byId),
  listCases: operation({
    method: 'POST',
    path: '/founding/cases/search',
    effect: 'query',
    permission: 'founding.read',
    summary: '查看组建办理台账',
  })
    .input(
      z.object({
        ...listInput,
        sort: z.enum(['dueOn', 'openedOn', 'orgName']).default('dueOn'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(pageOutput(caseHead)),
  getBoard: operation({
    method: 'GET',
    path: '/founding/board',
    permission: 'founding.read',
    summary: '查看组建办理看板',
  })
    .input(z.object({ region: regionInput }))
    .output(
      z.object({
        columns: z.array(
          z.object({
            step,
            total: count,
            overdue: count,
            cases: z.array(caseHead).describe('期限最近的至多 20 件'),
          }),
        ),
        done: count.describe('已办结'),
        closed: count.describe('已终止'),
        waiting: count.describe('已批准而未开办的编组'),
      }),
    ),
  exportCases: operation({
    method: 'POST',
    path: '/founding/cases/export',
    permission: 'founding.export',
    summary: '导出组建办理台账',
  })
    .input(z.object({ ...listInput, format: z.enum(['xlsx', 'csv']).default('xlsx'), purpose: purposeShape }))
    .output(jobStarted),
  getCase: operation({
    method: 'GET',
    path: '/founding/cases/{id}',
    permission: 'founding.read',
    summary: '查看一件组建办理',
  })
    .input(byId)
    .output(casePage),
  editCase: operation({
    method: 'PUT',
    path: '/founding/cases/{id}',
    permission: 'founding.handle',
    summary: '修改拟成立的党组织',
  })
    .input(
      z.object({
        id: idShape,
        orgName: text(100).describe('党组织名称'),
        kind: orgKind.describe('类别'),
        formingMode: formingMode.describe('组建方式'),
        parentId: idShape.nullable().default(null).describe('上级党组织'),
        parentName: z.string().trim().max(100).nullable().default(null).describe('上级党组织名称（不在本平台的）'),
      }),
    )
    .output(doneOutput),
  finishStep: operation({
    method: 'POST',
    path: '/founding/cases/{id}/steps',
    permission: 'founding.handle',
    summary: '办结一步',
  })
    .input(
      z.object({
        id: idShape,
        step: step.describe('所见的下一步；已被他人办结时退回'),
        on: dateShape.describe('办理日期'),
        note,
        docNo,
        fileId: idShape.optional().describe('证明材料'),
      }),
    )
    .output(doneOutput),
  registerReply: operation({
    method: 'POST',
    path: '/founding/cases/{id}/reply',
    permission: 'founding.approve',
    summary: '登记批复',
  })
    .input(
      z.object({
        id: idShape,
        on: dateShape.describe('批复日期'),
        docNo: text(60).describe('批复文号'),
        note: note.default('已批复'),
        fileId: idShape.optional().describe('批复文件'),
      }),
    )
    .output(z.object({ orgId: idShape })),
  registerElection: operation({
    method: 'POST',
    path: '/founding/cases/{id}/election',
    permission: 'founding.approve',
    summary: '登记选举结果',
  })
    .input(
      z.object({
        id: idShape,
        on: dateShape.describe('选举（任命）日期'),
        formedBy: termForming.default('election').describe('产生方式'),
        entitled: z.number().int().min(1).max(10_000).optional().describe('应到会有选举权的党员'),
        present: z.number().int().min(0).max(10_000).optional().describe('实到会的'),
        secretary: z.string().trim().min(2, '请填写书记姓名').max(40).describe('书记'),
        note: note.default('已选举产生书记'),
        fileId: idShape.optional().describe('选举（任职）报告'),
      }),
    )
    .output(doneOutput),
  registerFiling: operation({
    method: 'POST',
    path: '/founding/cases/{id}/filing',
    permission: 'founding.approve',
    summary: '登记报备',
  })
    .input(
      z.object({
        id: idShape,
        on: dateShape.describe('报备日期'),
        docNo,
        note: note.default('已报备'),
        fileId: idShape.optional().describe('备案材料'),
      }),
    )
    .output(doneOutput),
  skipStep: operation({
    method: 'POST',
    path: '/founding/cases/{id}/skip',
    permission: 'founding.handle',
    summary: '跳过一步',
  })
    .input(z.object({ id: idShape, step, reason: z.string().trim().min(4, '请写明跳过的理由').max(200) }))
    .output(doneOutput),
  postponeStep: operation({
    method: 'POST',
    path: '/founding/cases/{id}/postpone',
    permission: 'founding.handle',
    summary: '延长一步的期限',
  })
    .input(z.object({ id: idShape, step, until: dateShape.describe('延到哪天'), reason }))
    .output(doneOutput),
  takeBackStep: operation({
    method: 'POST',
    path: '/founding/cases/{id}/take-back',
    permission: 'founding.handle',
    summary: '撤回最近一步',
  })
    .input(z.object({ id: idShape, stepId: idShape.describe('所见的最近一步'), reason }))
    .output(doneOutput),
  closeCase: operation({
    method: 'POST',
    path: '/founding/cases/{id}/close',
    permission: 'founding.handle',
    summary: '终止办理',
  })
    .input(z.object({ id: idShape, reason }))
    .output(doneOutput),
  reopenCase: operation({
    method: 'POST',
    path: '/founding/cases/{id}/reopen',
    permission: 'founding.handle',
    summary: '恢复办理',
  })
    .input(z.object({ id: idShape, reason }))
    .output(doneOutput),
  addEvidence: operation({
    method: 'POST',
    path: '/founding/cases/{id}/evidence',
    permission: 'founding.handle',
    summary: '登记材料',
  })
    .input(
      z.object({
        id: idShape,
        step: step.describe('属于哪一步'),
        item: item.optional().describe('材料清单中的哪一份'),
        on: dateShape.describe('日期'),
        note: text(300).describe('说明'),
        fileId: idShape.optional().describe('文件'),
        waived: z.boolean().default(false).describe('不需要这份材料，理由写在说明里'),
      }),
    )
    .output(byId),
  removeEvidence: operation({
    method: 'POST',
    path: '/founding/evidence/{id}/remove',
    permission: 'founding.handle',
    summary: '撤下材料',
  })
    .input(z.object({ id: idShape, reason }))
    .output(doneOutput),
  downloadEvidence: operation({
    method: 'POST',
    path: '/founding/evidence/{id}/download',
    permission: 'founding.download',
    summary: '下载材料',
  })
    .input(z.object({ id: idShape, purpose: purposeShape }))
    .output(z.object({ url: z.string().describe('下载路径，一次有效') })),
  writeDocument: operation({
    method: 'POST',
    path: '/founding/cases/{id}/documents',
    permission: 'founding.export',
    summary: '生成文书',
  })
    .input(z.object({ id: idShape, kind: keysOf(documentKinds), purpose: purposeShape }))
    .output(jobStarted),
}
