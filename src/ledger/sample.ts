import { inventOrganisations, type SampleCounty, type SampleOrganisation } from './sample-organisations.ts'
import {
  insuranceSheet,
  type Planted,
  registerSheet,
  type SampleSheet,
  societySheet,
  taxSheet,
  townshipSheets,
} from './sample-rows.ts'
import { csvText, gb18030, type SampleCell, utf8WithMark, workbook } from './sample-write.ts'

/** Where the sample plays unless another county is asked for. Only codes and names of the places are real. */
export const sampleCounty: SampleCounty = {
  code: '330421000000',
  province: '浙江省',
  city: '嘉兴市',
  name: '嘉善县',
  townships: [
    ['330421001000', '魏塘街道'],
    ['330421002000', '罗星街道'],
    ['330421003000', '惠民街道'],
    ['330421102000', '大云镇'],
    ['330421103000', '西塘镇'],
    ['330421105000', '干窑镇'],
    ['330421107000', '陶庄镇'],
    ['330421111000', '姚庄镇'],
    ['330421112000', '天凝镇'],
  ].map(([code, name]) => ({ code: code!, name: name! })),
}

/** Whose a row is. `row` is 1-based as a spreadsheet shows it; `sheet` is empty for a CSV. For tests only. */
export interface SampleTruth {
  fileName: string
  sheet: string
  row: number
  organisation: number
  planted: Planted | null
  repeated: boolean
}

export interface SampleDistrict {
  files: { fileName: string; bytes: Uint8Array }[]
  organisations: SampleOrganisation[]
  truth: SampleTruth[]
}

export interface SampleOptions {
  seed?: number
  organisations?: number
  county?: SampleCounty
}

/**
 * Five departmental files of an invented district, about two thousand organisations. The same options give the same
 * bytes. Codes, phones and identity numbers are right in form and can belong to no one.
 */
export async function sampleDistrict(options: SampleOptions = {}): Promise<SampleDistrict> {
  const { seed = 20260101, organisations: count = 2000, county = sampleCounty } = options
  const organisations = [...inventOrganisations(seed, count, county)]
  const source = { seed, county, organisations }
  const truth: SampleTruth[] = []
  const csv = (fileName: string, sheet: SampleSheet, encode: (text: string) => Uint8Array) => {
    truth.push(...truthOf(fileName, sheet, 2))
    return {
      fileName,
      bytes: encode(
        csvText([
          sheet.titles,
          ...sheet.rows.map((row) => sheet.titles.map((title) => String(row.cells[title] ?? ''))),
        ]),
      ),
    }
  }
  const files = [
    csv('市场监管-企业登记.csv', registerSheet(source), utf8WithMark),
    csv('税务-纳税户.csv', taxSheet(source), gb18030),
    csv('人社-参保单位.csv', insuranceSheet(source), gb18030),
    csv('民政-社会组织.csv', societySheet(source), utf8WithMark),
  ]
  const sheets = townshipSheets(source)
  const fileName = '街道园区-台账.xlsx'
  for (const sheet of sheets) truth.push(...truthOf(fileName, sheet, 4))
  files.push({ fileName, bytes: await workbook(sheets.map((sheet) => handMade(sheet, county))) })
  return { files, organisations, truth }
}

/** Invented organisations one by one, for measuring with many; equal seeds give equal organisations. */
export function largeRegister(
  seed: number,
  rows: number,
  county: SampleCounty = sampleCounty,
): IterableIterator<SampleOrganisation> {
  return inventOrganisations(seed, rows, county)
}

function truthOf(fileName: string, sheet: SampleSheet, firstRow: number): SampleTruth[] {
  return sheet.rows.map((row, at) => ({
    fileName,
    sheet: sheet.name,
    row: firstRow + at,
    organisation: row.organisation.index,
    planted: row.planted ?? null,
    repeated: row.repeated ?? false,
  }))
}

/** Rows that have borders and nothing else, left below a hand-made list. */
const ghostRows = 40

// Two merged title rows, the header, the list, rows with nothing but a border, and a sum that counts only true numbers.
function handMade(sheet: SampleSheet, county: SampleCounty) {
  const blank = (): SampleCell[] => sheet.titles.map(() => '')
  const staff = sheet.titles.indexOf('从业人数')
  const letter = String.fromCharCode(65 + staff)
  const total = blank()
  total[1] = '合计'
  const numbers = sheet.rows.map((row) => row.cells['从业人数']).filter((value) => typeof value === 'number')
  total[staff] = {
    sum: `${letter}4:${letter}${sheet.rows.length + 3}`,
    value: numbers.reduce((sum, value) => sum + value, 0),
  }
  const last = String.fromCharCode(64 + sheet.titles.length)
  return {
    name: sheet.name,
    rows: [
      blank().with(0, `${county.name}两新组织摸底台账（${sheet.name.replace('台账', '')}）`),
      blank().with(0, '填报单位：            填报时间：2026年1月'),
      sheet.titles,
      ...sheet.rows.map((row) => sheet.titles.map((title): SampleCell => row.cells[title] ?? '')),
      ...Array.from({ length: ghostRows }, blank),
      total,
    ],
    merges: [`A1:${last}1`, `A2:${last}2`],
  }
}
