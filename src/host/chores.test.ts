import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ChoreRun, runChores, startChores } from './chores.ts'
import { scoped } from './database.ts'
import { openContext } from './open-context.ts'
import type { Platform } from './platform.ts'
import { actorLike, testPlatform } from './testing-platform.ts'
import { takeTouched, touchedCounties } from './touch.ts'

const county = '210204000000'
const actor = actorLike(null, [])
const origin = { id: 'request', address: '', userAgent: '', sessionToken: null }
const unit = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
let platform: Platform
let step: (run: ChoreRun) => Promise<void>
let chores: ReturnType<typeof startChores> | undefined

beforeEach(async () => {
  step = async () => undefined
  platform = await testPlatform({ chores: [{ name: 'trial', run: (run) => step(run) }] })
})
afterEach(async () => {
  await chores?.stop()
  chores = undefined
})

const write = (ids: string[], then: () => void = () => undefined) =>
  scoped(platform.database, actor.scope, async (tx) => {
    await openContext(platform, tx, actor, origin).ctx.touch(county, ids)
    then()
  })
const taken = () => {
  const found: { ids: string[] } = { ids: [] }
  step = (run) =>
    run.transaction(async (tx) => {
      for (const code of await touchedCounties(tx)) found.ids = await takeTouched(tx, code, 1000)
    })
  return found
}

test('a chore reads every unit that was touched, once, however often it was touched', async () => {
  const ids = Array.from({ length: 450 }, (_, n) => unit(n))
  await write(ids)
  await write([unit(3)])
  const found = taken()
  await runChores(platform)
  expect(found.ids.toSorted()).toEqual(ids)
  found.ids = []
  await runChores(platform)
  expect(found.ids).toEqual([])
})

test('what a refused command touched is not read', async () => {
  await expect(
    write([unit(1)], () => {
      throw new Error('refused')
    }),
  ).rejects.toThrow('refused')
  const found = taken()
  await runChores(platform)
  expect(found.ids).toEqual([])
})

test('a chore that failed is tried again after the next commit, and the failure is logged', async () => {
  const log: string[] = []
  platform = await testPlatform({ chores: [{ name: 'trial', run: (run) => step(run) }] }, { log })
  let runs = 0
  const second = new Promise<void>((resolve) => {
    step = async () => {
      runs += 1
      if (runs === 1) throw new Error('the first run fails')
      resolve()
    }
  })
  chores = startChores(platform)
  platform.wakeChores()
  await second
  expect(log.join()).toContain('the first run fails')
})
