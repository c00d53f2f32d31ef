import { expect, test } from 'vitest'
import { looseKey } from './member-names.ts'

const places = ['沙河口区', '大连市', '辽宁省']

test.each([
  ['大连海风物流有限公司', '海风物流（大连）有限责任公司'],
  ['大连海风物流有限公司', '大连市海风物流'],
  ['大连海风物流股份有限公司', '海风物流有限公司'],
  ['沙河口区海风养老服务中心', '海风养老服务中心'],
  ['大连海风物流有限公司黄河路分公司', '海风物流有限公司黄河路（大连）分公司'],
])('%s is found as %s', (name, written) => {
  expect(looseKey(written, places)).toBe(looseKey(name, places))
})

test.each([
  ['大连海风物流有限公司', '大连海风物流有限公司黄河路分公司'],
  ['大连海风物流有限公司', '大连海风商贸有限公司'],
])('%s is not found as %s', (name, written) => {
  expect(looseKey(written, places)).not.toBe(looseKey(name, places))
})

test.each(['大连海风有限公司', '房地产开发经营有限公司', '沙河口区物业管理协会'])(
  '%s has nothing of its own',
  (name) => {
    expect(looseKey(name, places)).toBeNull()
  },
)
