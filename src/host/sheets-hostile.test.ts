import { join } from 'node:path'
import { constants, crc32, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { Problem } from '../base/problem.ts'
import { allRows, folder, parts, plainFile, rawZip, sharedPart, zipFile, type RawEntry } from './sheets-fixture.ts'
import { perform } from './sheets-perform.ts'
import { defaultLimits, type SheetLimits } from './sheets-shape.ts'
import { describeFile } from './sheets.ts'

/** What reading and describing a file say, which must be the same refusal. In this thread, for speed. */
async function refusal(path: string, limits: Partial<SheetLimits> = {}): Promise<Problem> {
  const task = { path, fileName: path, limits: { ...defaultLimits, ...limits } }
  const read = await drained(perform({ kind: 'read', sheets: null, ...task }))
  expect(read).toBeInstanceOf(Problem)
  expect(await drained(perform({ kind: 'describe', ...task }))).toEqual(read)
  return read as Problem
}

async function drained(messages: AsyncIterable<unknown>): Promise<unknown> {
  try {
    for await (const message of messages) void message
    return null
  } catch (error) {
    return error
  }
}

const packed = (name: string, text: string | Buffer, more: Partial<RawEntry> = {}): RawEntry => {
  const bytes = Buffer.from(text)
  return { name, packed: deflateRawSync(bytes), size: bytes.length, sum: crc32(bytes), ...more }
}
const entriesOf = (rows: string, more: Record<string, string> = {}) =>
  [...parts([{ name: '表', rows }], more)].map(([name, text]) => packed(name, text))
const oneRow = '<row r="1"><c r="A1"><v>1</v></c></row>'

/** Deflated spaces without end: one mebibyte repeated, never unpacked here. */
function spaces(mebibytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(2 ** 20, 32), { finishFlush: constants.Z_FULL_FLUSH })
  return Buffer.concat([...Array.from({ length: mebibytes }, () => block), deflateRawSync(Buffer.alloc(0))])
}

test('a file made byte by byte is read when it tells the truth', async () => {
  using at = folder()
  expect(await allRows(plainFile(join(at.path, 'a.xlsx'), rawZip(entriesOf(oneRow))))).toHaveLength(1)
})

test('one megabyte that unpacks to one gibibyte is refused', async () => {
  using at = folder()
  const bomb = packed('xl/sharedStrings.xml', '', { packed: spaces(1024), size: 2 ** 30 })
  const path = plainFile(join(at.path, 'a.xlsx'), rawZip([...entriesOf(oneRow), bomb]))
  expect(await refusal(path)).toMatchObject({ code: 'tooLarge', message: expect.stringContaining('压缩比') as string })
})

test.each([
  ['smaller than it is', { packed: spaces(64), size: 1000 }, '实际大小与目录不符'],
  ['larger than it is', { size: 5000 }, '校验不符'],
  ['packed larger than the file', { packedSize: 2 ** 30 }, '部件互相重叠'],
  ['with another checksum', { sum: 1 }, '校验不符'],
  ['under an unknown compression', { method: 12 }, '压缩方式'],
  ['cut short', { packed: Buffer.from([0x4b]) }, '压缩数据'],
])('a part that the directory declares %s is refused', async (_, lie, why) => {
  using at = folder()
  const part = packed('xl/sharedStrings.xml', sharedPart('<t>甲</t>'), lie)
  const path = plainFile(join(at.path, 'a.xlsx'), rawZip([...entriesOf(oneRow), part]))
  expect(await refusal(path)).toMatchObject({ code: 'invalid', message: expect.stringContaining(why) as string })
})

test.each([201, 60_000, 1_000_000])('a directory that claims %i entries is refused', async (count) => {
  using at = folder()
  const path = plainFile(join(at.path, 'a.xlsx'), rawZip(entriesOf(oneRow), count))
  expect(await refusal(path)).toMatchObject({
    code: 'tooLarge',
    message: expect.stringContaining(String(count)) as string,
  })
})

test.each([
  '../a.xml',
  '../../etc/passwd',
  'xl/../../a.xml',
  'xl/worksheets/../../../a.xml',
  '/etc/passwd',
  '//host/a.xml',
  '\\a.xml',
  '..\\a.xml',
  'xl\\..\\..\\a.xml',
  'C:\\a.xml',
  'c:/a.xml',
])('an entry named %s is refused', async (name) => {
  using at = folder()
  const path = plainFile(join(at.path, 'a.xlsx'), rawZip([...entriesOf(oneRow), packed(name, 'x')]))
  expect((await refusal(path)).code).toBe('invalid')
})

test('two parts of one name and a part under a password are refused', async () => {
  using at = folder()
  const twice = plainFile(join(at.path, 'a.xlsx'), rawZip([...entriesOf(oneRow), packed('XL/workbook.xml', 'x')]))
  expect((await refusal(twice)).message).toContain('部件重名')
  const locked = plainFile(join(at.path, 'b.xlsx'), rawZip([...entriesOf(oneRow), packed('a.xml', 'x', { flags: 1 })]))
  expect(await refusal(locked)).toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('密码') as string,
  })
})

const laughs = `<!DOCTYPE a [<!ENTITY a "haha"><!ENTITY b "${'&a;'.repeat(10)}">]>`
test.each(['xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml', 'xl/workbook.xml', 'xl/styles.xml', '_rels/.rels'])(
  'entities declared in %s are refused, not expanded',
  async (name) => {
    using at = folder()
    const all = parts([{ name: '表', rows: oneRow }], {
      'xl/sharedStrings.xml': sharedPart('<t>甲</t>'),
      'xl/styles.xml': '<styleSheet/>',
    })
    all.set(name, laughs + all.get(name)!)
    expect((await refusal(await zipFile(join(at.path, 'a.xlsx'), all))).message).toContain('文档类型声明')
  },
)

