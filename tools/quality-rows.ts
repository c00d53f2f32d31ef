// The register rows of a district's files as linking sees them, read as the ledger reads them, with whose they truly are.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describeFile, readSheets } from '../src/host/sheets.ts'
import { checkRow } from '../src/ledger/check.ts'
import type { Department } from '../src/ledger/field-contract.ts'
import { recognise } from '../src/ledger/recognise.ts'
import { linkFieldsOf, type LinkFields } from '../src/linkage/features.ts'

/** A row of a register and the organisation that it is truly of. */
export interface TruthRow {
  id: string
  department: Department
  fields: LinkFields
  organisation: string
  /** The code of the organisation, whatever the row says. */
  code: string
}

/** Reads every register of a district's folder that the truth speaks of. */
export async function readDistrict(folder: string): Promise<TruthRow[]> {
  const truth = new Map<string, { organisation: string; code: string }>()
  const text = gunzipSync(readFileSync(join(folder, 'truth.csv.gz'))).toString('utf8')
  for (const line of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .slice(1)) {
    const [file, row, organisation, code] = line.split(',')
    if (file && row && organisation) truth.set(`${file}:${row}`, { organisation, code: code ?? '' })
  }
  const files = new Set([...truth.keys()].map((key) => key.slice(0, key.lastIndexOf(':')).split('#')[0]!))
  const rows: TruthRow[] = []
  for (const name of readdirSync(folder).sort()) {
    if (files.has(name) && existsSync(join(folder, name))) rows.push(...(await readFile(folder, name, truth)))
  }
  return rows
}

async function readFile(
  folder: string,
  name: string,
  truth: ReadonlyMap<string, { organisation: string; code: string }>,
): Promise<TruthRow[]> {
  const path = join(folder, name)
  const file = await describeFile(path, name)
  const seen = recognise(
    name,
    file.sheets.map((sheet) => ({ sheet: sheet.name, visible: sheet.visible, firstRows: sheet.firstRows })),
  )
  const department = seen.department ?? 'other'
  const used = new Map(seen.mapping.filter((one) => one.use).map((one) => [one.sheet, one]))
  const rows: TruthRow[] = []
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
      const whose = truth.get(`${name}:${row}`) ?? truth.get(`${name}#${sheet}:${row}`)
      if (checked.notData || !whose) continue
      const code = mapping.columns.find((column) => column.field === 'uscc')
      const rawCode = code ? (cells[code.index] ?? '') : ''
      rows.push({
        id: `${name}#${sheet}:${row}`,
        department,
        fields: linkFieldsOf(department, checked.fields, rawCode),
        ...whose,
      })
    }
  }
  return rows
}
