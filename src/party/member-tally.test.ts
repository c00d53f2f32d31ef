import { expect, test } from 'vitest'
import { type PersonTimeline, standingAt, tallySteps } from './member-tally.ts'

const stay = (unitId: string | null, relationUnitId: string | null, from = '2026-01-01', to: string | null = null) => ({
  kind: 'formal' as const,
  unitId,
  relationUnitId,
  from,
  to,
})
const person = (stays: PersonTimeline['stays'], insured: PersonTimeline['insured'] = []): PersonTimeline => ({
  stays,
  insured,
})

test.each([
  ['works and has the relation here', 'A', 'A', [], 'here'],
  ['works here, relation with a community', 'A', null, [], 'elsewhere'],
  ['insured here, relation at another unit', 'B', 'B', ['A'], 'elsewhere'],
  ['relation here, said to work here, insured elsewhere', 'A', 'A', ['B'], 'here'],
  ['relation here, said to work elsewhere, insured here', 'B', 'A', ['A'], 'here'],
  ['said to work here, insured elsewhere, relation with a community', 'A', null, ['B'], null],
  ['relation here, works elsewhere by every account', 'B', 'A', ['B'], null],
] as const)('%s', (_case, unitId, relationUnitId, insured, standing) => {
  expect(standingAt('A', { unitId, relationUnitId }, insured)).toBe(standing)
})

test('numbers change on the days on which something begins or ends, and days without anybody are left out', () => {
  const people = [
    person(
      [stay('A', 'A'), stay('B', 'B', '2026-03-01')].map((one, at) => (at === 0 ? { ...one, to: '2026-03-01' } : one)),
    ),
    person([stay('A', null, '2026-02-01', '2026-04-01')]),
  ]
  expect(tallySteps('A', people, [])).toEqual([
    { from: '2026-01-01', to: '2026-02-01', formal: 1, probationary: 0, knownElsewhere: 0 },
    { from: '2026-02-01', to: '2026-03-01', formal: 1, probationary: 0, knownElsewhere: 1 },
    { from: '2026-03-01', to: '2026-04-01', formal: 0, probationary: 0, knownElsewhere: 1 },
  ])
})

test('nobody counts at two units for one insurance, and counts at the insured one', () => {
  const one = person([stay('A', null)], [{ from: '2026-02-01', to: null, unitIds: ['B'] }])
  expect(tallySteps('A', [one], [])).toEqual([
    { from: '2026-01-01', to: '2026-02-01', formal: 0, probationary: 0, knownElsewhere: 1 },
  ])
  expect(tallySteps('B', [one], [])).toEqual([
    { from: '2026-02-01', to: null, formal: 0, probationary: 0, knownElsewhere: 1 },
  ])
})

test('a report counts while no member is known by name, the latest first', () => {
  const reports = [
    { asOf: '2026-01-01', order: 1, formal: 5, probationary: 1 },
    { asOf: '2026-02-01', order: 2, formal: 6, probationary: 0 },
  ]
  expect(tallySteps('A', [person([stay('A', 'A', '2026-03-01')])], reports)).toEqual([
    { from: '2026-01-01', to: '2026-02-01', formal: 5, probationary: 1, knownElsewhere: 0 },
    { from: '2026-02-01', to: '2026-03-01', formal: 6, probationary: 0, knownElsewhere: 0 },
    { from: '2026-03-01', to: null, formal: 1, probationary: 0, knownElsewhere: 0 },
  ])
})
