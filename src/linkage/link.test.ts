import { expect, test } from 'vitest'
import { decide, likeness, type LinkRow, type LinkUnit, UnitIndex } from './link.ts'

const code = '91350100M000100Y43'
const otherCode = '91210204674070283P'
const row = (more: Partial<LinkRow> = {}): LinkRow => ({
  department: 'marketRegulation',
  name: '大连海风物流有限公司',
  uscc: null,
  organisationCode: null,
  registrationNumber: null,
  legalRep: null,
  address: null,
  isBranch: false,
  ...more,
})
const unit = (id: string, more: Partial<LinkUnit> = {}): LinkUnit => {
  const { department: _, ...rest } = row()
  return { ...rest, id, formerName: null, ...more }
}

const cases: [string, LinkRow, LinkUnit[], object][] = [
  [
    'the same code and name',
    row({ uscc: code }),
    [unit('a', { uscc: code })],
    { kind: 'join', unitId: 'a', by: 'uscc' },
  ],
  ['the only unit of the name', row(), [unit('a')], { kind: 'join', unitId: 'a', by: 'name' }],
  ['a code for a unit without one', row({ uscc: code }), [unit('a')], { kind: 'join', unitId: 'a', by: 'name' }],
  [
    'the registration number',
    row({ registrationNumber: '210204000012345' }),
    [unit('a', { registrationNumber: '210204000012345' })],
    { kind: 'join', unitId: 'a' },
  ],
  [
    'a former name',
    row(),
    [unit('a', { name: '新海物流有限公司', formerName: row().name })],
    { kind: 'join', unitId: 'a', by: 'name' },
  ],
  [
    'a new code beside a unit that holds another',
    row({ uscc: code }),
    [unit('a', { uscc: otherCode })],
    { kind: 'create' },
  ],
  ['nothing known, from a register', row(), [], { kind: 'create' }],
  ['nothing known, from a street', row({ department: 'townshipPark' }), [], { kind: 'queue', reason: 'noCode' }],
  [
    'two units of the name',
    row(),
    [unit('a'), unit('b')],
    { kind: 'queue', reason: 'sameName', candidates: ['a', 'b'] },
  ],
  [
    'a code under quite another name',
    row({ uscc: code }),
    [unit('a', { uscc: code, name: '甲乙丙丁' })],
    { kind: 'queue', reason: 'codeClaimed' },
  ],
  [
    'a code of one unit with the name of another',
    row({ uscc: code }),
    [unit('a', { uscc: code, name: '甲乙丙丁' }), unit('b')],
    { kind: 'queue', reason: 'codeNameConflict', candidates: ['a', 'b'] },
  ],
  [
    'a branch under the code of its parent',
    row({ uscc: code, name: '大连海风物流有限公司西山分公司', isBranch: true }),
    [unit('a', { uscc: code })],
    { kind: 'queue', reason: 'branchOfParent' },
  ],
]

test.each(cases)('%s', (_name, given, units, expected) => {
  expect(decide(given, new UnitIndex(units))).toMatchObject(expected)
})

test('likeness is one for equal names, nothing for strangers and the same both ways', () => {
  expect(likeness('海风物流', '海风物流')).toBe(1)
  expect(likeness('海风物流', '甲乙丙丁')).toBe(0)
  expect(likeness('海风物流', '海风运输')).toBe(likeness('海风运输', '海风物流'))
})
