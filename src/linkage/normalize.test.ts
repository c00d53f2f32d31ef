import { expect, test } from 'vitest'
import { foldDigits, foldPhone, foldText } from './normalize.ts'

test.each([
  ['大连恒达商贸有限公司', '大连恒达商贸有限公司', 'a text already in form stays as it is'],
  ['（大连）Ａｂc·恒达　商贸', '(大连)ABC恒达商贸', 'width, case, points and blanks'],
  ['［沙河口］{甲}〔乙〕【丙】', '(沙河口)(甲)(乙)(丙)', 'brackets of all kinds'],
  ['大連恆達商貿有限公司', '大连恒达商贸有限公司', 'traditional characters'],
  ['遼寧龐氏窯業紡績廠', '辽宁庞氏窑业纺绩厂', 'rarer traditional characters'],
  [' 恒达-商贸_有限.公司。', '恒达商贸有限公司', 'signs that say nothing'],
  ['二〇二四', '二〇二四', 'the zero that is a sign'],
  ['', '', 'nothing'],
])('%s is folded to %s: %s', (text, folded) => {
  expect(foldText(text)).toBe(folded)
  expect(foldText(folded)).toBe(folded)
})

test.each([
  ['二〇六号', '206号'],
  ['二零六号', '206号'],
  ['206号', '206号'],
  ['十二号', '12号'],
  ['一百零七号', '107号'],
  ['二百一十号十七层', '210号17层'],
  ['百货大楼三十号', '百货大楼30号'],
  ['二十里堡街', '2十里堡街'],
  ['第二十中学', '第2十中学'],
  ['黄河路', '黄河路'],
])('the digits of %s are %s', (text, folded) => {
  expect(foldDigits(text)).toBe(folded)
})

test.each([
  ['13940001234', '13940001234'],
  ['１３９-4000 1234', '13940001234'],
  ['+86 139 4000 1234', '13940001234'],
  ['008613940001234', '13940001234'],
  ['0411-84671234', '041184671234'],
  ['84671234、13940001234', '84671234'],
  ['无', ''],
  ['12345', ''],
  ['', ''],
])('the number of %s is %s', (text, folded) => {
  expect(foldPhone(text)).toBe(folded)
})
