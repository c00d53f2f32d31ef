import { formatDateTime, today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { exportFile, exportNote } from '../host/export-file.ts'
import { writeXlsx, type WriteRow } from '../host/sheets-write.ts'
import { departments } from './field-contract.ts'
import { getFunnel } from './funnel.ts'
import { type Funnel, rowDrops } from './funnel-contract.ts'
import { settingWords, stageOf } from './funnel-words.ts'
import { dropReasons, type FunnelSettings } from './standing-contract.ts'

interface ExportInput {
  region?: string | undefined
  purpose: string
}

/** 导出甄别表 */
export async function exportFunnel(input: ExportInput, ctx: Context) {
  const { counties } = ctx.actor.scope
  const countyCode = counties.length === 1 ? counties[0] : undefined
  ctx.record({
    ...(countyCode ? { countyCode } : {}),
    subject: 'export:funnel',
    purpose: input.purpose,
    after: { 区划: input.region ?? '全部范围' },
  })
  const job = { kind: 'ledger.exportFunnel', title: '导出甄别表', input: { ...input, by: ctx.actor.name } }
  return { jobId: await ctx.enqueue({ ...job, ...(countyCode ? { countyCode } : {}) }) }
}

/** Writes the funnel as three sheets: the steps with every drop, the areas, the definition it was counted by. */
export const exportFunnelJob: JobKind<ExportInput & { by: string }> = {
  kind: 'ledger.exportFunnel',
  async run(job) {
    const { funnel, day, at } = await job.transaction(async (ctx) => ({
      funnel: await getFunnel(job.input, ctx),
      day: today(ctx.now),
      at: formatDateTime(ctx.now),
    }))
    const words = [`甄别表　截至 ${at}`, `范围：${funnel.region?.name ?? '本账号全部范围'}`]
    const sheets = sheetsOf(funnel, exportNote(words, job.input))
    return exportFile(job, `甄别表 ${day}.xlsx`, (path) => writeXlsx(path, sheets, { signal: job.signal }))
  },
}

const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
const number = (title: string) => ({ title, width: 12, kind: 'number' as const })

function sheetsOf(funnel: Funnel, note: string) {
  const { settings } = funnel
  const defined: WriteRow[] = settings
    ? (Object.keys(settings) as (keyof FunnelSettings)[]).map((key) => [settingWords(key, settings), ''])
    : [['各县口径可能不同，见各县甄别表', '']]
  const files: WriteRow[] = funnel.files.map((one) => [`${departments[one.department]}数据截至`, one.asOf])
  return [
    {
      name: '漏斗',
      columns: [text('步骤', 22), text('去向或原因', 24), number('数量')],
      rows: stepRows(funnel),
      note,
    },
    {
      name: '按区划',
      columns: [text('区划', 24), number('在册单位'), number('存续'), number('实体运营'), number('摸排对象')],
      rows: funnel.areas.map((one): WriteRow => [one.name, one.units, one.alive, one.operating, one.target]),
      note,
    },
    { name: '口径', columns: [text('口径', 60), text('', 14)], rows: [...defined, ...files], note },
  ]
}

function stepRows(funnel: Funnel): WriteRow[] {
  const { rows, withdrawn, byHand, units, alive, operating, target } = funnel
  const because = (stage: 'alive' | 'operating' | 'target'): WriteRow[] =>
    funnel.drops.filter((one) => stageOf(one.reason) === stage).map((one) => ['', dropReasons[one.reason], one.units])
  return [
    ...(rows
      ? [
          ['来源行', '', rows.total] as WriteRow,
          ...rows.drops.map((one): WriteRow => ['', rowDrops[one.drop], one.rows]),
          ['归成单位', '', rows.units] as WriteRow,
        ]
      : []),
    ['', '本单位新建（加）', byHand],
    ['', '已撤下', withdrawn],
    ['在册单位', '', units],
    ...because('alive'),
    ['存续', '', alive],
    ...because('operating'),
    ['实体运营', '', operating],
    ...because('target'),
    ['摸排对象', '', target],
    ['另：市级以上园区', '', funnel.parks],
  ]
}
