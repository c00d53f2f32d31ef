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
  sortOrder,
} from '../base/list.ts'
import { operations } from '../base/operation.ts'
import { sourceRow } from '../ledger/contract.ts'
import { department, unitField } from '../ledger/field-contract.ts'

/** Permissions of the linkage room. */
export const linkagePermissions = {
  'linkage.queue.read': '查看待核对与比对记录',
  'linkage.queue.decide': '办理待核对',
  'linkage.unit.regroup': '合并与拆分单位',
  'linkage.model.write': '调整比对权重、重新比对全库',
} as const

/** Declares an operation of the linkage room. */
export const operation = operations('比对', linkagePermissions)

/** Why a row waits for a person. */
export const queueReasons = {
  codeNameConflict: '代码与名称分别指向不同的单位',
  codeClaimed: '代码与台账里另一家相同，其余都不同',
  branchOfParent: '像是分支机构，用了总部的代码',
  doubtful: '像台账里的一家单位，但把握不够',
  several: '像台账里的几家单位，分不出是哪一家',
} as const
export type QueueReason = keyof typeof queueReasons
export const queueReason = z.enum(Object.keys(queueReasons) as [QueueReason, ...QueueReason[]])

/** How a row came to its unit. */
export const linkedBy = {
  uscc: '统一社会信用代码相同',
  organisationCode: '主体标识码（组织机构代码）相同',
  registrationNumber: '注册号相同',
  weights: '各项比对合计足以认定',
  created: '据此行新建',
  manual: '人工认定',
  remembered: '按此前的人工认定',
} as const

/** Said of a row that repeats one word for word. */
export const repeatedReason = '与已入账的行相同'

export const queueStates = {
  open: '待办',
  later: '稍后',
  joined: '已并入',
  created: '已新建',
  refused: '已退回',
} as const
const queueState = z.enum(Object.keys(queueStates) as [keyof typeof queueStates])

/** What makes a link change. */
export const linkCauses = {
  import: '导入比对',
  decision: '人工认定',
  relink: '重新比对',
  undo: '撤回',
  merge: '合并单位',
  unmerge: '拆出来源行',
} as const
export type LinkCause = keyof typeof linkCauses
const linkCause = z.enum(Object.keys(linkCauses) as [LinkCause, ...LinkCause[]])

/** On what occasion a person said of a row and a unit that they are one, or not. */
export type DecisionOrigin = 'queue' | 'unmerge'

/** What becomes of estimated weights. */
export const modelStates = {
  offered: '待定',
  active: '在用',
  retired: '已停用',
  refused: '未采用',
} as const
export type ModelState = keyof typeof modelStates
/** The states of weights as a shape. */
export const modelState = z.enum(Object.keys(modelStates) as [ModelState, ...ModelState[]])

/** How likely a proposed unit is, in bands. */
export const bands = {
  high: '九成以上',
  middle: '五成至九成',
  low: '五成以下',
  none: '没有可能的单位',
} as const
export type Band = keyof typeof bands
const band = z.enum(Object.keys(bands) as [Band, ...Band[]])

/** What spoke for and against that a row and a unit are one. */
export const waterfall = z.object({
  parts: z.array(
    z.object({
      title: z.string().describe('比对项'),
      words: z.string().describe('结果，如：相同'),
      bits: z.number().describe('对数（以 2 为底）权重，正数支持，负数反对'),
    }),
  ),
  weight: z.number().describe('合计'),
  probability: z.number().min(0).max(1).describe('是同一家的概率'),
  rule: z.string().nullable().describe('不看权重就能定的理由'),
})
export type Waterfall = z.infer<typeof waterfall>

const queueItem = z.object({
  id: idShape,
  countyCode: countyCodeShape,
  reason: queueReason,
  state: queueState,
  name: z.string().nullable(),
  code: z.string().nullable(),
  department,
  fileName: z.string(),
  sheet: z.string(),
  row: z.number().int(),
  candidates: z.number().int(),
  probability: z.number().nullable().describe('最可能的单位的概率'),
  heldBy: z.string().nullable().describe('正在核对的人；本人或无人时为空'),
  createdAt: momentShape,
  decidedAt: momentShape.nullable(),
  decidedBy: z.string().nullable(),
})

