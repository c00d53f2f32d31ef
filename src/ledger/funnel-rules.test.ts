import { expect, test } from 'vitest'
import type { Department, UnitField } from './field-contract.ts'
import { type FunnelUnit, type InHand, standingOf, type Taken } from './funnel-rules.ts'
import { funnelDefaults, type FunnelSettings } from './standing-contract.ts'

const hand: InHand = { day: '2026-11-20', files: { tax: '2026-10-31', socialInsurance: '2026-10-31' } }
const nobody: InHand = { day: '2026-11-20', files: {} }

const source: Partial<Record<UnitField, Department>> = {
  insuredCount: 'socialInsurance',
  taxPaid: 'tax',
  taxStatus: 'tax',
  staffCount: 'townshipPark',
}

interface Case extends Partial<Omit<FunnelUnit, 'held'>> {
  values?: Partial<Record<UnitField, string>>
  /** The last day on which the values were said. */
  saidOn?: string
  from?: Department
}

/** An enterprise with an address; each case says what else is known. */
function unitOf({ values = {}, saidOn = '2026-10-31', from, ...more }: Case): FunnelUnit {
  const said: FunnelUnit['said'] = {}
  for (const field of Object.keys(values) as UnitField[]) said[from ?? source[field] ?? 'marketRegulation'] = saidOn
  return {
    kind: 'enterprise',
    status: 'active',
    isBranch: false,
    ownership: 'private',
    registrationLevel: null,
    address: '理工园21号',
    hasPremises: null,
    said,
    ...more,
    held: (field): Taken[] => {
      const value = values[field]
      const department = from ?? source[field] ?? 'marketRegulation'
      return value === undefined ? [] : [{ value, department, validFrom: '2026-01-01', saidOn }]
    },
  }
}

const judged = (one: Case, settings: Partial<FunnelSettings> = {}, inHand = hand) => {
  const standing = standingOf(unitOf(one), inHand, { ...funnelDefaults, ...settings })
  return [standing.inOperation, standing.because[0]?.rule, standing.dropReason]
}

const big = { insuredCount: '12', staffCount: '12' }

test.each<[string, Case, [boolean, string, string | null]]>([
  ['insured staff', { values: { ...big, taxStatus: '非正常' } }, [true, 'insured', null]],
  ['cancelled, though insured', { status: 'cancelled', values: big }, [false, 'notAlive', 'cancelled']],
  ['revoked', { status: 'revoked' }, [false, 'notAlive', 'revoked']],
  ['moved out', { status: 'movedOut' }, [false, 'notAlive', 'movedOut']],
  ['taxes paid', { values: { taxPaid: '1.5', staffCount: '12' } }, [true, 'taxPaid', null]],
  ['staff seen on site', { values: { staffCount: '12' } }, [true, 'seen', null]],
  ['the street says idle', { values: { inOperation: 'false' }, from: 'townshipPark' }, [false, 'seenIdle', 'dormant']],
  [
    'the street says in operation',
    { values: { inOperation: 'true' }, from: 'townshipPark' },
    [true, 'seen', 'staffUnknown'],
  ],
  ['the tax office calls it abnormal', { values: { taxStatus: '非正常' } }, [false, 'taxAbnormal', 'dormant']],
  [
    'no tax in a year, normal otherwise',
    { values: { taxPaid: '0.00', taxStatus: '正常' } },
    [false, 'taxNone', 'dormant'],
  ],
  ['normal at the tax office', { values: { taxStatus: '正常' } }, [true, 'taxNormal', 'staffUnknown']],
  ['annual report in time', { values: { annualReport: '2025' } }, [true, 'annualReport', 'staffUnknown']],
  ['annual report three years behind', { values: { annualReport: '2022' } }, [false, 'annualReportMissed', 'dormant']],
  ['listed as abnormal, nothing else', { status: 'abnormal' }, [false, 'listedAbnormal', 'dormant']],
  ['listed as abnormal, insured', { status: 'abnormal', values: big }, [true, 'insured', null]],
  ['in neither file', {}, [false, 'absent', 'shell']],
  ['insured two years ago, in no file since', { values: big, saidOn: '2024-10-31' }, [false, 'absent', 'shell']],
  ['a small association in no file', { kind: 'socialAssociation' }, [true, 'registered', 'staffUnknown']],
  [
    'ascertained by us, in no file',
    { values: { inOperation: 'true' }, from: 'office' },
    [true, 'stated', 'staffUnknown'],
  ],
  [
    'ascertained as idle by us, though insured',
    { values: { inOperation: 'false', insuredCount: '30' }, from: 'office' },
    [false, 'statedNot', 'dormant'],
  ],
])('%s', (_name, one, expected) => {
  expect(judged(one)).toEqual(expected)
})

