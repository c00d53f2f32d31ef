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
import { ledgerPermissions } from '../ledger/contract.ts'

/** Permissions over persons' data in the party room; each of its own, so that counts need none of them. */
export const memberPermissions = {
  'party.member.read': '查看党员',
  'party.member.reveal': '查看党员姓名',
  'party.member.export': '导出党员',
  'party.member.import': '导入党员信息',
  'party.member.compare': '比对名册',
} as const

// Numbers without names are open to whoever may see the units.
const operation = operations('党员', { ...memberPermissions, ...ledgerPermissions })

/** Kinds of members; only 正式党员 count for the rules of three and of seven. */
export const memberKinds = { formal: '正式党员', probationary: '预备党员' } as const
export type MemberKind = keyof typeof memberKinds
export const memberKind = z.enum(['formal', 'probationary'])

/** Where a member's relation stands to where the person works. */
export const relations = {
  here: '组织关系在本单位',
  elsewhere: '组织关系在别处',
  unplaced: '没有认出工作单位',
} as const
export type Relation = keyof typeof relations
export const relation = z.enum(['here', 'elsewhere', 'unplaced'])

/** What narrows the list and the export. An ID number is never a filter: filters stand in the address. */
export const memberFilter = z.object({
  name: z.string().trim().min(2, '请填写完整姓名').max(40).optional().describe('完整姓名'),
  kind: memberKind.optional().describe('党员类别'),
  relation: relation.optional().describe('组织关系'),
  floating: z.boolean().optional().describe('流动党员'),
  region: regionCodeShape.optional().describe('区划，含其下级'),
  unitId: idShape.optional().describe('工作单位'),
  orgId: idShape.optional().describe('所在党组织'),
  branch: z.string().trim().max(100).optional().describe('所在党支部的写法'),
  notFoundIn: idShape.optional().describe('这次名册比对里没有找到的'),
  ended: z.boolean().default(false).describe('已转出、不在册的；默认不含'),
})
export type MemberFilter = z.infer<typeof memberFilter>

const figures = { formal: z.number().int().describe('正式党员'), probationary: z.number().int().describe('预备党员') }

export const memberRow = z.object({
  countyCode: countyCodeShape,
  id: idShape,
  name: z.string().describe('已脱敏'),
  kind: memberKind,
  floating: z.boolean(),
  branch: z.string().nullable(),
  orgId: idShape.nullable(),
  orgName: z.string().nullable(),
  employer: z.string().nullable().describe('名册上的写法'),
  unitId: idShape.nullable(),
  unitName: z.string().nullable(),
  relation,
  joinedOn: dateShape.nullable(),
  formalOn: dateShape.nullable(),
  validFrom: dateShape,
  validTo: dateShape.nullable(),
})

const memberPage = memberRow.extend({
  relationUnit: z.object({ id: idShape, name: z.string() }).nullable().describe('所在党组织是哪家单位的'),
  source: z.object({ importId: idShape, fileName: z.string() }).nullable(),
  versions: z.array(memberRow).describe('从先到后'),
  insured: z
    .array(
      z.object({
        asOf: dateShape,
        fileName: z.string(),
        employer: z.string(),
        unitId: idShape.nullable(),
        unitName: z.string().nullable(),
      }),
    )
    .describe('名册比对所见的用人单位'),
})

const tally = z.object({
  ...figures,
  knownElsewhere: z.number().int().describe('在此工作而组织关系在别处'),
  validFrom: dateShape,
  validTo: dateShape.nullable(),
})

const report = z.object({
  id: idShape,
  unitId: idShape.nullable(),
  orgId: idShape.nullable(),
  ...figures,
  asOf: dateShape,
  source: z.string().describe('填报依据'),
  author: z.string(),
  at: momentShape,
})

/** What comparing left to people. */
export const taskKinds = { transfer: '转接组织关系', verify: '核实是否在职' } as const
export type TaskKind = keyof typeof taskKinds
export const taskKind = z.enum(['transfer', 'verify'])
export const taskStates = { open: '待办', done: '已办', dismissed: '不用办', settled: '已自动了结' } as const
export type TaskState = keyof typeof taskStates
export const taskState = z.enum(['open', 'done', 'dismissed', 'settled'])

