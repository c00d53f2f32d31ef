import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { operations } from '../base/operation.ts'
import { Problem } from '../base/problem.ts'
import type { Actor, Context } from './context.ts'
import { scoped } from './database.ts'
import { createHttp } from './http.ts'
import { clientAddress } from './http-guards.ts'
import { openapiOf } from './openapi.ts'
import type { Platform } from './platform.ts'
import { actorLike, testPlatform } from './testing-platform.ts'
import { uploadOf } from './uploads.ts'

const operation = operations('试验', { 'trial.write': '改动' })
const contract = {
  find: operation({ method: 'GET', path: '/trial/{id}', summary: '查看', permission: 'signedIn' })
    .input(z.object({ id: z.string(), page: z.coerce.number().default(1), kinds: z.array(z.string()).default([]) }))
    .output(z.object({ id: z.string(), page: z.number(), kinds: z.array(z.string()) })),
  write: operation({ method: 'POST', path: '/trial', summary: '改动', permission: 'trial.write' })
    .input(z.object({ name: z.string() }))
    .output(z.object({ name: z.string() })),
  enter: operation({
    method: 'POST',
    path: '/trial/enter',
    summary: '登录',
    permission: 'public',
    secretAnswer: true,
  }).output(z.object({ done: z.literal(true) })),
  leave: operation({ method: 'POST', path: '/trial/leave', summary: '退出', permission: 'signedIn' }).output(
    z.object({ done: z.literal(true) }),
  ),
  ticket: operation({ method: 'POST', path: '/trial/ticket', summary: '取下载地址', permission: 'signedIn' })
    .input(z.object({ fileId: z.string(), fileName: z.string() }))
    .output(z.object({ url: z.string() })),
  breakDown: operation({ method: 'GET', path: '/trial/broken/down', summary: '出错', permission: 'public' }).output(
    z.object({}),
  ),
}
const handlers = {
  find: async (input: object) => input,
  write: async ({ name }: { name: string }) => {
    if (name === 'busy') throw new Problem('tooMany', '太频繁。', { retryAfterSeconds: 7 })
    return { name }
  },
  enter: async (_: undefined, ctx: Context) => {
    ctx.setSessionToken('token-of-zhang')
    return { done: true }
  },
  leave: async (_: undefined, ctx: Context) => {
    ctx.setSessionToken(null)
    return { done: true }
  },
  ticket: async (file: { fileId: string; fileName: string }, ctx: Context) => ({ url: ctx.downloadPath(file) }),
  breakDown: async () => {
    throw new Error('inner words of the house')
  },
}
const zhang: Actor = actorLike('01900000-0000-7000-8000-000000000001', ['trial.write'])
const li: Actor = actorLike('01900000-0000-7000-8000-000000000002', [])
const web = mkdtempSync(join(tmpdir(), 'lx-web-'))
mkdirSync(join(web, 'assets'))
writeFileSync(join(web, 'index.html'), '<!doctype html><title>首页</title>')
writeFileSync(join(web, 'assets/main-abc.js'), 'plain')
writeFileSync(join(web, 'assets/main-abc.js.br'), 'packed')
afterAll(() => rmSync(web, { recursive: true }))

let platform: Platform
let log: string[]
let app: ReturnType<typeof createHttp>

async function open(
  more: Partial<Platform['config']> = {},
  rate: { apiRate?: { burst: number; perSecond: number } } = {},
) {
  log = []
  platform = await testPlatform(
    {
      contracts: { trial: contract },
      handlers: { trial: handlers },
      people: {
        authenticate: async (_, token) => (token === 'token-of-zhang' ? zhang : token === 'token-of-li' ? li : null),
        actorOf: async () => null,
        operator: async () => zhang,
      },
    },
    { log },
  )
  Object.assign(platform.config, more)
  app = createHttp(platform, { webDirectory: web, openapi: await openapiOf({ trial: contract }), ...rate })
}
beforeEach(() => open())

const asZhang = { Cookie: 'liangxin=token-of-zhang' }
const asLi = { Cookie: 'liangxin=token-of-li' }
const own = { 'Sec-Fetch-Site': 'same-origin' }
const post = (path: string, body: unknown, headers: Record<string, string> = asZhang) =>
  app.request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...own, ...headers },
  })
const json = async (response: Response): Promise<Record<string, unknown>> =>
  (await response.json()) as Record<string, unknown>
const upload = (name: string, body: string | Uint8Array, headers: Record<string, string> = asZhang) =>
  app.request(`/api/files?name=${encodeURIComponent(name)}`, { method: 'POST', body, headers: { ...own, ...headers } })

