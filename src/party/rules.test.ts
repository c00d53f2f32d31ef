import { describe, expect, test } from 'vitest'
import { coverModeOf, findingsOf, fullNameOf, type OrgFacts, rankOf, termEnd, termStateOf } from './rules.ts'
import { partySettingsOn } from './settings-contract.ts'
import type { FormingMode, OrgKind, PartyPost } from './words-contract.ts'

const day = '2026-06-01'
const settings = partySettingsOn([], day)
const posts = (...list: PartyPost[]) => list.map((post) => ({ post, validFrom: '2024-01-01', validTo: null }))
const term = { electedOn: '2024-06-01', expiresOn: '2027-06-01', delayedUntil: null, delayApproval: null }

/** A branch with which nothing is wrong. */
const sound: OrgFacts = {
  kind: 'branch',
  formingMode: 'solo',
  foundedOn: '2020-01-01',
  dissolvedOn: null,
  plannedEnd: null,
  formal: 5,
  probationary: 0,
  covers: [{ mode: 'own', formal: 5 }],
  posts: posts('secretary'),
  term,
  hasParent: true,
}
const codes = (change: Partial<OrgFacts>, on = day) =>
  findingsOf({ ...sound, ...change }, on, settings).map((one) => one.code)
const joint = (...formal: number[]) => ({
  kind: 'jointBranch' as const,
  formingMode: 'joint' as const,
  covers: formal.map((count) => ({ mode: 'joint' as const, formal: count })),
})

test('nothing is said of an organisation that keeps the rules, or that is no more', () => {
  expect(codes({})).toEqual([])
  expect(codes({ dissolvedOn: '2026-01-01', posts: [], term: null, hasParent: false })).toEqual([])
})

// Sources: domain rules on size (党章 art. 30; 支部工作条例 art. 4, 5), committees (art. 20), terms (任期的意见), delays.
describe('size', () => {
  test.each<[string, Partial<OrgFacts>, string[]]>([
    ['two formal members in an own branch', { formal: 2 }, ['branchSmall']],
    ['three formal members in an own branch', { formal: 3 }, []],
    [
      'fifty members in a branch',
      { formal: 48, probationary: 2, posts: posts('secretary', 'committeeMember', 'committeeMember') },
      [],
    ],
    [
      'fifty-one members in a branch',
      { formal: 49, probationary: 2, posts: posts('secretary', 'committeeMember', 'committeeMember') },
      ['branchLarge'],
    ],
    ['forty-nine members in a general branch', { kind: 'generalBranch', formal: 49 }, ['generalBranchSmall']],
    ['fifty members in a general branch', { kind: 'generalBranch', formal: 50 }, []],
    ['a hundred members in a general branch', { kind: 'generalBranch', formal: 100 }, ['committeeDue']],
    ['ninety-nine members in a committee', { kind: 'partyCommittee', formal: 99 }, ['committeeSmall']],
    ['a hundred members in a committee', { kind: 'partyCommittee', formal: 100 }, []],
    ['no number of members known', { formal: null, probationary: null }, []],
  ])('%s', (_what, change, found) => expect(codes(change)).toEqual(found))
})

describe('units of a joint branch', () => {
  test.each<[string, number[], string[]]>([
    ['five', [1, 1, 1, 1, 1], []],
    ['six', [1, 1, 1, 1, 1, 1], ['jointUnits']],
    ['one alone', [2], ['jointOne']],
    ['one with three formal members among them', [1, 3], ['jointRipe']],
  ])('%s', (_what, formal, found) => expect(codes(joint(...formal))).toEqual(found))

  test('none at all', () => expect(codes({ covers: [] })).toEqual(['noUnit']))
})

describe('committee', () => {
  test.each<[number, PartyPost[], string[]]>([
    [6, ['secretary', 'deputySecretary'], []],
    [6, ['secretary', 'organisationMember'], ['committeeNone']],
    [7, ['secretary'], ['committeeMissing']],
    [7, ['secretary', 'organisationMember', 'publicityMember'], []],
    [9, ['secretary', 'deputySecretary', 'organisationMember', 'publicityMember', 'disciplineMember'], []],
    [20, ['firstSecretary', 'secretary', 'organisationMember', 'publicityMember'], []],
    [
      30,
      ['secretary', 'deputySecretary', 'organisationMember', 'publicityMember', 'disciplineMember', 'committeeMember'],
      ['committeeWide'],
    ],
    [30, ['secretary', ...Array.from({ length: 7 }, (): PartyPost => 'committeeMember')], ['committeeLarge']],
    [5, [], ['noSecretary']],
    [5, ['secretary', 'secretary'], ['twoSecretaries']],
  ])('%i formal members, %j', (formal, list, found) => expect(codes({ formal, posts: posts(...list) })).toEqual(found))

  test('who left the post counts no more', () => {
    const left = [{ post: 'secretary' as const, validFrom: '2024-01-01', validTo: day }]
    expect(codes({ posts: left })).toEqual(['noSecretary'])
    expect(codes({ posts: left }, '2026-05-31')).toEqual([])
  })
})

