import { expect, test } from 'vitest'
import { checkOrg, kindOf } from './org-check.ts'
import { orgColumns } from './org-columns.ts'

const head = (...rows: string[][]) => ({
  sheet: 'CSV',
  visible: true,
  firstRows: rows.map((cells, at) => ({ row: at + 1, cells })),
})
const plain = [
  '党组织名称',
  '类别',
  '组建方式',
  '上级党组织',
  '覆盖单位名称',
  '统一社会信用代码',
  '成立日期',
  '书记',
  '换届日期',
  '党员数',
]
const national = [
  '党组织名称',
  '党组织书记',
  '党组织联系人',
  '联系电话',
  '组织类别',
  '党组织所在单位情况',
  '单位名称',
  '单位性质类别',
  '单位建立党组织情况',
  '法人单位统一社会信用代码',
]
const columnsOf = (titles: string[]) => orgColumns([head(['某县党组织名册'], titles)])[0]!
const check = (titles: string[], cells: string[], above: string | null = null) =>
  checkOrg(cells, columnsOf(titles).columns, '2026-06-01', above)

test('the plain workbook’s titles are recognised below a heading', () => {
  const sheet = columnsOf(plain)
  expect(sheet).toMatchObject({ use: true, headerRow: 2 })
  expect(sheet.columns.map((column) => column.field)).toEqual([
    'name',
    'kind',
    'mode',
    'parent',
    'unitName',
    'unitCode',
    'foundedOn',
    'secretary',
    'electedOn',
    'members',
  ])
})

test('the national collection’s titles are recognised; contact and telephone are not taken', () => {
  expect(columnsOf(national).columns.map((column) => column.field)).toEqual([
    'name',
    'secretary',
    null,
    null,
    'kind',
    'situation',
    'unitName',
    null,
    null,
    'unitCode',
  ])
})

test('a sheet without names of organisations stays out', () => {
  expect(orgColumns([head(['单位名称', '法定代表人'])])[0]?.use).toBe(false)
})

test('a row of the plain workbook is read whole; the secretary’s name is masked in what is kept', () => {
  const { values, secretary, problems } = check(plain, [
    '示例园区联合党支部',
    '党支部',
    '联合组建',
    '示例街道党工委',
    '海风物流有限公司、听雨装饰有限公司',
    '',
    '2020.3.1',
    '张三丰',
    '2024-03-05',
    '8',
  ])
  expect(problems).toEqual([])
  expect(secretary).toBe('张三丰')
  expect(values).toMatchObject({
    kind: 'jointBranch',
    mode: 'joint',
    parent: '示例街道党工委',
    units: [{ name: '海风物流有限公司' }, { name: '听雨装饰有限公司' }],
    foundedOn: '2020-03-01',
    secretary: '张*',
    electedOn: '2024-03-05',
    formal: 8,
    probationary: 0,
  })
})

test('a row without a name goes with the organisation above', () => {
  const cells = ['', '', '', '', '听雨装饰有限公司', '', '', '', '', '']
  expect(check(plain, cells, '示例联合党支部').values).toMatchObject({
    name: '示例联合党支部',
    units: [{ name: '听雨装饰有限公司' }],
  })
  expect(check(plain, cells).problems).toMatchObject([{ level: 'error', rule: '没有党组织名称' }])
})

test('totals and remarks are no organisation', () => {
  expect(check(plain, ['合计', '', '', '', '', '', '', '', '', '120'])).toMatchObject({ notData: true })
})

test.each([
  ['中共某某公司委员会', 'partyCommittee'],
  ['某某综合党委', 'composite'],
  ['物流行业党委', 'industry'],
  ['某某党总支', 'generalBranch'],
  ['中共某某总支部委员会', 'generalBranch'],
  ['某某联合党支部', 'jointBranch'],
  ['物业管理联合会党支部', 'branch'],
  ['项目临时党支部', 'temporary'],
  ['流动党员党支部', 'floating'],
  ['功能型党支部', 'functional'],
  ['某某公司党支部', 'branch'],
  ['中共某某公司支部委员会', 'branch'],
  ['某某公司', null],
])('%s is of the kind %s', (name, kind) => expect(kindOf(name)).toBe(kind))

test.each([
  ['行业统建', 'industry'],
  ['区域统建', 'regional'],
  ['单独组建', 'solo'],
  ['挂靠组建', 'attached'],
  ['龙头带建', 'leadingEnterprise'],
  ['在理事会中建', 'inCouncil'],
  ['在会员中建', 'inMembers'],
  ['兜底', 'fallback'],
  ['', 'solo'],
])('组建方式 %s is %s', (cell, mode) => {
  expect(check(plain, ['某公司党支部', '', cell, '', '', '', '', '', '', '']).values?.mode).toBe(mode)
})

test.each([
  ['2026-07-01', '日期晚于 2026-06-01'],
  ['昨天', '不是日期'],
  ['1900-01-01', '日期早于 1921-07-01'],
])('a day of founding %s is not taken: %s', (day, rule) => {
  const { values, problems } = check(plain, ['某公司党支部', '', '', '', '', '', day, '', '', ''])
  expect(values?.foundedOn).toBeNull()
  expect(problems.map((one) => one.rule)).toEqual([rule])
})

test('codes that are not as many as the names are not taken', () => {
  const { values, problems } = check(plain, [
    '某联合党支部',
    '',
    '',
    '',
    '甲公司、乙公司、丙公司',
    'A1 B2',
    '',
    '',
    '',
    '',
  ])
  expect(values?.units.map((unit) => unit.code)).toEqual([null, null, null])
  expect(problems).toHaveLength(1)
})

test('与上级党组织相同 and 联合党支部 of the national form are understood', () => {
  const row = (situation: string) =>
    check(national, ['某公司第一党支部', '', '', '', '党支部', situation, '', '', '', ''])
  expect(row('与上级党组织相同').values).toMatchObject({ sameAsParent: true, kind: 'branch' })
  expect(row('联合党支部').values).toMatchObject({ sameAsParent: false, kind: 'jointBranch' })
})

test('a masked name that comes back from an export is no name', () => {
  const { secretary, values } = check(plain, ['某公司党支部', '', '', '', '', '', '', '张*', '', ''])
  expect([secretary, values?.secretary]).toEqual([null, null])
})