const candidate = z.object({
  unitId: idShape,
  name: z.string(),
  uscc: z.string().nullable(),
  address: z.string().nullable(),
  legalRep: z.string().describe('已脱敏').nullable(),
  areaName: z.string(),
  probability: z.number(),
  waterfall,
  comparisons: z
    .array(
      z.object({
        field: unitField,
        row: z.string().nullable().describe('来源行的值，个人信息已脱敏'),
        unit: z.string().nullable().describe('台账现值，个人信息已脱敏'),
        after: z.string().nullable().describe('并入后的现值，个人信息已脱敏'),
        same: z.boolean().describe('说的是一回事，写法可以不同'),
        changes: z.boolean().describe('并入会改变台账现值；遮盖后看上去可能一样'),
      }),
    )
    .describe('两边都看的字段，以及并入后台账的值'),
  dropsCode: z.boolean().describe('来源行的代码属于另一家，或与这家的不同：并入时不采用'),
  holdsCode: z.boolean().describe('来源行的代码就是这家的'),
  proposed: z.boolean().describe('程序认为可能；其余只是名称或地址相近'),
  sources: z.array(
    z.object({ importId: idShape, fileName: z.string(), sheet: z.string(), row: z.number().int(), department }),
  ),
  refused: z
    .object({ decisionId: idShape, by: z.string(), at: momentShape, reason: z.string().nullable() })
    .nullable()
    .describe('此前已认定不是'),
})

const queueFilter = {
  countyCode: countyCodeShape.optional(),
  text: z.string().trim().max(64).optional().describe('名称或代码'),
  state: queueState.default('open'),
  reason: queueReason.optional(),
  department: department.optional(),
  band: band.optional().describe('最可能的单位的把握'),
  importId: idShape.optional(),
}

const linkEvent = z.object({
  id: idShape,
  sourceRowId: idShape.nullable(),
  from: z.object({ unitId: idShape, name: z.string().nullable() }).nullable(),
  to: z.object({ unitId: idShape, name: z.string().nullable() }).nullable(),
  cause: linkCause,
  linkedBy: z.string().nullable(),
  waterfall: waterfall.nullable(),
  modelVersion: z.number().int(),
  undone: z.boolean(),
  reason: z.string().nullable(),
  by: z.string(),
  at: momentShape,
})

const rehearsed = z.object({
  sourceRowId: idShape,
  name: z.string().nullable(),
  fileName: z.string(),
  sheet: z.string(),
  row: z.number().int(),
  from: z.object({ unitId: idShape, name: z.string().nullable() }).nullable(),
  to: z.object({ unitId: idShape.nullable(), name: z.string().nullable() }).nullable(),
  outcome: z.enum(['join', 'new', 'queue']),
  linkedBy: z.string().nullable(),
  probability: z.number().nullable(),
})

const inCounty = { countyCode: countyCodeShape }
const reason = z.string().trim().min(2, '请写明理由').max(200)

