import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { startChores } from '../host/chores.ts'
import { scoped } from '../host/database.ts'
import { applyChanges, type UnitChange } from '../ledger/service.ts'
import { county, otherTown, tallyLike, town, trialCoverage, unitLike } from './testing.ts'

const figuresOf = async (trial: Awaited<ReturnType<typeof trialCoverage>>, input: object = { region: county }) => {
  const { figures, asOf, settled } = await trial.call('getDashboard', { months: 1, ...input })
  return { ...Object.fromEntries(figures.map((one) => [one.key, one.value])), asOf, settled } as Record<string, unknown>
}

test('a change in one unit is in the numbers after the chores, and in the list behind them', async () => {
  const trial = await trialCoverage('2026-03-02')
  const [a, b] = [unitLike(), unitLike()]
  await trial.write('unit', [a, b])
  expect(await figuresOf(trial)).toMatchObject({ units: 0, settled: false })
  await trial.settle()
  expect(await figuresOf(trial)).toMatchObject({ units: 2, zero: 2, dueNotBuilt: 0, settled: true })
  await trial.write('member_tally', [tallyLike(a.id, 4)])
  await trial.settle()
  expect(await figuresOf(trial)).toMatchObject({ units: 2, zero: 1, dueNotBuilt: 1, formal: 4 })
  const { rows, total } = await trial.call('listUnits', { of: { figure: 'dueNotBuilt' } })
  expect({ ids: rows.map((row) => row.unitId), total, step: rows[0]?.step.key }).toEqual({
    ids: [a.id],
    total: 1,
    step: 'requestBranch',
  })
})

test('a day that is over keeps its numbers, whatever is learnt of it later', async () => {
  const trial = await trialCoverage('2026-03-02')
  const a = unitLike()
  await trial.write('unit', [a])
  await trial.day('2026-03-02')
  await trial.day('2026-04-10')
  await trial.write('member_tally', [tallyLike(a.id, 5, { valid_from: '2026-01-01' })])
  await trial.settle()
  for (const asOf of ['2026-03-02', '2026-03-31', '2026-04-09']) {
    expect(await figuresOf(trial, { region: county, asOf }), asOf).toMatchObject({ asOf, dueNotBuilt: 0, zero: 1 })
  }
  expect(await figuresOf(trial)).toMatchObject({ asOf: '2026-04-10', dueNotBuilt: 1, zero: 0 })
})

test('what was known to end ends on its day, even when nobody was there on that day', async () => {
  const trial = await trialCoverage('2026-03-02')
  const a = unitLike()
  await trial.write('unit', [a])
  await trial.write('member_tally', [tallyLike(a.id, 3, { valid_to: '2026-04-01' })])
  await trial.settle()
  await trial.day('2026-05-20')
  expect(await figuresOf(trial, { region: county, asOf: '2026-03-31' })).toMatchObject({ dueNotBuilt: 1 })
  expect(await figuresOf(trial, { region: county, asOf: '2026-04-01' })).toMatchObject({ dueNotBuilt: 0, zero: 1 })
  expect(await figuresOf(trial, { region: county, asOf: '2026-04-30' })).toMatchObject({ dueNotBuilt: 0, zero: 1 })
})

test('the first build alone tells of days before itself, from dated facts', async () => {
  const trial = await trialCoverage('2026-03-02')
  const a = unitLike({ founded_on: '2025-06-15' })
  await trial.write('unit', [a])
  await trial.write('member_tally', [tallyLike(a.id, 3, { valid_from: '2025-10-01' })])
  await trial.settle()
  const { trend } = await trial.call('getDashboard', { region: county, months: 12 })
  const line = (key: string) => trend.figures.find((one) => one.key === key)!.values
  expect(trend.days.slice(0, 4)).toEqual(['2025-03-31', '2025-04-30', '2025-05-31', '2025-06-30'])
  expect(line('units')).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
  expect(line('dueNotBuilt')).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
  expect(await figuresOf(trial, { region: county, asOf: '2025-10-05' })).toMatchObject({ dueNotBuilt: 1 })
  expect(await figuresOf(trial, { region: county, asOf: '2025-09-05' })).toMatchObject({ dueNotBuilt: 0, units: 1 })
})

