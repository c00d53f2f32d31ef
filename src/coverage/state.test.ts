import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  nat,
  option,
  property,
  record,
  tuple,
} from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../base/time.ts'
import { settingsOn } from './setting-words.ts'
import { type Cover, nextTurn, reasonOf, stateOf, type UnitFacts } from './state.ts'

const settings = settingsOn([], '2026-11-24')
const day = '2026-11-24'
const ever = { from: '2020-01-01', to: null }
const cover = (mode: Cover['mode'], more: Partial<Cover> = {}): Cover => ({
  ...ever,
  orgId: '1',
  kinds: [],
  mode,
  terms: [],
  posts: [],
  others: [],
  ...more,
})
const facts = (more: Partial<UnitFacts> = {}): UnitFacts => ({
  kind: 'enterprise',
  listed: ever,
  inOperation: true,
  isTarget: true,
  staff: 20,
  industry: 'C1310',
  ownership: null,
  areaCode: '210204001000',
  tallies: [],
  covers: [],
  contacts: [],
  charters: [],
  marks: [],
  ...more,
})
const members = (formal: number, knownElsewhere = 0) => [{ ...ever, formal, probationary: 0, knownElsewhere }]
const stateAt = (more: Partial<UnitFacts>, on = day) => stateOf(facts(more), on, settings)!

test('a unit is counted once, by the strongest that covers it', () => {
  const modes = ['fallback', 'attached', 'industry', 'regional', 'joint', 'own'] as const
  const seen = modes.map((_, at) => stateAt({ covers: modes.slice(0, at + 1).map((mode) => cover(mode)) }).state)
  expect(seen).toEqual(modes)
  const worked = [{ ...ever, kind: 'union' }]
  expect(stateAt({ contacts: worked }).state).toBe('workOnly')
  expect(stateAt({ contacts: worked, covers: [cover('fallback')] }).state).toBe('fallback')
  expect(stateAt({}).state).toBe('none')
})

test('what lacks an organisation falls into 应建未建, 仅有个别党员 or 没有党员 by its formal members', () => {
  const lackOf = (formal: number, covers: Cover[] = []) => stateAt({ tallies: members(formal), covers }).lack
  expect([0, 1, 2, 3, 100].map((formal) => lackOf(formal))).toEqual([
    'zero',
    'few',
    'few',
    'dueNotBuilt',
    'dueNotBuilt',
  ])
  expect(lackOf(5, [cover('fallback')])).toBe('dueNotBuilt')
  expect(lackOf(5, [cover('attached')])).toBeNull()
  expect(stateAt({ marks: [{ ...ever, kind: 'dueByPlan' }] }).lack).toBe('dueNotBuilt')
})

// Domain A.11: formal members, known elsewhere, staff, who covers, the step.
test.each([
  [120, 0, 200, null, 'requestCommittee'],
  [100, 0, 200, null, 'requestCommittee'],
  [99, 0, 200, null, 'requestGeneralBranch'],
  [50, 0, 200, null, 'requestGeneralBranch'],
  [49, 0, 200, null, 'requestBranchCommittee'],
  [7, 0, 200, null, 'requestBranchCommittee'],
  [6, 0, 200, null, 'requestBranch'],
  [3, 0, 200, null, 'requestBranch'],
  [3, 0, 200, 'fallback', 'requestBranch'],
  [3, 0, 200, 'joint', 'split'],
  [8, 0, 200, 'regional', 'split'],
  [2, 1, 200, null, 'transferFirst'],
  [0, 3, 200, 'joint', 'transferFirst'],
  [2, 0, 200, null, 'join'],
  [1, 0, 200, 'fallback', 'join'],
  [1, 0, 200, 'joint', 'keep'],
  [0, 0, 50, null, 'instructRecruit'],
  [0, 0, 49, null, 'workCover'],
  [0, 0, null, null, 'workCover'],
  [0, 0, 50, 'joint', 'keep'],
  [6, 0, 200, 'own', 'keep'],
  [60, 0, 200, 'own', 'requestGeneralBranch'],
  [120, 0, 200, 'own', 'requestCommittee'],
] as const)('%i formal, %i elsewhere, %s staff, covered by %s: %s', (formal, elsewhere, staff, mode, step) => {
  const found = stateAt({ tallies: members(formal, elsewhere), staff, covers: mode ? [cover(mode)] : [] })
  expect(found.step).toBe(step)
})

test('withdrawn and struck-off units are out of scope, and so are days before a unit was there', () => {
  expect(stateOf(facts({ listed: null }), day, settings)).toBeNull()
  expect(stateOf(facts({ listed: { from: '2026-11-25', to: null } }), day, settings)).toBeNull()
})

