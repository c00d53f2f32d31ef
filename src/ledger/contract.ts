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
import { department, ownership, unitField, unitKind, unitStatus } from './field-contract.ts'
import { dropReason, evidenceRules, funnelStage } from './standing-contract.ts'

/** Permissions of the ledger room. */
export const ledgerPermissions = {
  'ledger.unit.read': '查看台账',
  'ledger.unit.write': '维护台账',
  'ledger.unit.reveal': '查看完整联系方式',
  'ledger.unit.export': '导出台账',
  'ledger.import.read': '查看导入',
  'ledger.import.write': '导入文件',
  'ledger.rules.write': '修改取值与甄别规则',
} as const

const operation = operations('台账', ledgerPermissions)

/** What narrows the list, the count and the export; one shape for all three so that they can never differ. */
export const unitFilter = z.object({
  text: z.string().trim().max(64).optional().describe('名称、曾用名、简称、拼音首字母、统一社会信用代码'),
  kinds: z.array(unitKind).optional().describe('单位类型'),
  statuses: z.array(unitStatus).optional().describe('登记状态'),
  region: regionCodeShape.optional().describe('区划，含其下级'),
  placeIds: z.array(idShape).max(50).optional().describe('园区、楼宇、商圈、专业市场'),
  industry: z
    .string()
    .regex(/^[A-T]\d{0,4}$/)
    .optional()
    .describe('行业门类或大中小类代码'),
  staffMin: z.number().int().min(0).optional().describe('从业人数不少于'),
  staffMax: z.number().int().min(0).optional().describe('从业人数不多于'),
  departments: z.array(department).optional().describe('至少有其中一个来源'),
  importId: idShape.optional().describe('由这次导入新建或更新'),
  withoutCode: z.boolean().optional().describe('没有统一社会信用代码的'),
  withoutArea: z.boolean().optional().describe('只知所在县、不知乡镇街道的'),
  sourceRows: z.enum(['with', 'without']).optional().describe('有、没有来源行的；没有的是本单位新建的'),
  stage: funnelStage.optional().describe('甄别到了哪一步：存续、实体运营、摸排对象'),
  dropReasons: z.array(dropReason).optional().describe('甄别去向：因何没有列入摸排对象'),
  ownerships: z.array(ownership).optional().describe('控股情况'),
  conflicts: z.array(unitField).optional().describe('其中至少一个字段各部门说法不一'),
  anyConflict: z.boolean().optional().describe('有字段各部门说法不一的'),
  withdrawn: z.boolean().default(false).describe('已撤下的单位；默认不含'),
})
export type UnitFilter = z.infer<typeof unitFilter>

export const unitSort = z.enum(['name', 'uscc', 'kind', 'status', 'area', 'staffCount', 'foundedOn', 'updatedAt'])

/** A row of the list: present values only, personal fields masked. */
export const unitRow = z.object({
  countyCode: countyCodeShape,
  id: idShape,
  name: z.string(),
  shortName: z.string().nullable(),
  uscc: z.string().nullable(),
  kind: unitKind,
  status: unitStatus,
  areaCode: regionCodeShape,
  areaName: z.string(),
  industry: z.string().nullable(),
  industryName: z.string().nullable(),
  staffCount: z.number().int().nullable(),
  insuredCount: z.number().int().nullable(),
  memberCount: z.number().int().nullable(),
  hasPartyOrg: z.boolean().nullable(),
  legalRep: z.string().describe('已脱敏').nullable(),
  phone: z.string().describe('已脱敏').nullable(),
  address: z.string().nullable(),
  foundedOn: dateShape.nullable(),
  taxStatus: z.string().nullable(),
  places: z.array(z.string()),
  departments: z.array(department),
  ownership: ownership.describe('填报的，或由企业类型、注册号推断的').nullable(),
  inOperation: z.boolean().describe('实体运营'),
  dropReason: dropReason.describe('因何没有列入摸排对象；列入的为空').nullable(),
  conflicts: z.array(unitField).describe('各部门说法不一的字段'),
  updatedAt: momentShape,
})

/** One value of one field from one department, with where it came from. Personal values are masked. */
export const fact = z.object({
  id: idShape,
  field: unitField,
  value: z.string().describe('规范写法；个人信息已脱敏'),
  department,
  validFrom: dateShape,
  validTo: dateShape.nullable().describe('被同一部门的新值取代之日；仍有效为空'),
  recordedAt: momentShape,
  recordedBy: z.string(),
  source: z
    .object({
      importId: idShape,
      fileName: z.string(),
      sheet: z.string(),
      row: z.number().int().describe('表格里显示的行号'),
    })
    .nullable(),
})

