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
import { ledgerPermissions } from './contract.ts'
import { department, unitField } from './field-contract.ts'

const operation = operations('台账导入', ledgerPermissions)

/** The steps of an import, in order; the words are what the list shows. */
export const importStates = {
  recognising: '正在识别',
  mapping: '待对列',
  checking: '正在预检',
  preview: '待确认',
  committing: '正在入账',
  committed: '已入账',
  undoing: '正在撤销',
  undone: '已撤销',
  failed: '失败',
} as const
export type ImportState = keyof typeof importStates
export const importState = z.enum(Object.keys(importStates) as [ImportState, ...ImportState[]])

/** What became of a row. `staged`: checked and good, not yet committed. */
export const rowOutcomes = {
  staged: '待入账',
  joined: '并入已有单位',
  created: '新建单位',
  repeated: '与已入账的行相同',
  queued: '待核对',
  refused: '退回',
} as const
export type RowOutcome = keyof typeof rowOutcomes
export const rowOutcome = z.enum(Object.keys(rowOutcomes) as [RowOutcome, ...RowOutcome[]])

/** One thing wrong with one cell. `error` sends the row back; `warning` lets it in. */
export const rowProblem = z.object({
  sheet: z.string(),
  row: z.number().int().describe('表格里显示的行号'),
  column: z.string().describe('原表列名'),
  columnLetter: z.string().describe('列号，如 C'),
  field: unitField.nullable(),
  value: z.string().describe('单元格内容；个人信息已遮盖'),
  level: z.enum(['error', 'warning']),
  rule: z.string().describe('违反的规则'),
  fix: z.string().describe('怎样改'),
})
export type RowProblem = z.infer<typeof rowProblem>

/** How one sheet is read. */
export const sheetMapping = z.object({
  sheet: z.string(),
  use: z.boolean().describe('不导入的表为 false'),
  headerRow: z.number().int().min(1).max(50).describe('表头所在行'),
  columns: z.array(
    z.object({
      index: z.number().int().min(0).max(255).describe('列序，从 0 起'),
      title: z.string().describe('表头文字'),
      field: unitField.nullable().describe('对应字段；不取用为空'),
    }),
  ),
})
export type SheetMapping = z.infer<typeof sheetMapping>

const sheetSketch = z.object({
  sheet: z.string(),
  rows: z.number().int(),
  firstRows: z
    .array(z.object({ row: z.number().int(), cells: z.array(z.string().nullable()) }))
    .describe('前 30 行，个人信息已遮盖'),
})

/** Rows of the file, closed at all times: read = blank + staged + joined + created + repeated + queued + refused. */
export const importCounts = z.object({
  read: z.number().int().describe('表头以下的非空行'),
  blank: z.number().int().describe('只有格式没有内容的行，不计入 read'),
  notData: z.number().int().describe('合计、说明等非数据行，不计入 read'),
  staged: z.number().int(),
  joined: z.number().int(),
  created: z.number().int(),
  repeated: z.number().int(),
  queued: z.number().int(),
  refused: z.number().int(),
  warnings: z.number().int().describe('有提醒的行'),
  wrongCodes: z.number().int().describe('代码有误、仍入账的行，列入退回表'),
})
export type ImportCounts = z.infer<typeof importCounts>

const importRow = z.object({
  id: idShape,
  countyCode: countyCodeShape,
  countyName: z.string(),
  fileName: z.string(),
  bytes: z.number().int(),
  department: department.nullable(),
  asOf: dateShape,
  state: importState,
  counts: importCounts,
  jobId: idShape.nullable().describe('正在进行或最近一次的作业'),
  error: z.string().nullable(),
  author: z.string(),
  createdAt: momentShape,
  committedAt: momentShape.nullable(),
  sameFileAs: z.object({ id: idShape, at: momentShape }).nullable().describe('内容相同的文件此前已入账'),
})

const importPage = importRow.extend({
  format: z.string().describe('如 CSV · GB18030 · 逗号'),
  sketches: z.array(sheetSketch),
  mapping: z.array(sheetMapping),
  departmentBecause: z.string().describe('为什么认作这个部门').nullable(),
  profileUsed: z.string().describe('沿用了哪个部门保存的列对应').nullable(),
  problemRules: z.array(z.object({ rule: z.string(), level: z.enum(['error', 'warning']), rows: z.number().int() })),
  undoable: z.boolean(),
  stalled: z.boolean().describe('这一步的作业失败或被取消，停在半路，可以接着做'),
})

