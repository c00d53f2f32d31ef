import { createReadStream, existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import { callAsOperator, type Command, finishJobs, operatorOf } from '../host/command.ts'
import { storeUpload } from '../host/uploads.ts'
import { textTable } from '../host/text-table.ts'
import type { z } from 'zod'
import type { Platform } from '../host/platform.ts'
import { scopeReasons } from './contract.ts'
import type { planPage } from './plan-contract.ts'
import { gapWords } from './gap-words.ts'

function countyOf(values: Record<string, unknown>): string {
  const county = values['county']
  if (typeof county !== 'string') throw new Problem('invalid', '请用 --county 指明是哪个县，如 --county 210204000000。')
  return county
}

const scopeWords = { elsewhere: 'elsewhere', reported: 'reported', idle: 'notOperating' } as const

function scopeOf(values: Record<string, unknown>): Record<string, boolean> {
  const given = typeof values['with'] === 'string' ? values['with'].split(/[,，]/) : []
  return Object.fromEntries(
    given.map((word) => {
      if (!(word in scopeWords))
        throw new Problem('invalid', `--with 可填 elsewhere、reported、idle（逗号隔开），没有“${word}”。`)
      return [scopeWords[word as keyof typeof scopeWords], true]
    }),
  )
}

/** Plans a county as the options say and prints what came out. */
export async function planCounty(
  running: Platform,
  values: Record<string, unknown>,
  print: (line: string) => void,
): Promise<void> {
  await finishJobs(running)
  const { id } = await callAsOperator<{ id: string }>(running, 'forming.startPlan', {
    region: countyOf(values),
    scope: scopeOf(values),
    ...(typeof values['seed'] === 'string' ? { seed: Number(values['seed']) } : {}),
    ...(typeof values['passes'] === 'string' ? { passes: Number(values['passes']) } : {}),
  })
  await finishJobs(running)
  const page = await callAsOperator<z.output<typeof planPage>>(running, 'forming.getPlan', { id })
  if (page.error !== null) throw new Problem('invalid', page.error)
  if (values['groups'] === true) print(groupTable(page))
  print(planWords(page).join('\n'))
}

function planWords(page: z.output<typeof planPage>): string[] {
  const { bound } = page
  const gap = `差距${gapWords(bound)}`
  const least = bound === null ? '' : `（至少 ${bound.leftMin} 家${bound.leftProved ? '，已证明' : ''}）`
  const known = page.scopeCounts.reduce((sum, one) => sum + one.units, 0)
  const out = page.scopeCounts.filter((one) => one.reason !== 'joins')
  return [
    page.title,
    `有党员的单位 ${known} 家，列入编排 ${page.units - page.refused.length} 家${out.length > 0 ? '；未列入：' : ''}`,
    ...out.map(({ reason, units }) => `  ${scopeReasons[reason]} ${units} 家`),
    `位置为推定的 ${page.guessed} 家`,
    `编成 ${page.groups} 组，须说明理由 ${page.flagged} 组`,
    `未编组 ${page.left} 家${least}，不参加 ${page.refused.length} 家`,
    `到牵头单位合计 ${(page.metres / 1000).toFixed(1)} 公里，${gap}`,
  ]
}

/** Options of every command that makes a plan. */
export const planOptions = {
  county: { type: 'string' },
  seed: { type: 'string' },
  passes: { type: 'string' },
  with: { type: 'string' },
  groups: { type: 'boolean' },
} as const

/** What the options are, as the help says it. */
export const planUsage = '--county 12位代码 [--with elsewhere,reported,idle] [--seed 数] [--passes 遍数] [--groups]'

const plan: Command = {
  name: 'forming plan',
  usage: planUsage,
  summary:
    '为只有一至二名正式党员的单位编排联合党支部方案，打印列入和未列入的家数、组数、未编组和差距；--with 另列入组织关系未转入、部门所报、未证实在营的，--groups 逐组打印。',
  options: planOptions,
  async run(shell, { values }) {
    await planCounty(await shell.platform(), values, (line) => shell.print(line))
    return 0
  },
}

function groupTable(page: z.output<typeof planPage>): string {
  const units = new Map(page.unitList.map((unit) => [unit.id, unit]))
  const lines = page.groupList.map((group) => [
    group.host?.name ?? units.get(group.leadId)?.name ?? '',
    String(group.unitIds.length),
    String(group.members),
    String(group.metres),
    group.flagged ? '是' : '',
    group.unitIds
      .filter((id) => id !== group.leadId)
      .map((id) => units.get(id)?.name ?? '')
      .join('、'),
  ])
  return textTable(['牵头', '单位', '党员', '米', '须说明', '其他单位'], lines)
}

interface PlacesResult {
  read: number
  placed: number
  refused: number
  errors: { row: number; message: string }[]
}
const errorsShown = 20

const places: Command = {
  name: 'forming places',
  usage: 'import <文件> --county 12位代码 --source 来源 [--as-of 日期]',
  summary: '导入单位坐标：统一社会信用代码或单位名称、经度、纬度，可有误差（米）。',
  options: { county: { type: 'string' }, source: { type: 'string' }, 'as-of': { type: 'string' } },
  async run(shell, { values, words }) {
    const [verb, path] = words
    const source = values['source']
    if (verb !== 'import' || !path || typeof source !== 'string') return 2
    if (!existsSync(path)) throw new Problem('notFound', `没有文件 ${path}。`)
    const running = await shell.platform()
    const call = { actor: await operatorOf(running), address: '本机', userAgent: 'liangxin' }
    const stored = await storeUpload(running, call, basename(path), createReadStream(path))
    const { fileId } = stored.output as { fileId: string }
    const countyCode = countyOf(values)
    const { jobId } = await callAsOperator<{ jobId: string }>(running, 'forming.importPlaces', {
      countyCode,
      fileId,
      source,
      surveyedOn: typeof values['as-of'] === 'string' ? values['as-of'] : today(new Date()),
    })
    await finishJobs(running)
    const { result, error } = await callAsOperator<{ result: PlacesResult | null; error: string | null }>(
      running,
      'office.getJob',
      { id: jobId },
    )
    if (result === null) throw new Problem('invalid', error ?? '没有导入成。')
    const after = await callAsOperator<{ known: number; units: number }>(running, 'forming.getPlaces', { countyCode })
    shell.print(
      [
        `读到 ${result.read} 行，登记坐标 ${result.placed} 家，没有登记 ${result.refused} 行。`,
        ...result.errors.slice(0, errorsShown).map(({ row, message }) => `  第 ${row} 行：${message}`),
        `有坐标的单位共 ${after.known} 家，台账共 ${after.units} 家。`,
      ].join('\n'),
    )
    return 0
  },
}

/** The forming room's commands. */
export const formingCommands: readonly Command[] = [plan, places]
