// Writes and reads a table of 12 columns as .xlsx (inline and shared strings) and .csv, and lets a zip bomb be refused.
// Each line runs in a process of its own. Beside reading stands the least it can cost: unpacking the same sheet, or decoding
// the same text. Run: node bench/sheets.ts [rows, 200000 by default]; with --max-semi-space-size=8 before the file the same work
// takes some 80 MB less, since most of the memory of writing is young garbage that V8 has room for.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { TextDecoder } from 'node:util'
import { createInflateRaw } from 'node:zlib'
import yauzl from 'yauzl'
import yazl from 'yazl'
import { Problem } from '../src/base/problem.ts'
import { readSheets } from '../src/host/sheets.ts'
import { writeCsv, writeXlsx, type WriteColumn } from '../src/host/sheets-write.ts'

const columns: WriteColumn[] = [
  { title: '序号', kind: 'number' },
  { title: '统一社会信用代码' },
  { title: '单位名称' },
  { title: '类型' },
  { title: '法定代表人' },
  { title: '成立日期', kind: 'date' },
  { title: '注册资本', kind: 'number' },
  { title: '地址' },
  { title: '行业' },
  { title: '状态' },
  { title: '从业人数', kind: 'number' },
  { title: '备注' },
]

// The bottom-up mix of a registry: about nine texts of which five are unique, three numbers.
function rowOf(row: number): (string | number | null)[] {
  const mixed = (row * 2_654_435_761) % 4_294_967_296
  return [
    row,
    `9121${String(mixed).padStart(10, '0')}${String(row % 10_000).padStart(4, '0')}`,
    `样例第${mixed.toString(36)}商贸有限公司`,
    ['有限责任公司', '个体工商户', '社会团体'][row % 3]!,
    `张${row % 9973}`,
    new Date(Date.UTC(1990, 0, 1 + (mixed % 12_000))).toISOString().slice(0, 10),
    (mixed % 100_000) / 100,
    `某市某区某某街道${mixed % 999}号${row % 37}层${row % 11}室`,
    ['批发业', '零售业', '居民服务业', '软件和信息技术服务业'][row % 4]!,
    row % 17 === 0 ? '注销' : '存续',
    mixed % 500,
    row % 5 === 0 ? `核实第${row}次 & 待补` : null,
  ]
}

function* rows(count: number) {
  for (let row = 1; row <= count; row += 1) yield rowOf(row)
}

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaging = 'http://schemas.openxmlformats.org/package/2006/relationships'

/** Parts joined: a piece a row would go through the zip's five pipes each. */
function* inPieces(parts: Iterable<string>) {
  let text = ''
  for (const part of parts) {
    text += part
    if (text.length < 2 ** 16) continue
    yield text
    text = ''
  }
  yield text
}

/** A workbook as Excel writes it, every text in the shared table. */
async function writeShared(path: string, count: number): Promise<void> {
  const zip = new yazl.ZipFile()
  const done = finished(zip.outputStream.pipe(createWriteStream(path)))
  const strings = new Map<string, number>()
  function* sheet() {
    yield `<worksheet ${main}><sheetData>`
    for (let row = 1; row <= count; row += 1) {
      const cells = rowOf(row).map((value, at) => {
        const place = `r="${String.fromCharCode(65 + at)}${row}"`
        if (value === null) return ''
        if (typeof value === 'number') return `<c ${place}><v>${value}</v></c>`
        const id = strings.get(value) ?? strings.size
        strings.set(value, id)
        return `<c ${place} t="s"><v>${id}</v></c>`
      })
      yield `<row r="${row}">${cells.join('')}</row>`
    }
    yield '</sheetData></worksheet>'
  }
  function* table() {
    yield `<sst ${main}>`
    for (const text of strings.keys()) yield `<si><t>${text.replaceAll('&', '&amp;')}</t></si>`
    yield '</sst>'
  }
  const first = Readable.from(inPieces(sheet()), { objectMode: false })
  zip.addReadStream(first, 'xl/worksheets/sheet1.xml')
  await once(first, 'end')
  zip.addReadStream(Readable.from(inPieces(table()), { objectMode: false }), 'xl/sharedStrings.xml')
  addFrame(zip)
  zip.end()
  await done
}

