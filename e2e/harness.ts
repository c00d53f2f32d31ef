import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { organisationCodeCheck, usccCheckCharacter } from '../src/base/codes.ts'
import { chromiumPath } from '../tools/browser.ts'

/** A real server in a fresh directory, with what it printed so far. */
export interface Served {
  origin: string
  dataDir: string
  /** Path and query of the one-time set-up link. */
  setUpPath: string
  stop(): Promise<void>
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** Starts the platform as an operator would and waits for its set-up link. */
export async function serve(): Promise<Served> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lx-e2e-'))
  const port = await freePort()
  const child = spawn(process.execPath, ['src/server.ts'], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port), DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = await printed(child, /\/set-up\?token=\S+/)
  const setUpPath = said.match(/\/set-up\?token=[\w-]+/)?.[0] ?? ''
  return {
    origin: `http://127.0.0.1:${port}`,
    dataDir,
    setUpPath,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function printed(child: ChildProcess, words: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const take = (chunk: Buffer) => {
      text += chunk.toString('utf8')
      if (words.test(text)) resolve(text)
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('exit', (code) => reject(new Error(`the server stopped with ${code} before it was ready:\n${text}`)))
  })
}

/** A browser as an office has it: 1366×768, Chinese, a zone of its own; nothing goes outside. */
export async function openBrowser(): Promise<Browser> {
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  return chromium.launch({
    executablePath: chromiumPath,
    args: [...flags, '--disable-component-update', '--disable-sync'],
  })
}

/**
 * A page on which every console error, failed script and request to another host fails the test that calls `check`.
 * The answers 400 to 409 that a test provokes on purpose are left to the test.
 */
export async function openPage(browser: Browser, origin: string): Promise<{ page: Page; check: () => void }> {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Urumqi',
    acceptDownloads: true,
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (400|401|403|404|409)/.test(message.text()))
      wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(String(error)))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== origin)
      wrong.push(`a request left the house: ${request.url()}`)
  })
  const check = () => {
    if (wrong.length > 0) throw new Error(wrong.join('\n'))
  }
  return { page, check }
}

/** A code of a county that nobody can hold: its inner part is of the range kept for internal use (GB 11714-1997). */
export function inventedCode(county: string, number: number): string {
  const body = `PDY${String(number).padStart(5, '0')}`
  const head = `91${county.slice(0, 6)}${body}${organisationCodeCheck(body)}`
  return head + usccCheckCharacter(head)
}

/** The password of every account that a test makes. */
export const password = 'Yuqian-Lake-2026'

/** Makes the first account by the one-time link and waits for its first page. */
export async function setUp(page: Page, served: Served): Promise<void> {
  await page.goto(served.origin + served.setUpPath)
  await page.getByLabel('账号', { exact: true }).fill('zhang.san')
  await page.getByLabel('姓名').fill('张三')
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByLabel('再输一次密码').fill(password)
  await page.getByRole('button', { name: '建立管理员账号' }).click()
  await page.getByRole('heading', { level: 1, name: '今日' }).waitFor()
}

/** Calls an operation as the person signed in on a page. */
export async function call<T>(page: Page, method: string, path: string, body?: object): Promise<T> {
  const answer = await page.evaluate(
    async ([verb, address, text]) => {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(address!, { method: verb!, ...(text ? { headers, body: text } : {}) })
      return { status: response.status, text: await response.text() }
    },
    [method, `/api${path}`, body ? JSON.stringify(body) : ''],
  )
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`)
  return JSON.parse(answer.text) as T
}
