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
} from '../base/list.ts'
import { operations } from '../base/operation.ts'
import { memberPermissions } from './member-contract.ts'

const operation = operations('党员', memberPermissions)

/** What a column of a roster of members can be. */
export const memberFields = {
  name: '姓名',
  idNumber: '公民身份号码',
  kind: '党员类别',
  branch: '所在党支部',
  employer: '工作单位',
  joinedOn: '加入党组织日期',
  formalOn: '转为正式党员日期',
  floating: '是否流动党员',
} as const
export type MemberField = keyof typeof memberFields
export const memberField = z.enum(Object.keys(memberFields) as [MemberField, ...MemberField[]])

/** The steps of an import of members, in order. */
export const memberImportStates = {
  recognising: '正在识别',
  mapping: '待对列',
  checking: '正在预检',
  preview: '待确认',
  committing: '正在入库',
  committed: '已入库',
  undoing: '正在撤销',
  undone: '已撤销',
  discarded: '已放弃',
  failed: '失败',
} as const
export type MemberImportState = keyof typeof memberImportStates
export const memberImportState = z.enum(Object.keys(memberImportStates) as [MemberImportState, ...MemberImportState[]])

/** What became of a row. `staged`: checked and good, not yet in. */
export const memberOutcomes = {
  staged: '待入库',
  added: '新增',
  updated: '更新',
  same: '没有变化',
  repeated: '与前面的行是同一人',
  refused: '退回',
} as const
export type MemberOutcome = keyof typeof memberOutcomes
export const memberOutcome = z.enum(Object.keys(memberOutcomes) as [MemberOutcome, ...MemberOutcome[]])

/** How one sheet of the roster is read. */
export const memberSheet = z.object({
  sheet: z.string(),
  use: z.boolean().describe('不导入的表为 false'),
  headerRow: z.number().int().min(1).max(50).describe('表头所在行'),
  columns: z
    .array(
      z.object({
        index: z.number().int().min(0).max(255).describe('列序，从 0 起'),
        title: z.string().max(200).describe('表头文字'),
        field: memberField.nullable().describe('对应项；不取用为空'),
      }),
    )
    .max(256),
})
export type MemberSheet = z.infer<typeof memberSheet>

/** One thing wrong with one cell; nothing of a person is in `value`. `error` sends the row back. */
export const memberProblem = z.object({
  column: z.string().describe('原表列名'),
  columnLetter: z.string().describe('列号，如 C'),
  value: z.string().describe('单元格内容；个人信息已遮盖'),
  level: z.enum(['error', 'warning']),
  rule: z.string().describe('违反的规则'),
  fix: z.string().describe('怎样改'),
})
export type MemberProblem = z.infer<typeof memberProblem>

/** Rows of the file, closed at all times: read = staged + added + updated + same + repeated + refused. */
export const memberCounts = z.object({
  read: z.number().int().describe('表头以下的非空行'),
  notData: z.number().int().describe('合计、说明等非数据行，不计入 read'),
  staged: z.number().int(),
  added: z.number().int(),
  updated: z.number().int(),
  same: z.number().int(),
  repeated: z.number().int(),
  refused: z.number().int(),
  warnings: z.number().int().describe('有提醒的行'),
  ended: z.number().int().describe('全量名册里没有、记为不在册的'),
})
export type MemberCounts = z.infer<typeof memberCounts>

const importRow = z.object({
  id: idShape,
  countyCode: countyCodeShape,
  countyName: z.string(),
  fileName: z.string(),
  bytes: z.number().int(),
  asOf: dateShape,
  complete: z.boolean(),
  state: memberImportState,
  counts: memberCounts,
  jobId: idShape.nullable(),
  error: z.string().nullable(),
  author: z.string(),
  createdAt: momentShape,
  committedAt: momentShape.nullable(),
})

const importPage = importRow.extend({
  mapping: z.array(memberSheet),
  sketch: z.array(
    z.object({
      sheet: z.string(),
      rows: z.number().int(),
      firstRows: z
        .array(z.object({ row: z.number().int(), cells: z.array(z.string().nullable()) }))
        .describe('前几行，个人信息已遮盖'),
    }),
  ),
  fileKept: z.boolean().describe('原文件是否还在；入库、放弃后即删除'),
  stalled: z.boolean().describe('这一步的作业停在半路，可以接着做'),
})

const employer = z.object({
  countyCode: countyCodeShape,
  employerKey: z.string(),
  employer: z.string().describe('名册上的写法'),
  unitId: idShape.nullable(),
  unitName: z.string().nullable(),
  how: z.enum(['name', 'formerName', 'likeName', 'person', 'outside', 'unknown']),
  saidBy: z.string().nullable(),
  members: z.number().int().describe('在册党员'),
})
/** How an employer's text came to a unit. */
export const employerHow = {
  unknown: '没有认出',
  name: '名称相同',
  formerName: '曾用名相同',
  likeName: '名称相近',
  person: '人工认定',
  outside: '不在台账',
} as const

