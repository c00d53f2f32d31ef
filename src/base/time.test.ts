import { expect, test } from 'vitest'
import { addDays, addMonths, formatDateTime, isDate, parseLooseDate, today } from './time.ts'

test('the day turns at midnight in Shanghai, whatever the zone of the host', () => {
  expect(today(new Date('2025-03-01T15:59:59Z'))).toBe('2025-03-01')
  expect(today(new Date('2025-03-01T16:00:00Z'))).toBe('2025-03-02')
  expect(formatDateTime(new Date('2025-12-31T16:05:09Z'))).toBe('2026-01-01 00:05:09')
})

test.each([
  ['2003-02-18', '2003-02-18'],
  ['2003/2/18', '2003-02-18'],
  ['2003.2.18', '2003-02-18'],
  ['20030218', '2003-02-18'],
  ['2003年2月18日', '2003-02-18'],
  ['２００３－０２－１８', '2003-02-18'],
  [' 2003-02-18 ', '2003-02-18'],
  ['2003-02-18 00:00:00', '2003-02-18'],
  ['2003/2/18 9:05', '2003-02-18'],
  ['2003-02-18T08:00:00', '2003-02-18'],
  ['2003-02-17T16:00:00.000Z', '2003-02-18'],
  ['2003年 2月 18日', '2003-02-18'],
  ['2003.2.18.', '2003-02-18'],
  ['2006年', '2006-01-01'],
  ['2006', '2006-01-01'],
  ['2006年5月', '2006-05-01'],
  ['2006.5', '2006-05-01'],
  ['200605', '2006-05-01'],
  ['2006-11', '2006-11-01'],
  ['37670', '2003-02-18'],
  ['37670.75', '2003-02-18'],
  ['36526', '2000-01-01'],
  ['2000-02-29', '2000-02-29'],
])('%j is read as %s', (text, date) => {
  expect(parseLooseDate(text)).toBe(date)
})

test.each([
  '',
  '长期',
  '2003-02-30',
  '2003-13-01',
  '20031301',
  '1899-12-31',
  '2101-01-01',
  '99999',
  '123',
  '18/2/2003',
  '912102317443929400',
  '2001-02-29',
  '约2003年',
])('%j is not read as a date', (text) => {
  expect(parseLooseDate(text)).toBeNull()
})

test('only a day that exists, written in full, is a date', () => {
  expect(['2024-02-29', '2023-02-29', '2024-2-9', ''].map(isDate)).toEqual([true, false, false, false])
})

test('days are added across months and leap years', () => {
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01')
  expect(addDays('2025-01-01', -1)).toBe('2024-12-31')
})

test('months are added up to the last day of a shorter month', () => {
  expect(addMonths('2024-08-31', 6)).toBe('2025-02-28')
  expect(addMonths('2024-03-31', -1)).toBe('2024-02-29')
})
