import { expect, test } from 'vitest'
import { checkMember } from './member-check.ts'
import { memberColumns } from './member-columns.ts'

const header = ['姓名', '公民身份号码', '党员类别', '所在党支部', '工作单位', '转为正式党员日期']
const head = (rows: string[][]) => ({
  sheet: 'CSV',
  visible: true,
  firstRows: rows.map((cells, at) => ({ row: at + 1, cells })),
})
const [sheet] = memberColumns([head([header])])
const columns = sheet!.columns
const number = '99010119800101009X'
const check = (...cells: (string | null)[]) => checkMember(cells, columns, '2026-01-01')

test('a good row is read whole', () => {
  const { member, problems } = check(
    '王 小二',
    number,
    '正式党员',
    '北河社区党支部',
    '大连海风物流有限公司',
    '2006.1.1',
  )
  expect(problems).toEqual([])
  expect(member).toEqual({
    number,
    name: '王小二',
    kind: 'formal',
    floating: false,
    branch: '北河社区党支部',
    employer: '大连海风物流有限公司',
    joinedOn: null,
    formalOn: '2006-01-01',
  })
})

test.each([
  [['王小二', '990101198001010011', '正式党员'], '身份证号校验码不符'],
  [['王小二', '', '正式党员'], '没有身份证号'],
  [['', number, '正式党员'], '没有姓名'],
  [['王小二', number, ''], '没有党员类别'],
  [['王小二', number, '入党积极分子'], '不是党员'],
  [['王小二', number, '荣誉市民'], '不认识的党员类别'],
])('%j is sent back: %s', (cells, rule) => {
  const { member, problems } = check(...cells, '支部', '单位名称')
  expect(member).toBeNull()
  expect(problems.filter((one) => one.level === 'error').map((one) => one.rule)).toEqual([rule])
})

test('no problem repeats a number or a name', () => {
  const { problems } = check('王小二', '990101198001010011', '荣誉市民', number, number, '昨天')
  expect(problems.length).toBeGreaterThan(3)
  expect(JSON.stringify(problems)).not.toMatch(/\d{6}|小二/)
})

test.each([
  ['预备党员', 'probationary', false],
  ['中共党员', 'formal', false],
  ['01', 'formal', false],
  ['02', 'probationary', false],
  ['流动党员', 'formal', true],
  ['预备党员（流动）', 'probationary', true],
])('%s is %s', (text, kind, floating) => {
  expect(check('王小二', number, text, '支部', '单位名称').member).toMatchObject({ kind, floating })
})

test('a number in place of an employer is not kept', () => {
  const { member } = check('王小二', number, '正式党员', '支部', number)
  expect(member?.employer).toBeNull()
})

test('totals and remarks are nobody', () => {
  expect(check('合计', '', '12')).toMatchObject({ notData: true, member: null })
  expect(check('注：以上为全部党员')).toMatchObject({ notData: true, member: null })
})

test('a column of numbers is found without a title, and its sheet is used', () => {
  const [found] = memberColumns([
    head([
      ['姓名', '号', '单位'],
      ['王小二', number, '大连海风'],
      ['李四', number, '海风'],
    ]),
  ])
  expect(found?.use).toBe(true)
  expect(found?.columns.map((column) => column.field)).toEqual(['name', 'idNumber', 'employer'])
})

test('a sheet without a header keeps no person as a title', () => {
  const [found] = memberColumns([
    head([
      ['王小二', number],
      ['李四', number],
    ]),
  ])
  expect(JSON.stringify(found)).not.toContain(number)
})