const onImport = { id: idShape }

/** Operations of the import of members and of the employers that their rosters name. */
export const memberImportContract = {
  listMemberImports: operation({
    method: 'GET',
    path: '/party/member-imports',
    summary: '党员信息导入列表',
    permission: 'party.member.import',
  })
    .input(z.object({ state: memberImportState.optional(), ...pageInput }))
    .output(pageOutput(importRow)),
  createMemberImport: operation({
    method: 'POST',
    path: '/party/member-imports',
    summary: '上传党员信息',
    permission: 'party.member.import',
  })
    .input(
      z.object({
        fileId: idShape,
        countyCode: countyCodeShape.describe('数据属于哪个县'),
        asOf: dateShape.optional().describe('数据截至哪一天；默认今天'),
        complete: z.boolean().default(false).describe('名册是全量的：不在其中的党员记为不在册'),
      }),
    )
    .output(z.object({ id: idShape, jobId: idShape })),
  getMemberImport: operation({
    method: 'GET',
    path: '/party/member-imports/{id}',
    summary: '查看党员信息导入',
    permission: 'party.member.import',
  })
    .input(z.object(onImport))
    .output(importPage),
  checkMemberImport: operation({
    method: 'POST',
    path: '/party/member-imports/{id}/check',
    summary: '预检党员信息',
    permission: 'party.member.import',
  })
    .input(
      z.object({ ...onImport, asOf: dateShape, complete: z.boolean(), mapping: z.array(memberSheet).min(1).max(50) }),
    )
    .output(jobStarted),
  listMemberRows: operation({
    method: 'GET',
    path: '/party/member-imports/{id}/rows',
    summary: '查看党员信息各行',
    permission: 'party.member.import',
  })
    .input(
      z.object({
        ...onImport,
        outcome: memberOutcome.optional(),
        only: z.enum(['problems']).optional().describe('只看有问题、有提醒的'),
        ...pageInput,
      }),
    )
    .output(
      pageOutput(
        z.object({
          id: idShape,
          sheet: z.string(),
          row: z.number().int(),
          outcome: memberOutcome,
          name: z.string().nullable().describe('已脱敏'),
          branch: z.string().nullable(),
          employer: z.string().nullable(),
          problems: z.array(memberProblem),
        }),
      ),
    ),
  commitMemberImport: operation({
    method: 'POST',
    path: '/party/member-imports/{id}/commit',
    summary: '党员信息入库',
    permission: 'party.member.import',
  })
    .input(z.object(onImport))
    .output(jobStarted),
  resumeMemberImport: operation({
    method: 'POST',
    path: '/party/member-imports/{id}/resume',
    summary: '接着导入党员信息',
    permission: 'party.member.import',
  })
    .input(z.object(onImport))
    .output(jobStarted),
  undoMemberImport: operation({
    method: 'POST',
    path: '/party/member-imports/{id}/undo',
    summary: '撤销党员信息导入',
    permission: 'party.member.import',
  })
    .input(z.object({ ...onImport, reason: z.string().trim().min(2, '请写明原因').max(200).describe('原因') }))
    .output(jobStarted),
  discardMemberImport: operation({
    method: 'DELETE',
    path: '/party/member-imports/{id}',
    summary: '放弃党员信息导入',
    permission: 'party.member.import',
  })
    .input(z.object(onImport))
    .output(doneOutput),
  listEmployers: operation({
    method: 'GET',
    path: '/party/member-employers',
    summary: '工作单位写法',
    permission: 'party.member.import',
  })
    .input(
      z.object({
        how: z.enum(['unknown', 'outside', 'person', 'matched']).optional().describe('matched：自动认出的'),
        text: z.string().trim().max(64).optional().describe('写法'),
        ...pageInput,
      }),
    )
    .output(pageOutput(employer)),
  settleEmployer: operation({
    method: 'POST',
    path: '/party/member-employers',
    summary: '认定工作单位',
    permission: 'party.member.import',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        employerKey: z.string().min(1).max(200),
        unitId: idShape.nullable().describe('空：不是台账里的单位'),
      }),
    )
    .output(doneOutput),
  rematchEmployers: operation({
    method: 'POST',
    path: '/party/member-employers/rematch',
    summary: '重新认单位',
    permission: 'party.member.import',
  })
    .input(z.object({ countyCode: countyCodeShape }))
    .output(jobStarted),
}
