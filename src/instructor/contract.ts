import { z } from 'zod'
import {
  countyCodeShape,
  dateShape,
  doneOutput,
  idShape,
  jobStarted,
  pageInput,
  pageOutput,
  purposeShape,
  regionCodeShape,
  sortOrder,
} from '../base/list.ts'
import { operations } from '../base/operation.ts'
import {
  assignmentRow,
  byId,
  count,
  facts,
  instructorRow,
  keysOf,
  pairRow,
  pairViews,
  phone,
  planHead,
  reason,
  regionInput,
  text,
} from './contract-rows.ts'
import { builtInInstructor, wants } from './rules.ts'

/** Permissions of the instructor room. */
export const instructorPermissions = {
  'instructor.read': '查看指导员',
  'instructor.handle': '登记和选派指导员',
  'instructor.reveal': '查看指导员姓名电话',
  'instructor.define': '修改选派规则',
  'instructor.export': '导出指导员',
} as const

const operation = operations('指导员', instructorPermissions)

const registerInput = {
  region: regionInput,
  ended: z.boolean().default(false).describe('看已离任的'),
  text: z.string().trim().max(40).optional(),
}
const assignmentInput = {
  region: regionInput,
  ended: z.boolean().default(false).describe('看已结束的'),
  text: z.string().trim().max(64).optional().describe('单位名称'),
}
const pairsInput = {
  id: idShape,
  show: keysOf(pairViews).default('all'),
  text: z.string().trim().max(64).optional().describe('单位名称、工作单位或姓氏'),
}
const format = z.enum(['xlsx', 'csv']).default('xlsx')