const onImport = { id: idShape }

/** Operations of the import wizard; part of the ledger room. */
export const importContract = {
  listImports: operation({ method: 'GET', path: '/imports', summary: '导入列表', permission: 'ledger.import.read' })
    .input(
      z.object({
        text: z.string().trim().max(64).optional().describe('文件名'),
        state: importState.optional(),
        department: department.optional(),
        ...pageInput,
      }),
    )
    .output(pageOutput(importRow)),
  createImport: operation({
    method: 'POST',
    path: '/imports',
    summary: '上传导入文件',
    permission: 'ledger.import.write',
  })
    .input(
      z.object({
        fileId: idShape,
        countyCode: countyCodeShape.describe('数据属于哪个县'),
        department: department.optional().describe('来源部门；不填则识别'),
        asOf: dateShape.optional().describe('数据截至哪一天；默认今天'),
      }),
    )
    .output(z.object({ id: idShape, jobId: idShape })),
  getImport: operation({ method: 'GET', path: '/imports/{id}', summary: '查看导入', permission: 'ledger.import.read' })
    .input(z.object(onImport))
    .output(importPage),
  checkImport: operation({
    method: 'POST',
    path: '/imports/{id}/check',
    summary: '预检导入文件',
    permission: 'ledger.import.write',
  })
    .input(
      z.object({
        ...onImport,
        department,
        asOf: dateShape,
        mapping: z.array(sheetMapping).min(1),
        saveProfile: z.boolean().default(true).describe('记住这个部门的列对应'),
      }),
    )
    .output(jobStarted),
  listProblems: operation({
    method: 'GET',
    path: '/imports/{id}/problems',
    summary: '查看问题行',
    permission: 'ledger.import.read',
  })
    .input(
      z.object({
        ...onImport,
        level: z.enum(['error', 'warning']).optional(),
        rule: z.string().max(80).optional(),
        ...pageInput,
      }),
    )
    .output(pageOutput(rowProblem)),
  listImportRows: operation({
    method: 'GET',
    path: '/imports/{id}/rows',
    summary: '查看导入行',
    permission: 'ledger.import.read',
  })
    .input(z.object({ ...onImport, outcome: rowOutcome.optional(), ...pageInput }))
    .output(
      pageOutput(
        z.object({
          id: idShape,
          sheet: z.string(),
          row: z.number().int(),
          name: z.string().nullable(),
          code: z.string().nullable(),
          outcome: rowOutcome,
          reason: z.string().nullable().describe('退回或待核对的原因'),
          unitId: idShape.nullable(),
          unitName: z.string().nullable(),
        }),
      ),
    ),
  commitImport: operation({
    method: 'POST',
    path: '/imports/{id}/commit',
    summary: '导入入账',
    permission: 'ledger.import.write',
  })
    .input(z.object(onImport))
    .output(jobStarted),
  resumeImport: operation({
    method: 'POST',
    path: '/imports/{id}/resume',
    summary: '接着导入',
    permission: 'ledger.import.write',
  })
    .input(z.object(onImport))
    .output(jobStarted),
  returnImport: operation({
    method: 'POST',
    path: '/imports/{id}/return',
    summary: '下载退回表',
    permission: 'ledger.import.write',
  })
    .input(z.object(onImport))
    .output(jobStarted),
  undoImport: operation({
    method: 'POST',
    path: '/imports/{id}/undo',
    summary: '撤销导入',
    permission: 'ledger.import.write',
  })
    .input(z.object({ ...onImport, reason: z.string().trim().min(2, '请写明原因').max(200).describe('原因') }))
    .output(jobStarted),
  discardImport: operation({
    method: 'DELETE',
    path: '/imports/{id}',
    summary: '放弃导入',
    permission: 'ledger.import.write',
  })
    .input(z.object(onImport))
    .output(doneOutput),
  listProfiles: operation({
    method: 'GET',
    path: '/import-profiles',
    summary: '列对应方案',
    permission: 'ledger.import.read',
  }).output(
    z.object({
      rows: z.array(
        z.object({
          id: idShape,
          countyCode: countyCodeShape,
          department,
          titles: z.array(z.string()),
          usedAt: momentShape,
        }),
      ),
    }),
  ),
  removeProfile: operation({
    method: 'DELETE',
    path: '/import-profiles/{id}',
    summary: '删除列对应方案',
    permission: 'ledger.import.write',
  })
    .input(z.object(onImport))
    .output(doneOutput),
}
