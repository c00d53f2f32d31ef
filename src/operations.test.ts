import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import { Problem } from './base/problem.ts'
import type { Contract, Operation } from './host/handlers.ts'
import { openapiOf, openapiText } from './host/openapi.ts'
import { invoke } from './host/pipeline.ts'
import type { Platform } from './host/platform.ts'
import { actorLike, testPlatform } from './host/testing-platform.ts'
import { rooms } from './rooms.ts'

const contracts: Record<string, Contract> = rooms
const names = Object.entries(contracts).flatMap(([room, contract]) =>
  Object.keys(contract).map((name) => `${room}.${name}`),
)
const documentPath = join(import.meta.dirname, '../docs/openapi.json')
const reached = async () => {
  throw new Error('the function was reached')
}

let platform: Platform
let everything: string[]

// Functions that must not be reached stand in for the rooms' own: what is tested here comes before them.
beforeAll(async () => {
  const handlers = Object.fromEntries(
    Object.entries(contracts).map(([room, contract]) => [
      room,
      Object.fromEntries(Object.keys(contract).map((name) => [name, reached])),
    ]),
  )
  platform = await testPlatform({ contracts, handlers })
  everything = [...platform.operations.values()].map((operation) => operation.meta.permission)
})

const operation = (name: string): Operation => platform.operations.get(name)!
const refusal = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'answered',
    (error: unknown) => (error instanceof Problem ? `${error.status} ${error.message}` : String(error)),
  )

// Past the check of rights: the input was refused, or the function was reached.
const allowed = /^400 |^Error: the function was reached$/

/** An input of which every field is of a kind that nobody asked for. */
function nonsense(shape: z.ZodType): unknown {
  const fields = (shape as z.ZodObject).shape as Record<string, unknown> | undefined
  return fields ? Object.fromEntries(Object.keys(fields).map((name) => [name, { nonsense: [null] }])) : 'nonsense'
}

test.each(names)('%s has Chinese words', (name) => {
  expect(operation(name).summary).toMatch(/^[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z、（）]{1,20}$/)
})

test.each(names)('%s refuses a stranger unless it is public', async (name) => {
  const said = await refusal(invoke(platform, name, {}, {}))
  expect(said).toMatch(operation(name).meta.permission === 'public' ? allowed : /^401 请先登录。$/)
})

test.each(names)('%s refuses whoever lacks its permission, before looking at the input', async (name) => {
  const { permission } = operation(name).meta
  const others = everything.filter((one) => one !== permission)
  const said = await refusal(
    invoke(platform, name, 'nonsense', { actor: actorLike('01900000-0000-7000-8000-000000000001', others) }),
  )
  expect(said).toMatch(permission === 'public' || permission === 'signedIn' ? allowed : /^403 .*[\u4e00-\u9fff]/)
})

test.each(names)('%s refuses nonsense with a Chinese sentence', async (name) => {
  const shape = operation(name).procedure['~orpc'].inputSchema as z.ZodType | undefined
  const actor = actorLike('01900000-0000-7000-8000-000000000001', everything)
  const said = await refusal(invoke(platform, name, shape ? nonsense(shape) : {}, { actor }))
  expect(said).toMatch(shape ? /^400 [\u4e00-\u9fff]/ : /^Error: the function was reached$/)
})

test('no two operations share a method and a path', () => {
  const places = names.map((name) => `${operation(name).method} ${operation(name).path.replace(/\{\w+\}/g, '{}')}`)
  expect(places.filter((place, at) => places.indexOf(place) !== at)).toEqual([])
})

test('docs/openapi.json is what the contracts say (npm run -s liangxin -- openapi writes it)', async () => {
  const document = await openapiOf(contracts)
  expect(readFileSync(documentPath, 'utf8')).toBe(openapiText(document))
  const { paths } = document as { paths: Record<string, Record<string, { operationId: string }>> }
  const said = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId))
  expect(names.filter((name) => !said.includes(name))).toEqual([])
})
