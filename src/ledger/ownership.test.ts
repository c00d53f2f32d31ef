import { expect, test } from 'vitest'
import type { Ownership, UnitKind } from './field-contract.ts'
import { inferOwnership, isBranchUnit, isNonPublic, ownershipOf } from './ownership.ts'

test.each<[string, Ownership | null]>([
  ['有限责任公司(自然人独资)', 'private'],
  ['有限责任公司(自然人投资或控股)', 'private'],
  ['有限责任公司（国有独资）', 'stateOwned'],
  ['有限责任公司(国有控股)', 'stateOwned'],
  ['全民所有制', 'stateOwned'],
  ['集体所有制', 'collective'],
  ['个人独资企业', 'private'],
  ['个体工商户', 'private'],
  ['有限责任公司(台港澳法人独资)', 'hongKong'],
  ['有限责任公司(外商合资)', 'foreign'],
  ['有限责任公司(港澳台投资、非独资)', 'hongKong'],
  ['其他有限责任公司', null],
  ['股份有限公司(非上市)', null],
  ['私人控股', 'private'],
  ['110', 'stateOwned'],
  ['(173)私营有限责任公司', 'private'],
  ['210', 'hongKong'],
  ['330', 'foreign'],
  ['159', null],
  ['1140', 'stateOwned'],
  ['1130', 'private'],
  ['1190', null],
])('the type %s is held as %s', (text, expected) => {
  expect(ownershipOf(text)).toBe(expected)
})

const nothing = { stated: null, enterpriseType: null, registrationNumber: null }

test.each<[string, Parameters<typeof inferOwnership>[0], Ownership | null]>([
  [
    'what a department states comes before the type',
    { kind: 'enterprise', ...nothing, stated: 'stateOwned', enterpriseType: '自然人独资' },
    'stateOwned',
  ],
  [
    'the type comes before the old number',
    { kind: 'enterprise', ...nothing, enterpriseType: '国有独资', registrationNumber: '110108200000016' },
    'stateOwned',
  ],
  [
    'the seventh digit 2 is held by persons',
    { kind: 'enterprise', ...nothing, registrationNumber: '110108200000016' },
    'private',
  ],
  [
    'the seventh digit 1 leaves it open',
    { kind: 'enterprise', ...nothing, registrationNumber: '110108100000016' },
    null,
  ],
  ['a sole proprietor is a person', { kind: 'selfEmployed', ...nothing }, 'private'],
  [
    'an old number tells nothing of an association',
    { kind: 'socialAssociation', ...nothing, registrationNumber: '110108200000016' },
    null,
  ],
])('%s', (_name, known, expected) => {
  expect(inferOwnership(known)).toBe(expected)
})

test.each<[UnitKind, Ownership | null, boolean | null]>([
  ['enterprise', 'private', true],
  ['enterprise', 'foreign', true],
  ['enterprise', 'hongKong', true],
  ['enterprise', 'stateOwned', false],
  ['enterprise', 'collective', false],
  ['enterprise', null, null],
  ['cooperative', 'collective', true],
  ['cooperative', null, true],
  ['selfEmployed', 'private', true],
  ['lawFirm', null, true],
  ['foundation', null, true],
  ['other', null, false],
])('a unit of kind %s held as %s is non-public: %s', (kind, ownership, expected) => {
  expect(isNonPublic(kind, ownership)).toBe(expected)
})

test.each([
  ['大连某某餐饮管理有限公司黄河路店', true],
  ['某某（大连）有限公司沈阳分公司', true],
  ['某某石化销售有限公司小龙潭加油站', true],
  ['某某银行股份有限公司富民储蓄所', true],
  ['某某航运有限公司大连代表处', true],
  ['大连某某商贸有限公司', false],
  ['某某集团公司职工医院', false],
  ['沙河口区某某便利店', false],
  ['某某公司（大连）有限公司', false],
])('%s is a branch: %s', (name, expected) => {
  expect(isBranchUnit(name)).toBe(expected)
})
