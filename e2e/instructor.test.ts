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
  for (const name of ['甲', '乙']) {
    const values = { name: `大连指导${name}商贸有限公司`, kind: 'enterprise', status: 'active', staffCount: '80' }
    const { id } = await call<{ id: string }>(page, 'POST', '/units', { countyCode: county, values })
    await call(page, 'PUT', `/units/${id}/operation`, { inOperation: true, reason: '实地看过' })
  }
})

afterAll(async () => {
  await browser?.close()
  await served?.stop()
})

test('a register is brought in, row by row, and a name is shown only for a purpose', async () => {
  await page.goto(`${served.origin}/instructors`)
  await page.getByRole('button', { name: '导入名册' }).click()
  await page.getByLabel('所属县').fill('沙河口')
  await page.locator('.ant-select-item-option', { hasText: '沙河口区' }).click()
  const lines = ['姓名,电话,工作单位,乡镇街道,可联系家数', '张建国,13800138000,区税务局,沙河口区,1', '钱,1,,沙河口区,']
  const file = { name: '指导员.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText('姓名应为 2 至 20 个字。').waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('button', { name: '登记 1 名' }).click()
  await page.getByText('已登记 1 名').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.ant-table-row').first().click()
  await page.getByRole('button', { name: '显示完整姓名' }).click()
  await page.getByLabel('用途').fill('通知参加培训')
  await page.getByRole('button', { name: '显示', exact: true }).last().click()
  await page.getByText('张建国').waitFor()
  expect(await axeProblems(page)).toEqual([])
  check()
})

test('a plan is made, says who is short, and is confirmed', async () => {
  await expect
    .poll(async () => {
      const input = { region: county, which: 'zero' }
      return call(page, 'POST', '/instructors/plans', input).then(
        () => 'started',
        (error: Error) => error.message,
      )
    })
    .toBe('started')
  await page.goto(`${served.origin}/instructors/plans`)
  await page.locator('.ant-table-row').first().click()
  await page.getByText('没有派到 1 家').first().waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('button', { name: '确认安排' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('依据').fill('街道安排')
  await drawer.getByRole('button', { name: /确认，新派 1 家/ }).click()
  await page.getByText('已确认').first().waitFor()
  await page.goto(`${served.origin}/instructors/assignments`)
  await page.getByText('街道安排').waitFor()
  expect(await axeProblems(page)).toEqual([])
  check()
})
