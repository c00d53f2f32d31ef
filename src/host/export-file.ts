import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { grouped } from '../base/number.ts'
import { Problem } from '../base/problem.ts'
import { formatDateTime, today } from '../base/time.ts'
import type { Context, JobRun } from './context.ts'
import { type WriteColumn, writeCsv, type WriteRow, writeXlsx } from './sheets-write.ts'

const fileBytesMax = 1024 * 1024 * 1024

/** The result of a job that leaves a file to be downloaded. */
export interface ExportedFile {
  fileId: string
  fileName: string
  bytes: number
}

/** Lets a file be written in a directory of its own and puts it among the stored files. */
export async function exportFile(
  job: Pick<JobRun<unknown>, 'files'>,
  fileName: string,
  write: (path: string) => Promise<unknown>,
): Promise<ExportedFile> {
  const directory = await mkdtemp(join(tmpdir(), 'lx-export-'))
  try {
    const path = join(directory, 'file')
    await write(path)
    const { id, bytes } = await job.files.put(createReadStream(path), fileBytesMax)
    return { fileId: id, fileName, bytes }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** A table with the line of words that stands above it. */
export interface ExportedTable {
  name: string
  columns: readonly WriteColumn[]
  rows: Iterable<WriteRow> | AsyncIterable<WriteRow>
  note: string
}

/** Leaves a table as a workbook or as CSV; `title` is the file's name without its ending. */
export function exportTable(
  job: Pick<JobRun<unknown>, 'files' | 'signal'>,
  title: string,
  format: 'xlsx' | 'csv',
  table: ExportedTable,
): Promise<ExportedFile> {
  const { columns, rows, note } = table
  return exportFile(job, `${title}.${format}`, (path) =>
    format === 'xlsx'
      ? writeXlsx(path, [table], { signal: job.signal })
      : writeCsv(path, columns, rows, { signal: job.signal, note }),
  )
}

/** The line above a table that was taken out: what it is, what for and by whom; empty words are left out. */
export function exportNote(words: readonly string[], { purpose, by }: { purpose: string; by: string }): string {
  return [...words, `用途：${purpose}`, `导出人：${by}`, '内部资料，注意保管'].filter(Boolean).join('　')
}

/** What a person asked to be taken out. */
export interface ExportAsked {
  format: 'xlsx' | 'csv'
  purpose: string
  by: string
}

/** A list that is to be taken out. */
export interface ExportedList {
  /** Of the job that writes it. */
  kind: string
  /** 组建台账 */
  title: string
  /** What it lists, and how that is counted: 单位, 家. */
  noun: string
  unit: string
  total: number
  /** How many may be taken out at once. */
  max?: number
  /** What the journal calls it, and what else it is told. */
  subject: string
  after?: Record<string, unknown>
  countyCode?: string | undefined
}

/**
 * Begins to take a list out: notes the purpose in the journal, and leaves the writing to a job, which is told all that was
 * asked. @throws Problem when it is empty or too long
 */
export async function startExport(
  ctx: Context,
  input: Omit<ExportAsked, 'by'>,
  { kind, title, noun, unit, total, max, subject, after, countyCode }: ExportedList,
): Promise<{ jobId: string }> {
  if (total === 0) throw new Problem('invalid', `没有符合条件的${noun}，不用导出。`)
  if (max !== undefined && total > max)
    throw new Problem('tooLarge', `一次最多导出 ${max / 10_000} 万${unit}，请加筛选条件，分几次导出。`)
  const place = countyCode ? { countyCode } : {}
  ctx.record({ ...place, subject, purpose: input.purpose, after: { 导出: title, ...after, 数目: total } })
  const asked = { ...input, by: ctx.actor.name } satisfies ExportAsked
  const words = `导出${title}（${grouped(total)} ${unit}）`
  return { jobId: await ctx.enqueue({ kind, title: words, input: asked, ...place }) }
}

/**
 * The rows of a list whose ids were settled at the beginning, so that nobody's change in between doubles one or leaves one out:
 * `batch` ids at a time, each batch in a short transaction of the asker's scope. `unit`: how the ids are counted, 家.
 */
export async function* exportByIds<Id>(
  job: JobRun<unknown>,
  ids: readonly Id[],
  { unit, batch = 1000 }: { unit: string; batch?: number },
  read: (ctx: Context, some: readonly Id[]) => Promise<readonly WriteRow[]>,
): AsyncGenerator<WriteRow> {
  for (let done = 0; done < ids.length; done += batch) {
    job.signal.throwIfAborted()
    yield* await job.transaction((ctx) => read(ctx, ids.slice(done, done + batch)))
    const written = Math.min(done + batch, ids.length)
    await job.progress(written, ids.length, `已写 ${grouped(written)} ${unit}`)
  }
}

// Most lists are one page: between two of them somebody's change may double a row or leave one out.
const pageRows = 5000

/**
 * Leaves a list as a table, read page by page, each in a transaction of its own. `name` is the region's; `words` stand above the
 * table after its title and the time.
 */
export async function exportPages(
  job: JobRun<ExportAsked>,
  list: {
    title: string
    unit: string
    columns: readonly WriteColumn[]
    words?: readonly string[]
    read: (
      ctx: Context,
      page: { limit: number; offset: number },
    ) => Promise<{ name: string; total: number; rows: WriteRow[] }>
  },
): Promise<ExportedFile> {
  const { title, columns, read } = list
  const { name, now } = await job.transaction(async (ctx) => ({
    name: (await read(ctx, { limit: 1, offset: 0 })).name,
    now: ctx.now,
  }))
  async function* rows(): AsyncGenerator<WriteRow> {
    for (let offset = 0; ; offset += pageRows) {
      const page = await job.transaction((ctx) => read(ctx, { limit: pageRows, offset }))
      yield* page.rows
      const done = offset + page.rows.length
      await job.progress(done, Math.max(done, page.total), `已写 ${grouped(done)} ${list.unit}`)
      if (page.rows.length < pageRows) return
    }
  }
  const note = exportNote([`${name}${title}　截至 ${formatDateTime(now)}`, ...(list.words ?? [])], job.input)
  const file = `${name}${title}_${today(now)}`
  return exportTable(job, file, job.input.format, { name: title, columns, rows: rows(), note })
}
