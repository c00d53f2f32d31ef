import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { organisationCodeCheck, usccCheckCharacter } from '../base/codes.ts'
import { readSheets, returnWorkbook } from '../host/sheets.ts'
import { writeCsv } from '../host/sheets-write.ts'
import { checkRow, townshipKeys } from './check.ts'
import { recognise } from './recognise.ts'

const townships = townshipKeys([{ code: '330421001000', name: '魏塘街道' }])
const hashIdentity = () => 'd'.repeat(64)

function code(number: number): string {
  const body = `PDY${String(number).padStart(5, '0')}`
  const head = `91330421${body}${organisationCodeCheck(body)}`
  return head + usccCheckCharacter(head)
}

const titles = [
  '企业名称',
  '统一社会信用代码',
  '成立日期',
  '法定代表人',
  '联系电话',
  '住所',
  '登记状态',
  '从业人数',
  '所属街道',
  '是否建立党组织',
]
const good = (number: number): string[] => [
  `嘉善试验${number}号有限公司`,
  code(number),
  '2015-03-02',
  '钱测试',
  '10000000000',
  '嘉善县试验路1号',
  '存续',
  '约30人',
  '魏塘街道',
  '否',
]

/** Twelve kinds of error: which column it is planted in, and what stands there. */
const errors: [string, (cells: string[], number: number) => string][] = [
  ['统一社会信用代码', (cells) => cells[1]!.slice(0, 17) + (cells[1]!.endsWith('0') ? '1' : '0')],
  ['统一社会信用代码', (cells) => cells[1]!.slice(0, 16)],
  ['统一社会信用代码', (cells) => `${cells[1]!.slice(0, 17)}I`],
  ['统一社会信用代码', () => '99133219900307001X'],
  ['统一社会信用代码', () => '9.13304E+17'],
  ['企业名称', () => ''],
  ['企业名称', () => '1'],
  ['成立日期', () => '二月三十'],
  ['联系电话', () => '123'],
  ['登记状态', () => '蓝色'],
  ['从业人数', () => '很多'],
  ['所属街道', () => '别处街道'],
]

test('of 10,000 rows with 500 planted errors of 12 kinds, exactly those cells are named', () => {
  const { mapping } = recognise('市场监管-企业登记.csv', [
    {
      sheet: 'CSV',
      visible: true,
      firstRows: [
        { row: 1, cells: titles },
        { row: 2, cells: good(1) },
      ],
    },
  ])
  const columns = mapping[0]!.columns
  const planted: string[] = []
  const reported: string[] = []
  for (let number = 1; number <= 10_000; number += 1) {
    const cells = good(number)
    if (number % 20 === 0) {
      const [title, wrong] = errors[(number / 20) % errors.length]!
      cells[titles.indexOf(title)] = wrong(cells, number)
      planted.push(`${number} ${title}`)
    }
    const result = checkRow(cells, { department: 'marketRegulation', columns, townships, hashIdentity })
    reported.push(...result.problems.map((problem) => `${number} ${problem.column}`))
  }
  expect(planted).toHaveLength(500)
  expect(reported).toEqual(planted)
})

test('a returned workbook holds the bad rows with what is wrong, and reads back when corrected', async () => {
  const source = join(tmpdir(), `lx-source-${process.pid}.csv`)
  const returned = join(tmpdir(), `lx-returned-${process.pid}.xlsx`)
  const bad = good(2)
  bad[1] = bad[1]!.slice(0, 16)
  await writeCsv(
    source,
    titles.map((title) => ({ title })),
    [good(1), bad, good(3)],
  )
  const found = await returnWorkbook(
    source,
    '表.csv',
    new Map([['CSV', new Map([[3, '原第 3 行。少两位']])]]),
    returned,
  )
  expect(found.rows).toBe(1)
  const rows = []
  for await (const batch of readSheets(returned, '表.xlsx')) rows.push(...batch)
  const heads = [{ sheet: rows[0]!.sheet, visible: true, firstRows: rows.map(({ row, cells }) => ({ row, cells })) }]
  const { mapping } = recognise('表.xlsx', heads)
  expect(rows.map((row) => row.cells.at(-1))).toEqual(['错误信息', '原第 3 行。少两位'])
  const corrected = rows[1]!.cells.map((cell, at) => (at === 1 ? code(2) : cell))
  const using = { department: 'marketRegulation' as const, columns: mapping[0]!.columns, townships, hashIdentity }
  expect(checkRow(rows[1]!.cells, using)).toMatchObject({ problems: [{ field: 'uscc' }] })
  expect(checkRow(corrected, using)).toMatchObject({ refused: false, problems: [], fields: { uscc: code(2) } })
  rmSync(source)
  rmSync(returned)
})
