import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Problem } from '../base/problem.ts'
import { describeFile, readSheets } from './sheets.ts'
import { allCells, allRows, folder, mainSpace, parts, sharedPart, stylesPart, zipFile } from './sheets-fixture.ts'

const book = async (path: string, rows: string, more: Record<string, string> = {}) =>
  zipFile(join(path, 'a.xlsx'), parts([{ name: '表', rows }], more))

test('shared strings, inline strings, formula results, booleans and errors are read as a person sees them', async () => {
  using at = folder()
  const path = await book(
    at.path,
    '<row r="3" spans="1:8"><c r="A3" t="s"><v>1</v></c><c r="B3" t="inlineStr"><is><t>行内 &amp; 文字</t></is></c>' +
      '<c r="C3" t="str"><f>A1&amp;"x"</f><v>拼接</v></c><c r="D3"><f>1+1</f><v>2</v></c><c r="E3" t="b"><v>1</v></c>' +
      '<c r="F3" t="e"><v>#N/A</v></c><c r="G3"><f>SUM(A1)</f></c><c r="H3" t=\'s\'><v>0</v></c></row>',
    {
      'xl/sharedStrings.xml': sharedPart(
        '<t xml:space="preserve"> 两边有空格 </t>',
        '<r><rPr><b/></rPr><t>红</t></r><r><t xml:space="preserve">旗 </t></r><r><t>社区</t></r><rPh sb="0" eb="1"><t>ホン</t></rPh><phoneticPr fontId="1"/>',
      ),
    },
  )
  expect(await allRows(path)).toEqual([
    { sheet: '表', row: 3, cells: ['红旗 社区', '行内 & 文字', '拼接', '2', 'TRUE', '#N/A', null, ' 两边有空格 '] },
  ])
})

test('cells and rows without a reference follow the one before', async () => {
  using at = folder()
  const path = await book(
    at.path,
    '<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>',
  )
  expect(await allRows(path)).toEqual([
    { sheet: '表', row: 1, cells: ['1', '2'] },
    { sheet: '表', row: 5, cells: [null, null, '3', '4'] },
    { sheet: '表', row: 6, cells: ['5'] },
  ])
})

test('ghost rows yield nothing and are counted', async () => {
  using at = folder()
  const path = await book(
    at.path,
    '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row><row r="2"><c r="A2" s="1"/><c r="B2" t="s"><v>0</v></c></row><row r="3"/>' +
      '<row r="4"><c r="A4" t="inlineStr"><is><t xml:space="preserve"> 　</t></is></c></row>',
    { 'xl/sharedStrings.xml': sharedPart('<t/>') },
  )
  const reading = readSheets(path, 'a.xlsx')
  for await (const rows of reading) expect(rows).toEqual([{ sheet: '表', row: 1, cells: ['1'] }])
  expect(reading.counts).toEqual([{ sheet: '表', rows: 1, skipped: 3 }])
})

test('numbers are shown by their format, long ones with all their digits', async () => {
  using at = folder()
  const styles = {
    'xl/styles.xml': stylesPart(
      { 176: '000000', 177: 'yyyy"年"m"月"d"日";@', 178: '0.0%' },
      [0, 14, 22, 176, 177, 178, 49, 58],
    ),
  }
  const cells = [
    [0, '9.1210200123456704E+17', '912102001234567000'],
    [0, '912102001234567891', '912102001234567891'],
    [0, '3.0', '3'],
    [0, '0.30000000000000004', '0.3'],
    [1, '43586', '2019-05-01'],
    [2, '43586.5', '2019-05-01 12:00'],
    [3, '650', '000650'],
    [4, '43586.75', '2019-05-01'],
    [5, '0.125', '12.5%'],
    [6, '12', '12'],
    [7, '43586', '2019-05-01'],
  ] as const
  const row = cells.map(([style, value]) => `<c s="${style}"><v>${value}</v></c>`).join('')
  const expected = cells.map(([, , text]) => text)
  expect(await allCells(await book(at.path, `<row r="1">${row}</row>`, styles))).toEqual([expected])
})

test('a workbook that counts from 1904 shows the same days', async () => {
  using at = folder()
  const all = parts(
    [{ name: '表', rows: '<row><c s="1"><v>42124</v></c><c t="d"><v>2019-05-01T00:00:00</v></c></row>' }],
    {
      'xl/styles.xml': stylesPart({}, [0, 14]),
    },
  )
  all.set('xl/workbook.xml', all.get('xl/workbook.xml')!.replace('<sheets>', '<workbookPr date1904="1"/><sheets>'))
  expect(await allCells(await zipFile(join(at.path, 'a.xlsx'), all))).toEqual([['2019-05-01', '2019-05-01']])
})

