import './host/node-guard.ts'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { serve, type ServerType } from '@hono/node-server'
import { Problem } from './base/problem.ts'
import { startChores } from './host/chores.ts'
import { actAsOperator } from './host/command.ts'
import { readConfig } from './host/config.ts'
import { createHttp } from './host/http.ts'
import { startJobs } from './host/jobs.ts'
import { startMaintenance } from './host/maintenance.ts'
import { openapiOf } from './host/openapi.ts'
import type { Platform } from './host/platform.ts'
import { setUpLink } from './office/service.ts'
import { rooms } from './rooms.ts'
import { openPlatform } from './services.ts'

/** A serving platform. */
export interface Serving {
  /** `http://…` as this machine reaches it, or the public origin. */
  origin: string
  /** Lets running requests and job steps end, signs the journal, closes the database. */
  stop(): Promise<void>
}

/** Serves HTTP, runs jobs and keeps house until it is stopped. @throws Problem when the port is taken. */
export async function startServing(platform: Platform): Promise<Serving> {
  const { config } = platform
  const app = createHttp(platform, {
    webDirectory: join(import.meta.dirname, '../dist/web'),
    openapi: await openapiOf(rooms),
  })
  const server = await listen(app.fetch, config.port, config.host)
  if (config.port === 0) {
    const { port } = server.address() as AddressInfo
    platform.settings.origin = config.publicOrigin ?? `http://${config.host}:${port}`
  }
  const jobs = startJobs(platform)
  const chores = startChores(platform)
  const maintenance = startMaintenance(platform)
  return {
    origin: platform.settings.origin,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      if ('closeIdleConnections' in server) server.closeIdleConnections()
      await jobs.stop()
      await chores.stop()
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 10_000).unref())])
      await maintenance.stop()
      await platform.database.close()
    },
  }
}

function listen(fetch: Parameters<typeof serve>[0]['fetch'], port: number, hostname: string): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const serverOptions = { headersTimeout: 20_000, requestTimeout: 300_000, keepAliveTimeout: 30_000 }
    const server = serve({ fetch, port, hostname, serverOptions }, () => resolve(server))
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words: Record<string, string> = {
        EADDRINUSE: `端口 ${port} 已被占用。请停掉占用它的程序，或设置 PORT 换一个端口。`,
        EACCES: `没有权限使用端口 ${port}。请设置 PORT 为 1024 以上的端口。`,
        EADDRNOTAVAIL: `这台机器没有地址 ${hostname}。请检查 HOST。`,
      }
      const said = words[error.code ?? '']
      reject(said ? new Problem('unavailable', said) : error)
    })
  })
}

/** Stops on Ctrl-C or SIGTERM; a second one stops at once. */
export function stopOnSignal(serving: Serving): void {
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1)
      stopping = true
      process.stdout.write('正在停止……\n')
      serving.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`)
          process.exit(1)
        },
      )
    })
  }
}

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const platform = await openPlatform(config)
  const serving = await startServing(platform).catch(async (error: unknown) => {
    await platform.database.close()
    throw error
  })
  stopOnSignal(serving)
  process.stdout.write(`两新党建工作平台已启动：${serving.origin}\n`)
  if (platform.database.kind === 'embedded')
    process.stdout.write('正在使用内置数据库：断电不保证不丢数据，正式使用请设 DATABASE_URL。\n')
  const link = await actAsOperator(platform, 'platform.start', setUpLink)
  if (link) process.stdout.write(`还没有账号。请在浏览器打开一次性设置链接：\n  ${link}\n`)
  process.stdout.write('按 Ctrl-C 停止。\n')
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(
      `${error instanceof Problem ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    )
    process.exit(1)
  })
}
