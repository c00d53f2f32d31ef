// What the sample district needs to show forming at work: coordinates, instructors, sync templates in use, a plan.
import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addDays, today } from './base/time.ts'
import { callAsOperator, finishJobs, operatorOf } from './host/command.ts'
import type { Platform } from './host/platform.ts'
import { storeUpload } from './host/uploads.ts'
import { sampleCounty } from './ledger/sample.ts'

interface SampleUnit {
  uscc: string
  premises: string
  township: { code: string; name: string }
}

/** A number from 0 to 1 that depends on a text alone. */
function draw(text: string): number {
  let state = 0x811c9dc5
  for (const sign of text) state = Math.imul(state ^ sign.codePointAt(0)!, 0x01000193) >>> 0
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0
  return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
}

const degreeMetres = 111_320

/**
 * Coordinates for two units of three: each township has its middle, each of its roads runs through it as a straight line, and the
 * house number says how far along. Places are invented; nothing of that kind stands there.
 */
function samplePlaces(units: readonly SampleUnit[]): string[] {
  const lines = ['统一社会信用代码,经度,纬度,误差']
  for (const { uscc, premises, township } of units) {
    const [, road = '', number = '0'] = /^(.+?)(\d+)号/.exec(premises) ?? []
    if (road === '' || draw(`${uscc} known`) > 0.67) continue
    const at = sampleCounty.townships.findIndex((one) => one.code === township.code)
    const middle = { x: ((at % 3) - 1) * 6000, y: (Math.floor(at / 3) - 1) * 5000 }
    const turn = draw(`${township.code}${road}`) * Math.PI
    const off = (draw(`${road}${township.code}`) - 0.5) * 1600
    const along = (Number(number) - 450) * 3
    const x = middle.x + along * Math.cos(turn) - off * Math.sin(turn)
    const y = middle.y + along * Math.sin(turn) + off * Math.cos(turn)
    const latitude = 30.83 + y / degreeMetres
    const longitude = 120.92 + x / (degreeMetres * Math.cos((30.83 * Math.PI) / 180))
    lines.push(`${uscc},${longitude.toFixed(6)},${latitude.toFixed(6)},10`)
  }
  return lines
}

const families = [...'赵钱孙李周吴郑王冯陈']
const given = ['建国', '秀英', '志强', '海燕', '文静', '永刚', '晓明', '春梅', '立新', '桂兰']

function sampleInstructors(): string[] {
  const lines = ['姓名,电话,工作单位及职务,选派来源,乡镇街道,可联系家数,熟悉行业']
  for (const [at, township] of sampleCounty.townships.entries())
    for (let one = 0; one < 3; one += 1) {
      const name = `${families[(at + one * 3) % 10]}${given[(at * 3 + one) % 10]}`
      const phone = `1000000${String(at * 10 + one).padStart(4, '0')}`
      const origin = ['机关干部选派', '退休干部', '街道社区党务工作者'][one]
      lines.push(`${name},${phone},${township.name}党建办干部,${origin},${township.name},5,${['C', 'F', 'M'][one]}`)
    }
  return lines
}

async function stored(platform: Platform, directory: string, name: string, lines: readonly string[]): Promise<string> {
  const path = join(directory, name)
  writeFileSync(path, `\ufeff${lines.join('\n')}\n`)
  const call = { actor: await operatorOf(platform), address: '本机', userAgent: 'liangxin' }
  return ((await storeUpload(platform, call, name, createReadStream(path))).output as { fileId: string }).fileId
}

/** Brings the sample's coordinates and instructors in, puts two templates to use, opens a project, and makes a plan. */
export async function showForming(platform: Platform, directory: string, units: readonly SampleUnit[]): Promise<void> {
  const countyCode = sampleCounty.code
  const day = today(new Date())
  const places = await stored(platform, directory, '单位坐标.csv', samplePlaces(units))
  const told = { source: '示例坐标', surveyedOn: day }
  await callAsOperator(platform, 'forming.importPlaces', { countyCode, fileId: places, ...told })
  const people = await stored(platform, directory, '指导员名册.csv', sampleInstructors())
  await callAsOperator(platform, 'instructor.importInstructors', { countyCode, fileId: people })
  for (const key of ['luohe-project', 'henan-registration'])
    await callAsOperator(platform, 'sync.switchTemplate', {
      countyCode,
      key,
      inUse: true,
      effectiveOn: addDays(day, -90),
      reason: '示例',
    })
  await callAsOperator(platform, 'sync.openEvent', {
    countyCode,
    templateKey: 'luohe-project',
    title: '示例新能源电池项目',
    on: addDays(day, -20),
  })
  await finishJobs(platform)
  await callAsOperator(platform, 'forming.startPlan', { region: countyCode })
  await finishJobs(platform)
}
