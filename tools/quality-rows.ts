// The register rows of a district's files as linking sees them, read as the ledger reads them, with whose they truly are.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describeFile, readSheets } from '../src/host/sheets.ts'
import { checkRow } from '../src/ledger/check.ts'
import { recognise } from '../src/ledger/recognise.ts'
import { linkFieldsOf } from '../src/linkage/features.ts'
import type { KnownRow } from './quality-measure.ts'

/** Reads every register of a district's folder that the truth speaks of. */
export async function readDistrict(folder: string): Promise<KnownRow[]> {
  const truth = new Map<string, string>()
  const regions = new Map<string, number>()
  const text = gunzipSync(readFileSync(join(folder, 'truth.csv.gz'))).toString('utf8')
  for (const line of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .slice(1)) {
    const [file, row, organisation, code] = line.split(',')
    if (!file || !row || !organisation || !code) continue
    truth.set(`${file}:${row}`, organisation)
    regions.set(code.slice(2, 8), (regions.get(code.slice(2, 8)) ?? 0) + 1)
  }
  const files = new Set([...truth.keys()].map((key) => key.slice(0, key.lastIndexOf(':')).split('#')[0]!))
  // The county that most of the codes were given in; 00 is a city's own register.
  const [county] = [...regions].filter(([code]) => !code.endsWith('00')).sort(([, a], [, b]) => b - a)
  const rows: KnownRow[] = []
  for (const name of readdirSync(folder).sort()) {
    if (!files.has(name) || !existsSync(join(folder, name))) continue
    rows.push(...(await readFile(folder, name, county?.[0] ?? '000000', truth)))
  }
  return rows
}

async function readFile(
  folder: string,
  name: string,
  countyCode: string,
  truth: ReadonlyMap<string, string>,
): Promise<KnownRow[]> {
  const path = join(folder, name)
  const file = await describeFile(path, name)
  const seen = recognise(
    name,
    file.sheets.map((sheet) => ({ sheet: sheet.name, visible: sheet.visible, firstRows: sheet.firstRows })),
  )
  const department = seen.department ?? 'other'
  const used = new Map(seen.mapping.filter((one) => one.use).map((one) => [one.sheet, one]))
  const rows: KnownRow[] = []
  for await (const batch of readSheets(path, name)) {
    for (const { sheet, row, cells } of batch) {
      const mapping = used.get(sheet)
      if (!mapping || row <= mapping.headerRow) continue
      const checked = checkRow(cells, {
        department,
        columns: mapping.columns,
        townships: new Map(),
        hashIdentity: () => '',
      })
      const organisation = truth.get(`${name}:${row}`) ?? truth.get(`${name}#${sheet}:${row}`)
      if (checked.notData || organisation === undefined) continue
      const code = mapping.columns.find((column) => column.field === 'uscc')
      const rawCode = code ? (cells[code.index] ?? '') : ''
      rows.push({
        id: `${name}#${sheet}:${row}`,
        fields: linkFieldsOf(department, checked.fields, rawCode),
        organisation,
        countyCode,
      })
    }
  }
  return rows
}
