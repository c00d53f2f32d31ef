import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeProblems } from './axe.ts'
import { call, openBrowser, openPage, type Served, serve, setUp } from './harness.ts'

let served: Served
let browser: Browser
let page: Page
let check: () => void
let unitId: string
const county = '210204000000'

beforeAll(async () => {
  served = await serve()
  browser = await openBrowser()
  ;({ page, check } = await openPage(browser, served.origin))
  await setUp(page, served)
  const values = { name: '大连试验甲商贸有限公司', kind: 'enterprise', status: 'active', staffCount: '20' }
  unitId = (await call<{ id: string }>(page, 'POST', '/units', { countyCode: county, values })).id
  await call(page, 'PUT', `/units/${unitId}/operation`, { inOperation: true, reason: '实地看过' })
  const counts = { unitId, formal: 4, probationary: 0, asOf: '2026-01-01', source: '年报' }
  await call(page, 'POST', '/party/member-counts', counts)
})

afterAll(async () => {
  await browser?.close()
  await served?.stop()
})

test('from the gap list through the five steps to a party organisation, all from the screen', async () => {
  await page.goto(`${served.origin}/forming?region=%22${county}%22`)
  await page.locator('.ant-table-row').first().click()
  await page.getByRole('link', { name: '办理组建' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('大连试验甲商贸有限公司').first().waitFor()
  await drawer.getByLabel('上级党组织名称').fill('某街道党工委')
  await drawer.getByRole('button', { name: '开办' }).click()
  await page.getByRole('heading', { level: 1, name: '大连试验甲商贸有限公司党支部' }).waitFor()
  expect(await axeProblems(page)).toEqual([])
  for (const step of ['沟通', '筛选', '摸排', '核对', '请示']) {
    await page.locator('li[aria-current=step]').getByText(step, { exact: true }).waitFor()
    await page.getByRole('button', { name: '办结这一步' }).click()
    await drawer.getByLabel('办理情况').fill('已经办好')
    await drawer.getByRole('button', { name: '办结这一步' }).click()
    await drawer.waitFor({ state: 'hidden' })
  }
  await page.getByRole('button', { name: '登记批复' }).click()
  await drawer.getByLabel('批复文号').fill('大街工发〔2026〕1号')
  await drawer.getByRole('button', { name: /登记，党组织成立/ }).click()
  await page.getByRole('button', { name: '登记选举结果' }).click()
  await drawer.getByLabel('应到会有选举权的党员').fill('4')
  await drawer.getByLabel('实到会的').fill('3')
  await drawer.getByLabel('书记').fill('张建国')
  await drawer.getByRole('button', { name: '保存' }).click()
  await drawer.getByText('选举无效').first().waitFor()
  await drawer.getByLabel('实到会的').fill('4')
  await drawer.getByRole('button', { name: '保存' }).click()
  await drawer.waitFor({ state: 'hidden' })
  await page.getByRole('link', { name: '大连试验甲商贸有限公司党支部' }).first().click()
  await page.getByText('大街工发〔2026〕1号').first().waitFor()
  check()
})

test('the case stands on the board, a document is written from it, and its papers are listed', async () => {
  await page.goto(`${served.origin}/founding`)
  await page.getByText('办理中 1 件').waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('link', { name: /大连试验甲商贸有限公司党支部/ }).click()
  await page
    .getByRole('row', { name: /党员名册/ })
    .getByRole('button', { name: '登记' })
    .click()
  await page.getByRole('dialog').getByLabel('说明').fill('纸质件已收')
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await page.getByRole('cell', { name: '纸质件已收' }).waitFor()
  await page.getByRole('button', { name: '生成文书' }).click()
  await page.getByRole('dialog').getByLabel('用途').fill('报送街道党工委')
  await page.getByRole('button', { name: '开始导出' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('dialog').getByText('下载文件').click()
  expect((await download).suggestedFilename()).toMatch(/备案表\.docx$/)
  check()
})
