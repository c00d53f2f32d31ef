import { expect, test } from 'vitest'
import { addWorkingDays, calendarOf, isWorkingDay } from './calendar.ts'
import { builtInTemplates, dueOn, faultOf } from './rules.ts'

const calendar = calendarOf([])

test('five working days go round a weekend and round the days that were moved', () => {
  expect(addWorkingDays('2026-11-24', 5, calendar)).toBe('2026-12-01')
  // 10月1日至7日放假，10日（周六）上班
  expect(addWorkingDays('2026-09-30', 2, calendar)).toBe('2026-10-09')
  expect(addWorkingDays('2026-10-09', 1, calendar)).toBe('2026-10-10')
  expect(addWorkingDays('2026-11-24', 0, calendar)).toBe('2026-11-24')
})

test('a county’s own days stand over the built-in ones, and a year nobody named knows weekends only', () => {
  const own = calendarOf([{ day: '2026-11-25', off: true }])
  expect(isWorkingDay('2026-11-25', own)).toBe(false)
  expect(isWorkingDay('2026-11-25', calendar)).toBe(true)
  expect(calendar.years.has('2027')).toBe(false)
  expect(isWorkingDay('2027-10-01', calendar)).toBe(true)
})

test.each(Object.entries(builtInTemplates))('the built-in template %s is whole', (_key, template) => {
  expect(faultOf(template)).toBeNull()
  expect(template.items.length).toBeGreaterThan(0)
})

test('the practices have their numbers', () => {
  expect(builtInTemplates['luohe-project']!.items.length).toBe(5)
  expect(builtInTemplates['suzhou-law-firm']).toMatchObject({ codePrefix: '31' })
  expect(builtInTemplates['suzhou-law-firm']!.items.length).toBe(4)
  expect(builtInTemplates['danyang-enterprise']!.items.length).toBe(4)
  const handover = builtInTemplates['henan-registration']!.items.find((one) => one.key === 'handover')!
  expect(dueOn(handover, '2026-11-24', calendar)).toBe('2026-12-01')
})

test('a template that points to no milestone, or that the ledger could not follow, is refused', () => {
  const good = builtInTemplates['luohe-project']!
  expect(faultOf({ ...good, milestones: good.milestones.slice(0, 2) })).toContain('所指的节点不存在')
  expect(faultOf({ ...good, trigger: 'registration' })).toContain('只能有一个节点')
})
