import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import yauzl from 'yauzl'
import { beforeAll, expect, test } from 'vitest'
import { checkCode, type CodeReading } from '../base/codes.ts'
import { isWithin } from '../base/region.ts'
import { parseLooseDate } from '../base/time.ts'
import { largeRegister, sampleCounty, sampleDistrict, type SampleDistrict, type SampleTruth } from './sample.ts'
import { gb18030 } from './sample-write.ts'

let district: SampleDistrict
beforeAll(async () => {
  district = await sampleDistrict()
})

const bytesOf = (name: string) => district.files.find((file) => file.fileName.startsWith(name))!.bytes

/** Rows of a CSV of ours: no cell of the sample holds a line break. */
function csvRows(name: string, encoding: string): string[][] {
  const lines = new TextDecoder(encoding, { fatal: true }).decode(bytesOf(name)).trimEnd().split('\r\n')
  return lines.map((line) =>
    [...`${line},`.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*)),/g)].map(
      (match) => match[1]?.replaceAll('""', '"') ?? match[2]!,
    ),
  )
}

/** Sheets of the workbook as rows of text, read by another zip library than the one that wrote it. */
async function sheets(bytes: Uint8Array): Promise<string[][][]> {
  const parts = new Map<string, string>()
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(Buffer.from(bytes), (error, opened) => (error ? reject(error) : resolve(opened))),
  )
  const open = promisify(zip.openReadStream.bind(zip)) as (entry: yauzl.Entry) => Promise<NodeJS.ReadableStream>
  const reads: Promise<unknown>[] = []
  await new Promise((resolve, reject) => {
    zip.on('entry', (entry: yauzl.Entry) =>
      reads.push(open(entry).then(async (stream) => parts.set(entry.fileName, await text(stream)))),
    )
    zip.on('end', resolve).on('error', reject)
  })
  await Promise.all(reads)
  const strings = [...parts.get('xl/sharedStrings.xml')!.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map((match) => match[1]!)
  return [1, 2, 3].map((number) =>
    [...parts.get(`xl/worksheets/sheet${number}.xml`)!.matchAll(/<row [^>]*>(.*?)<\/row>/g)].map((row) =>
      [...row[1]!.matchAll(/<c [^>]*?(t="s")?(?:\/>|>(?:<f>[^<]*<\/f>)?<v>([^<]*)<\/v><\/c>)/g)].map((cell) =>
        cell[1] ? strings[Number(cell[2])]! : (cell[2] ?? ''),
      ),
    ),
  )
}

const plantedReading: Record<string, CodeReading['kind']> = {
  wrongCheck: 'invalid',
  letterO: 'invalid',
  tooShort: 'invalid',
  identity: 'identity',
  identityTax: 'identity',
  registration: 'registration',
  oldTax: 'tax',
  parentCode: 'uscc',
  otherCode: 'uscc',
}

/** What a row's code must be read as. */
function expected(one: SampleTruth): unknown[] {
  if (one.planted) return [one.planted, plantedReading[one.planted]]
  return ['as it is', 'uscc', true, district.organisations[one.organisation]!.uscc]
}

function found(one: SampleTruth, text: string): unknown[] {
  const reading = checkCode(text)
  if (one.planted) return [one.planted, reading.kind]
  return reading.kind === 'uscc' ? ['as it is', reading.kind, reading.innerOk, reading.code] : ['as it is', text]
}

test('the same seed gives the same bytes, another seed another district', async () => {
  const again = await sampleDistrict()
  expect(again.files.map((file) => Buffer.from(file.bytes).equals(bytesOf(file.fileName)))).toEqual([
    true,
    true,
    true,
    true,
    true,
  ])
  const other = await sampleDistrict({ seed: 7, organisations: 300 })
  expect(other.organisations.map((one) => one.name)).not.toEqual(
    district.organisations.slice(0, 300).map((one) => one.name),
  )
})

test('about two thousand organisations stand in five files, nearly all of them in one at least', () => {
  expect(district.files.map((file) => file.fileName)).toEqual([
    '市场监管-企业登记.csv',
    '税务-纳税户.csv',
    '人社-参保单位.csv',
    '民政-社会组织.csv',
    '街道园区-台账.xlsx',
  ])
  expect(district.organisations).toHaveLength(2000)
  expect(new Set(district.truth.map((one) => one.organisation)).size).toBeGreaterThan(1950)
  const rows = Object.groupBy(district.truth, (one) => one.fileName)
  const counts = [
    '市场监管-企业登记.csv',
    '税务-纳税户.csv',
    '人社-参保单位.csv',
    '民政-社会组织.csv',
    '街道园区-台账.xlsx',
  ].map((name) => rows[name]!.length)
  const bounds = [
    [1700, 1900],
    [1100, 1400],
    [750, 1050],
    [170, 200],
    [800, 1200],
  ]
  expect(counts.map((count, at) => count > bounds[at]![0]! && count < bounds[at]![1]!)).toEqual([
    true,
    true,
    true,
    true,
    true,
  ])
})

