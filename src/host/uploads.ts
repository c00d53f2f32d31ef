import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { operations } from '../base/operation.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from './context.ts'
import { refusalOfContent } from './file-kinds.ts'
import type { Contract } from './handlers.ts'
import { type Answer, type Call, invoke, signedInActor } from './pipeline.ts'
import type { Platform } from './platform.ts'
import type { HostTables, UploadTable } from './tables.ts'
import type { ticketGate } from './tickets.ts'

/** The largest upload. */
const uploadBytesMax = 100 * 1024 * 1024

const operation = operations('文件', {})
const stored = z.object({ fileId: z.uuid(), fileName: z.string(), bytes: z.number().int() })

/**
 * The operations behind `POST /api/files?name=…` (the body is the file itself, streamed to disk) and
 * `GET /api/files/{ticket}` (streamed from disk). Both run in the pipeline like any other; only the bytes go round it.
 */
export const uploadContract = {
  upload: operation({ method: 'POST', path: '/files', summary: '上传文件', permission: 'signedIn' })
    .input(stored.extend({ sm3: z.string() }))
    .output(stored),
  download: operation({ method: 'GET', path: '/files/{ticket}', summary: '下载文件', permission: 'signedIn' })
    .input(z.object({ ticket: z.string().max(2000) }))
    .output(z.object({ fileId: z.uuid(), fileName: z.string() })),
} satisfies Contract

/** The functions of the two operations. */
export function uploadHandlers(gate: ReturnType<typeof ticketGate>) {
  return {
    async upload(input: z.infer<typeof stored> & { sm3: string }, ctx: Context) {
      const { fileId, fileName, bytes, sm3 } = input
      const row = { file_id: fileId, owner_id: ctx.actor.userId, file_name: fileName, bytes, sm3, at: ctx.now }
      await ctx.tx.withTables<HostTables>().insertInto('upload').values(row).execute()
      ctx.record({ subject: `file:${fileId}`, after: { fileName, bytes, sm3 } })
      return { fileId, fileName, bytes }
    },
    async download({ ticket }: { ticket: string }, ctx: Context) {
      const file = gate(ticket, ctx.actor.userId, ctx.now)
      ctx.record({ subject: `file:${file.fileId}`, after: { fileName: file.fileName } })
      return file
    },
  }
}

/**
 * Stores a stream as an upload of the call's actor, whole or not at all. @throws Problem for a name or content that is not
 * accepted, and for more than 100 MB.
 */
export async function storeUpload(platform: Platform, call: Call, name: string, body: Readable): Promise<Answer> {
  const actor = call.actor ?? (await signedInActor(platform, call.sessionToken ?? null))
  const fileName = tidyName(name)
  const file = await platform.files.put(body, uploadBytesMax).catch(brokenOff)
  try {
    const refusal = refusalOfContent(fileName, await headOf(platform.files.path(file.id)))
    if (refusal) throw new Problem('unsupported', refusal)
    return await invoke(
      platform,
      'files.upload',
      { fileId: file.id, fileName, bytes: file.bytes, sm3: file.sm3 },
      { ...call, actor },
    )
  } catch (error) {
    await platform.files.remove(file.id)
    throw error
  }
}

/** A sender that went away is not a fault of ours. */
function brokenOff(error: unknown): never {
  const code = (error as { code?: unknown }).code
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR' || code === 'ECONNRESET') {
    throw new Problem('invalid', '上传中断，文件没有收全，请重新上传。')
  }
  throw error
}

/** What is known of an upload. @throws Problem('notFound') when somebody else uploaded it. */
export async function uploadOf(ctx: Context, fileId: string): Promise<UploadTable> {
  const upload = await ctx.tx
    .withTables<HostTables>()
    .selectFrom('upload')
    .selectAll()
    .where('file_id', '=', fileId)
    .where((is) => (ctx.actor.userId === null ? is('owner_id', 'is', null) : is('owner_id', '=', ctx.actor.userId)))
    .executeTakeFirst()
  if (!upload) throw notFound('个文件')
  return upload
}

/**
 * Takes an upload over that must not be kept, as a roster of persons: its bytes are put aside, where no backup finds them,
 * and nobody can use the upload again. Whoever takes it removes it with `ctx.files.remove`.
 */
export async function takeAside(ctx: Context, upload: Pick<UploadTable, 'file_id'>): Promise<void> {
  await ctx.tx.withTables<HostTables>().deleteFrom('upload').where('file_id', '=', upload.file_id).execute()
  await ctx.files.putAside(upload.file_id)
}

/** A file name without folders, control signs and signs that reverse the reading direction; at most 120 characters. */
function tidyName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const tidy = last.replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '').trim()
  if (!/[^.]/.test(tidy)) throw new Problem('invalid', '请给文件一个名称。')
  const [, stem = '', extension = ''] = /^(.*?)(\.[^.]*)?$/su.exec(tidy) ?? []
  return stem.slice(0, 110).toWellFormed() + extension.slice(0, 10)
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(4096), position: 0 })
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
