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
  for (const [at, name] of ['甲', '乙', '丙', '丁', '戊', '己'].entries()) {
    const { id } = await call<{ id: string }>(page, 'POST', '/units', {
      countyCode: county,
      values: { name: `大连试验${name}商贸有限公司`, kind: 'enterprise', status: 'active', staffCount: '20' },
    })
    await call(page, 'PUT', `/units/${id}/operation`, { inOperation: true, reason: '实地看过' })
    const counts = { unitId: id, formal: 2, probationary: 0, asOf: '2026-01-01', source: '年报' }
    await call(page, 'POST', '/party/member-counts', counts)
    const longitude = at === 5 ? 122.1 : 121.6 + at * 0.0001
    const place = { longitude, latitude: 38.9, source: '实地', surveyedOn: '2026-01-02' }
    await call(page, 'PUT', `/forming/places/${id}`, place)
  }
})

afterAll(async () => {
  await browser?.close()
  await served?.stop()
})

test('a plan is made from the gap list, says why its groups are, and is approved', async () => {
  await page.goto(`${served.origin}/forming?region=%22${county}%22`)
  await expect.poll(() => page.locator('.ant-table-row').count()).toBe(6)
  expect(await axeProblems(page)).toEqual([])
  const { id } = await call<{ id: string }>(page, 'POST', '/forming/plans', { region: county })
  await page.goto(`${served.origin}/forming/plans/${id}`)
  await page.getByText('待审定').first().waitFor()
  await page.getByText('未编组 1').first().waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('tab', { name: /未编组/ }).click()
  await page.getByText('大连试验己商贸有限公司').first().waitFor()
  await page.getByRole('button', { name: '批准全部' }).click()
  await page.getByRole('dialog').getByRole('button', { name: /批准/ }).click()
  await page.getByText('已全部批准').first().waitFor()
  // A number opens what it counts.
  await page.locator('.lx-plan-figures > div').filter({ hasText: '已批准' }).getByRole('button', { name: '2' }).click()
  await expect.poll(() => page.locator('.lx-plan-rows li').count()).toBe(2)
  check()
})

test('what is approved is out of the next plan, as its scope says, until the approval is withdrawn', async () => {
  await page.goto(`${served.origin}/forming/scope?region=%22${county}%22`)
  await page.getByRole('button', { name: /5 已在批准的编组里/ }).click()
  await expect.poll(() => page.locator('.ant-table-row').count()).toBe(5)
  expect(await axeProblems(page)).toEqual([])
  const { rows } = await call<{ rows: { id: string }[] }>(page, 'GET', '/forming/plans')
  await page.goto(`${served.origin}/forming/plans/${rows[0]!.id}`)
  const withdraw = page.getByRole('button', { name: '撤回批准' })
  for (const left of [1, 0]) {
    await page.locator('.lx-plan-rows button').filter({ hasText: '已批准' }).first().click()
    await withdraw.click()
    await page.getByRole('dialog').getByLabel('撤回原因').fill('重新编排')
    await page.getByRole('dialog').getByRole('button', { name: '撤回批准' }).click()
    await expect.poll(() => page.locator('.lx-plan-figures').textContent()).toContain(`已批准${left}`)
    await page.getByRole('button', { name: '回到组列表' }).click()
  }
  check()
})

/** Where on the map the pointer finds a unit: the points of this county stand side by side. */
async function spotOf(name: RegExp): Promise<{ x: number; y: number }> {
  const box = (await page.locator('.lx-map-ground').boundingBox())!
  const said = page.locator('.lx-map [aria-live=polite]')
  for (const dy of [0, -10, 10, -20, 20])
    for (let x = box.x + 6; x < box.x + box.width - 6; x += 6) {
      const spot = { x, y: box.y + box.height / 2 + dy }
      await page.mouse.move(spot.x, spot.y)
      if (name.test((await said.textContent()) ?? '')) return spot
    }
  throw new Error(`${name} is nowhere on the map`)
}