test.each([
  ['市场监管', 'utf-8', 1],
  ['税务', 'gb18030', 0],
  ['人社', 'gb18030', 2],
  ['民政', 'utf-8', 1],
])(
  "every code of %s is valid or missing but for the planted ones, and each row is its organisation's",
  (name, encoding, column) => {
    const rows = csvRows(name, encoding)
    const truth = district.truth.filter((one) => one.fileName.startsWith(name))
    expect(rows).toHaveLength(truth.length + 1)
    for (const one of truth) {
      const cells = rows[one.row - 1]!
      expect(cells).toHaveLength(rows[0]!.length)
    }
    const coded = truth.filter((one) => rows[one.row - 1]![column] !== '')
    expect(coded.map((one) => found(one, rows[one.row - 1]![column]!))).toEqual(coded.map(expected))
    expect(coded.length / truth.length).toBeGreaterThan(0.7)
  },
)

test('the hand-made workbook has titles, header, list, forty bordered rows with nothing in them, and a sum', async () => {
  const all = await sheets(bytesOf('街道园区'))
  for (const [at, name] of ['街道台账一', '街道台账二', '园区台账'].entries()) {
    const rows = all[at]!
    const truth = district.truth.filter((one) => one.sheet === name)
    expect(rows[0]!.filter(Boolean)).toHaveLength(1)
    expect(rows[2]!.slice(0, 3)).toEqual(['序号', '单位名称', '信用代码'])
    expect(rows).toHaveLength(3 + truth.length + 40 + 1)
    expect(
      rows
        .slice(3 + truth.length, -1)
        .flat()
        .filter(Boolean),
    ).toEqual([])
    expect(rows.at(-1)![1]).toBe('合计')
    const coded = truth.filter((one) => rows[one.row - 1]![2] !== '')
    expect(coded.map((one) => found(one, rows[one.row - 1]![2]!))).toEqual(coded.map(expected))
    expect(rows.slice(3).some((row) => /^约\d+人$/.test(row[6]!))).toBe(true)
  }
})

test('every kind of planted error is there', () => {
  expect(new Set(district.truth.flatMap((one) => one.planted ?? []))).toEqual(new Set(Object.keys(plantedReading)))
  expect(district.truth.filter((one) => one.repeated).length).toBeGreaterThan(15)
})

test("no code, phone or identity number can be anyone's", () => {
  for (const one of district.organisations) {
    expect(one.uscc.slice(8, 11)).toBe('PDY')
    expect(one.phone).toMatch(/^100\d{8}$/)
  }
  const identities = district.organisations.flatMap((one) => one.ownerIdentity ?? [])
  expect(
    identities.filter((identity) => !identity.startsWith('99') || checkCode(identity).kind !== 'identity'),
  ).toEqual([])
  const registrations = district.organisations.flatMap((one) => one.registrationNumber ?? [])
  const readings = registrations.map(checkCode)
  expect(readings.filter((reading) => reading.kind !== 'registration' || reading.mayBeIdentity)).toEqual([])
  expect(new Set(registrations).size).toBe(registrations.length)
})

test('departments disagree: names, forms and founding dates are written in different ways', () => {
  const societies = csvRows('民政', 'utf-8').slice(1)
  expect(societies.every((row) => parseLooseDate(row[4]!) !== null)).toBe(true)
  expect(new Set(societies.map((row) => row[4]!.replace(/\d+/g, '0'))).size).toBeGreaterThan(3)
  const tax = csvRows('税务', 'gb18030')
  const names = new Map(
    district.truth
      .filter((one) => one.fileName.startsWith('税务'))
      .map((one) => [one.organisation, tax[one.row - 1]![1]!]),
  )
  const different = [...names].filter(
    ([organisation, name]) => name !== district.organisations[organisation]!.name,
  ).length
  expect(different / names.size).toBeGreaterThan(0.05)
  expect(different / names.size).toBeLessThan(0.3)
})

test('a large register keeps its codes apart and its townships inside the county', () => {
  const codes = new Set<string>()
  const outside: string[] = []
  for (const one of largeRegister(3, 120_000)) {
    codes.add(one.uscc.slice(8, 17))
    if (!isWithin(one.township.code, sampleCounty.code)) outside.push(one.township.code)
  }
  expect(codes.size).toBe(120_000)
  expect(outside).toEqual([])
  expect([...codes].slice(-200).filter((code) => checkCode(code).kind !== 'organisation')).toEqual([])
})

test('what is written as GB18030 is read back', () => {
  const words = '名称，（嘉善）有限公司·澜珩霁曜A1\r\n'
  expect(new TextDecoder('gb18030', { fatal: true }).decode(gb18030(words))).toBe(words)
  expect(() => gb18030('𠮷')).toThrow(RangeError)
  expect([...gb18030('中')]).toEqual([0xd6, 0xd0])
})
