import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  allRows,
  folder,
  gb18030,
  parts,
  plainFile,
  sharedPart,
  stylesPart,
  unzipped,
  zipFile,
} from './sheets-fixture.ts'
import { describeFile, returnWorkbook } from './sheets.ts'

const shared = sharedPart(
  ...['街道台账', '名称', '代码', '人数', '日期', '甲公司', '乙公司', '丙公司'].map((text) => `<t>${text}</t>`),
)

/** A hand-made ledger: title merged over four columns, header in row 3, data from row 4, a ghost column beyond. */
async function ledger(path: string): Promise<string> {
  const data = [5, 6, 7].map(
    (name, at) =>
      `<row r="${at + 4}" ht="9"><c r="A${at + 4}" t="s" s="1"><v>${name}</v></c><c r="B${at + 4}" t="str"><f>C1</f><v>9121&lt;${at}</v></c>` +
      `<c r="C${at + 4}"><f>1+1</f><v>${at}.5</v></c><c r="D${at + 4}" s="2"><v>43586</v></c><c r="Z${at + 4}" s="1"/></row>`,
  )
  const header = [1, 2, 3, 4].map((text, at) => `<c r="${'ABCD'[at]}3" t="s" s="3"><v>${text}</v></c>`).join('')
  return zipFile(
    path,
    parts(
      [
        {
          name: '街道一',
          before:
            '<sheetFormatPr defaultRowHeight="20"/><cols><col min="1" max="1" width="30" customWidth="1"/><col min="2" max="16384" width="12"/></cols>',
          rows: `<row r="1" ht="40"><c r="A1" t="s" s="3"><v>0</v></c><c r="B1" s="3"/></row><row r="3">${header}</row>${data.join('')}`,
          after:
            '<mergeCells count="2"><mergeCell ref="A1:D1"/><mergeCell ref="A4:A5"/></mergeCells><legacyDrawing r:id="rId9"/>',
        },
        { name: '没有错误', rows: '<row r="1"><c r="A1"><v>1</v></c></row>' },
      ],
      { 'xl/sharedStrings.xml': shared, 'xl/styles.xml': stylesPart({}, [0, 49, 14, 49]) },
    ),
  )
}

const errors = new Map([
  [
    '街道一',
    new Map([
      [4, '代码第 18 位不对'],
      [6, '=名称为空'],
    ]),
  ],
  ['没有错误', new Map<number, string>()],
])
const headerRows = new Map([['街道一', 3]])

test('the returned workbook has the title, the header, the bad rows and what is wrong, in the sender’s layout', async () => {
  using at = folder()
  const path = await ledger(join(at.path, 'a.xlsx'))
  const back = join(at.path, 'back.xlsx')
  expect(await returnWorkbook(path, 'a.xlsx', errors, back, { headerRows })).toEqual({ rows: 2 })
  expect(await allRows(back)).toEqual([
    { sheet: '街道一', row: 1, cells: ['街道台账'] },
    { sheet: '街道一', row: 3, cells: ['名称', '代码', '人数', '日期', '错误信息'] },
    { sheet: '街道一', row: 4, cells: ['甲公司', '9121<0', '0.5', '2019-05-01', '代码第 18 位不对'] },
    { sheet: '街道一', row: 5, cells: ['丙公司', '9121<2', '2.5', '2019-05-01', '=名称为空'] },
  ])
  const described = await describeFile(back, 'back.xlsx')
  expect(described.sheets[0]!.merges).toEqual([{ fromRow: 1, toRow: 1, fromColumn: 0, toColumn: 3 }])
  const all = await unzipped(back)
  const xml = all.get('xl/worksheets/sheet1.xml')!
  expect(xml).toContain(
    '<cols><col min="1" max="1" width="30" customWidth="1"/><col min="2" max="4" width="12" customWidth="1"/>' +
      '<col min="5" max="5" width="44" customWidth="1"/><col min="6" max="16384" width="12" customWidth="1"/></cols>',
  )
  expect(xml).toContain('<row r="1" ht="40" customHeight="1">')
  expect(xml).toContain('<c r="A4" s="1" t="inlineStr">')
  expect(xml).toContain('<c r="E3" s="3" t="inlineStr">')
  expect(xml).not.toMatch(/<f[\s>]|legacyDrawing|ht="9"|Z4/)
  expect(all.get('xl/styles.xml')).toContain('<cellXfs count="5">')
  expect([...all.keys()].sort()).toEqual([
    '[Content_Types].xml',
    '_rels/.rels',
    'xl/_rels/workbook.xml.rels',
    'xl/styles.xml',
    'xl/workbook.xml',
    'xl/worksheets/sheet1.xml',
  ])
})

test('a corrected workbook is read again, and returned again with the same single error column', async () => {
  using at = folder()
  const back = join(at.path, 'back.xlsx')
  await returnWorkbook(await ledger(join(at.path, 'a.xlsx')), 'a.xlsx', errors, back, { headerRows })
  const all = await unzipped(back)
  all.set('xl/worksheets/sheet1.xml', all.get('xl/worksheets/sheet1.xml')!.replace('9121&lt;0', '91210200MA0000001X'))
  const corrected = await zipFile(join(at.path, 'corrected.xlsx'), all)
  expect((await allRows(corrected))[2]!.cells.slice(0, 2)).toEqual(['甲公司', '91210200MA0000001X'])
  const again = join(at.path, 'again.xlsx')
  await returnWorkbook(corrected, 'corrected.xlsx', new Map([['街道一', new Map([[5, '名称为空']])]]), again, {
    headerRows,
  })
  expect((await allRows(again)).slice(1).map((row) => row.cells)).toEqual([
    ['名称', '代码', '人数', '日期', '错误信息'],
    ['丙公司', '9121<2', '2.5', '2019-05-01', '名称为空'],
  ])
})

test('a GB18030 text file comes back as a workbook whose codes are text', async () => {
  using at = folder()
  const path = plainFile(
    join(at.path, '税务.csv'),
    gb18030('某区纳税户\n\n代码,名称\n0123,甲\n912102001234567890,"乙\n厂"\n,丙\n'),
  )
  const back = join(at.path, 'back.xlsx')
  const wrong = new Map([
    [
      'CSV',
      new Map([
        [5, '重复'],
        [99, '没有这一行'],
      ]),
    ],
  ])
  expect(await returnWorkbook(path, '税务.csv', wrong, back, { headerRows: new Map([['CSV', 3]]) })).toEqual({
    rows: 1,
  })
  expect(await allRows(back)).toEqual([
    { sheet: '税务', row: 1, cells: ['某区纳税户'] },
    { sheet: '税务', row: 3, cells: ['代码', '名称', '错误信息'] },
    { sheet: '税务', row: 4, cells: ['912102001234567890', '乙\n厂', '重复'] },
  ])
  expect((await unzipped(back)).get('xl/worksheets/sheet1.xml')).not.toContain('<v>')
})

test('returning nothing is refused', async () => {
  using at = folder()
  const path = await ledger(join(at.path, 'a.xlsx'))
  await expect(returnWorkbook(path, 'a.xlsx', new Map(), join(at.path, 'b.xlsx'))).rejects.toMatchObject({
    code: 'notFound',
  })
})