test('an operation is reached by its REST path, with path and query as its input', async () => {
  const response = await app.request('/api/trial/u-1?page=3&kinds[]=a&kinds[]=b', { headers: asZhang })
  expect(response.status).toBe(200)
  expect(await json(response)).toEqual({ id: 'u-1', page: 3, kinds: ['a', 'b'] })
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('every refusal is JSON with code, sentence, fields and request id', async () => {
  const cases = [
    [await app.request('/api/trial/u-1'), 401, 'unauthenticated'],
    [await post('/api/trial', { name: 'x' }, asLi), 403, 'forbidden'],
    [await post('/api/trial', { name: 5 }), 400, 'invalid'],
    [await app.request('/api/nothing/here'), 404, 'notFound'],
    [
      await app.request('/api/trial', {
        method: 'POST',
        body: '{broken',
        headers: { ...asZhang, ...own, 'Content-Type': 'application/json' },
      }),
      400,
      'invalid',
    ],
  ] as const
  for (const [response, status, code] of cases) {
    expect(response.status).toBe(status)
    const body = await json(response)
    expect(body).toMatchObject({
      code,
      message: expect.stringMatching(/[。，]/),
      requestId: response.headers.get('x-request-id'),
    })
    expect(Array.isArray(body['fields'])).toBe(true)
  }
})

test('a refusal that says when to come back carries Retry-After', async () => {
  const response = await post('/api/trial', { name: 'busy' })
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7'])
})

test('our own bug answers 500 without its text, which is logged under the request id', async () => {
  const response = await app.request('/api/trial/broken/down')
  const text = await response.text()
  expect(response.status).toBe(500)
  expect(text).not.toContain('inner words')
  const id = response.headers.get('x-request-id')!
  expect(text).toContain(id)
  expect(log.find((line) => line.includes(id))).toContain('inner words of the house')
})

test('every answer carries the security headers, files and refusals included', async () => {
  for (const path of [
    '/',
    '/units',
    '/assets/main-abc.js',
    '/missing.js',
    '/api/trial/u-1',
    '/api/none',
    '/api/docs',
    '/api/openapi.json',
    '/api/health',
  ]) {
    const { headers } = await app.request(path)
    const policy = headers.get('content-security-policy') ?? ''
    const said = [
      headers.get('x-content-type-options'),
      headers.get('referrer-policy'),
      headers.get('permissions-policy'),
    ]
    expect([path, ...said]).toEqual([path, 'nosniff', 'same-origin', expect.stringContaining('camera=()')])
    expect(`${path} ${policy}`).toContain("frame-ancestors 'none'")
    expect(`${path} ${policy}`).toMatch(/script-src 'self'(;|$)/)
  }
})

test('TRACE and other methods nobody needs are refused', async () => {
  for (const method of ['OPTIONS', 'PROPFIND'])
    expect((await app.request('/api/trial/u-1', { method })).status).toBe(405)
})

test('a change asked for by a page of another site is refused, whatever it sends along', async () => {
  const foreign: Record<string, string>[] = [
    {},
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
    { Origin: 'https://elsewhere.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://localhost' },
  ]
  for (const headers of foreign) {
    const response = await app.request('http://localhost/api/trial', {
      method: 'POST',
      body: '{"name":"x"}',
      headers: { ...asZhang, 'Content-Type': 'application/json', Host: 'localhost', ...headers },
    })
    expect({ ...headers, status: response.status }).toEqual({ ...headers, status: 403 })
  }
  const older = { ...asZhang, 'Content-Type': 'application/json', Host: 'localhost', Origin: 'http://localhost' }
  expect(
    (await app.request('http://localhost/api/trial', { method: 'POST', body: '{"name":"x"}', headers: older })).status,
  ).toBe(200)
})

test('the session cookie cannot be read by scripts, and over TLS is bound to the host', async () => {
  const plain = (await post('/api/trial/enter', {}, {})).headers.get('set-cookie')
  expect(plain).toBe('liangxin=token-of-zhang; Path=/; HttpOnly; SameSite=Lax')
  await open({ publicOrigin: 'https://lx.example' })
  const response = await post('/api/trial/enter', {}, {})
  expect(response.headers.get('set-cookie')).toBe(
    '__Host-liangxin=token-of-zhang; Path=/; HttpOnly; Secure; SameSite=Lax',
  )
  expect(response.headers.get('strict-transport-security')).toContain('max-age')
  expect((await app.request('/api/trial/u-1', { headers: asZhang })).status).toBe(401)
  expect((await app.request('/api/trial/u-1', { headers: { Cookie: '__Host-liangxin=token-of-zhang' } })).status).toBe(
    200,
  )
})

test('signing out clears the cookie', async () => {
  expect((await post('/api/trial/leave', {})).headers.get('set-cookie')).toContain('liangxin=; Max-Age=0')
})

const from = (remoteAddress: string) =>
  app.request('/api/trial/u-1', { headers: asZhang }, { incoming: { socket: { remoteAddress } } })

test('a burst from one address is answered 429 with Retry-After, and other addresses go on', async () => {
  await open({}, { apiRate: { burst: 3, perSecond: 0.1 } })
  for (let n = 0; n < 3; n += 1) expect((await from('10.0.0.1')).status).toBe(200)
  const refused = await from('::ffff:10.0.0.1')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await from('10.0.0.2')).status).toBe(200)
})

test('signing in over and over from one address is slowed down', async () => {
  const statuses = []
  for (let n = 0; n < 62; n += 1) statuses.push((await post('/api/trial/enter', {}, {})).status)
  expect(statuses.slice(0, 60).every((status) => status === 200)).toBe(true)
  expect(statuses.at(-1)).toBe(429)
})

