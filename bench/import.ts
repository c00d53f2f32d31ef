// A register's whole way from file to ledger: upload, recognise, check, commit, on the embedded database.
//   node bench/import.ts [rows]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/host/config.ts'
import { readSheets } from '../src/host/sheets.ts'
import { importFiles, reportTable } from '../src/ledger/commands.ts'
import { largeRegister, sampleCounty } from '../src/ledger/sample.ts'
import { openPlatform } from '../src/services.ts'

const rows = Number(process.argv[2] ?? 20_000)
const home = mkdtempSync(join(tmpdir(), 'lx-bench-'))
const file = join(home, '市场监管-企业登记.csv')
const titles = ['企业名称', '统一社会信用代码', '成立日期', '法定代表人', '联系电话', '住所', '登记状态']
const lines = [titles.join(',')]
for (const one of largeRegister(1, rows)) {
  const address = `${sampleCounty.name}${one.township?.name ?? ''}${one.premises ?? ''}`
  lines.push([one.name, one.uscc ?? '', one.foundedOn, one.legalRep, one.phone, address, '存续'].join(','))
}
writeFileSync(file, `\uFEFF${lines.join('\r\n')}\r\n`)

async function measured(what: string, act: () => Promise<unknown>): Promise<number> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await act()
  const used = process.cpuUsage(cpu)
  const wall = (performance.now() - start) / 1000
  const seconds = (used.user + used.system) / 1e6
  console.log(
    `${what.padEnd(34)} ${wall.toFixed(1).padStart(6)} s wall ${seconds.toFixed(1).padStart(6)} s CPU ${(rows / wall).toFixed(0).padStart(7)} rows/s`,
  )
  return seconds
}

try {
  const platform = await openPlatform(readConfig({ DATA_DIR: join(home, 'data') }))
  console.log(`${rows} rows, machine load ${loadavg()[0]?.toFixed(1)}`)
  const bound = await measured('bound: only reading the file', async () => {
    for await (const batch of readSheets(file, '市场监管-企业登记.csv')) void batch
  })
  let table = ''
  const whole = await measured('upload, recognise, check, commit', async () => {
    table = reportTable(await importFiles(platform, { files: [file], county: sampleCounty.code }, () => undefined))
  })
  const again = await measured('the same file again', () =>
    importFiles(platform, { files: [file], county: sampleCounty.code }, () => undefined),
  )
  console.log(
    `${(whole / bound).toFixed(1)} x bound, again ${(again / bound).toFixed(1)} x; peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n\n${table}`,
  )
  await platform.database.close()
} finally {
  rmSync(home, { recursive: true, force: true })
}
