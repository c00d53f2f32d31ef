import { expect, test } from 'vitest'
import { kindOfRows } from './plan-command.ts'

test.each([
  ['units', ['统一社会信用代码', '企业名称', '法定代表人', '注册资本']],
  ['units', ['单位名称', '党组织建立情况', '党员数']],
  ['orgs', ['党组织名称', '党组织书记', '成立日期']],
  ['members', ['姓名', '身份证号', '人员类别', '所在党支部']],
  ['insured', ['姓名', '身份证号码', '参保单位']],
])('a table of %s is known by its titles, also under a line above them', (kind, titles) => {
  expect(kindOfRows([['2026 年名单', null, null], titles, ['甲', '乙', null]])).toBe(kind)
})
