import { array, assert, asyncProperty, constantFrom, integer, option, record } from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { actorLike } from '../host/testing-platform.ts'
import { finishJobs } from '../host/command.ts'
import type { Platform } from '../host/platform.ts'
import { ledgerPermissions } from './contract.ts'
import type { Funnel, RowFate } from './funnel-contract.ts'
import { bringFile, callLedger, ledgerPlatform, testCounty } from './testing.ts'

let platform: Platform

beforeEach(async () => {
  platform = await ledgerPlatform()
})

const funnel = (region?: string) => callLedger<Funnel>(platform, 'getFunnel', region ? { region } : {})
const listed = async (filter: object) =>
  (await callLedger<{ total: number }>(platform, 'searchUnits', { filter })).total
interface RowPage {
  rows: { id: string; fate: RowFate; unitId: string | null; name: string | null; department: string | null }[]
  total: number
}
const rowsListed = (filter: { fate?: RowFate; department?: string; text?: string }, page = 1) =>
  callLedger<RowPage>(platform, 'listFunnelRows', { ...filter, page, pageSize: 20 })

/** Every figure is the sum of those it is made of, and as long as the list that it opens. */
async function problemsOf(found: Funnel): Promise<string[]> {
  const wrong: string[] = []
  const same = (what: string, left: number, right: number) => {
    if (left !== right) wrong.push(`${what}: ${left} is not ${right}`)
  }
  const sum = (list: readonly { units: number }[]) => list.reduce((total, one) => total + one.units, 0)
  const rows = found.rows!
  const dropped = rows.drops.reduce((total, one) => total + one.rows, 0)
  same('rows', rows.total, dropped + rows.units)
  same('units in the ledger', found.units, rows.units + found.byHand - found.withdrawn)
  same('targets', found.target, found.units - sum(found.drops))
  for (const key of ['units', 'alive', 'operating', 'target'] as const) {
    const areas = found.areas.reduce((total, one) => total + one[key], 0)
    same(`${key} by area`, areas, found[key])
  }
  same('listed', await listed({}), found.units)
  same('withdrawn listed', await listed({ withdrawn: true, sourceRows: 'with' }), found.withdrawn)
  same('by hand listed', await listed({ sourceRows: 'without' }), found.byHand)
  for (const stage of ['alive', 'operating', 'target'] as const) same(stage, await listed({ stage }), found[stage])
  for (const { reason, units } of found.drops) same(reason, await listed({ dropReasons: [reason] }), units)
  const every = [
    { drop: 'counted' as const, rows: rows.units },
    { drop: undefined, rows: rows.total },
  ]
  for (const { drop: fate, rows: expected } of [...rows.drops, ...every]) {
    const asked = fate ? { fate } : {}
    const seen = new Set<string>()
    const { total } = await rowsListed(asked)
    same(`${fate} rows`, total, expected)
    for (let page = 1; page <= Math.ceil(total / 20); page += 1)
      for (const row of (await rowsListed(asked, page)).rows) {
        seen.add(row.id)
        if (fate && row.fate !== fate) wrong.push(`a row listed as ${fate} says that it is ${row.fate}`)
      }
    same(`${fate} seen page by page`, seen.size, expected)
    let parts = 0
    for (const department of ['marketRegulation', 'tax']) parts += (await rowsListed({ ...asked, department })).total
    same(`${fate} by department`, parts, expected)
  }
  return wrong
}

const row = record({
  at: option(integer({ min: 0, max: 5 })),
  outcome: constantFrom('refused', 'queued', 'repeated', 'joined', 'staged'),
  fields: record({
    name: constantFrom('甲有限公司', '乙有限公司', '丙有限公司北京分公司', '丁商会'),
    kind: constantFrom('enterprise', 'socialAssociation', 'other'),
    status: constantFrom('active', 'active', 'revoked', 'cancelled', 'movedOut', 'abnormal'),
    area: constantFrom('210204001000', '210204002000', ''),
    staffCount: constantFrom('3', '12', '40'),
    ownership: constantFrom('private', 'stateOwned'),
    taxStatus: constantFrom('正常', '非正常'),
  }),
})