export const instructorContract = {
  getInstructorSettings: operation({
    method: 'GET',
    path: '/instructors/settings',
    permission: 'instructor.read',
    summary: '查看选派规则',
  })
    .input(z.object({ countyCode: countyCodeShape }))
    .output(
      z.object({
        settings: z.array(
          z.object({
            key: keysOf(builtInInstructor),
            word: z.string(),
            unit: z.string(),
            value: count,
            source: z.string(),
            effectiveOn: dateShape,
            author: z.string().nullable(),
            current: z.boolean(),
          }),
        ),
      }),
    ),
  changeInstructorSetting: operation({
    method: 'PUT',
    path: '/instructors/settings',
    permission: 'instructor.define',
    summary: '修改选派规则',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        key: keysOf(builtInInstructor),
        value: z.number().int().min(0).max(100_000),
        effectiveOn: dateShape.describe('从哪天起施行'),
        source: text(200).describe('依据'),
      }),
    )
    .output(doneOutput),
  listInstructors: operation({
    method: 'POST',
    path: '/instructors/search',
    effect: 'query',
    permission: 'instructor.read',
    summary: '查看指导员名册',
  })
    .input(
      z.object({
        ...registerInput,
        sort: z.enum(['area', 'units', 'from']).default('area'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(pageOutput(instructorRow)),
  getInstructor: operation({
    method: 'GET',
    path: '/instructors/{id}',
    permission: 'instructor.read',
    summary: '查看一名指导员',
  })
    .input(byId)
    .output(instructorRow.extend({ endedReason: z.string().nullable(), assignments: z.array(assignmentRow) })),
  addInstructor: operation({
    method: 'POST',
    path: '/instructors',
    permission: 'instructor.handle',
    summary: '登记指导员',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        name: z.string().trim().min(2, '请填写姓名').max(20).describe('姓名'),
        phone,
        ...facts,
        from: dateShape.describe('选派日期'),
      }),
    )
    .output(byId),
  editInstructor: operation({
    method: 'PUT',
    path: '/instructors/{id}',
    permission: 'instructor.handle',
    summary: '修改指导员信息',
  })
    .input(z.object({ id: idShape, ...facts, phone: phone.describe('新电话；空着不改') }))
    .output(doneOutput),
  endInstructor: operation({
    method: 'POST',
    path: '/instructors/{id}/end',
    permission: 'instructor.handle',
    summary: '指导员离任',
  })
    .input(z.object({ id: idShape, on: dateShape.describe('离任日期'), reason }))
    .output(z.object({ ended: count.describe('同时结束的联系单位') })),
  revealInstructor: operation({
    method: 'POST',
    path: '/instructors/{id}/reveal',
    permission: 'instructor.reveal',
    summary: '查看指导员信息',
  })
    .input(z.object({ id: idShape, field: z.enum(['name', 'phone']), purpose: purposeShape }))
    .output(z.object({ value: z.string().nullable() })),
  importInstructors: operation({
    method: 'POST',
    path: '/instructors/import',
    permission: 'instructor.handle',
    summary: '导入指导员名册',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        fileId: idShape,
        checkOnly: z.boolean().default(false).describe('只检查，不登记'),
      }),
    )
    .output(jobStarted),
  exportInstructors: operation({
    method: 'POST',
    path: '/instructors/export',
    permission: 'instructor.export',
    summary: '导出指导员名册',
  })
    .input(z.object({ ...registerInput, format, purpose: purposeShape }))
    .output(jobStarted),
  startAssign: operation({
    method: 'POST',
    path: '/instructors/plans',
    permission: 'instructor.handle',
    summary: '安排指导员',
  })
    .input(
      z.object({
        region: regionCodeShape.describe('范围：县或乡镇街道'),
        which: keysOf(wants).default('zero').describe('派给哪些单位'),
        staffMin: z.number().int().min(0).max(100_000).optional().describe('从业人数不少于；空着按规则，0 为不限'),
        each: z.number().int().min(1).max(5).optional().describe('每家派几名；空着按规则'),
      }),
    )
    .output(z.object({ id: idShape, jobId: idShape })),
  listAssignPlans: operation({
    method: 'GET',
    path: '/instructors/plans',
    permission: 'instructor.read',
    summary: '查看指导员安排',
  })
    .input(z.object({ region: regionInput, ...pageInput }))
    .output(pageOutput(planHead)),
  getAssignPlan: operation({
    method: 'POST',
    path: '/instructors/plans/{id}/pairs',
    effect: 'query',
    permission: 'instructor.read',
    summary: '查看一次指导员安排',
  })
    .input(
      z.object({
        ...pairsInput,
        sort: z.enum(['plan', 'areaName', 'metres']).default('plan'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(
      z.object({ plan: planHead, counts: z.record(keysOf(pairViews), count), rows: z.array(pairRow), total: count }),
    ),
  listPairChoices: operation({
    method: 'GET',
    path: '/instructors/plans/{id}/choices/{unitId}',
    permission: 'instructor.handle',
    summary: '查看可派的指导员',
  })
    .input(z.object({ id: idShape, unitId: idShape }))
    .output(
      z.object({
        rows: z.array(
          z.object({
            instructorId: idShape,
            name: z.string().describe('已遮盖'),
            employer: z.string().nullable(),
            metres: count.nullable(),
            measured: z.boolean(),
            skilled: z.boolean(),
            kept: z.boolean().describe('原来就派在这里'),
            load: count.describe('草稿里派了几家'),
            room: count.describe('最多还能派几家，草稿里的在内'),
          }),
        ),
      }),
    ),
  exportAssignPlan: operation({
    method: 'POST',
    path: '/instructors/plans/{id}/export',
    permission: 'instructor.export',
    summary: '导出指导员安排',
  })
    .input(z.object({ ...pairsInput, format, purpose: purposeShape }))
    .output(jobStarted),
  setPair: operation({
    method: 'POST',
    path: '/instructors/plans/{id}/pair',
    permission: 'instructor.handle',
    summary: '调整指导员安排',
  })
    .input(
      z.object({
        id: idShape,
        unitId: idShape,
        from: idShape.nullable().describe('原来安排的指导员；null 为没有派到'),
        to: idShape.nullable().describe('换成谁；null 为不派'),
      }),
    )
    .output(doneOutput),
  confirmAssign: operation({
    method: 'POST',
    path: '/instructors/plans/{id}/confirm',
    permission: 'instructor.handle',
    summary: '确认指导员安排',
  })
    .input(z.object({ id: idShape, on: dateShape.describe('从哪天起'), source: text(80).describe('依据') }))
    .output(jobStarted),
  dropAssign: operation({
    method: 'POST',
    path: '/instructors/plans/{id}/drop',
    permission: 'instructor.handle',
    summary: '放弃指导员安排',
  })
    .input(byId)
    .output(doneOutput),
  listAssignments: operation({
    method: 'POST',
    path: '/instructors/assignments/search',
    effect: 'query',
    permission: 'instructor.read',
    summary: '查看指导员联系单位',
  })
    .input(
      z.object({
        ...assignmentInput,
        sort: z.enum(['areaName', 'metres', 'from']).default('areaName'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(pageOutput(assignmentRow)),
  assignUnit: operation({
    method: 'POST',
    path: '/instructors/assignments',
    permission: 'instructor.handle',
    summary: '选派指导员',
  })
    .input(
      z.object({
        unitId: idShape.describe('单位'),
        instructorId: idShape.describe('指导员'),
        on: dateShape.describe('从哪天起'),
        source: text(80).describe('依据'),
      }),
    )
    .output(byId),
  endAssignment: operation({
    method: 'POST',
    path: '/instructors/assignments/{id}/end',
    permission: 'instructor.handle',
    summary: '结束联系',
  })
    .input(z.object({ id: idShape, on: dateShape.describe('到哪天止，这一天不再是'), reason }))
    .output(doneOutput),
  exportAssignments: operation({
    method: 'POST',
    path: '/instructors/assignments/export',
    permission: 'instructor.export',
    summary: '导出指导员联系单位',
  })
    .input(z.object({ ...assignmentInput, format, purpose: purposeShape }))
    .output(jobStarted),
}
