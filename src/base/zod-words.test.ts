import { expect, test } from 'vitest'
import { z } from 'zod'
import { emptied, partOf, speakChinese, tidied, wordOf } from './zod-words.ts'

const shape = z.object({
  name: z.string().min(2).describe('名称，至少 2 个字'),
  level: z.string().max(4).nullable().default(null).describe('级别'),
  address: z.string().nullable().describe('地址'),
  code: z
    .string()
    .regex(/^\d{6}$/)
    .optional()
    .describe('验证码'),
  columns: z.array(z.object({ title: z.string().describe('表头') })).optional(),
})

test('an emptied input is left out where it may be, null where it must be said, and refused where it is required', () => {
  expect(tidied(shape, { name: '园区', level: '', address: ' ', code: '' })).toEqual({ name: '园区', address: null })
  expect(emptied(shape.shape.name, '')).toBe('')
})

test('what a shape refuses without words of its own is said in Chinese', () => {
  speakChinese()
  const issues = shape.safeParse({ name: '园', level: '国家级开发区', address: null, code: '12' }).error?.issues ?? []
  expect(issues.map((issue) => issue.message)).toEqual(['至少 2 个字', '至多 4 个字', '格式不对'])
  expect(shape.safeParse({ address: null }).error?.issues[0]?.message).toBe('请填写')
})

test('the part behind a nested field is found through optional parts and lists', () => {
  expect(wordOf(partOf(shape, ['columns', 0, 'title']))).toBe('表头')
  expect(partOf(shape, 'nothing')).toBeUndefined()
})

test('a field is named by its description up to the first stop, also where the part was made required', () => {
  expect(wordOf(shape.shape.name)).toBe('名称')
  expect(wordOf(shape.required({ code: true }).shape.code)).toBe('验证码')
})