test('the funnel closes at every step, and each figure is as long as its list, whatever the files say', async () => {
  const property = asyncProperty(
    array(record({ department: constantFrom('marketRegulation', 'tax'), rows: array(row, { maxLength: 6 }) }), {
      maxLength: 3,
    }),
    array(integer({ min: 0, max: 5 }), { maxLength: 2 }),
    async (files, withdrawn) => {
      // The ledger grows from run to run: what closes must close at any size.
      const unitIds = Array.from({ length: 6 }, () => newId())
      for (const file of files) {
        const rows = file.rows.map(({ at, outcome, fields }) => ({
          unitId: at === null ? null : unitIds[at]!,
          outcome: at === null ? outcome : ('joined' as const),
          fields,
        }))
        await bringFile(platform.database, file.department, rows)
      }
      await callLedger(platform, 'createUnit', { countyCode: testCounty, values: { name: '手工新建有限公司' } })
      const known = new Set(files.flatMap((file) => file.rows.flatMap((one) => one.at ?? [])))
      for (const at of new Set(withdrawn)) {
        if (known.has(at)) await callLedger(platform, 'withdrawUnit', { id: unitIds[at], reason: '试试' })
      }
      expect(await problemsOf(await funnel())).toEqual([])
      const townships = await Promise.all(['210204001000', '210204002000'].map((code) => funnel(code)))
      const whole = await funnel(testCounty)
      const unknown = whole.areas.find((one) => one.code === testCounty)?.units ?? 0
      expect(await listed({ withoutArea: true })).toBe(unknown)
      expect(townships.reduce((total, one) => total + one.units, unknown)).toBe(whole.units)
      expect(townships.every((one) => one.rows === null)).toBe(true)
    },
  )
  await expect(assert(property, { numRuns: 4, endOnFailure: true })).resolves.toBeUndefined()
})

interface Page {
  inOperation: boolean
  dropReason: string | null
  because: { rule: string }[]
  stated: { reason: string; byName: string } | null
}
const page = (id: string) => callLedger<Page>(platform, 'getUnit', { id })

test('a person’s word on operation comes before what is inferred, says why, and can be taken back', async () => {
  const id = newId()
  await bringFile(platform.database, 'marketRegulation', [
    { unitId: id, fields: { name: '甲有限公司', status: 'active' } },
  ])
  await bringFile(platform.database, 'tax', [{ unitId: newId(), fields: { name: '乙有限公司' } }])
  await finishJobs(platform)
  expect(await page(id)).toMatchObject({ inOperation: false, dropReason: 'shell', stated: null })
  await callLedger(platform, 'stateOperation', { id, inOperation: true, reason: '实地走访，有人办公' })
  expect(await page(id)).toMatchObject({ inOperation: true, stated: { reason: '实地走访，有人办公' } })
  expect((await page(id)).because[0]?.rule).toBe('stated')
  await callLedger(platform, 'stateOperation', { id, inOperation: null, reason: '认定有误' })
  expect(await page(id)).toMatchObject({ inOperation: false, dropReason: 'shell', stated: null })
})

test('a unit becomes a shell when the tax file comes and does not name it, and no longer is when the file is undone', async () => {
  const [id, other] = [newId(), newId()]
  const fields = (name: string) => ({
    name,
    kind: 'enterprise',
    status: 'active',
    staffCount: '12',
    address: '理工园21号',
  })
  const rows = [id, other].map((unitId, at) => ({ unitId, fields: fields(`公司${at}`) }))
  await bringFile(platform.database, 'marketRegulation', rows)
  await finishJobs(platform)
  expect(await funnel()).toMatchObject({ operating: 2, target: 2, waiting: 0 })
  const tax = await bringFile(platform.database, 'tax', [{ unitId: other, fields: { taxPaid: '5' } }])
  expect((await funnel()).waiting).toBeGreaterThan(0)
  await callLedger(platform, 'deriveAgain', { countyCode: testCounty })
  await finishJobs(platform)
  expect(await funnel()).toMatchObject({ operating: 1, drops: [{ reason: 'shell', units: 1 }], waiting: 0 })
  await callLedger(platform, 'undoImport', { id: tax, reason: '表不对' })
  await finishJobs(platform)
  expect(await funnel()).toMatchObject({ operating: 2, waiting: 0 })
})

test('an account without a region sees an empty funnel, one of a township its own units and no rows', async () => {
  const fields = { name: '甲有限公司', area: '210204001000' }
  await bringFile(platform.database, 'marketRegulation', [
    { unitId: newId(), fields },
    { unitId: null, outcome: 'refused' },
  ])
  const all = Object.keys(ledgerPermissions)
  const seen = (actor: ReturnType<typeof actorLike>, input = {}) =>
    callLedger<Funnel>(platform, 'getFunnel', input, actor)
  expect(await seen(actorLike(newId(), all, { counties: [], areas: [] }))).toMatchObject({
    units: 0,
    rows: { total: 0 },
  })
  const elsewhere = actorLike(newId(), all, { counties: ['210203000000'], areas: '*' })
  expect(await seen(elsewhere, { region: testCounty })).toMatchObject({ units: 0, rows: { total: 0 } })
  const township = actorLike(newId(), all, { counties: [testCounty], areas: ['210204001000'] })
  expect(await seen(township, { region: '210204001000' })).toMatchObject({ units: 1, rows: null })
})
