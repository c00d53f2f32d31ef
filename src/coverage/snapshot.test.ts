import { expect, test } from 'vitest'
import { county, otherTown, personLike, tallyLike, town, trialCoverage, unitLike } from './testing.ts'

const here = { counties: [county], areas: '*' as const }
const cityCounties = { counties: [county, '210203000000'], areas: '*' as const }

async function given() {
  const trial = await trialCoverage('2026-03-02')
  const unit = unitLike()
  await trial.write('unit', [unit])
  await trial.day('2026-04-03')
  const people = {
    clerk: personLike(here),
    chief: personLike(here),
    city: personLike(cityCounties),
    province: personLike({ counties: [], areas: '*', nation: true }),
  }
  return { trial, unit, ...people }
}

test('a month goes up step by step, each by somebody else, and is locked at the end', async () => {
  const { trial, clerk, chief, city, province } = await given()
  const { id } = await trial.call('prepareSnapshot', { region: county, period: '2026-03' }, clerk)
  const state = async () => {
    const { state, awaits } = await trial.call('getSnapshot', { id: id! })
    return [state, awaits]
  }
  expect(await state()).toEqual(['draft', null])
  await trial.call('submitSnapshot', { id: id! }, clerk)
  expect(await state()).toEqual(['submitted', '市级审核'])
  await expect(trial.call('approveSnapshot', { id: id! }, chief)).rejects.toThrow('您的管理范围不是那一级')
  await trial.call('approveSnapshot', { id: id! }, city)
  expect(await state()).toEqual(['approved', '省级审核'])
  await expect(trial.call('prepareSnapshot', { region: county, period: '2026-03' }, clerk)).rejects.toThrow(
    '正等待审核',
  )
  await trial.call('approveSnapshot', { id: id! }, province)
  expect(await state()).toEqual(['locked', null])
  const { steps } = await trial.call('getSnapshot', { id: id! })
  expect(steps.map((step) => step.did)).toEqual(['生成', '上报', '市级审核通过', '省级审核通过'])
})

test('whoever sent figures up does not approve them', async () => {
  const { trial, city } = await given()
  const { id } = await trial.call('prepareSnapshot', { region: county, period: '2026-03' }, city)
  await trial.call('submitSnapshot', { id: id! }, city)
  await expect(trial.call('approveSnapshot', { id: id! }, city)).rejects.toThrow('须是不同的人')
})

test('figures that are returned carry the reason, are made anew and go up again', async () => {
  const { trial, clerk, city } = await given()
  const { id } = await trial.call('prepareSnapshot', { region: county, period: '2026-03' }, clerk)
  await trial.call('submitSnapshot', { id: id! }, clerk)
  await trial.call('returnSnapshot', { id: id!, reason: '从业人数待核实' }, city)
  expect(await trial.call('getSnapshot', { id: id! })).toMatchObject({ state: 'returned', reason: '从业人数待核实' })
  await expect(trial.call('submitSnapshot', { id: id! }, clerk)).rejects.toThrow('请先重新生成')
  expect(await trial.call('prepareSnapshot', { region: county, period: '2026-03' }, clerk)).toEqual({ id, jobId: null })
  await trial.call('submitSnapshot', { id: id! }, clerk)
  expect((await trial.call('getSnapshot', { id: id! })).awaits).toBe('市级审核')
})

test('a correction after the lock is a new version from what is known now, with the figures before beside it', async () => {
  const { trial, unit, clerk, city, province } = await given()
  const { id } = await trial.call('prepareSnapshot', { region: county, period: '2026-03' }, clerk)
  await trial.call('submitSnapshot', { id: id! }, clerk)
  await trial.call('approveSnapshot', { id: id! }, city)
  await trial.call('approveSnapshot', { id: id! }, province)
  await trial.write('member_tally', [tallyLike(unit.id, 4, { valid_from: '2026-03-01' })])
  await trial.settle()
  const again = { region: county, period: '2026-03' }
  await expect(trial.call('prepareSnapshot', again, clerk)).rejects.toThrow('请写明理由')
  await trial.call('prepareSnapshot', { ...again, reason: '补报党员 4 名' }, clerk)
  await trial.jobs()
  const { rows } = await trial.call('listSnapshots', { period: '2026-03' })
  expect(rows.map((row) => [row.version, row.state, row.basis])).toEqual([
    [2, 'draft', 'restated'],
    [1, 'locked', 'closed'],
  ])
  const { figures } = await trial.call('getSnapshot', { id: rows[0]!.id })
  const formal = figures.find((one) => one.key === 'formal')!
  expect([formal.before, formal.value]).toEqual([0, 4])
  const { figures: shown } = await trial.call('getDashboard', { region: county, asOf: '2026-03-31', months: 1 })
  expect(shown.find((one) => one.key === 'formal')?.value).toBe(0)
})

test('a county whose townships send figures up waits until all of them are approved', async () => {
  const { trial, clerk, chief } = await given()
  await trial.write('unit', [unitLike({ area_code: otherTown, founded_on: '2026-01-01' })])
  await trial.settle()
  await trial.day('2026-05-04')
  const period = '2026-04'
  const local = personLike({ counties: [county], areas: [town] })
  const { id } = await trial.call('prepareSnapshot', { region: town, period }, local)
  await trial.call('submitSnapshot', { id: id! }, local)
  const whole = await trial.call('prepareSnapshot', { region: county, period }, clerk)
  await expect(trial.call('submitSnapshot', { id: whole.id! }, clerk)).rejects.toThrow('2 个乡镇街道未审核通过')
  expect(await trial.call('approveSnapshot', { id: id! }, chief)).toEqual({ state: 'locked' })
  expect((await trial.call('getSnapshot', { id: whole.id! })).missing.map((one) => one.name)).toEqual(['南河街道'])
})

test('a month that is not over is not sent up', async () => {
  const { trial, clerk } = await given()
  await expect(trial.call('prepareSnapshot', { region: county, period: '2026-04' }, clerk)).rejects.toThrow(
    '还没有结束',
  )
})
