import { expect, test } from 'vitest'
import { passwordProblem } from './password-rules.ts'

const refused = (password: string, account = 'wangli') => passwordProblem(password, account)

test('a password needs ten characters, counted as people see them', () => {
  expect(refused('Ab3-efghi')).toContain('至少 10 位')
  expect(refused('Ab3-efghik')).toBeNull()
  expect(refused('😀😀😀Ab3')).toContain('至少 10 位')
})

test('a password needs three of the four classes', () => {
  const weak = ['abcdefghijkm', 'abcdefghij12', 'ABCDEFGHIJ12', 'abcdef-ghijk', '1234567890-+']
  expect(weak.filter((one) => !refused(one)?.includes('至少三类'))).toEqual([])
  const strong = ['hulu7Tuolabing', 'hulu-7-tuolabing', 'HULU-7-TUOLABING', '葫芦Tuolabing']
  expect(strong.filter((one) => refused(one) !== null)).toEqual([])
})

test('a password may not hold the account in any case', () => {
  expect(refused('Hu7-WangLi-tuola', 'wangli')).toContain('不能含有账号')
})

test('common words, disguised or dressed up with digits and signs, are refused', () => {
  const common = [
    'Password123!',
    'P@ssw0rd2024',
    'Admin@123456',
    '123!Qwertyuiop',
    'Woaini1314!!',
    'Dangjian@2024',
    'Zuzhibu#2025',
    '1qaz@WSX3edc',
    'Liangxin_2024',
    'Beijing@2008',
    '2024-Welcome-1',
    'Mima@12345678',
    'Zhangsan@2024',
    'Guanliyuan#01',
    'Abc@123456789',
    'W0aini_5201314',
  ]
  expect(common.filter((one) => !refused(one)?.includes('太常见'))).toEqual([])
})

test('one or two signs over and over are refused', () => {
  expect(refused('Aa1Aa1Aa1Aa1')).toContain('重复的字符太多')
})

test('a sentence of unrelated words passes', () => {
  const good = ['hulu-Tuolabing-7', '7Shulin.chuang.deng', 'Kn9#vexQ2pLm', '一棵树 Two clouds']
  expect(good.filter((one) => refused(one) !== null)).toEqual([])
})
