import './host/node-guard.ts'
import { randomInt } from 'node:crypto'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from './base/problem.ts'
import { today } from './base/time.ts'
import { actAsOperator, callAsOperator } from './host/command.ts'
import { readConfig } from './host/config.ts'
import type { Platform } from './host/platform.ts'
import { importFiles, reportTable } from './ledger/commands.ts'
import { sampleCounty, sampleDistrict } from './ledger/sample.ts'
import { importOrgs } from './party/commands.ts'
import { importMembers } from './party/member-commands.ts'
import { sampleParty } from './party/sample.ts'
import { createUserFromCommand } from './office/service.ts'
import { showForming } from './demo-forming.ts'
import { startServing, stopOnSignal } from './server.ts'
import { openPlatform } from './services.ts'

const started = performance.now()

/** One line of progress with the seconds since the start. */
function say(line: string): void {
  const seconds = Math.round((performance.now() - started) / 1000)
  process.stdout.write(`[${String(seconds).padStart(3)} 秒] ${line}\n`)
}

/** Builds the browser application beside everything else; rejects with what it printed when it fails. */
function buildBeside(): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../tools/build-web.ts')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`网页没有构建成功：\n${said}`))))
  })
}

const builtIn = ['系统管理员', '安全管理员', '审计管理员', '台账专员', '党建专员', '查看人员']
const samplePeople = [
  { account: 'admin', name: '示例管理员', roles: builtIn, regions: ['000000000000'] },
  { account: 'zhuanyuan', name: '示例台账专员', roles: ['台账专员'], regions: [sampleCounty.code] },
  {
    account: 'jiedao',
    name: '示例街道干部',
    roles: ['台账专员'],
    regions: sampleCounty.townships.slice(0, 1).map((one) => one.code),
  },
  { account: 'dangjian', name: '示例党建专员', roles: ['党建专员'], regions: [sampleCounty.code] },
  { account: 'lingdao', name: '示例查看人员', roles: ['查看人员'], regions: [sampleCounty.code] },
]

/** A password that can be typed from the screen: three invented syllable groups and a number. */
function samplePassword(): string {
  const syllables = [
    'Bo',
    'chu',
    'deng',
    'fan',
    'gui',
    'han',
    'jing',
    'kai',
    'lan',
    'min',
    'nuo',
    'ping',
    'qiu',
    'ran',
    'shan',
    'ting',
  ]
  const group = () => Array.from({ length: 2 }, () => syllables[randomInt(syllables.length)]).join('')
  return `${group()}-${group().replace(/^./, (letter) => letter.toUpperCase())}-${randomInt(1000, 9999)}`
}

/** Makes the sample accounts and keeps their passwords beside the sample data; answers the lines to print. */
async function makePeople(platform: Platform, notes: string): Promise<string[]> {
  const lines: string[] = []
  for (const person of samplePeople) {
    const password = samplePassword()
    await actAsOperator(platform, 'command.addUser', (ctx) => createUserFromCommand(ctx, { ...person, password }))
    lines.push(`${person.account.padEnd(10)} ${password.padEnd(26)} ${person.name}`)
  }
  writeFileSync(notes, `${lines.join('\n')}\n`, { mode: 0o600 })
  return lines
}

async function makePlaces(platform: Platform): Promise<void> {
  const areaCode = sampleCounty.townships[0]?.code ?? sampleCounty.code
  for (const [kind, name, level] of [
    ['park', '示例科技产业园', '省级'],
    ['building', '示例商务大厦', null],
    ['specializedMarket', '示例五金市场', null],
  ] as const) {
    await callAsOperator(platform, 'office.createPlace', { countyCode: sampleCounty.code, kind, name, areaCode, level })
  }
}

/** Generates the five departmental files and imports them as an office would. */
async function importSample(platform: Platform, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true })
  const { files, organisations } = await sampleDistrict()
  const paths = files.map(({ fileName, bytes }) => {
    const path = join(directory, fileName)
    writeFileSync(path, bytes)
    return path
  })
  const reports = await importFiles(platform, { files: paths, county: sampleCounty.code }, say)
  process.stdout.write(`${reportTable(reports)}\n`)
  say('导入党组织和党员名册……')
  const party = sampleParty(sampleCounty.name, organisations, today(new Date()))
  const orgs = join(directory, '党组织名册.csv')
  const members = join(directory, '党员名册.csv')
  writeFileSync(orgs, `\ufeff${party.orgs.join('\n')}\n`)
  writeFileSync(members, `\ufeff${party.members.join('\n')}\n`)
  const formed = await importOrgs(platform, { path: orgs, county: sampleCounty.code })
  const listed = await importMembers(platform, { values: { county: sampleCounty.code }, words: [members] })
  // Organisations and members bear their dates: the past months are taken up from them, as an office does once.
  await callAsOperator(platform, 'coverage.rebuildCoverage', {
    countyCode: sampleCounty.code,
    history: true,
    reason: '建账回填',
  })
  say(`党组织 ${formed.orgsNew} 个，覆盖单位 ${formed.unitsFound} 家；党员 ${listed.added} 名`)
  say('导入坐标和指导员，编排联合组建方案……')
  await showForming(platform, directory, organisations)
}

/** Prepares everything once, then serves: `npm run demo`. */
async function demo(): Promise<void> {
  const config = readConfig({ ...process.env, DATA_DIR: process.env['DATA_DIR'] || './data/demo' })
  const notes = join(config.dataDir, 'sample-accounts.txt')
  say('准备数据库、区划和网页……')
  const building = buildBeside()
  building.catch(() => undefined)
  const platform = await openPlatform(config)
  let people: string[]
  if (existsSync(notes)) {
    people = readFileSync(notes, 'utf8').trim().split('\n')
  } else {
    say('导入一个虚构的区：约两千家单位，五个部门的文件……')
    await importSample(platform, join(config.dataDir, 'sample'))
    await makePlaces(platform)
    people = await makePeople(platform, notes)
  }
  await building
  const serving = await startServing(platform)
  stopOnSignal(serving)
  say('准备好了。')
  process.stdout.write(
    [
      '',
      `  在浏览器打开：${serving.origin}`,
      '',
      '  账号       密码                       谁',
      ...people.map((line) => `  ${line}`),
      '',
      `  单位、人名、代码、电话都是虚构的；示例文件在 ${join(config.dataDir, 'sample')}。`,
      '  按 Ctrl-C 停止；删除数据目录即可重来。',
      '',
    ].join('\n'),
  )
}

demo().catch((error: unknown) => {
  const said = error instanceof Problem ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${said}\n`)
  process.exit(1)
})
