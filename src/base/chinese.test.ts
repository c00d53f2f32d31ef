import { expect, test } from 'vitest'
import { nameKey, narrow, pinyinFull, pinyinInitials, withoutSlips } from './chinese.ts'

test.each([
  ['ＡＢｃ１２３', 'ABc123'],
  ['（甲）　乙 丙\t丁\u200b\ufeff\u00a0', '(甲)乙丙丁'],
  ['大连，三达', '大连,三达'],
  ['', ''],
])('narrow(%j) is %j', (text, expected) => {
  expect(narrow(text)).toBe(expected)
})

test.each([
  ['祥瑞（云栖）皮革有限公司', '祥瑞(云栖)皮革有限责任公司'],
  ['祥瑞【云栖】皮革有限公司', '祥瑞〔云栖〕皮革 有限公司.'],
  ['Ａｂ科技有限公司', 'AB科技有限公司 '],
  ['阿迪力•买买提商店', '阿迪力·买买提商店'],
])('%j and %j have one key', (one, other) => {
  expect(nameKey(one)).toBe(nameKey(other))
})

test.each([
  ['祥瑞(云栖)皮革有限公司', '祥瑞云栖皮革有限公司'],
  ['祥瑞皮革有限公司', '祥瑞皮革股份有限公司'],
  ['祥瑞皮革有限公司', '祥瑞皮革有限公司一分公司'],
])('%j and %j keep different keys', (one, other) => {
  expect(nameKey(one)).not.toBe(nameKey(other))
})

test('a name of signs and blanks only has an empty key', () => {
  expect(nameKey(' ——.')).toBe('——')
  expect(nameKey(' -. ')).toBe('')
})

test.each([
  ['，祥瑞皮革有限公司..', '祥瑞皮革有限公司'],
  ['“阳光”公益中心', '“阳光”公益中心'],
  ['Haifeng Co., Ltd..', 'Haifeng Co., Ltd.'],
  ['..', ''],
  ['', ''],
])('%j without slips is %j', (name, expected) => {
  expect(withoutSlips(name)).toBe(expected)
})

test.each([
  ['重庆银行长春分行', 'cqyhccfh', 'chong qing yin hang chang chun fen hang'],
  ['绿源（A1）３号店', 'lya13hd', 'lv yuan a1 3 hao dian'],
  ['ABC 科技 2 厂', 'abckj2c', 'abc ke ji 2 chang'],
  ['', '', ''],
])('%j reads %j, %j', (text, initials, full) => {
  expect(pinyinInitials(text)).toBe(initials)
  expect(pinyinFull(text)).toBe(full)
})

test('sort keys put syllables, not letters, in order', () => {
  expect(pinyinFull('西安') < pinyinFull('先')).toBe(true)
})
