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
  sortOrder,
} from '../base/list.ts'
import { operations } from '../base/operation.ts'
import { sourceRow } from '../ledger/contract.ts'
import { department } from '../ledger/field-contract.ts'

/** Permissions of the linkage room. */
export const linkagePermissions = {
  'linkage.queue.read': '查看待核对',
  'linkage.queue.decide': '办理待核对',
} as const

const operation = operations('比对', linkagePermissions)

/** Why a row waits for a person. */
export const queueReasons = {
  noCode: '没有有效代码，县内也没有同名单位',
  sameName: '县内有几家同名单位，不能自动认定',
  codeNameConflict: '代码与名称分别指向不同的单位',
  codeClaimed: '代码相符，但名称、负责人、地址都不同',
  branchOfParent: '像是分支机构，用了总部的代码',
} as const
export type QueueReason = keyof typeof queueReasons
export const queueReason = z.enum(Object.keys(queueReasons) as [QueueReason, ...QueueReason[]])

/** How a row came to its unit. */
export const linkedBy = {
  uscc: '统一社会信用代码相同',
  organisationCode: '主体标识码（组织机构代码）相同',
  registrationNumber: '注册号相同',
  name: '县内名称完全相同',
  created: '据此行新建',
  manual: '人工认定',
} as const

export const queueStates = {
  open: '待办',
  later: '稍后',
  joined: '已并入',
  created: '已新建',
  refused: '已退回',
} as const
const queueState = z.enum(Object.keys(queueStates) as [keyof typeof queueStates])

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
  because: z.array(z.string()).describe('相同与不同之处'),
})

export const linkageContract = {
  listQueue: operation({ method: 'GET', path: '/queue', summary: '待核对列表', permission: 'linkage.queue.read' })
    .input(
      z.object({
        text: z.string().trim().max(64).optional().describe('名称或代码'),
        state: queueState.default('open'),
        reason: queueReason.optional(),
        importId: idShape.optional(),
        sort: z.enum(['createdAt', 'name']).default('createdAt'),
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
      queueItem.extend({ source: sourceRow, candidateList: z.array(candidate), decision: z.string().nullable() }),
    ),
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
    .input(z.object({ countyCode: countyCodeShape, asOf: dateShape.optional() }))
    .output(jobStarted),
}