function addFrame(zip: yazl.ZipFile): void {
  const add = (name: string, text: string) => zip.addBuffer(Buffer.from(text), name)
  add(
    'xl/workbook.xml',
    `<workbook ${main} xmlns:r="${relation}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`,
  )
  add(
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${packaging}"><Relationship Id="r1" Type="${relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  )
}

/** One megabyte that unpacks to one gibibyte of shared strings. */
async function writeBomb(path: string): Promise<void> {
  const zip = new yazl.ZipFile()
  const done = finished(zip.outputStream.pipe(createWriteStream(path)))
  const block = Buffer.alloc(2 ** 20, 32)
  function* spaces() {
    for (let megabyte = 0; megabyte < 1024; megabyte += 1) yield block
  }
  zip.addReadStream(Readable.from(spaces(), { objectMode: false }), 'xl/sharedStrings.xml')
  zip.addBuffer(Buffer.from(`<worksheet ${main}><sheetData/></worksheet>`), 'xl/worksheets/sheet1.xml')
  addFrame(zip)
  zip.end()
  await done
}

/** The least that reading a workbook can cost: its parts unpacked and nothing looked at. */
async function inflateAll(path: string): Promise<number> {
  const zip = await yauzl.openPromise(path)
  let bytes = 0
  for await (const entry of zip.eachEntry()) {
    const packed = await zip.openReadStreamPromise(entry, { decodeFileData: false })
    for await (const chunk of packed.pipe(createInflateRaw({ chunkSize: 2 ** 18 }))) bytes += (chunk as Buffer).length
  }
  return bytes
}

async function read(path: string): Promise<number> {
  let cells = 0
  for await (const batch of readSheets(path, path, { limits: { bytesMax: 2 ** 30 } }))
    for (const row of batch) for (const cell of row.cells) if (cell !== null) cells += 1
  return cells
}

const steps: Record<string, (folder: string, count: number) => Promise<unknown>> = {
  'write xlsx': (folder, count) => writeXlsx(join(folder, 'a.xlsx'), [{ name: '台账', columns, rows: rows(count) }]),
  'unpack only': (folder) => inflateAll(join(folder, 'a.xlsx')),
  'read xlsx': async (folder) => `${await read(join(folder, 'a.xlsx'))} cells`,
  'write shared': (folder, count) => writeShared(join(folder, 'shared.xlsx'), count),
  'unpack shared': (folder) => inflateAll(join(folder, 'shared.xlsx')),
  'read shared': async (folder) => `${await read(join(folder, 'shared.xlsx'))} cells`,
  'write csv': (folder, count) => writeCsv(join(folder, 'a.csv'), columns, rows(count)),
  'decode only': async (folder) => {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    let chars = 0
    for await (const chunk of createReadStream(join(folder, 'a.csv'), { highWaterMark: 2 ** 18 })) {
      chars += decoder.decode(chunk as Buffer, { stream: true }).length
    }
    return chars
  },
  'read csv': async (folder) => `${await read(join(folder, 'a.csv'))} cells`,
  'write bomb': (folder) => writeBomb(join(folder, 'bomb.xlsx')),
  'refuse bomb': async (folder) => {
    const error = await read(join(folder, 'bomb.xlsx')).catch((thrown: unknown) => thrown)
    if (!(error instanceof Problem)) throw new Error('the bomb was not refused')
    return `${error.code}, ${statSync(join(folder, 'bomb.xlsx')).size} bytes`
  },
}
const bounds: Record<string, string> = {
  'read xlsx': 'unpack only',
  'read shared': 'unpack shared',
  'read csv': 'decode only',
}
const files: Record<string, string> = { 'write xlsx': 'a.xlsx', 'write shared': 'shared.xlsx', 'write csv': 'a.csv' }

async function child(name: string, folder: string, count: number): Promise<void> {
  const start = performance.now()
  const before = process.cpuUsage()
  const result = await steps[name]!(folder, count)
  const { user, system } = process.cpuUsage(before)
  const used = {
    wall: (performance.now() - start) / 1000,
    cpu: (user + system) / 1e6,
    rss: process.resourceUsage().maxRSS / 1024,
  }
  console.log(JSON.stringify({ ...used, result: typeof result === 'string' ? result : '' }))
}

function parent(count: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'sheets-bench-'))
  const cpu = new Map<string, number>()
  console.log(`${count} rows x ${columns.length} columns, Node ${process.version}`)
  console.log('step            wall s   CPU s  peak RSS MB  times the bound  note')
  try {
    for (const name of Object.keys(steps)) {
      const run = spawnSync(
        process.execPath,
        [...process.execArgv, import.meta.filename, String(count), name, folder],
        { encoding: 'utf8' },
      )
      if (run.status !== 0) throw new Error(`${name}: ${run.stderr}`)
      const used = JSON.parse(run.stdout) as { wall: number; cpu: number; rss: number; result: string }
      cpu.set(name, used.cpu)
      const bound = cpu.get(bounds[name] ?? '')
      const size =
        files[name] === undefined ? '' : `${(statSync(join(folder, files[name])).size / 2 ** 20).toFixed(1)} MB`
      const ratio = bound === undefined ? '' : `${(used.cpu / bound).toFixed(1)} of ${bounds[name]}`
      console.log(
        `${name.padEnd(14)}${used.wall.toFixed(2).padStart(8)}${used.cpu.toFixed(2).padStart(8)}${used.rss.toFixed(0).padStart(13)}` +
          `  ${ratio.padEnd(22)} ${used.result}${size}`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const [countText = '200000', step, folder] = process.argv.slice(2)
if (step !== undefined && folder !== undefined) await child(step, folder, Number(countText))
else parent(Number(countText))
