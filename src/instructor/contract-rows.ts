// The rows and words of the instructor room's contract.
import { z } from 'zod'
import { countyCodeShape, dateShape, idShape, momentShape, regionCodeShape } from '../base/list.ts'
import { origins } from './rules.ts'

export const count = z.number().int().min(0)
export const text = (max: number) => z.string().trim().min(2).max(max)
export const keysOf = <K extends string>(words: Record<K, unknown>) => z.enum(Object.keys(words) as [K, ...K[]])
export const regionInput = regionCodeShape.optional().describe('默认为管理范围的最上一级')
export const reason = text(200).describe('原因')
export const byId = z.object({ id: idShape })
const letter = z.string().regex(/^[A-T]$/, '应为行业门类字母 A 至 T')

export const planStates = {
  running: '正在安排',
  draft: '待确认',
  confirming: '正在登记',
  confirmed: '已确认',
  dropped: '已放弃',
  failed: '未能完成',
} as const

/** The views of a plan's pairs. */
export const pairViews = { all: '全部', short: '没有派到', fresh: '新派', given: '撤换', far: '五公里以上' } as const

export const facts = {
  areaCode: regionCodeShape.describe('所在乡镇街道（没有的填县）'),
  employer: z.string().trim().max(80).nullable().default(null).describe('工作单位及职务'),
  origin: keysOf(origins).describe('选派来源'),
  capacity: z.number().int().min(1).max(50).nullable().default(null).describe('最多联系几家；空着按规则'),
  skills: z.array(letter).max(20).default([]).describe('熟悉的行业门类'),
  longitude: z.number().min(73).max(136).nullable().default(null).describe('经度'),
  latitude: z.number().min(3).max(54).nullable().default(null).describe('纬度'),
}
export const phone = z
  .string()
  .trim()
  .regex(/^[\d -]{7,20}$/, '应为电话号码')
  .nullable()
  .default(null)
  .describe('电话')

export const instructorRow = z.object({
  countyCode: countyCodeShape,
  id: idShape,
  name: z.string().describe('已遮盖'),
  phone: z.string().nullable().describe('已遮盖'),
  employer: z.string().nullable(),
  origin: keysOf(origins),
  areaCode: regionCodeShape,
  areaName: z.string(),
  capacity: count.describe('最多联系几家'),
  ownCapacity: count.nullable().describe('单独规定的；null 按规则'),
  units: count.describe('现联系几家'),
  skills: z.array(z.string()),
  longitude: z.number().nullable(),
  latitude: z.number().nullable(),
  from: dateShape,
  to: dateShape.nullable(),
})

export const assignmentRow = z.object({
  countyCode: countyCodeShape,
  id: idShape,
  unitId: idShape,
  unitName: z.string(),
  areaName: z.string(),
  instructorId: idShape,
  instructorName: z.string().describe('已遮盖'),
  employer: z.string().nullable(),
  metres: count.nullable(),
  measured: z.boolean().describe('距离由准确坐标量得'),
  from: dateShape,
  to: dateShape.nullable(),
  source: z.string(),
  endedReason: z.string().nullable(),
})

export const planHead = z.object({
  countyCode: countyCodeShape,
  id: idShape,
  title: z.string(),
  state: keysOf(planStates),
  jobId: idShape.nullable(),
  units: count,
  pairs: count,
  fresh: count.describe('新派'),
  given: count.describe('撤换'),
  short: count.describe('没有派到的单位'),
  author: z.string(),
  at: momentShape,
  error: z.string().nullable(),
})

export const pairRow = z.object({
  unitId: idShape,
  unitName: z.string(),
  areaName: z.string(),
  instructorId: idShape.nullable().describe('null：没有派到'),
  instructorName: z.string().nullable().describe('已遮盖'),
  employer: z.string().nullable(),
  metres: count.nullable(),
  measured: z.boolean(),
  skilled: z.boolean(),
  kept: z.boolean().describe('原来就派在这里'),
})
