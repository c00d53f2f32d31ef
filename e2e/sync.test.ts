import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeProblems } from './axe.ts'
import { call, openBrowser, openPage, type Served, serve, setUp } from './harness.ts'

let served: Served
let browser: Browser
let page: Page
let check: () => void
const county = '210204000000'

beforeAll(async () => {
  served = await serve()
  browser = await openBrowser()
  ;({ page, check } = await openPage(browser, served.origin))
  await setUp(page, served)
})

afterAll(async () => {
  await browser?.close()
  await served?.stop()
})

test('a template is taken into use, a project noted, its milestone reached and its step done', async () => {
  await page.goto(`${served.origin}/sync/templates?county=%22${county}%22`)
  await page
    .getByRole('row', { name: /双落地四同步（新上项目）/ })
    .getByRole('button', { name: '启用' })
    .click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('原因').fill('县委部署')
  await drawer.getByRole('button', { name: '启用' }).click()
  await page.getByText('起用').first().waitFor()
  expect(await axeProblems(page)).toEqual([])
  const { id } = await call<{ id: string }>(page, 'POST', '/sync/events', {
    countyCode: county,
    templateKey: 'luohe-project',
    title: '新能源电池项目',
    on: '2026-01-05',
  })
  await page.goto(`${served.origin}/sync`)
  await page.getByRole('link', { name: /党建工作随项目落地/ }).waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('link', { name: /党建工作随项目落地/ }).click()
  await page.waitForURL(`**/sync/${id}`)
  await page.locator('li', { hasText: '开工建设' }).getByRole('button', { name: '登记' }).click()
  await drawer.getByRole('button', { name: '保存' }).click()
  await drawer.waitFor({ state: 'hidden' })
  const row = page.getByRole('row', { name: /活动场所与项目建设同步规划/ })
  await row.getByText('待办').waitFor()
  await row.getByRole('button', { name: '办结' }).click()
  await drawer.getByLabel('办理情况').fill('场所已列入设计')
  await drawer.getByRole('button', { name: '办结' }).click()
  await row.getByText('已办').waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.goto(`${served.origin}/sync/templates?county=%22${county}%22`)
  await page.getByRole('link', { name: '进行中 1 件' }).click()
  await page.waitForURL('**/sync/items?**')
  await page.getByText('模板：双落地四同步（新上项目）').waitFor()
  await page.getByText('共 5 项', { exact: false }).first().waitFor()
  expect(await axeProblems(page)).toEqual([])
  check()
})

test('a list of projects is checked row by row, then brought in', async () => {
  await page.goto(`${served.origin}/sync`)
  await page.getByRole('button', { name: '导入项目' }).click()
  await page.getByRole('dialog').getByLabel('所属县').fill('沙河口')
  await page.locator('.ant-select-item-option', { hasText: '沙河口区' }).click()
  await page.getByLabel('按哪个做法').click()
  await page.locator('.ant-select-item-option', { hasText: '双落地四同步（新上项目）' }).click()
  const lines = ['项目名称,项目落地,开工建设', '柏溪储能项目,2026-01-05,', '没有日期的项目,,']
  const file = { name: '项目.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText('“项目落地”的日期认不出来', { exact: false }).waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('button', { name: /登记 1 个/ }).click()
  await page.getByText('已登记新项目 1 个', { exact: false }).waitFor()
  await page.getByRole('dialog').getByRole('button', { name: '关闭' }).click()
  await page.getByText('柏溪储能项目').first().waitFor()
  check()
})

test('an office writes a template of its own', async () => {
  await page.goto(`${served.origin}/sync/templates?county=%22${county}%22`)
  await page.getByRole('button', { name: '新建模板' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('名称').fill('规上企业入库同步')
  await drawer.getByPlaceholder('要办的党建事项').fill('入库时同步走访一次')
  await drawer.getByLabel('依据').fill('部务会研究')
  await drawer.getByLabel('理由').fill('部务会研究')
  await drawer.getByRole('button', { name: '保存' }).click()
  const row = page.getByRole('row', { name: /规上企业入库同步/ })
  await row.waitFor()
  expect(await row.getByText('入库时同步走访一次').count()).toBe(1)
  check()
})
