import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeProblems } from './axe.ts'
import { call, openBrowser, openPage, password, type Served, serve, setUp } from './harness.ts'

let served: Served
let browser: Browser
let admin: { page: Page; check: () => void }

/** Every screen in the menu, by its address and the words it is known by. */
const screens: readonly [string, string][] = [
  ['/', '今日'],
  ['/units', '台账'],
  ['/funnel', '甄别'],
  ['/funnel/rows', '来源行'],
  ['/funnel/rows?fate=refused', '来源行：行错误'],
  ['/rules?county=%22210204000000%22', '取值规则'],
  ['/imports', '导入'],
  ['/queue', '待核对'],
  ['/members', '党员'],
  ['/members/orgs', '党员'],
  ['/members/list', '党员'],
  ['/members/employers', '党员'],
  ['/members/imports', '党员'],
  ['/orgs', '党组织'],
  ['/orgs/tree', '党组织'],
  ['/orgs/reminders', '党组织'],
  ['/orgs/rules', '党组织'],
  ['/orgs/imports', '党组织'],
  ['/coverage', '覆盖总览'],
  ['/coverage/units', '单位覆盖'],
  ['/coverage/wall', '两新组织党的组织和工作覆盖'],
  ['/coverage/ratios', '指标口径'],
  ['/coverage/ratios/new', '定义新指标'],
  ['/coverage/snapshots', '期报'],
  ['/coverage/checks', '数据核验'],
  ['/coverage/settings', '覆盖规则'],
  ['/forming', '组建'],
  ['/forming?region=%22210204000000%22', '组建'],
  ['/forming/plans', '组建'],
  ['/forming/wishes', '组建'],
  ['/forming/rules?county=%22210204000000%22', '组建'],
  ['/founding', '组建办理'],
  ['/founding/list?overdue=true', '组建办理'],
  ['/founding/waiting', '组建办理'],
  ['/founding/rules?county=%22210204000000%22', '组建办理'],
  ['/sync', '同步'],
  ['/sync/items?overdue=true', '同步'],
  ['/sync/calendar', '同步'],
  ['/sync/templates?county=%22210204000000%22', '同步'],
  ['/instructors?ended=true', '指导员'],
  ['/instructors/plans', '指导员'],
  ['/instructors/assignments', '指导员'],
  ['/instructors/rules?county=%22210204000000%22', '指导员'],
  ['/rosters', '名册比对'],
  ['/member-tasks', '党员任务'],
  ['/users', '用户'],
  ['/roles', '角色'],
  ['/regions', '区划'],
  ['/link-model?county=%22210204000000%22', '比对模型'],
  ['/places', '区域'],
  ['/jobs', '作业'],
  ['/journal', '操作日志'],
  ['/me', '我的账号'],
]

beforeAll(async () => {
  served = await serve()
  browser = await openBrowser()
  admin = await openPage(browser, served.origin)
  await setUp(admin.page, served)
})

afterAll(async () => {
  await browser?.close()
  await served?.stop()
})

test('every screen of the menu opens without an error, and axe finds nothing serious', async () => {
  for (const [path, title] of screens) {
    await admin.page.goto(served.origin + path)
    await admin.page.getByRole('heading', { level: 1, name: title }).waitFor()
    await admin.page.waitForLoadState('networkidle')
    expect(await axeProblems(admin.page), path).toEqual([])
  }
  admin.check()
})

test('the forms and dialogs open, can be left with Esc, and axe finds nothing serious in them', async () => {
  const { page } = admin
  for (const [path, button] of [
    ['/units', '新建单位'],
    ['/funnel', '导出'],
    ['/funnel?region=%22210204000000%22', '口径'],
    ['/rules?county=%22210204000000%22', '从业人数'],
    ['/imports', '导入文件'],
    ['/queue', '导出'],
    ['/members/list', '按身份证号查'],
    ['/members/imports', '导入党员信息'],
    ['/orgs', '成立党组织'],
    ['/coverage/snapshots', '生成上报数据'],
    ['/coverage/settings', '修改'],
    ['/forming', '编排方案'],
    ['/founding', '开办'],
    ['/sync', '登记事件'],
    ['/sync/templates?county=%22210204000000%22', '新建模板'],
    ['/instructors', '登记指导员'],
    ['/instructors/plans', '安排指导员'],
    ['/instructors/assignments', '选派'],
    ['/rosters', '比对名册'],
    ['/users', '新建用户'],
    ['/roles', '新建角色'],
    ['/places', '新建区域'],
    ['/regions', '载入区划文件'],
  ] as const) {
    await page.goto(served.origin + path)
    await page.getByRole('button', { name: button }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor().catch((error: unknown) => {
      throw new Error(`${path} ${button}`, { cause: error })
    })
    expect(await axeProblems(page), `${path} ${button}`).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  }
  admin.check()
})

test('who has no region sees empty lists that say so, and who may not is told so', async () => {
  const { rows } = await call<{ rows: { id: string; name: string }[] }>(admin.page, 'GET', '/roles')
  const role = rows.find((one) => one.name === '查看人员')
  const { link } = await call<{ link: string }>(admin.page, 'POST', '/users', {
    account: 'li.si',
    name: '李四',
    roleIds: [role?.id],
    regions: [],
  })
  const { page, check } = await openPage(browser, served.origin)
  await page.goto(served.origin + new URL(link).pathname + new URL(link).search)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByLabel('再输一次密码').fill(password)
  await page.getByRole('button', { name: '保存密码并登录' }).click()
  await page.getByText('未分配管理区划').first().waitFor()
  await page.goto(`${served.origin}/units`)
  await page.getByText('台账还是空的').waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.goto(`${served.origin}/users`)
  await page.getByText('您没有查看这里的权限').waitFor()
  await page.goto(`${served.origin}/nowhere`)
  await page.getByText('没有找到').first().waitFor()
  check()
})

test('a lost session asks to sign in again', async () => {
  const { page } = admin
  await page.goto(`${served.origin}/units`)
  await page.context().clearCookies()
  await page.goto(`${served.origin}/imports`)
  await page.getByRole('button', { name: '登录' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/sign-in')
})
