import { expect, test } from 'vitest'
import { parseLooseDate } from '../base/time.ts'
import { instructorColumns, readInstructor } from './rules.ts'

const head = [
  '序号',
  '姓名',
  '手机号码',
  '工作单位及职务',
  '选派方式',
  '所在街道',
  '可联系家数',
  '熟悉行业',
  '选派日期',
]
const columns = instructorColumns(head)!
const read = (...cells: string[]) => readInstructor(['1', ...cells], columns, parseLooseDate)

test('a table of instructors is known by its head, and a row is read with what it says', () => {
  expect(instructorColumns(['单位名称', '统一社会信用代码'])).toBeNull()
  expect(read('张 建国', '138-0013-8000', '县税务局', '退休干部', '中山街道', '3', 'C、f', '2026.3.1')).toEqual({
    name: '张建国',
    phone: '13800138000',
    employer: '县税务局',
    origin: 'retired',
    area: '中山街道',
    capacity: 3,
    skills: ['C', 'F'],
    point: null,
    fromOn: '2026-03-01',
  })
})

test.each([
  ['制造业', ['C']],
  ['农、林、牧、渔业', ['A']],
  ['制造业、批发和零售业', ['C', 'F']],
  ['F51，建筑业', ['F', 'E']],
  ['', []],
])('trades written as %j are read', (text, skills) => {
  expect(read('张建国', '', '', '', '中山街道', '', text, '')).toMatchObject({ skills })
})

test.each([
  [['张', '', '', '', '中山街道', '', '', ''], '姓名应为'],
  [['张建国', '', '', '', '', '', '', ''], '没有填写乡镇街道'],
  [['张建国', '12', '', '', '中山街道', '', '', ''], '电话应为'],
  [['张建国', '', '', '', '中山街道', '零', '', ''], '可联系家数应为'],
  [['张建国', '', '', '', '中山街道', '', '码农', ''], '门类字母'],
  [['张建国', '', '', '', '中山街道', '', '', '去年'], '选派日期认不出来'],
])('row %j is refused with a sentence', (cells, words) => {
  expect(read(...cells)).toContain(words)
})
