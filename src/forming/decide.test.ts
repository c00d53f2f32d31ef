import { expect, test } from 'vitest'
import { builtInDecisions, decide, type FormingAction, kindOfAction, type UnitFacts } from './decide.ts'

const plain: UnitFacts = {
  members: 0,
  membersKnown: 0,
  organisation: 'none',
  staff: 5,
  capital: 100_000,
  partners: 0,
  industryReady: false,
  regionReady: false,
  hostReady: false,
}

test.each<[string, Partial<UnitFacts>, FormingAction]>([
  ['100 members', { members: 100 }, 'committee'],
  ['100 members in a general branch', { members: 100, organisation: 'generalBranch' }, 'committee'],
  ['99 members', { members: 99 }, 'generalBranch'],
  ['50 members in a branch', { members: 50, organisation: 'branch' }, 'generalBranch'],
  ['49 members', { members: 49 }, 'branchWithCommittee'],
  ['7 members', { members: 7 }, 'branchWithCommittee'],
  ['6 members', { members: 6 }, 'branch'],
  ['3 members', { members: 3 }, 'branch'],
  ['3 members in a joint branch', { members: 3, organisation: 'joint' }, 'split'],
  ['a branch of its own', { members: 9, organisation: 'branch' }, 'none'],
  ['2 here, 3 known', { members: 2, membersKnown: 3, partners: 4 }, 'transferFirst'],
  ['2 here, 3 known, in a joint branch', { members: 2, membersKnown: 3, organisation: 'joint' }, 'transferFirst'],
  ['2 members in a joint branch', { members: 2, organisation: 'joint' }, 'none'],
  ['2 members with partners', { members: 2, partners: 1, industryReady: true }, 'joint'],
  ['1 member, industry organisation', { members: 1, industryReady: true, regionReady: true }, 'industry'],
  ['1 member, park organisation', { members: 1, regionReady: true, hostReady: true }, 'regional'],
  ['1 member, a host', { members: 1, hostReady: true }, 'attached'],
  ['1 member alone', { members: 1, staff: 80 }, 'fallback'],
  ['no member, 50 staff', { staff: 50 }, 'instructor'],
  ['no member, capital of ten million', { capital: 10_000_000 }, 'instructor'],
  ['no member, small', { staff: 49, capital: 9_999_999 }, 'fallback'],
  ['no member, nothing known', { staff: null, capital: null }, 'fallback'],
])('%s: the table proposes %3$s', (_, facts, action) => {
  expect(decide({ ...plain, ...facts }, '2026-01-01')?.action).toBe(action)
})

test('a decision says which earlier rows did not hold and on what', () => {
  const decision = decide({ ...plain, members: 3 }, '2026-01-01')!
  expect(decision.row.code).toBe('branch')
  expect(decision.passed.find((one) => one.code === 'split')?.failed).toEqual({
    fact: 'organisation',
    oneOf: ['joint'],
  })
})

test('rows hold from their day to their end; a county may put its own row first', () => {
  expect(decide({ ...plain, members: 3 }, '2018-10-27')).toBeNull()
  const own = {
    ...builtInDecisions[0]!,
    code: 'own',
    all: [{ fact: 'staff', min: 20 } as const],
    action: 'instructor' as const,
  }
  const table = [{ ...own, effectiveOn: '2026-01-01', endsOn: '2027-01-01' }, ...builtInDecisions]
  const facts = { ...plain, staff: 30 }
  expect(decide(facts, '2025-12-31', table)?.action).toBe('fallback')
  expect(decide(facts, '2026-01-01', table)?.action).toBe('instructor')
  expect(decide(facts, '2027-01-01', table)?.action).toBe('fallback')
})

test.each([
  ['generalBranch', 'generalBranch'],
  ['branchWithCommittee', 'branch'],
  ['split', 'branch'],
  ['joint', null],
] as const)('the action %s founds %s of one unit', (action, kind) => {
  expect(kindOfAction(action)).toBe(kind)
})