test('what has ended does not cover, what ends today has ended', () => {
  const until = (to: string) => stateAt({ covers: [cover('own', { to })] }).state
  expect([until('2026-11-23'), until('2026-11-24'), until('2026-11-25')]).toEqual(['none', 'none', 'own'])
})

test('a joint organisation counts its units on the day, and says when they are too many', () => {
  const others = ['a', 'b', 'c', 'd', 'e'].map((unitId) => ({ ...ever, unitId }))
  const sized = (more: Cover['others']) => {
    const { joint_units, joint_over } = stateAt({ covers: [cover('joint', { others: more })] })
    return { joint_units, joint_over }
  }
  expect(sized(others.slice(0, 4))).toEqual({ joint_units: 5, joint_over: false })
  expect(sized(others)).toEqual({ joint_units: 6, joint_over: true })
  expect(sized([...others.slice(0, 4), { unitId: 'e', from: '2020-01-01', to: '2026-01-01' }])).toEqual({
    joint_units: 5,
    joint_over: false,
  })
})

test('a term is over on the day after its end, and soon over for six months before', () => {
  const at = (on: string) => {
    const { term_over, term_soon } = stateAt(
      { covers: [cover('own', { terms: [{ from: '2023-08-31', end: '2026-08-31' }] })] },
      on,
    )
    return [term_over, term_soon]
  }
  expect(at('2026-02-27')).toEqual([false, false])
  expect(at('2026-03-01')).toEqual([false, true])
  expect(at('2026-08-31')).toEqual([false, true])
  expect(at('2026-09-01')).toEqual([true, false])
})

test('the reason says who covers the unit and how many members it has', () => {
  expect(reasonOf(stateAt({ tallies: members(5, 2) }))).toBe(
    '没有党组织，也没有工作覆盖；正式党员 5 名，另有 2 名党员组织关系未转入，应建未建。',
  )
  expect(
    reasonOf(stateAt({ covers: [cover('joint', { others: [{ ...ever, unitId: 'a' }] })], tallies: members(1) })),
  ).toBe('与其他单位联合组建，共 2 家；正式党员 1 名。')
})

const someDay = integer({ min: -200, max: 200 }).map((days) => addDays(day, days))
const dated = tuple(someDay, option(integer({ min: 1, max: 200 }))).map(([from, length]) => ({
  from,
  to: length === null ? null : addDays(from, length),
}))
const withDates = <T extends object>(rest: Arbitrary<T>) =>
  tuple(dated, rest).map(([days, one]) => ({ ...days, ...one }))
const anyCover = withDates(
  record({
    orgId: constantFrom('1', '2'),
    kinds: array(withDates(record({ kind: constantFrom('branch', 'partyCommittee', 'generalBranch') })), {
      maxLength: 2,
    }),
    mode: constantFrom('own', 'joint', 'regional', 'industry', 'attached', 'fallback'),
    terms: array(
      tuple(someDay, someDay).map(([from, end]) => ({ from, end })),
      { maxLength: 2 },
    ),
    posts: array(withDates(record({ person: constantFrom('a', 'b'), secretary: boolean(), inManagement: boolean() })), {
      maxLength: 2,
    }),
    others: array(withDates(record({ unitId: constantFrom('a', 'b', 'c', 'd', 'e', 'f') })), { maxLength: 8 }),
  }),
)
const anyFacts: Arbitrary<UnitFacts> = record({
  listed: option(dated),
  tallies: array(withDates(record({ formal: nat(120), probationary: nat(3), knownElsewhere: nat(4) })), {
    maxLength: 2,
  }),
  covers: array(anyCover, { maxLength: 3 }),
  contacts: array(withDates(record({ kind: constantFrom('instructor', 'union') })), { maxLength: 2 }),
  charters: array(withDates(record({ hasClause: boolean() })), { maxLength: 1 }),
  marks: array(withDates(record({ kind: constantFrom('base', 'dueByPlan') })), { maxLength: 2 }),
}).map((found) => facts(found))

test('every unit in scope has one state a day, and lacks something exactly where it has no organisation', () => {
  assert(
    property(anyFacts, someDay, (unit, on) => {
      const found = stateOf(unit, on, settings)
      if (!found) return
      const built = ['own', 'joint', 'regional', 'industry', 'attached'].includes(found.state)
      expect(found.lack === null).toBe(built)
      expect(found.own_kind === null).toBe(found.state !== 'own')
      expect(found.joint_units === null).toBe(found.state !== 'joint')
    }),
    { numRuns: 500 },
  )
})

test('between a day and the next turn nothing of a state changes', () => {
  assert(
    property(anyFacts, someDay, nat(400), (unit, on, ahead) => {
      const turn = nextTurn(unit, on, settings)
      const later = addDays(on, ahead)
      if (turn !== null && later >= turn) return
      expect(stateOf(unit, later, settings)).toEqual(stateOf(unit, on, settings))
    }),
    { numRuns: 2000 },
  )
})