const unitPage = unitRow.extend({
  asOf: dateShape,
  withdrawn: z.object({ at: momentShape, reason: z.string() }).nullable(),
  isBranch: z.boolean(),
  because: z
    .array(
      z.object({
        rule: z.enum(evidenceRules),
        sign: z.enum(['for', 'against']),
        value: z.string().optional(),
        department: department.optional(),
        on: dateShape.optional(),
      }),
    )
    .describe('是否实体运营的依据，起决定作用的在前'),
  stated: z
    .object({ reason: z.string().nullable(), byName: z.string(), on: dateShape })
    .nullable()
    .describe('本单位对是否实体运营的认定'),
  fields: z
    .array(
      z.object({
        field: unitField,
        current: fact.nullable().describe('按来源次序取用的值；当日无值为空'),
        others: z
          .array(fact.extend({ agrees: z.boolean().describe('与取用的值说的是一回事') }))
          .describe('其他部门当日的值，次序在后'),
        differs: z.boolean().describe('其他部门的说法与取用的值不一致；全半角、括号、地址详略不算'),
      }),
    )
    .describe('按字段目录次序，只含曾有值的字段'),
  placeList: z.array(z.object({ id: idShape, name: z.string(), kind: z.string() })),
  noteCount: z.number().int(),
  attachmentCount: z.number().int(),
})

/** A row of a departmental file, as it was sent; ID numbers were replaced when it was read. */
export const sourceRow = z.object({
  id: idShape,
  importId: idShape,
  fileName: z.string(),
  department,
  asOf: dateShape,
  sheet: z.string(),
  row: z.number().int(),
  cells: z.array(z.object({ title: z.string(), value: z.string() })).describe('原表列名与单元格；个人信息已脱敏'),
  linkedBy: z.string().nullable().describe('凭什么并到本单位'),
  linkedAt: momentShape.nullable(),
})

const note = z.object({ id: idShape, text: z.string(), author: z.string(), mine: z.boolean(), at: momentShape })
const attachment = z.object({
  id: idShape,
  fileName: z.string(),
  bytes: z.number().int(),
  author: z.string(),
  mine: z.boolean(),
  at: momentShape,
})
const savedView = z.object({
  id: idShape,
  name: z.string(),
  filter: unitFilter.partial(),
  columns: z.array(z.string()),
  sort: unitSort,
  order: z.enum(['asc', 'desc']),
})
const fieldValues = z
  .partialRecord(unitField, z.string().trim().max(500).nullable())
  .describe('字段 → 值；空值表示清除本单位填报的值')
const onUnit = { id: idShape }

