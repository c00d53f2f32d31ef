import { sql } from 'kysely'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { asOwner } from '../host/database.ts'
import { county, otherTown, tallyLike, town, trialCoverage, unitLike } from './testing.ts'

async function fiveUnits() {
  const trial = await trialCoverage('2026-03-20')
  const units = [town, town, otherTown, otherTown, county].map((area_code, at) =>
    unitLike({ name: `单位${at}`, name_key: `单位${at}`, sort_key: `dan wei ${at}`, area_code, staff_count: 10 * at }),
  )
  await trial.write('unit', units)
  await trial.write(
    'member_tally',
    units.map((unit, at) => tallyLike(unit.id, at)),
  )
  await trial.form([units[3]!.id], 'own')
  await trial.settle()
  return trial
}

test('a list is narrowed by a further condition, and by not knowing the township', async () => {
  const trial = await fiveUnits()
  const names = async (more: object) => {
    const { rows, total } = await trial.call('listUnits', { of: { figure: 'units' }, page: 1, pageSize: 20, ...more })
    expect(total).toBe(rows.length)
    return rows.map((row) => row.name).sort()
  }
  expect(await names({})).toHaveLength(5)
  expect(await names({ where: { column: 'formal', atLeast: 3 } })).toEqual(['单位3', '单位4'])
  expect(await names({ where: { column: 'state', in: ['own'] } })).toEqual(['单位3'])
  expect(await names({ unplaced: true })).toEqual(['单位4'])
  expect(await names({ region: otherTown, where: { column: 'staff', atMost: 20 } })).toEqual(['单位2'])
})

test('a list is sorted by any of its columns, either way, and no unit is on two pages', async () => {
  const trial = await fiveUnits()
  const names = async (more: object) => {
    const input = { of: { figure: 'units' }, pageSize: 2, ...more }
    const pages = await Promise.all([1, 2, 3].map((page) => trial.call('listUnits', { ...input, page })))
    return pages.flatMap((page) => page.rows.map((row) => row.name.slice(2))).join('')
  }
  expect(await names({ sort: 'staff', order: 'desc' })).toBe('43210')
  expect(await names({ sort: 'formal' })).toBe('01234')
  expect(await names({ sort: 'name', order: 'desc' })).toBe('43210')
  expect(await names({ sort: 'state', order: 'desc' })).toMatch(/^3.{4}$/)
  const byPlace = await names({})
  expect(await names({ sort: 'place', order: 'desc' })).toBe([...byPlace].toReversed().join(''))
  expect(new Set(byPlace).size).toBe(5)
})

test('a row names the township and says why the unit stands as it does', async () => {
  const trial = await fiveUnits()
  const { rows } = await trial.call('listUnits', { of: { figure: 'dueNotBuilt' }, page: 1, pageSize: 20 })
  expect(rows).toMatchObject([{ name: '单位4', areaName: '沙河口区', due: true, state: 'none', lack: 'dueNotBuilt' }])
  expect(rows[0]!.step.title).toContain('单独成立党支部')
})

test('the file of a list holds the units of the list in its order, as of the day that was looked at', async () => {
  const trial = await fiveUnits()
  const list = { of: { ratio: 'orgCoverage', part: 'gap' }, where: { column: 'formal', atLeast: 1 } }
  const shown = await trial.call('listUnits', { ...list, page: 1, pageSize: 20 })
  await trial.call('exportUnits', { ...list, format: 'csv', purpose: '核对名单' })
  await trial.jobs()
  const { rows } = await asOwner(trial.platform.database, (tx) =>
    sql<{ file: string }>`select result ->> 'fileId' as file from job where kind = 'coverage.export'`.execute(tx),
  )
  const text = readFileSync(trial.platform.files.path(rows[0]!.file), 'utf8')
  const written = text.split(/\r?\n/).flatMap((line) => /^"?(单位\d)/.exec(line)?.[1] ?? [])
  expect(written).toEqual(shown.rows.map((row) => row.name))
  expect(written).toHaveLength(3)
  expect(text).toContain('截至 2026-03-20')
})

test('a list without units is not exported', async () => {
  const trial = await fiveUnits()
  const none = { of: { figure: 'jointOver' }, format: 'xlsx', purpose: '核对名单' }
  await expect(trial.call('exportUnits', none)).rejects.toThrow('没有符合条件的单位')
})
