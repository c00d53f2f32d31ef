import { randomUUID } from 'node:crypto'
import { Problem } from '../base/problem.ts'
import { seal, unseal } from './crypto.ts'

const lifeMs = 5 * 60_000

/** What a download ticket stands for. */
interface Ticket {
  fileId: string
  fileName: string
  /** The only account that may use it; null for a public one. */
  userId: string | null
  expiresAt: number
  nonce: string
}

/** Makes the ticket of one download: sealed, so that it gives away neither file nor person. */
export function makeTicket(
  secretKey: Buffer,
  file: { fileId: string; fileName: string },
  userId: string | null,
  now: Date,
): string {
  const ticket: Ticket = { ...file, userId, expiresAt: now.getTime() + lifeMs, nonce: randomUUID() }
  return seal(secretKey, 'download', JSON.stringify(ticket))
}

/**
 * Takes tickets in, each once. Used ones are remembered in memory until they expire, which is enough for one process; a
 * ticket is bound to its account all the same.
 */
export function ticketGate(secretKey: Buffer) {
  const used = new Map<string, number>()
  return (text: string, userId: string | null, now: Date): { fileId: string; fileName: string } => {
    const refusal = new Problem('notFound', '下载地址已失效，请回到页面重新点“下载”。')
    const opened = unseal(secretKey, 'download', text)
    if (opened === null) throw refusal
    const ticket = JSON.parse(opened) as Ticket
    for (const [nonce, expiresAt] of used) if (expiresAt < now.getTime()) used.delete(nonce)
    if (ticket.expiresAt < now.getTime() || ticket.userId !== userId || used.has(ticket.nonce)) throw refusal
    used.set(ticket.nonce, ticket.expiresAt)
    return { fileId: ticket.fileId, fileName: ticket.fileName }
  }
}
