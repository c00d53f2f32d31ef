import { expect, test } from 'vitest'
import { checkRow, townshipKeys } from './check.ts'
import type { UnitField } from './field-contract.ts'
import { fieldOfTitle, recognise } from './recognise.ts'

const number = '11010519491231002X'
const digest = 'f00df00df00df00d'
const check = (values: Partial<Record<UnitField, string>>) => {
  const columns = Object.keys(values).map((field, index) => ({ index, title: field, field: field as UnitField }))
  return checkRow(Object.values(values), {
    department: 'marketRegulation',
    columns,
    townships: townshipKeys([{ code: '330421001000', name: '魏塘街道' }]),
    hashIdentity: () => digest,
  })
}
const name = '海风物流有限公司'

const read: [UnitField, string, string][] = [
  ['name', '海风物流有限公司.', '海风物流有限公司'],
  ['name', '，海风 物流有限公司。. ', '海风物流有限公司'],
  ['name', '海风物流（福建）有限公司..', '海风物流（福建）有限公司'],
  ['name', '“阳光”公益中心', '“阳光”公益中心'],
  ['name', 'Haifeng Logistics Co., Ltd.', 'Haifeng Logistics Co., Ltd.'],
  ['uscc', '91350100M000100Y43', '91350100M000100Y43'],
  ['uscc', ' 91350100m000100y43 ', '91350100M000100Y43'],
  ['staffCount', '约30人', '30'],
  ['area', '魏塘', '330421001000'],
  ['area', '魏塘街道办事处', '330421001000'],
  ['status', '存续（在营、开业、在册）', 'active'],
  ['status', '吊销，未注销', 'revoked'],
  ['status', '注销', 'cancelled'],
  ['hasPartyOrg', '未建立', 'false'],
  ['hasPartyOrg', '已建立', 'true'],
  ['foundedOn', '2003年2月18日', '2003-02-18'],
  ['taxPaid', '12,000.50元', '12000.5'],
  ['capital', '500万元人民币', '5000000'],
  ['capital', '1.2亿', '120000000'],
]
test.each(read)('%s “%s” is read as %s', (field, text, value) => {
  const found = check({ name, [field]: text })
  expect(found.fields[field]).toBe(value)
  expect(found.problems).toEqual([])
})

test('a name that is nothing but stray signs is none', () => {
  expect(check({ name, formerName: '..' })).toMatchObject({ fields: { name }, problems: [] })
  expect(check({ name, formerName: '..' }).fields).not.toHaveProperty('formerName')
  expect(check({ name: '——' }).refused).toBe(true)
})

test('an amount is read by the unit that its column’s title names', () => {
  const columns = [
    { index: 0, title: '名称', field: 'name' as const },
    { index: 1, title: '注册资本（万元）', field: 'capital' as const },
  ]
  const { fields } = checkRow([name, '300'], {
    department: 'marketRegulation',
    columns,
    townships: townshipKeys([]),
    hashIdentity: () => digest,
  })
  expect(fields.capital).toBe('3000000')
})

test.each([['合计'], ['总计'], ['注：以上为截至年底的数'], ['填表人：某某']])('the row “%s” is no unit', (text) => {
  expect(check({ name: text })).toMatchObject({ notData: true, problems: [] })
})

test('an ID number in any column leaves only its keyed digest', () => {
  for (const field of ['uscc', 'registrationNumber', 'organisationCode', 'remark'] as const) {
    const found = check({ name, [field]: number })
    expect(JSON.stringify(found), field).not.toContain(number)
    expect(JSON.stringify(found.cells), field).toContain(digest.slice(0, 12))
    expect(found.refused, field).toBe(false)
  }
})

test('a missing name sends the row back; a wrong code or count is left out with a warning', () => {
  const wrong = check({ name, uscc: '91350100M000100Y44' })
  expect(wrong).toMatchObject({ refused: false, problems: [{ field: 'uscc', level: 'warning' }] })
  expect(wrong.fields.uscc).toBeUndefined()
  expect(check({ name: '', uscc: '91350100M000100Y43' })).toMatchObject({
    refused: true,
    problems: [{ field: 'name' }],
  })
  expect(check({ name, staffCount: '很多' })).toMatchObject({
    refused: false,
    problems: [{ field: 'staffCount', level: 'warning' }],
  })
})

const head = (...rows: string[][]) => [
  { sheet: 'Sheet1', visible: true, firstRows: rows.map((cells, at) => ({ row: at + 1, cells })) },
]

test('the header is found below two rows of titles, and the department by its words', () => {
  const seen = recognise(
    '税务-纳税户.csv',
    head(['某县台账', ''], ['填报单位：', ''], ['纳税人名称', '纳税人识别号'], [name, '']),
  )
  expect(seen).toMatchObject({ department: 'tax', personRoster: false, mapping: [{ use: true, headerRow: 3 }] })
  expect(seen.mapping[0]?.columns.map((column) => column.field)).toEqual(['name', 'uscc'])
})

test('a roster of persons is told from a register of units', () => {
  expect(recognise('名单.csv', head(['姓名', '身份证号', '工作单位'])).personRoster).toBe(true)
})

test.each([
  ['统一社会信用代码（必填）', 'uscc'],
  ['法定代表人', 'legalRep'],
  ['党员人数', 'memberCount'],
  ['参保人数', 'insuredCount'],
  ['随便什么', null],
])('the title %s names %s', (title, field) => {
  expect(fieldOfTitle(title)).toBe(field)
})

// A pattern that looks through a run of signs again and again takes up to a second for each such cell, and the test runs out
// of time.
test('cells of as many signs as a sheet may hold are read like others', () => {
  const long = (sign: string) => `甲${sign.repeat(32_765)}x`
  const hostile = { formerName: long('.'), foundedOn: long(' '), annualReport: long('\n'), staffCount: long('（') }
  for (let row = 0; row < 60; row += 1) expect(check({ name: `${name}${row}`, ...hostile }).refused).toBe(false)
  const titles = [{ row: 1, cells: Array.from({ length: 60 }, () => long('（')) }]
  expect(recognise('表.csv', [{ sheet: 'CSV', visible: true, firstRows: titles }]).mapping[0]?.use).toBe(false)
})