describe('term', () => {
  test.each<[string, Partial<OrgFacts>, string, string[]]>([
    ['more than six months before its end', {}, '2026-11-30', []],
    ['six months before its end', {}, '2026-12-01', ['termSoon']],
    ['on its last day', {}, '2027-06-01', ['termSoon']],
    ['the day after', {}, '2027-06-02', ['termOver']],
    [
      'after an approved delay',
      { term: { ...term, delayedUntil: '2028-06-01', delayApproval: '1号' } },
      '2027-06-02',
      [],
    ],
    [
      'a delay of more than a year',
      { term: { ...term, delayedUntil: '2028-06-02', delayApproval: '1号' } },
      '2027-06-02',
      ['delayLong'],
    ],
    [
      'a delay that nobody approved',
      { term: { ...term, delayedUntil: '2027-12-01' } },
      '2026-06-01',
      ['delayUnapproved'],
    ],
    ['longer than three years', { term: { ...term, expiresOn: '2029-06-01' } }, day, ['termLong']],
    ['none, founded over six months ago', { term: null }, day, ['electionDue']],
    ['none, founded six months ago', { term: null, foundedOn: '2025-12-01' }, day, []],
    ['none, of a temporary organisation', { term: null, kind: 'temporary', formingMode: 'temporary' }, day, []],
    ['a temporary one whose body has ended', { term: null, kind: 'temporary', plannedEnd: day }, day, ['dissolveDue']],
    ['a project of five months', { formingMode: 'project', plannedEnd: '2020-06-01' }, '2020-05-01', ['projectShort']],
  ])('%s', (_what, change, on, found) =>
    expect(codes({ posts: [{ post: 'secretary', validFrom: '2020-01-01', validTo: null }], ...change }, on)).toEqual(
      found,
    ),
  )
})

test('a parent that is missing is told, the worst first', () => {
  expect(codes({ hasParent: false, posts: [] })).toEqual(['noSecretary', 'noParent'])
})

test('a number that the office changed holds from its day on', () => {
  const versions = [{ key: 'jointUnitsMax' as const, value: 8, effectiveFrom: '2026-07-01' }]
  const six = { ...sound, ...joint(1, 1, 1, 1, 1, 1) }
  expect(findingsOf(six, day, partySettingsOn(versions, day)).map((one) => one.code)).toEqual(['jointUnits'])
  expect(findingsOf(six, '2026-07-01', partySettingsOn(versions, '2026-07-01'))).toEqual([])
})

test('every finding has its source', () => {
  const all = findingsOf({ ...sound, formal: 2, covers: [], posts: [], term: null, hasParent: false }, day, settings)
  expect(all.length).toBeGreaterThan(4)
  for (const one of all) expect(one.source).toMatch(/[《平]/)
})

test.each<[OrgKind, string]>([
  ['branch', '2027-06-01'],
  ['jointBranch', '2027-06-01'],
  ['generalBranch', '2027-06-01'],
  ['partyCommittee', '2029-06-01'],
  ['industry', '2029-06-01'],
])('a term of a %s that began on 2024-06-01 ends on %s', (kind, end) => {
  expect(termEnd(kind, '2024-06-01', settings)).toBe(end)
})

test('a term of three years from a 29 February ends on the 28th', () => {
  expect(termEnd('branch', '2024-02-29', settings)).toBe('2027-02-28')
})

test('an organisation that is dissolved, or temporary, is in no term', () => {
  const org = { kind: 'branch' as const, formingMode: 'solo' as const, dissolvedOn: day }
  expect(termStateOf(org, '2020-01-01', day, settings)).toBe('exempt')
  expect(termStateOf({ ...org, dissolvedOn: null }, '2020-01-01', day, settings)).toBe('over')
  expect(termStateOf({ ...org, dissolvedOn: null, kind: 'temporary' }, null, day, settings)).toBe('exempt')
})

test.each<[string, OrgKind, string]>([
  ['海风物流党支部', 'branch', '中共海风物流支部委员会'],
  ['海风物流有限公司党总支', 'generalBranch', '中共海风物流有限公司总支部委员会'],
  ['海风物流集团党委', 'partyCommittee', '中共海风物流集团委员会'],
  ['示例园区联合党支部', 'jointBranch', '中共示例园区联合支部委员会'],
  ['物流行业党委', 'industry', '中共物流行业委员会'],
  ['中共海风物流支部委员会', 'branch', '中共海风物流支部委员会'],
])('the seal of %s (%s) says %s', (name, kind, full) => expect(fullNameOf(name, kind)).toBe(full))

test.each<[OrgKind, FormingMode, string]>([
  ['branch', 'solo', 'own'],
  ['jointBranch', 'solo', 'joint'],
  ['branch', 'regional', 'regional'],
  ['branch', 'inCouncil', 'industry'],
  ['branch', 'attached', 'attached'],
  ['composite', 'fallback', 'fallback'],
  ['industry', 'solo', 'industry'],
  ['partyCommittee', 'solo', 'own'],
])('a %s formed by %s covers its units as %s', (kind, mode, how) => expect(coverModeOf(kind, mode)).toBe(how))

test('a composite committee ranks as a committee, a floating branch as a branch', () => {
  expect([rankOf('composite'), rankOf('floating'), rankOf('generalBranch')]).toEqual([
    'committee',
    'branch',
    'generalBranch',
  ])
})
