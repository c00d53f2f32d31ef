import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeProblems } from './axe.ts'
import { call, openBrowser, openPage, type Served, serve, setUp } from './harness.ts'

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
  for (const name of ['大连试验甲商贸有限公司', '大连试验乙商贸有限公司']) {
    const { id } = await call<{ id: string }>(page, 'POST', '/units', { countyCode: county, values: { name } })
    units.push(id)
  }
})

afterAll(async () => {
  await browser?.close()
  await served?.stop()
})

test('a joint branch is formed, stands in the tree and on its units’ pages, is reminded of, and can be taken back', async () => {
  const threeYearsAgo = new Date(Date.now() - (3 * 365 - 60) * 86_400_000).toISOString().slice(0, 10)
  const { id } = await call<{ id: string }>(page, 'POST', '/party/orgs', {
    countyCode: county,
    areaCode: county,
    name: '试验联合党支部',
    kind: 'jointBranch',
    formingMode: 'joint',
    foundedOn: threeYearsAgo,
    electedOn: threeYearsAgo,
    secretary: '张三丰',
    unitIds: units,
    reason: '街道批复',
  })
  await page.goto(`${served.origin}/orgs/tree`)
  await page.getByRole('link', { name: '试验联合党支部' }).click()
  await page.getByRole('heading', { level: 1, name: '试验联合党支部' }).waitFor()
  await page.getByText('张*').first().waitFor()
  expect(await page.getByText('张三丰').count()).toBe(0)
  for (const tab of ['覆盖单位（2）', '班子与届次', '上下级与网络', '变动记录']) {
    await page.getByRole('tab', { name: tab }).click()
    await page.waitForLoadState('networkidle')
    expect(await axeProblems(page), tab).toEqual([])
  }
  await page.goto(`${served.origin}/orgs/reminders`)
  await page.getByText('试验联合党支部').waitFor()
  await page.goto(`${served.origin}/units/${units[0]}/party`)
  await page.getByText('试验联合党支部').first().waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.goto(`${served.origin}/orgs/${id}`)
  await page.getByRole('tab', { name: '变动记录' }).click()
  await page.getByRole('button', { name: '撤销' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('撤销原因').fill('登记有误')
  await dialog.getByRole('button', { name: '撤销变动' }).click()
  await expect
    .poll(async () => (await call<{ total: number }>(page, 'POST', '/party/orgs/search', { filter: {} })).total)
    .toBe(0)
  check()
})
