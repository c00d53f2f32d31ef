import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeProblems } from './axe.ts'
import { call, inventedCode, openBrowser, openPage, password, type Served, serve, setUp } from './harness.ts'

let served: Served
let browser: Browser
let page: Page
let check: () => void
const county = '210204000000'

const code = (number: number) => inventedCode(county, number)

const names = ['大连云栖纺织有限公司', '大连照影电子有限公司', '大连听雨包装有限公司']
const persons = ['钱望舒', '孙照影', '李听雨']
const places = ['西安路12号', '黄河路305号', '马栏街78号']
/** A row of one of the three, with the code of another where `of` says so. */
const row = (at: number, of = at) =>
  `${names[at]},${code(of)},2015-0${at + 3}-11,${persons[at]},1${at}0000${at}12${at}4,大连市沙河口区${places[at]},存续`
const header = '企业名称,统一社会信用代码,成立日期,法定代表人,联系电话,住所,登记状态'

/** Takes a file in as an office does, every step on the screen. */
async function bring(fileName: string, rows: readonly string[]): Promise<void> {
  const file = join(served.dataDir, fileName)
  writeFileSync(file, `\uFEFF${[header, ...rows].join('\r\n')}\r\n`)
  await page.goto(`${served.origin}/imports`)
  await page.getByRole('button', { name: '导入文件' }).first().click()
  const chosen = page.getByRole('combobox', { name: '所属县' })
  if (await chosen.isEnabled()) {
    await chosen.fill('沙河口')
    await page.locator('.ant-select-item-option', { hasText: '沙河口区' }).click()
  }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: '预检' }).waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: '预检' }).click()
  await page.getByRole('button', { name: `入账 ${rows.length} 行` }).click()
  await page.getByText('已入账').first().waitFor()
}

/** A second person of the county, in a window of their own. */
async function colleague() {
  const { rows } = await call<{ rows: { id: string; name: string }[] }>(page, 'GET', '/roles')
  const role = rows.find((one) => one.name === '台账专员')
  const { link } = await call<{ link: string }>(page, 'POST', '/users', {
    account: 'li.si',
    name: '李四',
    roleIds: [role?.id],
    regions: [county],
  })
  const other = await openPage(browser, served.origin)
  await other.page.goto(served.origin + new URL(link).pathname + new URL(link).search)
  await other.page.getByLabel('密码', { exact: true }).fill(password)
  await other.page.getByLabel('再输一次密码').fill(password)
  await other.page.getByRole('button', { name: '保存密码并登录' }).click()
  await other.page.getByRole('heading', { level: 1, name: '今日' }).waitFor()
  return other
}

const start = async (who: Page) => {
  await who.goto(`${served.origin}/queue`)
  await who.getByRole('button', { name: '开始核对' }).click()
  await who.waitForURL(/\/queue\/.+/)
  await who.getByRole('button', { name: /是同一家/ }).waitFor()
}

beforeAll(async () => {
  served = await serve()
  browser = await openBrowser()
  ;({ page, check } = await openPage(browser, served.origin))
  await setUp(page, served)
  await bring(
    '市场监管-企业登记.csv',
    names.map((_, at) => row(at)),
  )
  // Two rows with the third one's code, which by all else are the first and the second.
  await bring('税务-纳税户.csv', [row(0, 2), row(1, 2)])
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await served?.stop()
})

test('two people at the desk get two rows, and one row is shown as held by the other', async () => {
  const other = await colleague()
  await start(page)
  await start(other.page)
  expect(other.page.url()).not.toBe(page.url())
  await other.page.goto(page.url())
  await other.page.getByText('张三 正在核对这一行').waitFor()
  expect(await other.page.getByRole('button', { name: /是同一家/ }).count()).toBe(0)
  await other.page.goto(`${served.origin}/queue`)
  other.check()
  await other.page.close()
})

test('the desk shows both sides, what speaks for and against and what would change; keys decide and take back', async () => {
  await start(page)
  const heading = page.getByRole('heading', { level: 1 })
  const first = await heading.innerText()
  const compared = page.locator('.lx-compare')
  await compared.getByText('不变：来源行的代码不采用').waitFor()
  expect(await compared.locator('mark').count()).toBeGreaterThan(0)
  await page.getByText('来源行写的是它的代码').waitFor()
  await page.getByRole('row', { name: /负责人 相同/ }).waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.keyboard.press('y')
  await expect.poll(() => heading.innerText()).not.toBe(first)
  await page.getByRole('button', { name: /是同一家/ }).waitFor()
  await page.keyboard.press('z')
  await expect.poll(() => heading.innerText()).toBe(first)
  await page.getByRole('button', { name: /是同一家/ }).waitFor()
  // Denied, the unit is joined only after a question.
  await page.keyboard.press('n')
  await page.getByText('认定不是').waitFor()
  await page.getByRole('button', { name: new RegExp(first) }).click()
  await page.keyboard.press('y')
  await page.getByRole('dialog').getByText('此前已认定不是这家').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: '撤回', exact: true }).click()
  await page.getByText('认定不是').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: new RegExp(first) }).click()
  await page.keyboard.press('y')
  await expect.poll(() => heading.innerText()).not.toBe(first)
  check()
})

test('a decided row names its unit, and a row taken out of a unit goes back when that is undone', async () => {
  await page.goto(`${served.origin}/queue?state=joined`)
  await page.locator('.ant-table-row').first().click()
  await page.getByText('认定为台账里已有的单位').waitFor()
  const unit = page.locator('.lx-warn-line').getByRole('link')
  const name = await unit.innerText()
  await unit.click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.getByRole('link', { name: '比对记录' }).click()
  const splits = page.getByRole('button', { name: '拆出这一行' })
  await splits.first().waitFor()
  expect(await splits.count()).toBe(2)
  expect(await axeProblems(page)).toEqual([])
  await splits.first().click()
  await page.getByRole('dialog').getByLabel('理由').fill('试着拆出')
  await page.getByRole('dialog').getByRole('button', { name: '拆出这一行' }).click()
  await expect.poll(() => splits.count()).toBe(0)
  await page.getByRole('button', { name: '撤销拆分' }).click()
  await expect.poll(() => splits.count()).toBe(2)
  check()
})
