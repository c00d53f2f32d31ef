import { expect, test } from 'vitest'
import { branchCore, branchNamesEmployer, isResidenceBranch } from './member-branch.ts'

test.each([
  ['中共大连海风物流有限公司支部委员会', '大连海风物流有限公司'],
  ['大连海风物流有限公司党支部', '大连海风物流有限公司'],
  ['中国共产党大连海风物流有限公司总支部委员会', '大连海风物流有限公司'],
  ['中共大连海风物流有限公司流动党员支部', '大连海风物流有限公司'],
  ['中共大连海风物流有限公司委员会', '大连海风物流有限公司'],
])('%s names %s', (branch, core) => {
  expect(branchCore(branch)).toBe(core)
})

test('a community’s branch is no employer’s', () => {
  expect(isResidenceBranch('北河街道社区党支部')).toBe(true)
  expect(isResidenceBranch('中共某某县人才交流中心支部委员会')).toBe(true)
  expect(isResidenceBranch('中共大连海风物流有限公司支部委员会')).toBe(false)
})

const places = ['沙河口区', '大连市', '辽宁省']
test.each([
  ['中共大连海风物流有限支部委员会', '海风物流（大连）有限公司', true],
  ['中共大连海风物流有限公司支部委员会', '大连听雨装饰工程有限公司', false],
  ['中共大连听风装饰工程有限公司支部委员会', '大连听雨装饰工程有限公司', false],
  ['北河街道社区党支部', '大连北河贸易有限公司', false],
])('%s is the branch of %s: %s', (branch, employer, same) => {
  expect(branchNamesEmployer(branch, employer, places)).toBe(same)
})
