import { expect, test } from 'vitest'
import { Beside } from './beside.ts'
import { featuresOf, type LinkFields } from './features.ts'
import { Groups } from './groups.ts'
import { KeyIndex } from './key-index.ts'
import { defaultModel } from './model.ts'
import { rowsOf } from './rows.ts'

const unit: LinkFields = {
  department: 'marketRegulation',
  name: '大连恒达商贸有限公司',
  uscc: '91210204MA0XYZ12G5',
  legalRep: '王建国',
  phone: '13940001234',
  foundedOn: '2017-03-05',
}
const other: LinkFields = { department: 'tax', name: '大连鑫源建筑有限公司', legalRep: '李芳' }

test.each<[string, LinkFields, boolean]>([
  ['it has the name', { ...other, name: '大连恒达商贸有限公司' }, true],
  ['it has the code, and nothing else', { ...other, uscc: '91210204MA0XYZ12G5', phone: '13700001111' }, true],
  ['it has the person', { ...other, legalRep: '王建国' }, true],
  ['it has the phone alone, and another day', { ...other, phone: '13940001234', foundedOn: '2003-02-18' }, false],
  ['it shares nothing', other, false],
])('a unit that was touched may matter to a row that waits: %s', (_what, waiting, expected) => {
  const rows = rowsOf([unit, waiting].map((fields) => featuresOf(fields, '210204')))
  const groups = new Groups(rows.size)
  groups.put(0, groups.open())
  const indexes = [new KeyIndex(rows, [1], { among: [0] })]
  const asked = (isTouched: boolean) =>
    new Beside({ rows, groups, indexes, model: defaultModel, isTouched: () => isTouched }).among([1])
  expect(asked(true)).toEqual(expected ? [1] : [])
  expect(asked(false)).toEqual([])
})