test('a unit counts in the region that it was in on the day', async () => {
  const trial = await trialCoverage('2026-03-02')
  const a = unitLike()
  await trial.write('unit', [a])
  await trial.day('2026-03-10')
  await trial.change(sql`update unit set area_code = ${otherTown} where id = ${a.id}`, [a.id])
  await trial.settle()
  const at = async (region: string, asOf: string) => (await figuresOf(trial, { region, asOf }))['units']
  expect([await at(town, '2026-03-09'), await at(otherTown, '2026-03-09')]).toEqual([1, 0])
  expect([await at(town, '2026-03-10'), await at(otherTown, '2026-03-10')]).toEqual([0, 1])
  expect([await at(county, '2026-03-09'), await at(county, '2026-03-10')]).toEqual([1, 1])
})

test('a unit that is withdrawn or struck off leaves the numbers from that day on', async () => {
  const trial = await trialCoverage('2026-03-02')
  const [a, b] = [unitLike(), unitLike()]
  await trial.write('unit', [a, b])
  await trial.day('2026-03-05')
  await trial.change(sql`update unit set status = 'cancelled' where id = ${a.id}`, [a.id])
  await trial.change(sql`update unit set withdrawn_at = ${trial.clock.now} where id = ${b.id}`, [b.id])
  await trial.settle()
  expect(await figuresOf(trial, { region: county, asOf: '2026-03-04' })).toMatchObject({ allUnits: 2 })
  expect(await figuresOf(trial)).toMatchObject({ allUnits: 0, units: 0 })
})

test('a rule that changes holds from its day on, and for no day before', async () => {
  const trial = await trialCoverage('2026-03-02')
  const a = unitLike()
  await trial.write('unit', [a])
  await trial.write('member_tally', [tallyLike(a.id, 3)])
  await trial.settle()
  const change = (value: number, effective_from: string) =>
    trial.change(
      sql`insert into party_setting (key, value, effective_from, source, author, changed_at)
        values ('ownMin', ${value}, ${effective_from}, '试行办法', '试用者', ${new Date()})`,
      [],
    )
  await change(5, '2026-03-05')
  await trial.settle()
  expect(await figuresOf(trial)).toMatchObject({ dueNotBuilt: 1 })
  await trial.day('2026-03-08')
  expect(await figuresOf(trial, { region: county, asOf: '2026-03-04' })).toMatchObject({ dueNotBuilt: 1 })
  expect(await figuresOf(trial, { region: county, asOf: '2026-03-05' })).toMatchObject({ dueNotBuilt: 0, few: 1 })
  await change(3, '2026-03-08')
  await trial.settle()
  expect(await figuresOf(trial)).toMatchObject({ dueNotBuilt: 1 })
})

test('a number of the room takes effect on its day, and never on one that is over', async () => {
  const trial = await trialCoverage('2026-03-02')
  const a = unitLike({ staff_count: 40 })
  await trial.write('unit', [a])
  await trial.settle()
  const step = async () => (await trial.call('getUnitCoverage', { id: a.id })).now?.step.key
  expect(await step()).toBe('workCover')
  const change = { key: 'instructStaffMin', value: 40, source: '试行办法' }
  await trial.call('changeSetting', { ...change, effectiveFrom: '2026-03-02' })
  await trial.settle()
  expect(await step()).toBe('instructRecruit')
  const backwards = { ...change, effectiveFrom: '2026-03-01' }
  await expect(trial.call('changeSetting', backwards)).rejects.toThrow('以前各日的数字不变')
})

test('a change reaches the dashboard by itself, soon after its commit', async () => {
  const trial = await trialCoverage('2026-03-02')
  const a = unitLike()
  await trial.write('unit', [a])
  await trial.settle()
  const chores = startChores(trial.platform)
  try {
    await trial.call('markUnits', { kind: 'dueByPlan', unitIds: [a.id], on: true, source: '组建计划' })
    await expect.poll(async () => (await figuresOf(trial))['dueNotBuilt'], { timeout: 10_000 }).toBe(1)
  } finally {
    await chores.stop()
  }
})

