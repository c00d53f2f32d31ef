import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeProblems } from './axe.ts'
import { call, openBrowser, openPage, password, type Served, serve, setUp } from './harness.ts'

let served: Served
let browser: Browser
let page: Page
let check: () => void
const county = '210204000000'
const units: string[] = []

beforeAll(async () => {
  served = await serve()
  browser = await openBrowser()
  ;({ page, check } = await openPage(browser, served.origin))
  await setUp(page, served)
  for (const [at, formal] of [5, 4, 1, 0].entries()) {
    const { id } = await call<{ id: string }>(page, 'POST', '/units', {
      countyCode: county,
      values: { name: `大连试验${'甲乙丙丁'[at]}商贸有限公司`, kind: 'enterprise', status: 'active', staffCount: '40' },
    })
    units.push(id)
    await call(page, 'PUT', `/units/${id}/operation`, { inOperation: true, reason: '实地看过' })
    const count = { unitId: id, formal, probationary: 0, asOf: '2026-01-01', source: '年报' }
    if (formal > 0) await call(page, 'POST', '/party/member-counts', count)
  }
})

afterAll(async () => {
  await browser?.close()
  await served?.stop()
})

test('a gap opens into exactly its units, and forming an organisation closes it on the dashboard', async () => {
  await page.goto(`${served.origin}/coverage?region=%22${county}%22`)
  const gap = page.locator('.lx-gaps li', { hasText: '应建未建' })
  await expect.poll(() => gap.locator('b').innerText()).toBe('2')
  expect(await axeProblems(page)).toEqual([])
  await gap.getByRole('link').first().click()
  await page
    .getByText(/应建未建/)
    .first()
    .waitFor()
  await expect.poll(() => page.locator('.ant-table-row').count()).toBe(2)
  await page.getByText('大连试验甲商贸有限公司').click()
  await page.getByRole('heading', { level: 1 }).filter({ hasText: '大连试验甲' }).waitFor()
  await page.getByText('申请单独成立党支部').first().waitFor()
  expect(await axeProblems(page)).toEqual([])
  await call(page, 'POST', '/party/orgs', {
    countyCode: county,
    name: '大连试验甲商贸有限公司党支部',
    kind: 'branch',
    formingMode: 'solo',
    areaCode: county,
    foundedOn: '2026-02-01',
    unitIds: [units[0]],
    reason: '党员达到三名',
  })
  await page.goto(`${served.origin}/coverage?region=%22${county}%22`)
  await expect.poll(() => gap.locator('b').innerText()).toBe('1')
  check()
})

test('an office builds a ratio of its own, sees what it comes to and which units it counts', async () => {
  await page.goto(`${served.origin}/coverage/ratios/new`)
  await page.getByText('今天是多少').waitFor()
  const builder = page.locator('section', { hasText: '分子：其中数哪些' }).last()
  await builder.getByRole('button', { name: '加条件' }).click()
  await expect.poll(() => page.locator('.lx-ratio-big').innerText()).toMatch(/25\.0 %\s*1 \/ 4/)
  await page.getByLabel('名称').fill('单独组建占比')
  await page.getByLabel('定义', { exact: true }).fill('单独组建的单位占实体运营单位的比例。')
  await page.getByLabel('分子，用文字说').fill('单独组建的单位')
  await page.getByLabel('分母，用文字说').fill('实体运营的单位')
  await page.getByLabel('依据').fill('试行办法')
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('button', { name: '定义', exact: true }).click()
  await page.getByRole('heading', { level: 2, name: '单独组建占比' }).waitFor()
  await page.getByRole('link', { name: '看分子名单' }).click()
  await expect.poll(() => page.locator('.ant-table-row').count()).toBe(1)
  check()
})

test('a month is sent up by one person and approved by another', async () => {
  await page.goto(`${served.origin}/coverage/checks?region=%22${county}%22`)
  await page.getByText('8 项全部相符').waitFor()
  await call(page, 'POST', '/coverage/rebuild', { countyCode: county, history: true, reason: '建账回填' })
  const now = new Date(Date.now() + 8 * 3_600_000)
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7)
  const prepare = () => call<{ id: string }>(page, 'POST', '/coverage/snapshots', { region: county, period: month })
  await expect.poll(async () => (await prepare().catch(() => ({ id: '' }))).id, { timeout: 15_000 }).not.toBe('')
  await page.goto(`${served.origin}/coverage/snapshots`)
  await page.getByText(month).first().click()
  await page.getByRole('heading', { level: 1, name: `沙河口区 ${month}` }).waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('button', { name: '上报', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: '上报', exact: true }).click()
  await page.getByText('已上报，待审核').waitFor()
  expect(await page.getByRole('button', { name: '审核通过' }).count()).toBe(0)
  const other = await second()
  await other.goto(page.url())
  await other.getByRole('button', { name: '审核通过' }).click()
  await other.getByRole('dialog').getByRole('button', { name: '审核通过' }).click()
  await other.getByText('李四 市级审核通过').waitFor()
  check()
})

/** Somebody else with the same roles and the whole country. */
async function second(): Promise<Page> {
  const { rows } = await call<{ rows: { id: string }[] }>(page, 'GET', '/roles')
  const { link } = await call<{ link: string }>(page, 'POST', '/users', {
    account: 'li.si',
    name: '李四',
    roleIds: rows.map((one) => one.id),
    regions: ['000000000000'],
  })
  const opened = await openPage(browser, served.origin)
  await opened.page.goto(served.origin + new URL(link).pathname + new URL(link).search)
  await opened.page.getByLabel('密码', { exact: true }).fill(password)
  await opened.page.getByLabel('再输一次密码').fill(password)
  await opened.page.getByRole('button', { name: '保存密码并登录' }).click()
  await opened.page.getByRole('heading', { level: 1, name: '今日' }).waitFor()
  return opened.page
}
