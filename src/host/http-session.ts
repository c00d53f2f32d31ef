import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Env } from './http-guards.ts'
import type { Answer, Call } from './pipeline.ts'

/** Over TLS the cookie's name binds it to this host and path; the name with a prefix is refused by browsers without TLS. */
function nameOf(c: Context<Env>): string {
  return c.var.https ? '__Host-liangxin' : 'liangxin'
}

/** A request as the pipeline sees it. */
export function callOf(c: Context<Env>): Call {
  const key = c.req.header('idempotency-key')
  return {
    id: c.var.requestId,
    address: c.var.address,
    userAgent: (c.req.header('user-agent') ?? '').slice(0, 300),
    sessionToken: getCookie(c, nameOf(c)) ?? null,
    attended: c.req.header('x-unattended') === undefined,
    idempotencyKey: key && /^[\w-]{8,64}$/.test(key) ? key : null,
  }
}

/** Sets or clears the session cookie as the operation asked; it ends with the browser, the server ends it earlier. */
export function keepSession(c: Context<Env>, answer: Answer): void {
  if (answer.sessionToken === undefined) return
  const options = { path: '/', httpOnly: true, sameSite: 'Lax', secure: c.var.https } as const
  setCookie(c, nameOf(c), answer.sessionToken ?? '', answer.sessionToken === null ? { ...options, maxAge: 0 } : options)
}
