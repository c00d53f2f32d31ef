import { nameKey } from '../base/chinese.ts'
import { grouped } from '../base/number.ts'
import { notFound, Problem } from '../base/problem.ts'
import { parseLooseDate, today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { rowsBelowHead, RowTally } from '../host/table-rows.ts'
import { uploadOf } from '../host/uploads.ts'
import { regionNamed, townshipsOf } from '../office/service.ts'
import { eventOf, milestoneItems, passMilestone } from './events.ts'
import { projectColumns, readProject, type ReadProject } from './rules.ts'
import { calendarIn, type StandingTemplate, syncTables, templatesOf } from './templates.ts'
import { writeEvent } from './write.ts'

interface ProjectsJob {
  countyCode: string
  templateKey: string
  fileId: string
  fileName: string
  /** Nothing is kept: only what would be is answered. */
  checkOnly: boolean
}

/** @throws Problem unless it is in use and follows projects */
async function templateOf(ctx: Context, { countyCode, templateKey }: ProjectsJob): Promise<StandingTemplate> {
  const template = (await templatesOf(ctx.tx, countyCode)).find((one) => one.key === templateKey)
  if (!template) throw notFound('个同步模板')
  if (!template.inUse) throw new Problem('invalid', `“${template.told.title}”没有启用，请先启用。`)
  if (template.told.trigger !== 'project')
    throw new Problem('invalid', `“${template.told.title}”不是由项目进展引起的，请选别的模板。`)
  return template
}

/** 导入项目: a list of projects with the days of their milestones, as 发改 or 园区 keep one; read by a job. */
export async function importProjects(input: Omit<ProjectsJob, 'fileName'>, ctx: Context) {
  const upload = await uploadOf(ctx, input.fileId)
  const asked: ProjectsJob = { ...input, fileName: upload.file_name }
  await templateOf(ctx, asked)
  const jobId = await ctx.enqueue({
    kind: 'sync.projects',
    title: `${input.checkOnly ? '检查' : '导入'}项目：${upload.file_name}`,
    input: asked,
    countyCode: input.countyCode,
  })
  ctx.record({ countyCode: input.countyCode, subject: `file:${input.fileId}`, after: { 只检查: input.checkOnly } })
  return { jobId }
}

/** Reads the list. A project that is known already gets the milestones that are new; read again, nothing changes. */
export const projectsJob: JobKind<ProjectsJob> = {
  kind: 'sync.projects',
  async run(job) {
    const { input } = job
    const tally = new RowTally()
    const kept = { kept: 0, moved: 0, same: 0 }
    const { milestones } = (await job.transaction((ctx) => templateOf(ctx, input))).told
    const list: ProjectList = { known: await job.transaction((ctx) => knownProjects(ctx, input)), told: new Map() }
    const path = job.files.path(input.fileId)
    const head = (cells: readonly string[]) => projectColumns(cells, milestones)
    for await (const rows of rowsBelowHead(path, input.fileName, head, { signal: job.signal })) {
      for (const { row, cells, columns } of rows) {
        job.signal.throwIfAborted()
        tally.read += 1
        const read = readProject(cells, columns, parseLooseDate)
        const keep = (ctx: Context) => keepProject(ctx, input, list, { ...(read as ReadProject), row })
        const came = typeof read === 'string' ? read : await job.transaction(keep).catch(refusal)
        if (came in kept) kept[came as keyof typeof kept] += 1
        else tally.refuse(row, came)
      }
      await job.progress(tally.read, tally.read, `已读 ${grouped(tally.read)} 行`)
    }
    if (tally.read === 0)
      throw new Problem(
        'unsupported',
        `没有认出表头：要有项目名称和“${milestones[0]!.title}”的日期，可有其他节点、乡镇街道。`,
      )
    return { ...tally.result(), ...kept }
  },
}

/** What a row alone was refused for, as its sentence; an account that was suspended ends the whole list. */
function refusal(error: unknown): string {
  if (error instanceof Problem && error.code !== 'forbidden') return error.message
  throw error
}

interface KnownProject {
  id: string
  areaCode: string
}

/** The projects that were registered before, by their names; and the rows of the list that told of one. */
interface ProjectList {
  known: Map<string, KnownProject[]>
  told: Map<string, number>
}

/** Events of a template by name, brought by a list or registered by hand; what still goes on first, then the oldest. */
async function knownProjects(ctx: Context, { countyCode, templateKey }: ProjectsJob): Promise<ProjectList['known']> {
  const rows = await syncTables(ctx.tx)
    .selectFrom('sync_event')
    .select(['id', 'area_code', 'title', 'state'])
    .where('county_code', '=', countyCode)
    .where('template_key', '=', templateKey)
    .where('source', '=', 'hand')
    .orderBy('id')
    .execute()
  const byState = (['open', 'done', 'cancelled'] as const).flatMap((state) => rows.filter((row) => row.state === state))
  return Map.groupBy(
    byState.map((row) => ({ id: row.id, areaCode: row.area_code, key: nameKey(row.title) })),
    (one) => one.key,
  )
}

/** The project that a row tells of; one that names no township may be the only one of its name. @throws Problem where several are */
function knownAs(list: ProjectList, { title, area }: ReadProject, areaCode: string): KnownProject | undefined {
  const named = list.known.get(nameKey(title)) ?? []
  const same = named.find((one) => one.areaCode === areaCode)
  if (same || area !== '') return same
  if (new Set(named.map((one) => one.areaCode)).size > 1)
    throw new Problem('conflict', '几个乡镇街道都有叫这个名称的项目，请填写乡镇街道。')
  return named[0]
}

/** What became of a project: a word of the result, or a sentence that says why it was refused. */
async function keepProject(
  ctx: Context,
  input: ProjectsJob,
  list: ProjectList,
  read: ReadProject & { row: number },
): Promise<string> {
  const { countyCode, checkOnly } = input
  const template = await templateOf(ctx, input)
  const areaCode = read.area === '' ? countyCode : regionNamed(read.area, await townshipsOf(ctx.tx, countyCode))
  if (!areaCode) return `没有唯一叫“${read.area}”的乡镇街道，请写全称。`
  const { areas } = ctx.actor.scope
  if (areas !== '*' && !areas.includes(areaCode)) return `“${read.area || '全县'}”不在您的管理范围内。`
  const [begin, ...later] = read.days
  if (read.days.some(({ on }) => on > today(ctx.now))) return '日期不能晚于今天；还没有到的节点请空着。'
  if (later.some(({ on }) => on < begin!.on)) return '后面的节点不能早于第一个节点，请核对日期。'
  const known = knownAs(list, read, areaCode)
  const eventKey = `project:${areaCode}:${nameKey(read.title)}`
  const told = list.told.get(known?.id ?? eventKey)
  if (told !== undefined) return `与第 ${told} 行是同一个项目（乡镇街道和名称都相同），请只留一行。`
  const event = known && (await eventOf(ctx, known.id))
  if (event?.state === 'cancelled') return '这个项目的事件已取消，要继续请先恢复。'
  const news = read.days.filter(({ key, on }) => event?.milestones[key] !== on)
  if (event)
    for (const { key, on } of news) await milestoneItems(ctx, { ...event, on_day: begin!.on }, { milestone: key, on })
  list.told.set(known?.id ?? eventKey, read.row)
  if (event && news.length === 0) return 'same'
  if (checkOnly) return event ? 'moved' : 'kept'
  if (event) {
    for (const { key, on } of news) await passMilestone({ id: event.id, milestone: key, on }, ctx)
    return 'moved'
  }
  await openProject(ctx, { countyCode, areaCode, eventKey, template, read })
  return 'kept'
}

async function openProject(
  ctx: Context,
  project: {
    countyCode: string
    areaCode: string
    eventKey: string
    template: StandingTemplate
    read: ReadProject
  },
): Promise<void> {
  const { read, template, ...of } = project
  const [begin, ...later] = read.days
  const calendar = await calendarIn(ctx.tx, of.countyCode)
  const event = {
    ...of,
    templateKey: template.key,
    told: template.told,
    title: read.title,
    unitId: null,
    on: begin!.on,
  }
  const id = await writeEvent(ctx.tx, ctx.now, { ...event, source: 'hand', author: ctx.actor.name }, calendar)
  if (id === null) throw new Problem('conflict', '这个项目刚由他人登记，请重新导入。')
  for (const { key, on } of later) await passMilestone({ id, milestone: key, on }, ctx)
  ctx.record({
    countyCode: of.countyCode,
    subject: `syncEvent:${id}`,
    after: { 事件: read.title, 模板: template.told.title },
  })
}
