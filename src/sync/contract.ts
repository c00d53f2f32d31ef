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
import { unitKind } from '../ledger/field-contract.ts'
import { dueUnits, triggers } from './rules.ts'

/** Permissions of the sync room. */
export const syncPermissions = {
  'sync.read': '查看同步事项',
  'sync.handle': '办理同步事项',
  'sync.define': '定义同步模板和节假日',
  'sync.export': '导出同步事项',
  'sync.download': '下载同步材料',
} as const

const operation = operations('同步', syncPermissions)

const count = z.number().int().min(0)
const text = (max: number) => z.string().trim().min(2).max(max)
const keysOf = <K extends string>(words: Record<K, unknown>) => z.enum(Object.keys(words) as [K, ...K[]])
const code = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, '应为小写字母开头的代码')

export const eventStates = { open: '进行中', done: '已完成', cancelled: '已取消' } as const
export const itemStates = {
  waiting: '未到节点',
  open: '待办',
  done: '已办',
  skipped: '不办',
  cancelled: '已取消',
} as const

const eventState = keysOf(eventStates)
const itemState = keysOf(itemStates)
const regionInput = regionCodeShape.optional().describe('默认为管理范围的最上一级')
const reason = text(200).describe('原因')
const byId = z.object({ id: idShape })

/** A template as an office defines it. */
export const templateShape = z.strictObject({
  title: text(60).describe('名称'),
  trigger: keysOf(triggers).describe('由什么引起'),
  kinds: z.array(unitKind).max(8).default([]).describe('单位类型；不选为全部'),
  codePrefix: z
    .string()
    .trim()
    .regex(/^[0-9A-Z]{0,9}$/, '应为统一社会信用代码的开头几位')
    .default('')
    .describe('统一社会信用代码开头'),
  inPark: z.boolean().optional().describe('只限在园区里的'),
  milestones: z
    .array(z.strictObject({ key: code, title: text(20).describe('节点') }))
    .min(1)
    .max(10)
    .describe('节点，第一个是事项发生之日'),
  items: z
    .array(
      z.strictObject({
        key: code,
        title: text(80).describe('党建事项'),
        milestone: code.describe('自哪个节点起'),
        term: z.number().int().min(0).max(366).describe('期限'),
        unit: keysOf(dueUnits),
      }),
    )
    .min(1, '请至少写一项')
    .max(20)
    .describe('党建事项'),
  source: text(120).describe('依据'),
})

const template = z.object({
  key: code,
  told: templateShape,
  version: count.describe('0 为内置'),
  builtIn: z.boolean(),
  inUse: z.boolean(),
  effectiveOn: dateShape.nullable().describe('从哪天起用；此后发生的才列入'),
  author: z.string().nullable(),
  events: count.describe('进行中的事件数'),
})

/** An item with the event it belongs to. */
export const itemRow = z.object({
  countyCode: countyCodeShape,
  id: idShape,
  eventId: idShape,
  templateTitle: z.string(),
  eventTitle: z.string(),
  unitId: idShape.nullable(),
  areaName: z.string(),
  title: z.string(),
  state: itemState,
  dueOn: dateShape.nullable(),
  overdue: z.boolean(),
  doneOn: dateShape.nullable(),
  note: z.string().nullable(),
  fileName: z.string().nullable(),
  author: z.string().nullable(),
})

const listInput = {
  region: regionInput,
  state: itemState.optional(),
  overdue: z.boolean().optional().describe('只要逾期的'),
  running: z.boolean().optional().describe('只要进行中的事件的'),
  templateKey: code.optional().describe('模板'),
  dueFrom: dateShape.optional().describe('期限不早于'),
  dueTo: dateShape.optional().describe('期限不晚于'),
  text: z.string().trim().max(64).optional().describe('事件、单位、事项名称'),
}

