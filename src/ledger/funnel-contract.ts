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
} from '../base/list.ts'
import { operations } from '../base/operation.ts'
import { ledgerPermissions } from './contract.ts'
import { department } from './field-contract.ts'
import { dropReason, funnelSettings } from './standing-contract.ts'

const operation = operations('甄别', ledgerPermissions)

/** Why a row is not one more unit. */
export const rowDrops = {
  refused: '行错误',
  queued: '待核对',
  repeated: '重复',
  staged: '待入账',
  loose: '已从单位移出',
} as const
export type RowDrop = keyof typeof rowDrops
export const rowDrop = z.enum(Object.keys(rowDrops) as [RowDrop, ...RowDrop[]])

/** What became of a row: the one that a unit is counted by, or why it is not one more unit. */
export const rowFates = { counted: '计为一家', ...rowDrops } as const
export type RowFate = keyof typeof rowFates
export const rowFate = z.enum(Object.keys(rowFates) as [RowFate, ...RowFate[]])

const n = z.number().int()

const areaFunnel = z.object({
  code: regionCodeShape,
  name: z.string(),
  units: n.describe('在册单位'),
  alive: n.describe('存续'),
  operating: n.describe('实体运营'),
  target: n.describe('摸排对象'),
})

const funnel = z.object({
  asOf: momentShape,
  region: z.object({ code: regionCodeShape, name: z.string() }).nullable().describe('空为本账号的全部范围'),
  rows: z
    .object({
      total: n.describe('已入账文件的来源行'),
      drops: z.array(z.object({ drop: rowDrop, rows: n })),
      units: n.describe('这些行归成的单位数；total 减去各项 drops 等于它'),
    })
    .nullable()
    .describe('乡镇街道以下没有：退回和待核对的行不知道属于哪个乡镇'),
  byHand: n.describe('本单位新建、没有来源行的在册单位'),
  withdrawn: n.describe('有来源行而已撤下的单位'),
  units: n.describe('在册单位，等于来源行归成的单位加 byHand 减 withdrawn'),
  alive: n,
  operating: n,
  target: n,
  drops: z.array(z.object({ reason: dropReason, units: n })),
  areas: z.array(areaFunnel).describe('县内按乡镇街道，几个县时按县，至多 300 个'),
  parks: n.describe('市级以上园区，另列为摸排对象'),
  files: z.array(z.object({ department, asOf: dateShape })).describe('各部门最新一批数据截至哪一天'),
  settings: funnelSettings.nullable().describe('现行口径；几个县时为空，各县口径可能不同'),
  waiting: n.describe('还没有按现行规则重算的单位数'),
})
export type Funnel = z.infer<typeof funnel>

const funnelRow = z.object({
  id: idShape,
  countyCode: countyCodeShape,
  importId: idShape,
  fileName: z.string(),
  department: department.nullable(),
  asOf: dateShape,
  sheet: z.string(),
  row: n.describe('表格里显示的行号'),
  name: z.string().nullable(),
  code: z.string().nullable(),
  fate: rowFate,
  reason: z.string().nullable(),
  unitId: idShape.nullable(),
  unitName: z.string().nullable(),
})

const where = { region: regionCodeShape.optional().describe('区划，含其下级；默认本账号的全部范围') }

const whichRows = {
  ...where,
  fate: rowFate.optional().describe('去向；不填为已入账文件的每一行'),
  department: department.optional().describe('来源部门'),
  text: z.string().trim().max(64).optional().describe('行里的单位名称或代码'),
}

/** Operations of the funnel; part of the ledger room. */
export const funnelContract = {
  getFunnel: operation({
    method: 'GET',
    path: '/ledger/funnel',
    summary: '甄别漏斗',
    permission: 'ledger.unit.read',
  })
    .input(z.object(where))
    .output(funnel),
  listFunnelRows: operation({
    method: 'GET',
    path: '/ledger/funnel/rows',
    summary: '查看甄别的来源行',
    permission: 'ledger.import.read',
  })
    .input(z.object({ ...whichRows, ...pageInput }))
    .output(pageOutput(funnelRow)),
  exportFunnelRows: operation({
    method: 'POST',
    path: '/ledger/funnel/rows/export',
    summary: '导出甄别的来源行',
    permission: 'ledger.unit.export',
  })
    .input(z.object({ ...whichRows, format: z.enum(['xlsx', 'csv']).default('xlsx'), purpose: purposeShape }))
    .output(jobStarted),
  exportFunnel: operation({
    method: 'POST',
    path: '/ledger/funnel/export',
    summary: '导出甄别表',
    permission: 'ledger.unit.export',
  })
    .input(
      z.object({
        ...where,
        purpose: purposeShape,
      }),
    )
    .output(jobStarted),
  stateOperation: operation({
    method: 'PUT',
    path: '/units/{id}/operation',
    summary: '认定是否实体运营',
    permission: 'ledger.unit.write',
  })
    .input(
      z.object({
        id: idShape,
        inOperation: z.boolean().nullable().describe('空为撤销本单位的认定，恢复按规则推断'),
        reason: z.string().trim().min(2, '请写明认定依据').max(200).describe('认定依据'),
      }),
    )
    .output(doneOutput),
}