test('without files of taxes and insurance nobody is a shell for being absent', () => {
  expect(judged({}, {}, nobody)).toEqual([true, 'unproven', 'staffUnknown'])
})

test('a file that has not come for two years does not make units idle', () => {
  const old: InHand = { day: '2026-11-20', files: { socialInsurance: '2024-10-31' } }
  expect(judged({ values: big, saidOn: '2024-10-31' }, {}, old)).toEqual([true, 'insured', null])
})

test.each<[string, Case, Partial<FunnelSettings>, string | null]>([
  ['ten staff, an address', { values: { ...big, staffCount: '10' } }, {}, null],
  ['nine staff', { values: { ...big, staffCount: '9' } }, {}, 'tooSmall'],
  ['nine staff where nine suffice', { values: { ...big, staffCount: '9' } }, { staffMin: 9 }, null],
  ['insured stand in for staff', { values: { insuredCount: '15' } }, {}, null],
  ['insured do not stand in', { values: { insuredCount: '15' } }, { insuredAsStaff: false }, 'staffUnknown'],
  ['no address', { values: big, address: null }, {}, 'noPremises'],
  ['no premises in spite of an address', { values: big, hasPremises: false }, {}, 'noPremises'],
  ['premises seen, no address', { values: big, address: null, hasPremises: true }, {}, null],
  ['an address is not enough', { values: big }, { addressIsPremises: false }, 'noPremises'],
  ['premises not asked for', { values: big, address: null }, { premisesNeeded: false }, null],
  ['a branch', { values: big, isBranch: true }, {}, 'branch'],
  ['a branch where branches count', { values: big, isBranch: true }, { branchCounts: true }, null],
  ['held by the state', { values: big, ownership: 'stateOwned' }, {}, 'publicOwned'],
  ['nobody knows who holds it', { values: big, ownership: null }, {}, null],
  [
    'nobody knows, and that counts',
    { values: big, ownership: null },
    { unknownOwnershipCounts: false },
    'ownershipUnknown',
  ],
  ['neither enterprise nor society', { values: big, kind: 'other' }, {}, 'otherKind'],
  [
    'a sole proprietor where they do not count',
    { values: big, kind: 'selfEmployed' },
    { selfEmployedCounts: false },
    'otherKind',
  ],
  ['an association of 29', { values: { ...big, staffCount: '29' }, kind: 'socialAssociation' }, {}, 'tooSmall'],
  [
    'an association of 30 without an address',
    { values: { ...big, staffCount: '30' }, kind: 'socialAssociation', address: null },
    {},
    null,
  ],
  [
    'a provincial association of 2',
    { values: { ...big, staffCount: '2' }, kind: 'socialAssociation', registrationLevel: '省级' },
    {},
    null,
  ],
  [
    'a county’s association of 2',
    { values: { ...big, staffCount: '2' }, kind: 'socialAssociation', registrationLevel: '县级' },
    {},
    'tooSmall',
  ],
])('as a target: %s', (_name, one, settings, expected) => {
  expect(judged(one, settings)[2]).toBe(expected)
})

test('all that speaks for and against is told, what decided first', () => {
  const { because } = standingOf(unitOf({ values: { ...big, taxStatus: '非正常' } }), hand, funnelDefaults)
  expect(because.map((one) => `${one.sign} ${one.rule}`)).toEqual(['for insured', 'for seen', 'against taxAbnormal'])
})
