import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Problem } from '../base/problem.ts'
import { allCells, allRows, folder, unzipped } from './sheets-fixture.ts'
import { describeFile } from './sheets.ts'
import { writeCsv, writeXlsx, type WriteColumn } from './sheets-write.ts'

const columns: WriteColumn[] = [
  { title: '统一社会信用代码', width: 22 },
  { title: '成立日期', kind: 'date' },
  { title: '从业人数', kind: 'number' },
]

test('what is written is read back: long codes, dates, numbers, gaps, a note above the header', async () => {
  using at = folder()
  const path = join(at.path, 'a.xlsx')
  const rows = [
    ['912102001234567890', '2019-05-01', 12],
    [123456789012345, '1890-01-01', -1.5],
    [null, '约2019年', 1e21],
    ['', null, Number.NaN],
  ]
  expect(
    await writeXlsx(path, [
      { name: '台账[1]', columns, rows, note: '截至 2026 年 9 月' },
      { name: '台账 1 ', columns, rows: [] },
    ]),
  ).toEqual({
    rows: 4,
  })
  const titles = columns.map((column) => column.title)
  expect(await allRows(path)).toEqual([
    { sheet: '台账 1', row: 1, cells: ['截至 2026 年 9 月'] },
    { sheet: '台账 1', row: 2, cells: titles },
    { sheet: '台账 1', row: 3, cells: ['912102001234567890', '2019-05-01', '12'] },
    { sheet: '台账 1', row: 4, cells: ['123456789012345', '1890-01-01', '-1.5'] },
    { sheet: '台账 1', row: 5, cells: [null, '约2019年', '1000000000000000000000'] },
    { sheet: '台账 1（2）', row: 1, cells: titles },
  ])
  const xml = (await unzipped(path)).get('xl/worksheets/sheet1.xml')!
  expect(xml).toContain('<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>')
  expect(xml).toContain('<autoFilter ref="A2:C6"/><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>')
})

test('a table longer than a sheet goes on in further sheets with the same header', async () => {
  using at = folder()
  const path = join(at.path, 'a.xlsx')
  const rows = Array.from({ length: 10 }, (_, row) => [`第${row}`])
  await writeXlsx(path, [{ name: '名单', columns: [{ title: '名称' }], rows }], { sheetRowsMax: 5 })
  const { sheets } = await describeFile(path, 'a.xlsx')
  expect(sheets.map(({ name, rowCount }) => [name, rowCount])).toEqual([
    ['名单', 5],
    ['名单（2）', 5],
    ['名单（3）', 3],
  ])
  expect((await allRows(path)).filter((row) => row.row > 1).flatMap((row) => row.cells)).toEqual(rows.flat())
})

const odd = fc.string({
  unit: fc.constantFrom(...Array.from('=+-@\t\r\n\'",;<&>_x0041 ＝＋－＠\0\x01\ufffe中🀄')),
  maxLength: 12,
})
const table = fc.array(fc.array(fc.oneof(odd, fc.string({ unit: 'grapheme' })), { minLength: 3, maxLength: 3 }), {
  minLength: 1,
  maxLength: 60,
})
const textColumns = ['甲', '乙', '丙'].map((title) => ({ title }))

/** Rows as reading gives them: blank cells null, blank rows gone, nothing after the last cell. */
function asRead(rows: string[][], clean: (text: string) => string): (string | null)[][] {
  return rows
    .map((row) => {
      const cells = row.map((text) => (/\S/.test(clean(text)) ? clean(text) : null))
      return cells.slice(0, cells.findLastIndex((cell) => cell !== null) + 1)
    })
    .filter((row) => row.length > 0)
}

// oxlint-disable-next-line no-control-regex
const legal = (text: string) => text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')

test('any text reads back the same from a workbook, and no cell holds a formula', async () => {
  using at = folder()
  const path = join(at.path, 'a.xlsx')
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      await writeXlsx(path, [{ name: '表', columns: textColumns, rows }])
      expect((await allCells(path)).slice(1)).toEqual(asRead(rows, legal))
      const xml = (await unzipped(path)).get('xl/worksheets/sheet1.xml')!
      expect(xml).not.toMatch(/<f[\s>]|t="str"/)
    }),
    { numRuns: 8 },
  )
})

test('any text reads back the same from CSV, and no field begins like a formula', async () => {
  using at = folder()
  const path = join(at.path, 'a.csv')
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      await writeCsv(path, textColumns, rows)
      expect((await allCells(path)).slice(1)).toEqual(asRead(rows, (text) => text.replaceAll('\0', '')))
      const text = readFileSync(path, 'utf8')
      expect(text.startsWith('\ufeff甲,乙,丙\r\n')).toBe(true)
      // Every comma of a text is in quotes, so between quotes and commas lie the fields as a spreadsheet takes them.
      const fields = [...text.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
        ([, quoted, bare]) => quoted ?? bare!,
      )
      expect(fields.length).toBeGreaterThanOrEqual(3 * (rows.length + 1))
      expect(fields.filter((field) => /^[=+\-@\t\r\n＝＋－＠]/.test(field))).toEqual([])
    }),
    { numRuns: 8 },
  )
})

test('numbers in CSV stay numbers, negative ones too', async () => {
  using at = folder()
  const path = join(at.path, 'a.csv')
  await writeCsv(path, [{ title: '增减' }, { title: '文字' }], [[-5, '-5']])
  expect(readFileSync(path, 'utf8')).toBe("\ufeff增减,文字\r\n-5,'-5\r\n")
})

test('text longer than a cell may be is cut to what Excel opens', async () => {
  using at = folder()
  const path = join(at.path, 'a.xlsx')
  await writeXlsx(path, [{ name: '表', columns: [{ title: '备注' }], rows: [['长'.repeat(40_000)]] }])
  expect((await allCells(path))[1]![0]).toHaveLength(32_767)
})

async function* failing() {
  yield ['甲']
  throw new Problem('conflict', '数据已变。')
}

test.each(['xlsx', 'csv'])(
  'rows that fail, a full disk and a stop leave no half .%s behind, and the rows are closed',
  async (kind) => {
    using at = folder()
    const path = join(at.path, `a.${kind}`)
    let closed = 0
    async function* endless(): AsyncGenerator<string[]> {
      try {
        for (let row = 0; row < 1e7; row += 1) {
          if (row % 1000 === 0) await new Promise(setImmediate)
          yield ['甲'.repeat(100 + (row % 50))]
        }
      } finally {
        closed += 1
      }
    }
    const write = (out: Writable | string, rows: AsyncIterable<string[]>, signal?: AbortSignal) =>
      kind === 'csv'
        ? writeCsv(out, textColumns, rows, { ...(signal && { signal }) })
        : writeXlsx(out, [{ name: '表', columns: textColumns, rows }], { ...(signal && { signal }) })
    await expect(write(path, failing())).rejects.toThrow('数据已变。')
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) })
    await expect(write(full, endless())).rejects.toThrow('disk full')
    await expect(write(path, endless(), AbortSignal.timeout(50))).rejects.toThrow(/timeout/i)
    await expect.poll(() => closed).toBe(2)
    expect(existsSync(path)).toBe(false)
  },
)
