import { ORPCError } from '@orpc/server'
import { Problem } from '../base/problem.ts'
import type { Log } from './log.ts'

/** The JSON body of every refusal, and its status. */
export interface Refusal {
  status: number
  body: { code: string; message: string; fields: { path: string; message: string }[]; requestId: string }
  retryAfterSeconds?: number | undefined
}

const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', '57P01', '57P03', '53300'])

/**
 * Anything thrown as an answer: a Problem in its own words; a database out of reach as 503; anything else as 500 without
 * its text, which goes to the log under the request's id.
 */
export function refusalOf(error: unknown, requestId: string, log: Log): Refusal {
  if (error instanceof Problem) {
    const { code, message, fields, status, retryAfterSeconds } = error
    return { status, body: { code, message, fields, requestId }, retryAfterSeconds }
  }
  if (error instanceof ORPCError && error.status === 400) {
    return { status: 400, body: { code: 'invalid', message: '请求的格式不对，应为 JSON。', fields: [], requestId } }
  }
  log.error('a request failed', error, { requestId })
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code === 'string' && lost.has(code)) {
    const message = '数据库暂时连不上，请稍候再试。'
    return { status: 503, body: { code: 'unavailable', message, fields: [], requestId }, retryAfterSeconds: 5 }
  }
  const message = `系统出了问题，已记录。请重试；仍不行时把请求编号 ${requestId} 告诉管理员。`
  return { status: 500, body: { code: 'internal', message, fields: [], requestId } }
}

/** The refusal as an HTTP answer. */
export function answerRefusal(refusal: Refusal): Response {
  const headers = new Headers({ 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' })
  if (refusal.retryAfterSeconds) headers.set('Retry-After', String(refusal.retryAfterSeconds))
  return new Response(JSON.stringify(refusal.body), { status: refusal.status, headers })
}
