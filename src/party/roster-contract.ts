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
  sortOrder,
} from '../base/list.ts'
import { operations } from '../base/operation.ts'
import { memberPermissions } from './member-contract.ts'

const operation = operations('党员', memberPermissions)

/** Where a comparison stands. */
export const rosterStates = {
  working: '正在比对',
  done: '已比对',
  cancelled: '已取消',
  failed: '失败',
  undone: '已撤销',
} as const
export type RosterState = keyof typeof rosterStates
export const rosterState = z.enum(Object.keys(rosterStates) as [RosterState, ...RosterState[]])

/** What comparing found; of persons who are no members there is this number only: `others`. */
export const rosterCounts = z.object({
  read: z.number().int().describe('读到的行'),
  bad: z.number().int().describe('身份证号不对、没有参加比对的行'),
  members: z.number().int().describe('比对上的党员'),
  others: z.number().int().describe('不是党员的行；只计数，不保存'),
  here: z.number().int().describe('组织关系在用人单位'),
  elsewhere: z.number().int().describe('在此工作而组织关系在别处'),
  unplaced: z.number().int().describe('没有认出用人单位'),
  notFound: z.number().int().describe('名册里没有找到的在册党员'),
  tasks: z.number().int().describe('新产生的任务'),
})
export type RosterCounts = z.infer<typeof rosterCounts>

const check = z.object({
  id: idShape,
  countyCode: countyCodeShape,
  countyName: z.string(),
  fileName: z.string(),
  bytes: z.number().int(),
  asOf: dateShape,
  complete: z.boolean(),
  state: rosterState,
  counts: rosterCounts,
  jobId: idShape.nullable(),
  error: z.string().nullable(),
  author: z.string(),
  createdAt: momentShape,
  finishedAt: momentShape.nullable(),
  fileKept: z.boolean().describe('原文件是否还在；比对结束、取消、失败后即删除'),
})

const onCheck = { id: idShape }

/** What the units of a comparison can be sorted by. */
export const rosterUnitSort = z.enum(['name', 'here', 'elsewhere', 'notFound'])
export type RosterUnitSort = z.infer<typeof rosterUnitSort>

const rosterUnitsAsked = {
  ...onCheck,
  text: z.string().trim().max(64).optional().describe('单位名称'),
  only: z.enum(['here', 'elsewhere', 'notFound']).optional().describe('只看这一数不为零的'),
  sort: rosterUnitSort.default('name'),
  order: sortOrder,
}

/** Operations of comparing rosters of the insured with the members. */
export const rosterContract = {
  listRosterChecks: operation({
    method: 'GET',
    path: '/party/roster-checks',
    summary: '名册比对列表',
    permission: 'party.member.compare',
  })
    .input(z.object({ state: rosterState.optional(), ...pageInput }))
    .output(pageOutput(check)),
  createRosterCheck: operation({
    method: 'POST',
    path: '/party/roster-checks',
    summary: '上传名册比对',
    permission: 'party.member.compare',
  })
    .input(
      z.object({
        fileId: idShape,
        countyCode: countyCodeShape.describe('与哪个县的党员比对'),
        asOf: dateShape.optional().describe('数据截至哪一天；默认今天'),
        complete: z.boolean().default(false).describe('名册是全部参保人员：没有找到的党员列为待核实'),
      }),
    )
    .output(z.object({ id: idShape, jobId: idShape })),
  getRosterCheck: operation({
    method: 'GET',
    path: '/party/roster-checks/{id}',
    summary: '查看名册比对',
    permission: 'party.member.compare',
  })
    .input(z.object(onCheck))
    .output(check),
  listRosterUnits: operation({
    method: 'GET',
    path: '/party/roster-checks/{id}/units',
    summary: '名册比对各单位',
    permission: 'party.member.compare',
  })
    .input(z.object({ ...rosterUnitsAsked, ...pageInput }))
    .output(
      pageOutput(
        z.object({
          unitId: idShape,
          name: z.string(),
          here: z.number().int().describe('组织关系在本单位'),
          elsewhere: z.number().int().describe('在此工作而组织关系在别处'),
          notFound: z.number().int().describe('名册里没有找到'),
        }),
      ),
    ),
  exportRosterUnits: operation({
    method: 'POST',
    path: '/party/roster-checks/{id}/units/export',
    summary: '导出名册比对各单位',
    permission: 'party.member.compare',
  })
    .input(z.object({ ...rosterUnitsAsked, format: z.enum(['xlsx', 'csv']), purpose: purposeShape }))
    .output(jobStarted),
  undoRosterCheck: operation({
    method: 'POST',
    path: '/party/roster-checks/{id}/undo',
    summary: '撤销名册比对',
    permission: 'party.member.compare',
  })
    .input(z.object({ ...onCheck, reason: z.string().trim().min(2, '请写明原因').max(200).describe('原因') }))
    .output(doneOutput),
}