export const ledgerContract = {
  summary: operation({ method: 'GET', path: '/ledger/summary', summary: '台账概况', permission: 'ledger.unit.read' })
    .input(z.object({ region: regionCodeShape.optional() }))
    .output(
      z.object({
        asOf: momentShape,
        units: z.number().int(),
        byKind: z.array(z.object({ kind: unitKind, count: z.number().int() })),
        byStatus: z.array(z.object({ status: unitStatus, count: z.number().int() })),
        byArea: z.array(z.object({ code: regionCodeShape, name: z.string(), count: z.number().int() })),
        withoutCode: z.number().int(),
        withoutArea: z.number().int().describe('只知所在县、不知乡镇街道的'),
        importsWaiting: z.number().int().describe('停在对列、预览，等人处理的导入'),
        recentImports: z.array(
          z.object({
            id: idShape,
            fileName: z.string(),
            department: department.nullable(),
            state: z.string(),
            at: momentShape,
          }),
        ),
      }),
    ),
  searchUnits: operation({
    method: 'POST',
    path: '/units/search',
    summary: '查询台账',
    permission: 'ledger.unit.read',
    effect: 'query',
  })
    .input(z.object({ filter: unitFilter, sort: unitSort.default('name'), order: sortOrder, ...pageInput }))
    .output(pageOutput(unitRow)),
  getUnit: operation({ method: 'GET', path: '/units/{id}', summary: '查看一企一档', permission: 'ledger.unit.read' })
    .input(z.object({ ...onUnit, asOf: dateShape.optional().describe('截至哪一天；默认今天') }))
    .output(unitPage),
  listFacts: operation({
    method: 'GET',
    path: '/units/{id}/facts',
    summary: '查看字段历史',
    permission: 'ledger.unit.read',
  })
    .input(z.object({ ...onUnit, field: unitField.optional() }))
    .output(z.object({ rows: z.array(fact) })),
  listSourceRows: operation({
    method: 'GET',
    path: '/units/{id}/rows',
    summary: '查看来源行',
    permission: 'ledger.unit.read',
  })
    .input(z.object(onUnit))
    .output(z.object({ rows: z.array(sourceRow) })),
  revealField: operation({
    method: 'POST',
    path: '/units/{id}/reveal',
    summary: '查看完整联系方式',
    permission: 'ledger.unit.reveal',
    secretAnswer: true,
  })
    .input(
      z.object({
        ...onUnit,
        field: unitField,
        purpose: purposeShape,
      }),
    )
    .output(z.object({ value: z.string().nullable() })),
  createUnit: operation({ method: 'POST', path: '/units', summary: '新建单位', permission: 'ledger.unit.write' })
    .input(z.object({ countyCode: countyCodeShape, values: fieldValues }))
    .output(z.object({ id: idShape })),
  correctUnit: operation({
    method: 'PATCH',
    path: '/units/{id}',
    summary: '更正单位信息',
    permission: 'ledger.unit.write',
  })
    .input(
      z.object({
        ...onUnit,
        values: fieldValues,
        validFrom: dateShape.optional().describe('自哪一天起；默认今天'),
        reason: z.string().trim().min(2, '请写明更正依据').max(200).describe('更正依据'),
      }),
    )
    .output(doneOutput),
  withdrawUnit: operation({
    method: 'POST',
    path: '/units/{id}/withdraw',
    summary: '撤下单位',
    permission: 'ledger.unit.write',
  })
    .input(z.object({ ...onUnit, reason: z.string().trim().min(2, '请写明原因').max(200).describe('原因') }))
    .output(doneOutput),
  restoreUnit: operation({
    method: 'POST',
    path: '/units/{id}/restore',
    summary: '恢复单位',
    permission: 'ledger.unit.write',
  })
    .input(z.object(onUnit))
    .output(doneOutput),
  setPlaces: operation({
    method: 'PUT',
    path: '/units/{id}/places',
    summary: '设置所在区域',
    permission: 'ledger.unit.write',
  })
    .input(z.object({ ...onUnit, placeIds: z.array(idShape).max(20) }))
    .output(doneOutput),
  listNotes: operation({
    method: 'GET',
    path: '/units/{id}/notes',
    summary: '查看备忘',
    permission: 'ledger.unit.read',
  })
    .input(z.object(onUnit))
    .output(z.object({ rows: z.array(note) })),
  addNote: operation({
    method: 'POST',
    path: '/units/{id}/notes',
    summary: '添加备忘',
    permission: 'ledger.unit.write',
  })
    .input(z.object({ ...onUnit, text: z.string().trim().min(1, '请填写内容').max(2000).describe('内容') }))
    .output(z.object({ id: idShape })),
  removeNote: operation({
    method: 'DELETE',
    path: '/units/{id}/notes/{noteId}',
    summary: '删除备忘',
    permission: 'ledger.unit.write',
  })
    .input(z.object({ ...onUnit, noteId: idShape }))
    .output(doneOutput),
  listAttachments: operation({
    method: 'GET',
    path: '/units/{id}/attachments',
    summary: '查看附件',
    permission: 'ledger.unit.read',
  })
    .input(z.object(onUnit))
    .output(z.object({ rows: z.array(attachment) })),
  addAttachment: operation({
    method: 'POST',
    path: '/units/{id}/attachments',
    summary: '添加附件',
    permission: 'ledger.unit.write',
  })
    .input(z.object({ ...onUnit, fileId: idShape }))
    .output(z.object({ id: idShape })),
  downloadAttachment: operation({
    method: 'POST',
    path: '/units/{id}/attachments/{attachmentId}/download',
    summary: '下载附件',
    permission: 'ledger.unit.read',
  })
    .input(z.object({ ...onUnit, attachmentId: idShape }))
    .output(z.object({ url: z.string() })),
  removeAttachment: operation({
    method: 'DELETE',
    path: '/units/{id}/attachments/{attachmentId}',
    summary: '删除附件',
    permission: 'ledger.unit.write',
  })
    .input(z.object({ ...onUnit, attachmentId: idShape }))
    .output(doneOutput),
  listViews: operation({
    method: 'GET',
    path: '/ledger/views',
    summary: '我的视图',
    permission: 'ledger.unit.read',
  }).output(z.object({ rows: z.array(savedView) })),
  saveView: operation({
    method: 'POST',
    path: '/ledger/views',
    summary: '保存视图',
    permission: 'ledger.unit.read',
    effect: 'command',
  })
    .input(savedView.omit({ id: true }).extend({ id: idShape.optional().describe('改写已有视图时填写') }))
    .output(z.object({ id: idShape })),
  removeView: operation({
    method: 'DELETE',
    path: '/ledger/views/{id}',
    summary: '删除视图',
    permission: 'ledger.unit.read',
  })
    .input(z.object(onUnit))
    .output(doneOutput),
  exportUnits: operation({
    method: 'POST',
    path: '/units/export',
    summary: '导出台账',
    permission: 'ledger.unit.export',
  })
    .input(
      z.object({
        filter: unitFilter,
        sort: unitSort.default('name'),
        order: sortOrder,
        columns: z.array(unitField).min(1, '请至少选择一列'),
        format: z.enum(['xlsx', 'csv']),
        personal: z.enum(['masked', 'full']).default('masked').describe('full 须有查看完整联系方式的权限'),
        purpose: purposeShape,
      }),
    )
    .output(jobStarted),
}