const task = z.object({
  id: idShape,
  kind: taskKind,
  state: taskState,
  memberId: idShape.nullable(),
  name: z.string().describe('已脱敏'),
  branch: z.string().nullable(),
  unitId: idShape,
  unitName: z.string(),
  areaName: z.string().describe('用人单位所在区划'),
  reason: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: momentShape.nullable(),
  createdAt: momentShape,
})

const onMember = { id: idShape }

/** What the units with members can be sorted by. */
export const memberUnitSort = z.enum(['name', 'area', 'formal', 'probationary', 'knownElsewhere'])
export type MemberUnitSort = z.infer<typeof memberUnitSort>

const memberUnitsAsked = {
  text: z.string().trim().max(64).optional().describe('单位名称'),
  region: regionCodeShape.optional(),
  formalMin: z.coerce.number().int().min(0).optional().describe('正式党员不少于'),
  formalMax: z.coerce.number().int().min(0).optional().describe('正式党员不多于'),
  only: z.enum(['elsewhere']).optional().describe('只看有组织关系在别处的'),
  sort: memberUnitSort.default('name'),
  order: sortOrder,
}

/** What tasks about members can be sorted by. */
export const taskSort = z.enum(['createdAt', 'unitName', 'branch', 'kind', 'state'])
export type TaskSort = z.infer<typeof taskSort>

const tasksAsked = {
  text: z.string().trim().max(64).optional().describe('用人单位或组织关系所在'),
  region: regionCodeShape.optional().describe('用人单位所在区划'),
  state: taskState.optional(),
  kind: taskKind.optional(),
  unitId: idShape.optional(),
  checkId: idShape.optional(),
  sort: taskSort.default('createdAt'),
  order: z.enum(['asc', 'desc']).default('desc').describe('升序或降序'),
}

const asFile = { format: z.enum(['xlsx', 'csv']), purpose: purposeShape }

