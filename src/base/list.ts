import { z } from 'zod'

/** Shapes that every list shares, so that one table component and one way of paging serve all rooms. */
export const pageInput = {
  page: z.coerce.number().int().min(1).max(100_000).default(1).describe('页码，从 1 起'),
  pageSize: z.coerce.number().int().min(1).max(200).default(20).describe('每页行数，至多 200'),
}

/** Sort order of a list; `field` is always one of the room's own enum, never free text. */
export const sortOrder = z.enum(['asc', 'desc']).default('asc').describe('升序或降序')

/** A page of rows with the count of all rows that match. */
export function pageOutput<T extends z.ZodType>(row: T) {
  return z.object({
    rows: z.array(row),
    total: z.number().int().min(0).describe('符合条件的总行数'),
  })
}

export const idShape = z.uuid().describe('UUID')
export const dateShape = z.iso.date().describe('日期，YYYY-MM-DD，北京时间')
export const momentShape = z.iso.datetime({ offset: true }).describe('时刻，ISO 8601')
export const countyCodeShape = z
  .string()
  .regex(/^\d{6}000000$/, '应为县级行政区划代码（12 位，后 6 位为 0）')
  .describe('县级行政区划代码，12 位')
export const regionCodeShape = z
  .string()
  .regex(/^\d{12}$/, '应为 12 位行政区划代码')
  .describe('行政区划代码，12 位')

/** Why personal data is shown or a list taken out, in the person's own words. */
export const purposeShape = z.string().trim().min(4, '请写明用途，至少 4 个字').max(100).describe('用途，记入操作日志')

/** The answer of a command that only had to succeed. */
export const doneOutput = z.object({ done: z.literal(true) })

/** The answer of a command whose work goes on as a job. */
export const jobStarted = z.object({ jobId: idShape })
