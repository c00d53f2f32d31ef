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
} from '../base/list.ts'
import { operations } from '../base/operation.ts'
import { orgFilter, orgPermissions } from './contract.ts'
import { formingMode, orgKind } from './words-contract.ts'

const operation = operations('党组织', orgPermissions)
const permission = 'party.org.import'

/** What a column of a file of organisations can be: the plain workbook's items and those of the national collection. */
export const orgFields = {
  name: '党组织名称',
  code: '组织代码',
  kind: '类别',
  mode: '组建方式',
  parent: '上级党组织',
  situation: '党组织所在单位情况',
  unitName: '覆盖单位名称',
  unitCode: '统一社会信用代码',
  area: '所在乡镇街道',
  foundedOn: '成立日期',
  secretary: '书记',
  electedOn: '换届日期',
  expiresOn: '届满日期',
  members: '党员数',
  formal: '正式党员数',
  probationary: '预备党员数',
} as const
export type OrgField = keyof typeof orgFields
export const orgField = z.enum(Object.keys(orgFields) as [OrgField, ...OrgField[]])

/** The steps of an import, in order. */
export const orgImportStates = {
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
export type OrgImportState = keyof typeof orgImportStates
export const orgImportState = z.enum(Object.keys(orgImportStates) as [OrgImportState, ...OrgImportState[]])

/** What a row does to the register. */
export const orgOutcomes = { add: '新增党组织', update: '补充已有党组织', same: '没有变化', refused: '退回' } as const
export type OrgOutcome = keyof typeof orgOutcomes
export const orgOutcome = z.enum(['add', 'update', 'same', 'refused'])

/** How one sheet of the file is read. */
export const orgSheet = z.object({
  sheet: z.string(),
  use: z.boolean().describe('不导入的表为 false'),
  headerRow: z.number().int().min(1).max(50).describe('表头所在行'),
  columns: z
    .array(
      z.object({
        index: z.number().int().min(0).max(255).describe('列序，从 0 起'),
        title: z.string().max(200).describe('表头文字'),
        field: orgField.nullable().describe('对应项；不取用为空'),
      }),
    )
    .max(256),
})
export type OrgSheet = z.infer<typeof orgSheet>

/** One thing wrong with one cell. `error` sends the row back. */
export const orgProblem = z.object({
  column: z.string().describe('原表列名'),
  columnLetter: z.string().describe('列号，如 C'),
  value: z.string().describe('单元格内容；个人信息已遮盖'),
  level: z.enum(['error', 'warning']),
  rule: z.string().describe('违反的规则'),
  fix: z.string().describe('怎样改'),
})
export type OrgProblem = z.infer<typeof orgProblem>

/** What was read of a row. A secretary's name stands here masked. */
export const orgRowValues = z.object({
  name: z.string(),
  code: z.string().nullable(),
  kind: orgKind,
  mode: formingMode,
  parent: z.string().nullable(),
  sameAsParent: z.boolean().describe('所在单位与上级党组织相同'),
  units: z.array(z.object({ name: z.string(), code: z.string().nullable(), unitId: idShape.nullable() })),
  areaCode: z.string().nullable(),
  foundedOn: dateShape.nullable(),
  secretary: z.string().nullable(),
  electedOn: dateShape.nullable(),
  expiresOn: dateShape.nullable(),
  formal: z.number().int().nullable(),
  probationary: z.number().int().nullable(),
})
export type OrgRowValues = z.infer<typeof orgRowValues>

/** Rows of the file, closed at all times: read = add + update + same + refused; and organisations. */
export const orgImportCounts = z.object({
  read: z.number().int().describe('表头以下的非空行'),
  notData: z.number().int().describe('合计、说明等非数据行，不计入 read'),
  add: z.number().int(),
  update: z.number().int(),
  same: z.number().int(),
  refused: z.number().int(),
  warnings: z.number().int().describe('有提醒的行'),
  orgsNew: z.number().int().describe('新增的党组织'),
  unitsFound: z.number().int().describe('认出的单位'),
  unitsMissing: z.number().int().describe('没有认出的单位'),
})
export type OrgImportCounts = z.infer<typeof orgImportCounts>

const importRow = z.object({
  id: idShape,
  countyCode: countyCodeShape,
  countyName: z.string(),
  fileName: z.string(),
  bytes: z.number().int(),
  asOf: dateShape,
  state: orgImportState,
  counts: orgImportCounts,
  jobId: idShape.nullable(),
  error: z.string().nullable(),
  author: z.string(),
  createdAt: momentShape,
  committedAt: momentShape.nullable(),
  undoneReason: z.string().nullable(),
})

const sketch = z.object({
  sheet: z.string(),
  rows: z.number().int(),
  firstRows: z.array(z.object({ row: z.number().int(), cells: z.array(z.string().nullable()) })),
})
export type OrgSketch = z.infer<typeof sketch>

const importPage = importRow.extend({
  mapping: z.array(orgSheet),
  sketch: z.array(sketch),
  stalled: z.boolean().describe('这一步的作业停在半路，可以接着做'),
})

const onImport = { id: idShape }

/** Files of party organisations: in, and out in the same shapes. */
export const orgImportContract = {
  listOrgImports: operation({ method: 'GET', path: '/party/org-imports', summary: '党组织导入列表', permission })
    .input(z.object({ state: orgImportState.optional(), ...pageInput }))
    .output(pageOutput(importRow)),
  createOrgImport: operation({ method: 'POST', path: '/party/org-imports', summary: '上传党组织', permission })
    .input(
      z.object({
        fileId: idShape,
        countyCode: countyCodeShape.describe('数据属于哪个县'),
        asOf: dateShape.optional().describe('数据截至哪一天；默认今天'),
      }),
    )
    .output(z.object({ id: idShape, jobId: idShape })),
  getOrgImport: operation({ method: 'GET', path: '/party/org-imports/{id}', summary: '查看党组织导入', permission })
    .input(z.object(onImport))
    .output(importPage),
  checkOrgImport: operation({
    method: 'POST',
    path: '/party/org-imports/{id}/check',
    summary: '预检党组织',
    permission,
  })
    .input(z.object({ ...onImport, asOf: dateShape, mapping: z.array(orgSheet).min(1).max(50) }))
    .output(jobStarted),
  listOrgImportRows: operation({
    method: 'GET',
    path: '/party/org-imports/{id}/rows',
    summary: '查看党组织各行',
    permission,
  })
    .input(
      z.object({
        ...onImport,
        outcome: orgOutcome.optional(),
        only: z.enum(['problems']).optional().describe('只看有问题、有提醒的'),
        ...pageInput,
      }),
    )
    .output(
      pageOutput(
        z.object({
          seq: z.number().int(),
          sheet: z.string(),
          row: z.number().int(),
          outcome: orgOutcome,
          orgId: idShape.nullable(),
          values: orgRowValues.partial(),
          problems: z.array(orgProblem),
        }),
      ),
    ),
  commitOrgImport: operation({
    method: 'POST',
    path: '/party/org-imports/{id}/commit',
    summary: '党组织入库',
    permission,
  })
    .input(z.object(onImport))
    .output(jobStarted),
  resumeOrgImport: operation({
    method: 'POST',
    path: '/party/org-imports/{id}/resume',
    summary: '接着导入党组织',
    permission,
  })
    .input(z.object(onImport))
    .output(jobStarted),
  undoOrgImport: operation({
    method: 'POST',
    path: '/party/org-imports/{id}/undo',
    summary: '撤销党组织导入',
    permission,
  })
    .input(z.object({ ...onImport, reason: z.string().trim().min(2, '请写明原因').max(200).describe('原因') }))
    .output(jobStarted),
  discardOrgImport: operation({
    method: 'DELETE',
    path: '/party/org-imports/{id}',
    summary: '放弃党组织导入',
    permission,
  })
    .input(z.object(onImport))
    .output(doneOutput),
  exportOrgs: operation({
    method: 'POST',
    path: '/party/orgs/export',
    summary: '导出党组织',
    permission: 'party.org.export',
  })
    .input(
      z.object({
        filter: orgFilter,
        shape: z.enum(['plain', 'national']).describe('plain 通用表；national 全国党员系统采集表'),
        format: z.enum(['xlsx', 'csv']),
        purpose: purposeShape,
      }),
    )
    .output(jobStarted),
}
