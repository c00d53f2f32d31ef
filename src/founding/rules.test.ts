import { expect, test } from 'vitest'
import {
  builtInFounding,
  dossierOf,
  dueOf,
  type FoundingSettings,
  isSkippable,
  stepAfter,
  stepsOf,
  usualName,
} from './rules.ts'

const settings = Object.fromEntries(
  Object.entries(builtInFounding).map(([key, { value }]) => [key, value]),
) as FoundingSettings

test('an organisation that is founded goes through eight steps, units that join one elect nobody', () => {
  expect(stepsOf('found').length).toBe(8)
  expect(stepsOf('join')).not.toContain('election')
  expect(stepAfter('found', 'reply')).toBe('election')
  expect(stepAfter('join', 'reply')).toBe('filing')
  expect(stepAfter('found', 'filing')).toBeNull()
})

test('the reply has a month, not thirty days, and no step is skipped on which an organisation stands', () => {
  expect(dueOf('reply', '2026-01-31', settings)).toBe('2026-02-28')
  expect(dueOf('survey', '2026-01-31', settings)).toBe('2026-03-02')
  expect(stepsOf('found').filter(isSkippable)).toEqual(['contact', 'screen', 'survey', 'verify', 'request'])
})

test('a pledge is asked only of units that are attached, a register and an election report only of new organisations', () => {
  expect(dossierOf('found', 'attached')).toContain('pledge')
  expect(dossierOf('found', 'joint')).not.toContain('pledge')
  expect(dossierOf('join', 'joint')).not.toContain('result')
})

test('a joint branch is named after its leading unit', () => {
  expect(usualName('大连试验甲商贸有限公司', 'jointBranch')).toBe('大连试验甲商贸有限公司联合党支部')
})
