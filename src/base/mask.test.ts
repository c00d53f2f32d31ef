import { expect, test } from 'vitest'
import { maskAddress, maskIdentity, maskName, maskPhone } from './mask.ts'

test.each([
  ['张三', '张*'],
  ['欧阳明日', '欧*'],
  [' 李 ', '李*'],
  ['', ''],
  ['𠮷田', '𠮷*'],
])('name %j is shown as %j', (name, shown) => {
  expect(maskName(name)).toBe(shown)
})

test.each([
  ['13800138000', '138****8000'],
  ['０４１１－８４５１２３４５', '0411-****2345'],
  ['10012345678/10087654321', '100****5678/100****4321'],
  ['84512345', '****2345'],
  ['12345', '***45'],
  ['', ''],
])('phone %j is shown as %j', (phone, shown) => {
  expect(maskPhone(phone)).toBe(shown)
})

test.each([
  ['110101199001011234', '110101********1234'],
  ['11010119900101123x', '110101********123x'],
  ['110101900101123', '110101******123'],
  ['1101019001', '**********'],
])('identity number %j is shown as %j', (id, shown) => {
  expect(maskIdentity(id)).toBe(shown)
})

test.each([
  ['甲省乙市丙区中山路692号703', '甲省乙市丙区中山路***'],
  ['甲市丙区理工园21号3-1-2', '甲市丙区理工园***'],
  ['甲市丙区黑石街道西安路科技广场Ｂ座18层', '甲市丙区黑石街道西安路***'],
  ['甲市路桥区东方大道5号', '甲市路桥区东方大道***'],
  ['甲市羊街乡羊街村老李家', '甲市羊街乡羊街村***'],
  ['甲市丙区', '甲市丙区'],
  ['', ''],
])('address %j is shown as %j', (address, shown) => {
  expect(maskAddress(address)).toBe(shown)
})