const wide = Array.from({ length: 300 }, (_, column) => `<c><v>${column}</v></c>`).join('')
const long = `<row r="1"><c r="A1" t="inlineStr"><is><t>${'长'.repeat(200_000)}</t></is></c></row>`
test.each([
  ['300 columns', `<row>${wide}</row>`, 'tooLarge', '256 列'],
  ['a row past the last', '<row r="1048577"><c><v>1</v></c></row>', 'tooLarge', '1048576 行'],
  ['a row number beyond all', '<row r="99999999999"><c><v>1</v></c></row>', 'tooLarge', '1048576 行'],
  ['rows that run backwards', `<row r="2"/>${oneRow}`, 'invalid', '行号'],
  ['a row number that is none', '<row r="x"><c><v>1</v></c></row>', 'invalid', '行号'],
  ['a column past the last', '<row><c r="ZZZ1"><v>1</v></c></row>', 'invalid', '列号'],
  ['a cell that never closes', '<row r="1"><c r="A1"><v>1</v></row>', 'invalid', '单元格'],
  ['an attribute that never closes', '<row r="1"><c r="A1><v>1</v></c></row>', 'invalid', '单元格'],
  ['a row that never closes', '<row r="1"><c r="A1"><v>1</v></c>', 'invalid', '不完整'],
  ['a shared string that is not there', '<row><c t="s"><v>7</v></c></row>', 'invalid', '共享文字'],
  ['a row over the limit', long, 'tooLarge', '一行内容'],
])('%s: refused', async (_, rows, code, words) => {
  using at = folder()
  const path = plainFile(join(at.path, 'a.xlsx'), rawZip(entriesOf(rows)))
  expect(await refusal(path, { rowCharsMax: 2 ** 17 })).toMatchObject({
    code,
    message: expect.stringContaining(words) as string,
  })
})

test('a file that needs more memory than the thread has is refused, and this process lives on', async () => {
  using at = folder()
  const strings = Array.from({ length: 100_000 }, (_, row) => `<t>${'占用内存'.repeat(20)}${row}</t>`)
  const all = parts([{ name: '表', rows: oneRow }], { 'xl/sharedStrings.xml': sharedPart(...strings) })
  const path = await zipFile(join(at.path, 'a.xlsx'), all)
  const refused = { code: 'tooLarge', message: expect.stringContaining('16 MB') as string }
  await expect(allRows(path, { limits: { heapMbMax: 16 } })).rejects.toMatchObject(refused)
  await expect(describeFile(path, 'a.xlsx', { limits: { heapMbMax: 16 } })).rejects.toMatchObject(refused)
  expect(await allRows(path)).toHaveLength(1)
})

const zip = rawZip(entriesOf(oneRow))
const compound = Buffer.from('d0cf11e0a1b11ae10000000000000000', 'hex')
test.each([
  ['a.xls', compound, 'unsupported', '另存为 .xlsx'],
  ['a.et', zip, 'unsupported', '另存为 .xlsx'],
  ['a.xlsm', zip, 'unsupported', '另存为 .xlsx'],
  ['locked.xlsx', compound, 'unsupported', '去掉密码，另存为 .xlsx'],
  ['a.xlsx', Buffer.from('名称,地址\n'), 'unsupported', '不是 .xlsx 工作簿'],
  ['a.csv', zip, 'unsupported', 'Excel 工作簿'],
  ['a.csv', compound, 'unsupported', 'Excel 工作簿'],
  ['a.csv', Buffer.from('<html><table><tr>'), 'unsupported', '网页'],
  ['a.csv', Buffer.from('%PDF-1.7'), 'unsupported', '文档'],
  ['a.csv', Buffer.from('a,b\n\0\x01'), 'unsupported', '不是文本表格'],
  ['a.csv', Buffer.alloc(0), 'invalid', '空文件'],
  ['a.exe', zip, 'unsupported', '.xlsx、.csv 或 .tsv'],
  ['a.xlsx.exe', zip, 'unsupported', '.xlsx、.csv 或 .tsv'],
  ['a.xlsx', zip.subarray(0, zip.length - 30), 'invalid', '损坏'],
  ['a.csv', Buffer.from(`${'a,b\n'.repeat(5000)}\0`), 'unsupported', '非文本内容'],
  ['a.csv', Buffer.from(','.repeat(299) + 'x'), 'tooLarge', '256 列'],
])('%s with other content is refused with what to do', async (name, content, code, words) => {
  using at = folder()
  const path = plainFile(join(at.path, name), content)
  expect(await refusal(path)).toMatchObject({ code, message: expect.stringContaining(words) as string })
})

test('limits on size, unpacked size and shared strings are named in the refusal', async () => {
  using at = folder()
  const strings = sharedPart(...Array.from({ length: 5000 }, (_, row) => `<t>${crc32(String(row))}</t>`))
  const path = await zipFile(
    join(at.path, 'a.xlsx'),
    parts([{ name: '表', rows: oneRow }], { 'xl/sharedStrings.xml': strings }),
  )
  expect((await refusal(path, { bytesMax: 1024 })).code).toBe('tooLarge')
  expect((await refusal(path, { inflatedBytesMax: 4096 })).code).toBe('tooLarge')
  expect((await refusal(path, { sharedBytesMax: 4096 })).message).toContain('sharedStrings.xml')
})
