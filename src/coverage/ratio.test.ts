import { expect, test } from 'vitest'
import { county, otherTown, personLike, tallyLike, town, trialCoverage, unitLike } from './testing.ts'

const withMembers = (kind: string, least: number, effectiveFrom: string, more: object = {}) => ({
  name: '有党员单位占比',
  definition: '有正式党员的单位占在实体运营单位的比例。',
  numeratorText: '有正式党员的单位数',
  denominatorText: '在实体运营的单位数',
  numerator: { column: 'formal', atLeast: least },
  denominator: {
    and: [
      { column: 'in_operation', is: true },
      { column: 'kind', in: [kind] },
    ],
  },
  counting: { by: 'units' },
  effectiveFrom,
  source: '本机关办法',
  ...more,
})

async function given() {
  const trial = await trialCoverage('2026-03-02')
  const units = [0, 1, 2, 3].map((n) => unitLike({ area_code: n < 3 ? town : otherTown }))
  await trial.write('unit', units)
  await trial.write(
    'member_tally',
    units.map((unit, n) => tallyLike(unit.id, n)),
  )
  await trial.settle()
  const answer = async (asOf: string, name = '有党员单位占比', region = county) => {
    const { ratios } = await trial.call('getDashboard', { region, asOf, months: 1 })
    const one = ratios.find((ratio) => ratio.name === name)
    return one && [one.version, one.numerator, one.denominator, one.asOf]
  }
  return { trial, units, answer }
}

test('a ratio that the office defines is answered for every day from its own on, and opens into its lists', async () => {
  const { trial, units, answer } = await given()
  const { key } = await trial.call('defineRatio', withMembers('enterprise', 1, '2026-01-01'))
  expect((await trial.call('getDashboard', { region: county, months: 1 })).settled).toBe(false)
  await trial.settle()
  expect(await answer('2026-03-02')).toEqual([1, 3, 4, '2026-03-02'])
  expect(await answer('2026-02-28')).toEqual([1, 3, 4, '2026-02-28'])
  expect(await answer('2026-03-02', '有党员单位占比', otherTown)).toEqual([1, 1, 1, '2026-03-02'])
  expect(await answer('2025-12-31')).toBeUndefined()
  const listed = async (part: string) => {
    const { rows, total, title } = await trial.call('listUnits', { of: { ratio: key, part } })
    return { ids: rows.map((row) => row.unitId).sort(), total, title }
  }
  const ids = units.map((unit) => unit.id).sort()
  expect(await listed('denominator')).toEqual({ ids, total: 4, title: '有党员单位占比（第 1 版）· 分母' })
  expect(await listed('numerator')).toMatchObject({ ids: ids.filter((id) => id !== units[0]!.id), total: 3 })
  expect(await listed('gap')).toMatchObject({ ids: [units[0]!.id], total: 1 })
})

test('a new version never alters the answer for an earlier day', async () => {
  const { trial, answer } = await given()
  const { key } = await trial.call('defineRatio', withMembers('enterprise', 1, '2026-01-01'))
  await trial.settle()
  await trial.day('2026-03-10')
  const before = await answer('2026-03-09')
  await expect(trial.call('defineRatio', withMembers('enterprise', 2, '2026-03-09', { key }))).rejects.toThrow(
    '以前各日',
  )
  await trial.call('defineRatio', withMembers('enterprise', 2, '2026-03-12', { key }))
  await trial.settle()
  expect(await answer('2026-03-09')).toEqual(before)
  await trial.day('2026-03-12')
  expect(await answer('2026-03-11')).toEqual([1, 3, 4, '2026-03-11'])
  expect(await answer('2026-03-12')).toEqual([2, 2, 4, '2026-03-12'])
})

test('a retired ratio is answered for the days before, and no more after', async () => {
  const { trial, answer } = await given()
  const { key } = await trial.call('defineRatio', withMembers('enterprise', 1, '2026-01-01'))
  await trial.settle()
  await trial.call('retireRatio', { key, reason: '不再使用' })
  await trial.day('2026-03-04')
  expect(await answer('2026-03-02')).toEqual([1, 3, 4, '2026-03-02'])
  expect(await answer('2026-03-03')).toBeUndefined()
})

test('a preview answers what the definition then answers', async () => {
  const { trial, answer } = await given()
  const { numerator, denominator, counting } = withMembers('enterprise', 2, '2026-01-01')
  const preview = await trial.call('previewRatio', { numerator, denominator, counting, region: county })
  await trial.call('defineRatio', withMembers('enterprise', 2, '2026-01-01'))
  await trial.settle()
  expect(await answer('2026-03-02')).toEqual([1, preview.numerator, preview.denominator, preview.asOf])
})

test('an account of one township sees that township in figures, regions and lists, and no other', async () => {
  const { trial, units } = await given()
  const local = personLike({ counties: [county], areas: [otherTown] })
  const { region, figures } = await trial.call('getDashboard', { months: 1 }, local)
  expect([region.code, figures.find((one) => one.key === 'units')?.value]).toEqual([otherTown, 1])
  const { rows } = await trial.call('listUnits', { of: { figure: 'units' } }, local)
  expect(rows.map((row) => row.unitId)).toEqual([units[3]!.id])
  await expect(trial.call('getDashboard', { region: town, months: 1 }, local)).rejects.toThrow('不在您的管理范围')
  await expect(trial.call('getUnitCoverage', { id: units[0]!.id }, local)).rejects.toThrow('没有找到')
})

test('the regions of a level add up to the region above them', async () => {
  const { trial } = await given()
  await trial.write('unit', [unitLike({ area_code: county })])
  await trial.settle()
  const { rows, total, level } = await trial.call('compareRegions', { region: county })
  const units = rows.map((row) => [row.region.name, row.figures.find((one) => one.key === 'units')?.value])
  expect({ units, total, level }).toEqual({
    units: [
      ['北河街道', 3],
      ['南河街道', 1],
      ['未明确乡镇街道', 1],
    ],
    total: 3,
    level: 'township',
  })
})

test('a mark counts from its day, and is gone from the day on which it is taken back', async () => {
  const { trial, units } = await given()
  const unitIds = [units[0]!.id, units[1]!.id]
  const inBase = async () =>
    (await trial.call('listUnits', { of: { condition: { column: 'in_base', is: true } } })).total
  expect(await trial.call('markUnits', { kind: 'base', unitIds, on: true, source: '基数文件' })).toEqual({ changed: 2 })
  expect(await trial.call('markUnits', { kind: 'base', unitIds, on: true, source: '基数文件' })).toEqual({ changed: 0 })
  await trial.settle()
  expect(await inBase()).toBe(2)
  await trial.call('markUnits', { kind: 'base', unitIds: [units[0]!.id], on: false, source: '更正' })
  await trial.settle()
  expect(await inBase()).toBe(1)
})