test('a unit is dragged onto a group on the map: the broken rule is told first, and the move is taken back', async () => {
  const { id } = await call<{ id: string }>(page, 'POST', '/forming/plans', { region: county })
  await page.goto(`${served.origin}/forming/plans/${id}`)
  await page.getByText('未编组 1').first().waitFor()
  const from = await spotOf(/试验己/)
  const to = await spotOf(/试验[甲乙丙丁戊]/)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, to.y, { steps: 5 })
  await page.mouse.move(to.x, to.y, { steps: 5 })
  await page.mouse.up()
  const panel = page.getByRole('region', { name: '移动单位' })
  await panel.getByText(/违反规则/).waitFor()
  expect(await axeProblems(page)).toEqual([])
  await panel.getByRole('button', { name: '仍要移动' }).click()
  await page.getByText('未编组 0').first().waitFor()
  await page.getByRole('button', { name: '撤销移动（1）' }).click()
  await page.getByText('未编组 1').first().waitFor()
  await page.getByText(/编排依据：.*种子 1/).click()
  expect(await page.getByRole('row', { name: /地域相邻的距离/ }).count()).toBe(1)
  check()
})

test('the decision table is tried while it is changed, kept as a version, and the one before is brought back', async () => {
  await page.goto(`${served.origin}/forming/rules?county=%22${county}%22`)
  await page
    .getByRole('row', { name: /联合组建/ })
    .getByRole('button', { name: /修改第/ })
    .click()
  const form = page.getByRole('dialog', { name: '修改一行' })
  await form.getByLabel('依据').fill('部务会纪要')
  await form.getByRole('spinbutton').nth(1).fill('1')
  await form.getByRole('button', { name: '改好这行' }).click()
  await page.getByText(/试算：\d+ 家单位的判定会变/).waitFor()
  expect(await axeProblems(page)).toEqual([])
  const save = async () => {
    await page.getByRole('button', { name: '保存为新版' }).click()
    await page.getByRole('dialog').getByLabel('修改原因').fill('部务会研究')
    await page.getByRole('dialog').getByRole('button', { name: '改为新版' }).click()
  }
  await save()
  await page.getByText('第 1 版，现行。').waitFor()
  await page.getByText('改过 1 版').click()
  await page.getByRole('listitem').filter({ hasText: '平台内置' }).getByRole('button', { name: '查看' }).click()
  await page.getByText('平台内置的一版，已不施行。').waitFor()
  await page.getByRole('button', { name: '照这一版恢复' }).click()
  await save()
  await page.getByText('第 2 版，现行。').waitFor()
  expect(await page.getByRole('row', { name: /部务会纪要/ }).count()).toBe(0)
  check()
})

test('a table of coordinates is checked row by row before it is kept, and a plan is taken out for a meeting', async () => {
  await page.goto(`${served.origin}/forming/rules?county=%22${county}%22`)
  await page.getByRole('button', { name: '导入坐标' }).click()
  await page.getByPlaceholder('例如：实地摸排').fill('实地摸排')
  const lines = ['单位名称,经度,纬度', '大连试验甲商贸有限公司,121.61,38.9', '没有的公司,121.6,38.9']
  const file = { name: '坐标.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText('台账里没有唯一的“没有的公司”，请核对代码或名称。').waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('button', { name: '登记 1 家' }).click()
  await page.getByText('已登记 1 家').waitFor()
  const { rows } = await call<{ rows: { id: string }[] }>(page, 'GET', '/forming/plans')
  await page.goto(`${served.origin}/forming/plans/${rows[0]!.id}`)
  await page.getByRole('button', { name: /导出/ }).first().click()
  await page.getByRole('dialog').getByLabel('用途').fill('部务会研究')
  await page.getByRole('button', { name: '开始导出' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('dialog').getByText('下载文件').click()
  expect((await download).suggestedFilename()).toMatch(/\.docx$/)
  check()
})