test('sums that do not close are found with the next change, named by area, and put right by summing up anew', async () => {
  const trial = await trialCoverage('2026-03-02')
  const [a, b] = [unitLike(), unitLike({ area_code: otherTown })]
  await trial.write('unit', [a, b])
  await trial.settle()
  const failing = async () => (await trial.call('getDashboard', { region: county, months: 1 })).failing
  expect(await failing()).toBe(0)
  await trial.change(sql`update rollup set counts[3] = counts[3] + 1 where area_code = ${town}`, [])
  await trial.write('member_tally', [tallyLike(a.id, 3)])
  await trial.settle()
  expect(await failing()).toBeGreaterThan(0)
  const { checks } = await trial.call('getChecks', { region: county })
  const broken = checks.find((check) => check.key === 'unitsByBuilt')!
  expect([broken.holds, broken.failing.map((one) => one.name)]).toEqual([false, ['北河街道']])
  await trial.call('rebuildCoverage', { countyCode: county })
  await trial.settle()
  expect(await failing()).toBe(0)
  const again = await trial.call('getChecks', { region: county })
  expect(again.checks.filter((check) => !check.holds)).toEqual([])
})

test('while a county is taken up its past is built anew on purpose, with a reason, until figures were prepared', async () => {
  const trial = await trialCoverage('2026-03-02')
  const a = unitLike()
  await trial.write('unit', [a])
  await trial.day('2026-04-10')
  await trial.write('member_tally', [tallyLike(a.id, 5, { valid_from: '2026-01-01' })])
  await trial.settle()
  const march = { region: county, asOf: '2026-03-31' }
  expect(await figuresOf(trial, march)).toMatchObject({ dueNotBuilt: 0 })
  const again = { countyCode: county, history: true }
  await expect(trial.call('rebuildCoverage', again)).rejects.toThrow('写明理由')
  await trial.call('rebuildCoverage', { ...again, reason: '党员信息晚于台账导入' })
  await trial.settle()
  expect(await figuresOf(trial, march)).toMatchObject({ dueNotBuilt: 1, settled: true })
  await trial.call('prepareSnapshot', { region: county, period: '2026-03' })
  await expect(trial.call('rebuildCoverage', { ...again, reason: '再来一次' })).rejects.toThrow('不能再变')
})

test('a unit that the ledger takes in, changes and takes back is followed without being told of', async () => {
  const trial = await trialCoverage('2026-03-02')
  await trial.write('unit', [unitLike()])
  await trial.settle()
  const unitId = newId()
  const by = { importId: null, recordedBy: '试用者', now: trial.clock.now }
  const said = (values: UnitChange['values'], validFrom: string): UnitChange => ({
    unitId,
    create: true,
    department: 'office',
    validFrom,
    sourceRowId: null,
    values,
  })
  const apply = (change: UnitChange) =>
    scoped(trial.platform.database, { counties: [county], areas: '*' }, (tx) => applyChanges(tx, county, [change], by))
  await apply(said({ name: '大连海风物流有限公司', area: town, status: 'active', staffCount: '12' }, '2026-03-02'))
  await trial.settle()
  expect(await figuresOf(trial)).toMatchObject({ allUnits: 2 })
  expect((await trial.call('getUnitCoverage', { id: unitId })).now).toMatchObject({ staff: 12, areaCode: town })
  await apply(said({ area: otherTown, staffCount: '60' }, '2026-03-02'))
  await trial.settle()
  const { now } = await trial.call('getUnitCoverage', { id: unitId })
  expect(now).toMatchObject({ staff: 60, areaCode: otherTown, step: { key: 'instructRecruit' } })
  await apply(said({ status: 'cancelled' }, '2026-03-02'))
  await trial.settle()
  expect(await figuresOf(trial)).toMatchObject({ allUnits: 1 })
})