test('X-Forwarded-For is believed from a trusted proxy only, back to the first address that is not one', () => {
  expect(clientAddress('203.0.113.9', '1.1.1.1', ['10.0.0.1'])).toBe('203.0.113.9')
  expect(clientAddress('10.0.0.1', '6.6.6.6, 203.0.113.9', ['10.0.0.1'])).toBe('203.0.113.9')
  expect(clientAddress('::ffff:10.0.0.1', '203.0.113.9, 10.0.0.2', ['10.0.0.1', '10.0.0.2'])).toBe('203.0.113.9')
  expect(clientAddress('10.0.0.1', undefined, ['10.0.0.1'])).toBe('10.0.0.1')
})

test('a body that is too large is refused', async () => {
  const response = await post('/api/trial', { name: 'x'.repeat(4 * 1024 * 1024) })
  expect([response.status, (await json(response))['code']]).toEqual([413, 'tooLarge'])
})

test('an uploaded file can be used by its uploader and downloaded once, as an attachment, by whom the address was made for', async () => {
  const response = await upload('../../民政 名单.csv', '名称,代码\n甲,1\n')
  const file = (await json(response)) as { fileId: string; fileName: string; bytes: number }
  expect(response.status).toBe(200)
  expect(file).toMatchObject({ fileName: '民政 名单.csv', bytes: 20 })
  const usedBy = (actor: Actor) =>
    scoped(platform.database, actor.scope, (tx) => uploadOf({ tx, actor } as Context, file.fileId))
  expect((await usedBy(zhang)).file_name).toBe('民政 名单.csv')
  await expect(usedBy(li)).rejects.toThrow('没有找到这个文件')

  const { url } = (await json(await post('/api/trial/ticket', { fileId: file.fileId, fileName: file.fileName }))) as {
    url: string
  }
  expect((await app.request(url, { headers: asLi })).status).toBe(404)
  expect((await app.request(url)).status).toBe(401)
  const download = await app.request(url, { headers: asZhang })
  expect(download.status).toBe(200)
  expect(await download.text()).toBe('名称,代码\n甲,1\n')
  expect(download.headers.get('content-type')).toBe('application/octet-stream')
  expect(download.headers.get('content-disposition')).toMatch(/^attachment; .*UTF-8''%E6%B0%91%E6%94%BF%20/)
  expect(download.headers.get('content-security-policy')).toContain('sandbox')
  expect(download.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await app.request(url, { headers: asZhang })).status).toBe(404)
  expect((await app.request(`${url.slice(0, -4)}0000`, { headers: asZhang })).status).toBe(404)
})

test('a file whose content is not what its name says is refused', async () => {
  const png = Buffer.from('89504e470d0a1a0a0000', 'hex')
  const refused: [string, string | Uint8Array][] = [
    ['a.html', '<script>alert(1)</script>'],
    ['a.svg', '<svg onload="x"/>'],
    ['a.exe', 'MZ'],
    ['a.xls', 'x'],
    ['noextension', 'x'],
    ['constructor', 'x'],
    ['a.constructor', 'x'],
    ['a.csv', png],
    ['a.csv', 'PK\x03\x04'],
    ['a.xlsx', '<html>'],
    ['a.png', '<svg/>'],
    ['a.pdf', 'PK\x03\x04'],
    ['a.csv', ''],
    ['a.csv\0.html', 'x'],
  ]
  for (const [name, body] of refused) {
    const { status } = await upload(name, body)
    expect([name, status]).toEqual([name, 415])
  }
  expect((await upload('a.png', png)).status).toBe(200)
  expect((await upload('A.CSV', 'x')).status).toBe(200)
  expect((await upload('a.csv', 'x', {})).status).toBe(401)
})

test('the browser application is served: hashed files for ever and packed, screens by index.html, nothing from outside', async () => {
  const asset = await app.request('/assets/main-abc.js', { headers: { 'Accept-Encoding': 'gzip, br' } })
  expect(asset.headers.get('cache-control')).toContain('immutable')
  expect([asset.headers.get('content-encoding'), await asset.text()]).toEqual(['br', 'packed'])
  expect(await (await app.request('/assets/main-abc.js')).text()).toBe('plain')
  const screen = await app.request('/units/u-1')
  expect(screen.headers.get('cache-control')).toBe('no-cache')
  expect(await screen.text()).toContain('首页')
  const again = await app.request('/units/u-1', { headers: { 'If-None-Match': screen.headers.get('etag')! } })
  expect(again.status).toBe(304)
  for (const path of [
    '/assets/none.js',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '/%ff.js',
  ]) {
    expect([path, (await app.request(path)).status]).toEqual([path, 404])
  }
})

test('the API reference names every operation and holds no script', async () => {
  const page = await (await app.request('/api/docs')).text()
  for (const path of ['/trial/{id}', '/trial/enter', '/files/{ticket}']) expect(page).toContain(`/api${path}`)
  expect(page).not.toContain('<script')
  expect(await json(await app.request('/api/openapi.json'))).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) })
})