test('other producers: namespace prefixes, UTF-16 parts, escapes, comments, odd part names, extra folders', async () => {
  using at = folder()
  const sheet =
    `<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="${mainSpace}"><x:sheetData><!-- 注 <x:row> --><x:row r="1">` +
    '<x:c r="A1" t="inlineStr"><x:is><x:t>甲&#x4e59;&#65;_x000D_乙_x005F_x0041_</x:t></x:is></x:c><x:c r="B1"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
  const all = new Map<string, string | Buffer>(
    parts([
      { name: '一', rows: '' },
      { name: '二', rows: '', state: 'hidden' },
    ]),
  )
  all.set('xl/worksheets/sheet1.xml', Buffer.from(`\ufeff${sheet}`, 'utf16le'))
  all.set(
    'XL/Worksheets/Sheet2.xml',
    `\ufeff<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[a<b&c]]></t></is></c></row></sheetData></worksheet>`,
  )
  all.delete('xl/worksheets/sheet2.xml')
  const path = await zipFile(join(at.path, 'a.xlsx'), all)
  expect(await allRows(path)).toEqual([
    { sheet: '一', row: 1, cells: ['甲乙A\r乙_x0041_', '7'] },
    { sheet: '二', row: 1, cells: ['a<b&c'] },
  ])
  expect(await allRows(path, { sheets: ['二'] })).toHaveLength(1)
  await expect(allRows(path, { sheets: ['三'] })).rejects.toThrow('没有名为“三”的工作表')
})

test('texts that cross the pieces a part arrives in come out whole and in order', async () => {
  using at = folder()
  const texts = Array.from({ length: 30_000 }, (_, row) => `第${row}行的名称🀄${'长'.repeat(row % 40)}`)
  const rows = texts.map(
    (_, at) =>
      `<row r="${at + 1}"><c r="A${at + 1}" t="s"><v>${at}</v></c><c r="B${at + 1}" t="inlineStr"><is><t>${texts[at]}</t></is></c></row>`,
  )
  const path = await book(at.path, rows.join(''), {
    'xl/sharedStrings.xml': sharedPart(...texts.map((text) => `<t>${text}</t>`)),
  })
  const found = await allRows(path)
  expect(found.length).toBe(texts.length)
  expect(found.every(({ row, cells }, at) => row === at + 1 && cells[0] === texts[at] && cells[1] === texts[at])).toBe(
    true,
  )
})

test('a description tells sheets, sizes, first rows and merged titles without being asked which', async () => {
  using at = folder()
  const rows = Array.from(
    { length: 40 },
    (_, row) => `<row r="${row + 2}"><c r="B${row + 2}"><v>${row}</v></c></row>`,
  ).join('')
  const path = await zipFile(
    join(at.path, 'a.xlsx'),
    parts([
      {
        name: '台账',
        rows,
        after: '<mergeCells count="2"><mergeCell ref="A1:I2"/><mergeCell ref="A90:B91"/></mergeCells>',
      },
      { name: '字典', rows: '', state: 'veryHidden' },
    ]),
  )
  const described = await describeFile(path, '台账.xlsx')
  expect(described).toMatchObject({ format: 'xlsx', encoding: null, delimiter: null })
  expect(described.sheets.map(({ name, visible, rowCount }) => [name, visible, rowCount])).toEqual([
    ['台账', true, 40],
    ['字典', false, 0],
  ])
  expect(described.sheets[0]!.firstRows).toHaveLength(30)
  expect(described.sheets[0]!.firstRows[0]).toEqual({ row: 2, cells: [null, '0'] })
  expect(described.sheets[0]!.merges).toEqual([{ fromRow: 1, toRow: 2, fromColumn: 0, toColumn: 8 }])
})

test('leaving the loop or aborting ends the reading, and the file can be read again', async () => {
  using at = folder()
  const path = await book(at.path, Array.from({ length: 20_000 }, () => '<row><c><v>1</v></c></row>').join(''))
  for await (const rows of readSheets(path, 'a.xlsx')) {
    expect(rows).toHaveLength(1000)
    break
  }
  const stop = new AbortController()
  const aborted = (async () => {
    for await (const rows of readSheets(path, 'a.xlsx', { signal: stop.signal })) {
      expect(rows.length).toBeGreaterThan(0)
      stop.abort(new Problem('conflict', '已取消。'))
    }
  })()
  await expect(aborted).rejects.toThrow('已取消。')
  expect(await allRows(path)).toHaveLength(20_000)
})

const shared = process.env['SHARED_DATA'] ?? '../shared/data'
const districts = existsSync(shared) ? readdirSync(shared).filter((name) => !name.includes('.')) : []

test.each(districts)('every row of the files of %s is read or counted as blank', async (district) => {
  const files = readdirSync(join(shared, district)).filter(
    (name) => /\.(?:csv|xlsx)$/.test(name) && !name.startsWith('truth'),
  )
  for (const file of files) {
    const path = join(shared, district, file)
    const reading = readSheets(path, file)
    let rows = 0
    for await (const batch of reading) rows += batch.length
    const described = await describeFile(path, file)
    expect(reading.counts.map((count) => count.rows)).toEqual(described.sheets.map((sheet) => sheet.rowCount))
    expect(rows).toBeGreaterThan(50)
    const blank = file.endsWith('.xlsx') ? 40 : 0
    expect(reading.counts.every((count) => count.skipped === blank)).toBe(true)
  }
})
