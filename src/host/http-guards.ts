import type { MiddlewareHandler } from 'hono'
import { Problem } from '../base/problem.ts'
import type { Config } from './config.ts'
import { type Rate, rateLimit } from './rate.ts'

/** What the guards need of a Node connection behind Hono. */
export interface Bindings {
  incoming?: { socket: { remoteAddress?: string | undefined } }
}
export type Env = { Bindings: Bindings; Variables: { address: string; requestId: string; https: boolean } }

// antd writes styles into the page; scripts come only from our own files.
const contentPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const headers: Record<string, string> = {
  'Content-Security-Policy': contentPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(self), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Sets the security headers on every answer, refusals and files included. */
export const securityHeaders: MiddlewareHandler<Env> = async (c, next) => {
  await next()
  for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  if (c.var.https) c.res.headers.set('Strict-Transport-Security', 'max-age=31536000')
}

/** The address in its shortest form: an IPv4 address that came over IPv6 is that IPv4 address. */
function plainAddress(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '')
}

/**
 * Who is asking: the connection's address, or, when that is a trusted proxy, the last address in X-Forwarded-For that is
 * not one. Anybody else's X-Forwarded-For is not read.
 */
export function clientAddress(remote: string, forwardedFor: string | undefined, trusted: readonly string[]): string {
  let address = plainAddress(remote)
  const hops = (forwardedFor ?? '')
    .split(',')
    .map(plainAddress)
    .filter((hop) => hop !== '')
  while (trusted.includes(address) && hops.length > 0) address = hops.pop()!
  return address
}

/** Finds out address, request id and whether the browser's side of the connection is TLS. */
export function identifyClient(config: Pick<Config, 'trustedProxies' | 'publicOrigin'>): MiddlewareHandler<Env> {
  const trusted = config.trustedProxies.map(plainAddress)
  return async (c, next) => {
    const remote = plainAddress(c.env?.incoming?.socket.remoteAddress ?? '')
    c.set('address', clientAddress(remote, c.req.header('x-forwarded-for'), trusted))
    const overProxy = trusted.includes(remote) && c.req.header('x-forwarded-proto') === 'https'
    c.set('https', overProxy || (config.publicOrigin?.startsWith('https:') ?? false))
    await next()
  }
}

/**
 * A request that changes something must come from a page of ours: browsers say so by Sec-Fetch-Site, or, older ones and
 * plain http, by Origin. A program without a browser sends an Origin itself.
 */
export function sameOriginOnly(publicOrigin: string | null): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) return next()
    const site = c.req.header('sec-fetch-site')
    const origin = c.req.header('origin')
    const own =
      site === undefined
        ? origin !== undefined && isOwn(origin, c.req.header('host'), publicOrigin)
        : site === 'same-origin'
    if (!own) throw new Problem('forbidden', '请求不是从本平台的页面发出的，已拒绝。请打开平台页面后再办理。')
    return next()
  }
}

function isOwn(origin: string, host: string | undefined, publicOrigin: string | null): boolean {
  if (publicOrigin !== null && origin === publicOrigin) return true
  try {
    return host !== undefined && new URL(origin).host === host
  } catch {
    return false
  }
}

/** Answers 429 with Retry-After when one address asks too often. */
export function limitRate(rate: Rate): MiddlewareHandler<Env> {
  const limit = rateLimit(rate)
  return async (c, next) => {
    const wait = limit.take(c.var.address)
    if (wait > 0) throw new Problem('tooMany', `操作太频繁，请 ${wait} 秒后再试。`, { retryAfterSeconds: wait })
    await next()
  }
}