/** Operations over members, their counts, the tasks about them, and their export. */
export const memberContract = {
  memberSummary: operation({
    method: 'GET',
    path: '/party/members/summary',
    summary: '党员概况',
    permission: 'ledger.unit.read',
  })
    .input(z.object({ region: regionCodeShape.optional() }))
    .output(
      z.object({
        asOf: momentShape,
        ...figures,
        floating: z.number().int().describe('流动党员'),
        elsewhere: z.number().int().describe('在此工作而组织关系在别处'),
        unplaced: z.number().int().describe('没有认出工作单位'),
        units: z.number().int().describe('有党员的单位'),
        openTasks: z.number().int(),
        unknownEmployers: z.number().int().describe('没有认出的工作单位写法'),
      }),
    ),
  listMemberUnits: operation({
    method: 'GET',
    path: '/party/members/units',
    summary: '各单位党员数',
    permission: 'ledger.unit.read',
  })
    .input(z.object({ ...memberUnitsAsked, ...pageInput }))
    .output(
      pageOutput(
        z.object({
          unitId: idShape,
          name: z.string(),
          areaName: z.string(),
          ...figures,
          knownElsewhere: z.number().int(),
        }),
      ),
    ),
  listMemberOrgs: operation({
    method: 'GET',
    path: '/party/members/orgs',
    summary: '各党组织党员数',
    permission: 'ledger.unit.read',
  })
    .input(z.object({ text: z.string().trim().max(64).optional().describe('党组织名称'), ...pageInput }))
    .output(
      pageOutput(
        z.object({
          branch: z.string().describe('名册上的写法'),
          orgId: idShape.nullable(),
          ...figures,
          floating: z.number().int(),
          elsewhere: z.number().int().describe('不在本支部所属单位工作的'),
        }),
      ),
    ),
  unitMembers: operation({
    method: 'GET',
    path: '/party/units/{unitId}/members',
    summary: '单位党员数',
    permission: 'ledger.unit.read',
  })
    .input(z.object({ unitId: idShape }))
    .output(
      z.object({
        now: tally.nullable(),
        history: z.array(tally).describe('从先到后'),
        reports: z.array(report).describe('从后到先'),
        openTasks: z.number().int(),
      }),
    ),
  searchMembers: operation({
    method: 'POST',
    path: '/party/members/search',
    summary: '查询党员',
    permission: 'party.member.read',
    effect: 'query',
  })
    .input(z.object({ filter: memberFilter, ...pageInput }))
    .output(pageOutput(memberRow)),
  findMember: operation({
    method: 'POST',
    path: '/party/members/find',
    summary: '按身份证号查党员',
    permission: 'party.member.read',
  })
    .input(z.object({ idNumber: z.string().trim().min(15, '请填写完整的身份证号').max(24).describe('身份证号') }))
    .output(z.object({ rows: z.array(memberRow) })),
  getMember: operation({
    method: 'GET',
    path: '/party/members/{id}',
    summary: '查看党员记录',
    permission: 'party.member.read',
  })
    .input(z.object(onMember))
    .output(memberPage),
  revealMember: operation({
    method: 'POST',
    path: '/party/members/{id}/reveal',
    summary: '查看党员姓名',
    permission: 'party.member.reveal',
    secretAnswer: true,
  })
    .input(z.object({ ...onMember, purpose: purposeShape }))
    .output(z.object({ value: z.string().nullable() })),
  reportMembers: operation({
    method: 'POST',
    path: '/party/member-counts',
    summary: '填报党员人数',
    permission: 'party.member.import',
  })
    .input(
      z.object({
        unitId: idShape.optional().describe('哪家单位'),
        orgId: idShape.optional().describe('哪个党组织'),
        formal: z.number().int().min(0).max(100_000).describe('正式党员'),
        probationary: z.number().int().min(0).max(100_000).describe('预备党员'),
        asOf: dateShape.describe('截至哪一天'),
        source: z.string().trim().min(2, '请写明依据').max(100).describe('填报依据'),
      }),
    )
    .output(z.object({ id: idShape })),
  withdrawReport: operation({
    method: 'DELETE',
    path: '/party/member-counts/{id}',
    summary: '撤回填报的人数',
    permission: 'party.member.import',
  })
    .input(z.object(onMember))
    .output(doneOutput),
  listMemberTasks: operation({
    method: 'GET',
    path: '/party/member-tasks',
    summary: '党员任务列表',
    permission: 'party.member.read',
  })
    .input(z.object({ ...tasksAsked, ...pageInput }))
    .output(pageOutput(task)),
  decideMemberTask: operation({
    method: 'POST',
    path: '/party/member-tasks/{id}',
    summary: '办理党员任务',
    permission: 'party.member.compare',
  })
    .input(
      z.object({
        ...onMember,
        state: z.enum(['open', 'done', 'dismissed']).describe('open 为放回待办'),
        reason: z.string().trim().min(2, '请写明怎样办的').max(200).describe('说明'),
      }),
    )
    .output(doneOutput),
  exportMemberUnits: operation({
    method: 'POST',
    path: '/party/members/units/export',
    summary: '导出各单位党员数',
    permission: 'party.member.export',
  })
    .input(z.object({ ...memberUnitsAsked, ...asFile }))
    .output(jobStarted),
  exportMemberTasks: operation({
    method: 'POST',
    path: '/party/member-tasks/export',
    summary: '导出党员任务',
    permission: 'party.member.export',
  })
    .input(z.object({ ...tasksAsked, ...asFile }))
    .output(jobStarted),
  exportMembers: operation({
    method: 'POST',
    path: '/party/members/export',
    summary: '导出党员',
    permission: 'party.member.export',
  })
    .input(
      z.object({
        filter: memberFilter,
        ...asFile,
        personal: z.enum(['masked', 'full']).default('masked').describe('full 须有查看党员姓名的权限'),
      }),
    )
    .output(jobStarted),
}