export const syncContract = {
  listTemplates: operation({
    method: 'GET',
    path: '/sync/templates',
    permission: 'sync.read',
    summary: '查看同步模板',
  })
    .input(z.object({ countyCode: countyCodeShape }))
    .output(z.object({ templates: z.array(template) })),
  saveTemplate: operation({
    method: 'PUT',
    path: '/sync/templates',
    permission: 'sync.define',
    summary: '定义同步模板',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        key: code.describe('代码；已有的为改一版'),
        told: templateShape,
        reason: text(200).describe('理由'),
      }),
    )
    .output(z.object({ version: count })),
  switchTemplate: operation({
    method: 'POST',
    path: '/sync/templates/switch',
    permission: 'sync.define',
    summary: '启用或停用同步模板',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        key: code,
        inUse: z.boolean(),
        effectiveOn: dateShape.describe('从哪天起；启用后只列入这一天及以后发生的'),
        reason,
      }),
    )
    .output(doneOutput),
  listDays: operation({ method: 'GET', path: '/sync/days', permission: 'sync.read', summary: '查看节假日安排' })
    .input(z.object({ countyCode: countyCodeShape, year: z.coerce.number().int().min(2020).max(2100) }))
    .output(
      z.object({
        known: z.boolean().describe('这一年的调休是否已登记；否则只除去周末'),
        days: z.array(
          z.object({ day: dateShape, off: z.boolean(), source: z.string(), own: z.boolean().describe('本县登记') }),
        ),
      }),
    ),
  setDay: operation({ method: 'PUT', path: '/sync/days', permission: 'sync.define', summary: '登记节假日' })
    .input(
      z.object({
        countyCode: countyCodeShape,
        from: dateShape.describe('从'),
        to: dateShape.describe('到'),
        off: z.boolean().describe('放假；否则为调休上班'),
        source: text(120).describe('依据'),
      }),
    )
    .output(doneOutput),
  openEvent: operation({ method: 'POST', path: '/sync/events', permission: 'sync.handle', summary: '登记事件' })
    .input(
      z.object({
        countyCode: countyCodeShape,
        templateKey: code.describe('模板'),
        unitId: idShape.nullable().default(null).describe('单位'),
        title: z.string().trim().max(100).default('').describe('项目名称'),
        areaCode: regionCodeShape.optional().describe('所在区划'),
        on: dateShape.describe('发生日期'),
      }),
    )
    .output(byId),
  importProjects: operation({
    method: 'POST',
    path: '/sync/projects/import',
    permission: 'sync.handle',
    summary: '导入项目',
  })
    .input(
      z.object({
        countyCode: countyCodeShape,
        templateKey: code.describe('模板，由项目进展引起的'),
        fileId: idShape.describe('已上传的表：项目名称和各节点的日期，可有乡镇街道'),
        checkOnly: z.boolean().default(false).describe('true：只逐行检查，不登记'),
      }),
    )
    .output(jobStarted.describe('作业结果：{read, kept, moved, same, refused, errors: [{row, message}]}')),
  passMilestone: operation({
    method: 'POST',
    path: '/sync/events/{id}/milestones',
    permission: 'sync.handle',
    summary: '登记节点',
  })
    .input(z.object({ id: idShape, milestone: code.describe('节点'), on: dateShape.describe('日期') }))
    .output(doneOutput),
  cancelEvent: operation({
    method: 'POST',
    path: '/sync/events/{id}/cancel',
    permission: 'sync.handle',
    summary: '取消事件',
  })
    .input(z.object({ id: idShape, reason }))
    .output(doneOutput),
  reviveEvent: operation({
    method: 'POST',
    path: '/sync/events/{id}/revive',
    permission: 'sync.handle',
    summary: '恢复事件',
  })
    .input(z.object({ id: idShape, reason }))
    .output(doneOutput),
  getEvent: operation({ method: 'GET', path: '/sync/events/{id}', permission: 'sync.read', summary: '查看一个事件' })
    .input(byId)
    .output(
      z.object({
        countyCode: countyCodeShape,
        id: idShape,
        title: z.string(),
        templateTitle: z.string(),
        source: z.string().describe('模板依据'),
        fromLedger: z.boolean(),
        unitId: idShape.nullable(),
        areaName: z.string(),
        state: eventState,
        on: dateShape,
        milestones: z.array(z.object({ key: code, title: z.string(), on: dateShape.nullable() })),
        items: z.array(itemRow.extend({ milestone: code, term: z.string().describe('如 30 天') })),
        cancelledReason: z.string().nullable(),
        author: z.string(),
        at: momentShape,
      }),
    ),
  listItems: operation({
    method: 'POST',
    path: '/sync/items/search',
    effect: 'query',
    permission: 'sync.read',
    summary: '查看同步事项',
  })
    .input(
      z.object({
        ...listInput,
        sort: z.enum(['dueOn', 'eventTitle', 'doneOn']).default('dueOn'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(pageOutput(itemRow)),
  getSyncBoard: operation({
    method: 'GET',
    path: '/sync/board',
    permission: 'sync.read',
    summary: '查看同步看板',
  })
    .input(z.object({ region: regionInput, templateKey: code.optional().describe('模板') }))
    .output(
      z.object({
        columns: z.array(
          z.object({
            key: z.enum(['overdue', 'soon', 'later', 'waiting']).describe('逾期、七天内到期、以后到期、未到节点'),
            total: count,
            items: z.array(itemRow).describe('期限最近的至多 20 项'),
          }),
        ),
        done: count,
        skipped: count,
      }),
    ),
  getCalendar: operation({
    method: 'GET',
    path: '/sync/calendar',
    permission: 'sync.read',
    summary: '查看同步日历',
  })
    .input(z.object({ region: regionInput, month: z.string().regex(/^\d{4}-\d{2}$/, '应为年月，如 2026-11') }))
    .output(z.object({ days: z.array(z.object({ day: dateShape, open: count, done: count, skipped: count })) })),
  doItem: operation({ method: 'POST', path: '/sync/items/{id}/do', permission: 'sync.handle', summary: '办结同步事项' })
    .input(
      z.object({
        id: idShape,
        on: dateShape.describe('办理日期'),
        note: text(300).describe('办理情况'),
        fileId: idShape.optional().describe('证明材料'),
      }),
    )
    .output(doneOutput),
  skipItem: operation({
    method: 'POST',
    path: '/sync/items/{id}/skip',
    permission: 'sync.handle',
    summary: '不办同步事项',
  })
    .input(z.object({ id: idShape, reason: z.string().trim().min(4, '请写明不办的理由').max(200) }))
    .output(doneOutput),
  reopenItem: operation({
    method: 'POST',
    path: '/sync/items/{id}/reopen',
    permission: 'sync.handle',
    summary: '重新办理同步事项',
  })
    .input(z.object({ id: idShape, reason }))
    .output(doneOutput),
  downloadItemFile: operation({
    method: 'POST',
    path: '/sync/items/{id}/download',
    permission: 'sync.download',
    summary: '下载同步材料',
  })
    .input(z.object({ id: idShape, purpose: purposeShape }))
    .output(z.object({ url: z.string().describe('下载路径，一次有效') })),
  exportItems: operation({
    method: 'POST',
    path: '/sync/items/export',
    permission: 'sync.export',
    summary: '导出同步事项',
  })
    .input(z.object({ ...listInput, format: z.enum(['xlsx', 'csv']).default('xlsx'), purpose: purposeShape }))
    .output(jobStarted),
}