export const linkageContract = {
  listQueue: operation({ method: 'GET', path: '/queue', summary: '待核对列表', permission: 'linkage.queue.read' })
    .input(
      z.object({
        ...queueFilter,
        sort: z.enum(['createdAt', 'name', 'probability']).default('createdAt'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(
      pageOutput(queueItem).extend({ byReason: z.array(z.object({ reason: queueReason, count: z.number().int() })) }),
    ),
  getQueueItem: operation({
    method: 'GET',
    path: '/queue/{id}',
    summary: '查看待核对行',
    permission: 'linkage.queue.read',
  })
    .input(z.object({ id: idShape }))
    .output(
      queueItem.extend({
        source: sourceRow,
        candidateList: z.array(candidate),
        decision: z.string().nullable(),
        unit: z.object({ unitId: idShape, name: z.string() }).nullable().describe('办理后归到的单位'),
        codeHolder: z
          .object({ unitId: idShape, name: z.string() })
          .nullable()
          .describe('台账里持有来源行代码的单位；新建单位不带这个代码'),
      }),
    ),
  claimQueueItem: operation({
    method: 'POST',
    path: '/queue/{id}/claim',
    summary: '占用待核对行',
    permission: 'linkage.queue.decide',
  })
    .input(z.object({ id: idShape }))
    .output(z.object({ mine: z.boolean(), by: z.string().nullable(), until: momentShape })),
  releaseQueueItem: operation({
    method: 'POST',
    path: '/queue/{id}/release',
    summary: '交还待核对行',
    permission: 'linkage.queue.decide',
  })
    .input(z.object({ id: idShape }))
    .output(doneOutput),
  nextQueueItem: operation({
    method: 'POST',
    path: '/queue/next',
    summary: '取下一行待核对',
    permission: 'linkage.queue.decide',
  })
    .input(z.object({ ...queueFilter, not: idShape.optional().describe('刚看过的一行') }))
    .output(z.object({ id: idShape.nullable() })),
  decideQueueItem: operation({
    method: 'POST',
    path: '/queue/{id}/decide',
    summary: '办理待核对',
    permission: 'linkage.queue.decide',
  })
    .input(
      z.object({
        id: idShape,
        decision: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('join'), unitId: idShape }),
          z.object({ kind: z.literal('create') }),
          z.object({ kind: z.literal('refuse'), reason: z.string().trim().min(2, '请写明退回原因').max(200) }),
          z.object({ kind: z.literal('later') }),
        ]),
      }),
    )
    .output(doneOutput),
  denyCandidate: operation({
    method: 'POST',
    path: '/queue/{id}/deny',
    summary: '认定不是某家单位',
    permission: 'linkage.queue.decide',
  })
    .input(z.object({ id: idShape, unitId: idShape, reason: z.string().trim().max(200).optional() }))
    .output(z.object({ left: z.number().int().describe('还没有否定的可能单位数') })),
  undoDenial: operation({
    method: 'POST',
    path: '/queue/{id}/deny/undo',
    summary: '撤回不是的认定',
    permission: 'linkage.queue.decide',
  })
    .input(z.object({ id: idShape, decisionId: idShape }))
    .output(doneOutput),
  undoDecision: operation({
    method: 'POST',
    path: '/queue/{id}/undo',
    summary: '撤回办理',
    permission: 'linkage.queue.decide',
  })
    .input(z.object({ id: idShape }))
    .output(doneOutput),
  createFromQueue: operation({
    method: 'POST',
    path: '/queue/create-all',
    summary: '成批新建单位',
    permission: 'linkage.queue.decide',
  })
    .input(z.object({ ids: z.array(idShape).min(1).max(500) }))
    .output(z.object({ created: z.number().int(), skipped: z.number().int() })),
  relinkQueue: operation({
    method: 'POST',
    path: '/queue/relink',
    summary: '重新比对待核对行',
    permission: 'linkage.queue.decide',
  })
    .input(z.object(inCounty))
    .output(jobStarted),
  exportQueue: operation({
    method: 'POST',
    path: '/queue/export',
    summary: '导出待核对列表',
    permission: 'linkage.queue.read',
    effect: 'command',
  })
    .input(
      z.object({
        ...queueFilter,
        format: z.enum(['xlsx', 'csv']).default('xlsx'),
        purpose: purposeShape,
      }),
    )
    .output(jobStarted),
  listUnitLinks: operation({
    method: 'GET',
    path: '/units/{id}/links',
    summary: '查看比对记录',
    permission: 'linkage.queue.read',
  })
    .input(z.object({ id: idShape }))
    .output(
      z.object({
        countyCode: countyCodeShape,
        name: z.string(),
        withdrawn: z.boolean(),
        mergedInto: z.object({ unitId: idShape, name: z.string().nullable(), at: momentShape }).nullable(),
        merged: z.array(
          z.object({
            unitId: idShape,
            name: z.string(),
            rows: z.number().int(),
            reason: z.string(),
            by: z.string(),
            at: momentShape,
          }),
        ),
        rows: z.array(sourceRow.extend({ repeated: z.boolean(), why: linkEvent.nullable() })),
        events: z.array(linkEvent).describe('全部变动，新的在前'),
      }),
    ),
  splitRow: operation({
    method: 'POST',
    path: '/units/{unitId}/split',
    summary: '拆出来源行',
    permission: 'linkage.unit.regroup',
  })
    .input(
      z.object({ unitId: idShape, sourceRowId: idShape, intoId: idShape.nullable().describe('空：自成一家'), reason }),
    )
    .output(z.object({ unitId: idShape })),
  undoSplit: operation({
    method: 'POST',
    path: '/links/{eventId}/undo',
    summary: '撤销拆分',
    permission: 'linkage.unit.regroup',
  })
    .input(z.object({ eventId: idShape }))
    .output(doneOutput),
  mergeUnits: operation({
    method: 'POST',
    path: '/units/{id}/merge',
    summary: '并入另一单位',
    permission: 'linkage.unit.regroup',
  })
    .input(z.object({ id: idShape, intoId: idShape, reason }))
    .output(doneOutput),
  undoMerge: operation({
    method: 'POST',
    path: '/units/{id}/merge/undo',
    summary: '撤销合并',
    permission: 'linkage.unit.regroup',
  })
    .input(z.object({ id: idShape }))
    .output(doneOutput),
  rehearseRelink: operation({
    method: 'POST',
    path: '/link-model/rehearse',
    summary: '试算全库重新比对',
    permission: 'linkage.model.write',
  })
    .input(z.object({ ...inCounty, version: z.number().int().min(0).optional().describe('用哪一版权重；空：现用的') }))
    .output(jobStarted),
  listRehearsal: operation({
    method: 'GET',
    path: '/link-model/rehearsal',
    summary: '查看试算结果',
    permission: 'linkage.queue.read',
  })
    .input(z.object({ ...inCounty, ...pageInput }))
    .output(
      pageOutput(rehearsed).extend({
        tried: z
          .object({ version: z.number().int(), at: momentShape, by: z.string(), isInUse: z.boolean() })
          .nullable()
          .describe('最近一次试算；空：还没有试算过'),
      }),
    ),
  relinkAll: operation({
    method: 'POST',
    path: '/link-model/relink',
    summary: '全库重新比对',
    permission: 'linkage.model.write',
  })
    .input(z.object(inCounty))
    .output(jobStarted),
}
