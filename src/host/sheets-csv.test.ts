import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordCutter } from './sheets-csv.ts'
import { allCells, allRows, folder, gb18030, plainFile } from './sheets-fixture.ts'
import { describeFile } from './sheets.ts'
import { defaultLimits } from './sheets-shape.ts'

const text = '统一社会信用代码,单位名称,地址\r\n91210200A,"大连""甲"",\r\n乙公司",沙河口\r\n\r\n="0123",丙\r\n'
const cells = [
  ['统一社会信用代码', '单位名称', '地址'],
  ['91210200A', '大连"甲",\r\n乙公司', '沙河口'],
  ['0123', '丙'],
]

test.each([
  ['utf-8', Buffer.from(text)],
  ['utf-8', Buffer.from(`\ufeff${text}`)],
  ['gb18030', gb18030(text)],
  ['utf-16le', Buffer.from(`\ufeff${text.replaceAll(',', '\t').replace('""",\t', '"",')}`, 'utf16le')],
])(
  '%s is recognised and read alike, a line break in quotes is one row, a blank line counts',
  async (encoding, bytes) => {
    using at = folder()
    const path = plainFile(join(at.path, 'a.csv'), bytes)
    expect(await describeFile(path, 'a.csv')).toMatchObject({ format: 'text', encoding })
    const rows = await allRows(path)
    expect(rows.map((row) => row.row)).toEqual([1, 2, 4])
    expect(rows.map((row) => row.cells.map((cell) => cell?.replace('\t', ',')))).toEqual(cells)
  },
)

test.each([',', '\t', ';'] as const)(
  'the delimiter %j is found below title rows and beside the others in texts',
  async (delimiter) => {
    using at = folder()
    const other = delimiter === ',' ? '；' : ','
    const lines = [
      ['某区两新组织名单'],
      [],
      ['名称', '地址', '人数'],
      [`甲${other}乙`, `东路1号${other}西楼`, '3'],
      ['丙', '南路', '4'],
    ]
    const path = plainFile(join(at.path, 'a.tsv'), lines.map((line) => line.join(delimiter)).join('\n'))
    expect(await describeFile(path, 'a.tsv')).toMatchObject({ delimiter })
    expect(await allCells(path)).toEqual(lines.filter((line) => line.length > 0))
  },
)

test('GB18030 that begins with megabytes of plain ASCII is still recognised', async () => {
  using at = folder()
  const path = plainFile(
    join(at.path, 'a.csv'),
    Buffer.concat([Buffer.from('a,b\n'.repeat(400_000)), gb18030('沙河口区,二\n')]),
  )
  const described = await describeFile(path, 'a.csv')
  expect(described).toMatchObject({ encoding: 'gb18030', sheets: [{ rowCount: 400_001 }] })
})

test.each([
  [
    'UTF-8 then GB18030',
    [
      Buffer.from('单位名称,地址\n大连市沙河口区红旗社区商贸有限公司,"东\n路"\n某某市某某区某某街道某某社区,西路\n'),
      gb18030('甲公司,南路\n'),
    ],
    '第 4 行',
  ],
  ['GB18030 then UTF-8', [gb18030('单位名称,地址\n甲公司,东路\n'), Buffer.from('乙公司,西路\n')], '第 3 行'],
  [
    'UTF-8 with a mark, then a cut character',
    [Buffer.from('\ufeff名称,地址\n甲,乙\n'), Buffer.from([0xe4, 0xb8, 0x0a])],
    '第 3 行',
  ],
])('%s is refused with the row where it breaks', async (_, pieces, row) => {
  using at = folder()
  const path = plainFile(join(at.path, 'a.csv'), Buffer.concat(pieces))
  await expect(allRows(path)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining(row) as string,
  })
  await expect(describeFile(path, 'a.csv')).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining(row) as string,
  })
})

test('a quote that never closes is refused with its row', async () => {
  using at = folder()
  const path = plainFile(join(at.path, 'a.csv'), '名称,地址\n甲,"东路\n乙,西路\n')
  await expect(allRows(path)).rejects.toThrow('第 2 行的引号没有配对')
})

test('records are cut the same wherever the pieces end', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '中', '"', ',', '\n', '\r', ' ') })
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { minLength: 1 }),
      fc.infiniteStream(fc.nat(9)),
      (rows, sizes) => {
        const whole = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\r\n')
        const cutter = new RecordCutter(',', defaultLimits)
        const found: string[][] = []
        for (let at = 0; at < whole.length;) {
          const size = sizes.next().value + 1
          cutter.push(whole.slice(at, at + size), (fields) => found.push(fields))
          at += size
        }
        cutter.push('', (fields) => found.push(fields), true)
        expect(found).toEqual(rows)
      },
    ),
  )
})
