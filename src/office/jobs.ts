import { Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { cancelJob as cancel, jobOf, jobsOf } from '../host/job-list.ts'
import type { JobTable } from '../host/tables.ts'

/** A result that is a stored file, as export jobs leave it. */
interface FileResult {
  fileId: string
  fileName: string
}

function everyone(ctx: Context): boolean {
  return ctx.actor.permissions.has('office.job.readAll')
}

/** One's own jobs, or with the permission everybody's in the actor's counties, newest first. */
export async function listJobs(
  input: { state?: JobTable['state'] | undefined; everyone: boolean; page: number; pageSize: number },
  ctx: Context,
) {
  if (input.everyone && !everyone(ctx))
    throw new Problem('forbidden', '您没有“查看所有人的作业”的权限，需要时请联系管理员。')
  const { rows, total } = await jobsOf(ctx, input)
  return { rows: rows.map(shown), total }
}

/** One job with its progress. */
export async function getJob(input: { id: string }, ctx: Context) {
  return shown(await jobOf(ctx, input.id, { everyone: everyone(ctx) }))
}

/** Asks a job to stop; one that has not begun is cancelled at once. */
export async function cancelJob(input: { id: string }, ctx: Context) {
  await cancel(ctx, input.id, { everyone: everyone(ctx) })
  ctx.record({ subject: `job:${input.id}` })
  return { done: true as const }
}

/** An address for the file that one's own job left; others' files stay theirs, whoever may see the job. */
export async function downloadJob(input: { id: string }, ctx: Context) {
  const job = await jobOf(ctx, input.id, { everyone: false })
  const file = fileOf(job)
  if (!file) {
    const expired = (job.result as { expired?: true } | null)?.expired
    throw new Problem(
      'conflict',
      expired ? '这份文件已过保留期，已删除。请重新导出。' : '这个作业还没有可下载的文件，请等它完成。',
    )
  }
  ctx.record({
    subject: `job:${job.id}`,
    ...(job.county_code ? { countyCode: job.county_code } : {}),
    after: { fileName: file.fileName },
  })
  return { url: ctx.downloadPath(file) }
}

function fileOf(job: JobTable): FileResult | null {
  const result = job.result as Partial<FileResult> | null
  if (job.state !== 'done' || typeof result?.fileId !== 'string' || typeof result.fileName !== 'string') return null
  return { fileId: result.fileId, fileName: result.fileName }
}

function shown(job: JobTable) {
  const { fileId: _fileId, ...result } = (job.result ?? {}) as Record<string, unknown>
  return {
    id: job.id,
    kind: job.kind,
    title: job.title,
    state: job.state,
    done: job.done,
    total: job.total,
    message: job.message,
    error: job.error,
    result: job.result === null ? null : result,
    downloadable: fileOf(job) !== null,
    ownerName: job.owner_name,
    createdAt: job.created_at.toISOString(),
    startedAt: job.started_at?.toISOString() ?? null,
    finishedAt: job.finished_at?.toISOString() ?? null,
  }
}
