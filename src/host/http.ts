import { OpenAPIHandler } from '@orpc/openapi/fetch'
import { ORPCError, os, type AnyRouter } from '@orpc/server'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import { apiPage } from './api-page.ts'
import { answerRefusal, type Refusal, refusalOf } from './http-errors.ts'
import { type Env, identifyClient, limitRate, sameOriginOnly, securityHeaders } from './http-guards.ts'
import { callOf, keepSession } from './http-session.ts'
import { invoke } from './pipeline.ts'
import type { Platform } from './platform.ts'
import type { Rate } from './rate.ts'
import { storeUpload } from './uploads.ts'
import { webFiles } from './web-files.ts'

const jsonBytesMax = 4 * 1024 * 1024

export interface HttpOptions {
  /** Directory of the built browser application. */
  webDirectory: string
  /** The OpenAPI document, for `/api/openapi.json` and `/api/docs`. */
  openapi: object
  /** Requests to the API from one address; an office behind one gateway shares it. */
  apiRate?: Rate
  /** Commands that need no sign-in (signing in, above all) from one address. */
  publicRate?: Rate
}

function tooBig(): never {
  throw new Problem('tooLarge', '提交的内容太大，服务没有接收。')
}

/** The HTTP door: the rooms' operations under /api by their REST paths, uploads and downloads, and the browser application. */
export function createHttp(platform: Platform, options: HttpOptions): Hono<Env> {
  const app = new Hono<Env>()
  const { config } = platform
  app.use(async (c, next) => {
    c.set('requestId', newId())
    await next()
    c.res.headers.set('X-Request-Id', c.var.requestId)
  })
  app.use(identifyClient(config))
  app.use(securityHeaders)
  app.use(async (c, next) => {
    if (!['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(c.req.method)) return c.body(null, 405)
    return next()
  })
  app.onError((error, c) => answerRefusal(refusalOf(error, c.var.requestId, platform.log)))

  const api = new Hono<Env>()
  api.use(limitRate(options.apiRate ?? { burst: 600, perSecond: 100 }))
  api.use(sameOriginOnly(config.publicOrigin))
  api.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
  })
  api.get('/health', async (c) => {
    await sql`select 1`.execute(platform.database.kysely)
    return c.json({ status: 'ok' })
  })
  api.get('/openapi.json', (c) => c.json(options.openapi))
  api.get('/docs', (c) => c.html(apiPage(options.openapi)))
  api.post('/files', (c) => upload(platform, c))
  api.get('/files/:ticket', (c) => download(platform, c))
  api.use(bodyLimit({ maxSize: jsonBytesMax, onError: tooBig }))
  api.all('*', operationsRoute(platform, options.publicRate ?? { burst: 60, perSecond: 1 }))
  app.route('/api', api)

  const web = webFiles(options.webDirectory)
  app.get('*', (c) =>
    web(decodedPath(c.req.path), c.req.header('accept-encoding') ?? '', c.req.header('if-none-match') ?? ''),
  )
  return app
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

interface RouteContext {
  c: Context<Env>
  refusal?: Refusal
}

/** The rooms' operations by method and path. oRPC finds the operation and reads the request; the pipeline does all else. */
function operationsRoute(platform: Platform, publicRate: Rate) {
  const router: Record<string, AnyRouter> = {}
  const limit = limitRate(publicRate)
  for (const operation of platform.operations.values()) {
    if (operation.name.startsWith('files.')) continue
    const guarded = operation.meta.permission === 'public' && operation.meta.effect === 'command'
    router[operation.name] = os
      .$context<RouteContext>()
      .route(operation.procedure['~orpc'].route)
      .handler(async ({ input, context }) => {
        try {
          if (guarded) await limit(context.c, async () => undefined)
          const answer = await invoke(platform, operation.name, input, callOf(context.c))
          keepSession(context.c, answer)
          return answer.output
        } catch (error) {
          context.refusal = refusalOf(error, context.c.var.requestId, platform.log)
          throw new ORPCError('REFUSED', { status: context.refusal.status })
        }
      })
  }
  const handler = new OpenAPIHandler(router)
  return async (c: Context<Env>): Promise<Response> => {
    const context: RouteContext = { c }
    const { matched, response } = await handler.handle(c.req.raw, { prefix: '/api', context })
    if (!matched) throw new Problem('notFound', '没有这个接口，请查看 /api/docs。')
    if (context.refusal) return answerRefusal(context.refusal)
    if (response.status >= 400) throw new ORPCError('UNREADABLE', { status: response.status })
    for (const [name, value] of response.headers) c.header(name, value)
    return c.body(await response.text(), response.status as 200)
  }
}

/** `POST /api/files?name=…`: the body is the file. */
async function upload(platform: Platform, c: Context<Env>): Promise<Response> {
  const call = callOf(c)
  const body = c.req.raw.body
  if (!body) throw new Problem('invalid', '没有收到文件内容，请重新选择文件。')
  const source = Readable.fromWeb(body)
  const { output } = await storeUpload(platform, call, c.req.query('name') ?? '', source)
  return c.json(output as object)
}

/** `GET /api/files/{ticket}`: always as an attachment, never as something the browser would run. */
async function download(platform: Platform, c: Context<Env>): Promise<Response> {
  const { output } = await invoke(platform, 'files.download', { ticket: c.req.param('ticket') }, callOf(c))
  const { fileId, fileName } = output as { fileId: string; fileName: string }
  const plain = fileName.replace(/[^\w.-]/g, '_')
  return new Response(Readable.toWeb(platform.files.read(fileId)) as ReadableStream, {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
    },
  })
}
