import { expect, test } from 'vitest'
import { problemFromBody, toProblem } from './problem.ts'

test('a refusal keeps its sentence, its fields and its request id', () => {
  const body = {
    code: 'invalid',
    message: '有内容需要改正。',
    fields: [{ path: 'account', message: '这个账号已有人使用' }],
    requestId: 'r-1',
  }
  expect(problemFromBody(body, 400)).toMatchObject(body)
})

test('an answer of another make, such as a proxy page, becomes a sentence by its status', () => {
  expect(problemFromBody('<html>', 502)).toMatchObject({ code: 'unavailable', message: '服务暂时不可用，请稍候再试。' })
  expect(problemFromBody(null, 413).code).toBe('tooLarge')
  expect(problemFromBody(undefined, 500).code).toBe('internal')
})

test('a broken connection and an out-of-date page are told apart from our own bugs', () => {
  expect(toProblem(new TypeError('Failed to fetch')).code).toBe('offline')
  expect(toProblem(new TypeError('Failed to fetch dynamically imported module: /assets/x.js')).code).toBe('stale')
})
