import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeProblems } from './axe.ts'
import { inventedCode, openBrowser, openPage, type Served, serve } from './harness.ts'

let served: Served
let browser: Browser
let page: Page
let check: () => void

beforeAll(async () => {
  served = await serve()
  browser = await openBrowser()
  ;({ page, check } = await openPage(browser, served.origin))
})

afterAll(async () => {
  await browser?.close()
  await served?.stop()
})

const password = 'Yuqian-Lake-2026'

const code = (number: number) => inventedCode('330421', number)

const header = '企业名称,统一社会信用代码,成立日期,法定代表人,联系电话,住所,登记状态'
const goodRow = (name: string, number: number) =>
  `${name},${code(number)},2015-03-0${number},钱测试,1000000000${number},嘉善县魏塘街道试验路${number}号,存续`

function register(second: string): string {
  const rows = [
    goodRow('嘉善云栖纺织有限公司', 1),
    second,
    goodRow('嘉善听雨包装有限公司', 3),
    goodRow('嘉善望湖物流有限公司', 4),
  ]
  return `\uFEFF${[header, ...rows].join('\r\n')}\r\n`
}

test('a newcomer sets up the first account by the one-time link', async () => {
  await page.goto(served.origin + served.setUpPath)
  await page.getByLabel('账号', { exact: true }).fill('zhang.san')
  await page.getByLabel('姓名').fill('张三')
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByLabel('再输一次密码').fill(password)
  await page.getByRole('button', { name: '建立管理员账号' }).click()
  await page.getByRole('heading', { level: 1, name: '今日' }).waitFor()
  expect(await axeProblems(page)).toEqual([])
  check()
})

test('a file with planted errors is recognised, and the bad row is named with its cell and its cure', async () => {
  const wrong = code(2).slice(0, 17) + (code(2).endsWith('0') ? '1' : '0')
  const file = join(served.dataDir, '市场监管-企业登记.csv')
  writeFileSync(
    file,
    register(`嘉善照影电子有限公司,${wrong},2015-03-02,钱测试,10000000002,嘉善县魏塘街道试验路2号,存续`),
  )
  await upload(file)
  await page.getByRole('button', { name: '预检' }).click()
  await page.getByText(/入账 4 行/).waitFor()
  const problem = page.locator('section', { hasText: '问题行' }).last()
  await expect.poll(() => problem.innerText()).toContain(wrong)
  expect(await problem.innerText()).toContain('B · 统一社会信用代码')
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('button', { name: /入账 4 行/ }).click()
  await page.getByText('已入账').first().waitFor()
  check()
})

test('the returned workbook carries the error beside the row, in the sender’s own layout', async () => {
  await page.getByRole('button', { name: /退回表/ }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载退回表' }).click(),
  ])
  const path = join(served.dataDir, 'returned.xlsx')
  await download.saveAs(path)
  expect(readFileSync(path).subarray(0, 2).toString()).toBe('PK')
})

test('the corrected file goes in, and what was there already is not doubled', async () => {
  const file = join(served.dataDir, '市场监管-企业登记-更正.csv')
  writeFileSync(file, register(goodRow('嘉善照影电子有限公司', 2)))
  await upload(file)
  await page.getByRole('button', { name: '预检' }).click()
  await page.getByRole('button', { name: /入账 4 行/ }).click()
  await page.getByText('已入账').first().waitFor()
  const figures = await page.locator('.lx-figures').innerText()
  expect(figures.replace(/\s+/g, ' ')).toMatch(/并入已有单位 1 .*重复 3/)
  check()
})

test('the list is sorted by its headers, a unit is found by pinyin initials, and a value says which row it came from', async () => {
  await page.goto(`${served.origin}/units`)
  const first = page.locator('.ant-table-row').first()
  await first.filter({ hasText: '嘉善听雨包装有限公司' }).waitFor()
  await page.getByRole('columnheader', { name: '单位名称' }).click()
  await first.filter({ hasText: '嘉善照影电子有限公司' }).waitFor()
  await page.getByRole('columnheader', { name: '类型' }).click()
  await expect.poll(() => new URL(page.url()).search).toContain('sort=kind')
  await page.getByRole('textbox', { name: '名称、简称、拼音首字母、代码' }).fill('jszydz')
  await page.getByText('嘉善照影电子有限公司').first().click()
  await page.getByRole('heading', { name: '嘉善照影电子有限公司' }).waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('tab', { name: '变动' }).click()
  await page
    .getByText(/市场监管-企业登记-更正\.csv .* 第 3 行/)
    .first()
    .waitFor()
  await page.getByRole('tab', { name: '来源行' }).click()
  // The row with the wrong code, taken without it, and the corrected one stand with the same unit.
  await expect
    .poll(() =>
      page
        .getByRole('tabpanel', { name: '来源行' })
        .getByText(/第 3 行/)
        .count(),
    )
    .toBe(2)
  check()
})

test('the list is exported in the background and downloaded', async () => {
  await page.goto(`${served.origin}/units`)
  await page.getByRole('button', { name: '导出' }).click()
  await page.getByLabel(/用途/).fill('核对导出是否可用')
  await page.getByRole('button', { name: '开始导出' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载文件' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/台账.*\.xlsx$/)
  check()
})

/** Uploads one file from the list of imports and waits for its columns. */
async function upload(file: string): Promise<void> {
  await page.goto(`${served.origin}/imports`)
  await page.getByRole('button', { name: '导入文件' }).first().click()
  const county = page.getByRole('combobox', { name: '所属县' })
  if (await county.isEnabled()) {
    await county.fill('嘉善')
    await page.locator('.ant-select-item-option', { hasText: '嘉善县' }).click()
  }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: '预检' }).waitFor({ timeout: 30_000 })
}
