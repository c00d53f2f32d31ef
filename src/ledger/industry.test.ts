import { expect, test } from 'vitest'
import { industryLetters, industryName, parseIndustry } from './industry.ts'

test('every 门类 and every one of the 97 大类 is read back from its own name and its own code', () => {
  const letters = Object.entries(industryLetters)
  expect(letters).toHaveLength(20)
  for (const [letter, words] of letters) {
    expect(parseIndustry(words)).toBe(letter)
    expect(parseIndustry(words.slice(2))).toBe(letter)
    expect(industryName(letter)).toBe(words.slice(2))
  }
  const names = new Set<string>()
  for (let division = 1; division <= 97; division += 1) {
    const digits = String(division).padStart(2, '0')
    const code = parseIndustry(digits) ?? ''
    const name = (industryName(code) ?? '').replace(`（${code}）`, '')
    names.add(name)
    expect([code, code.charAt(0)], `${digits} ${name}`).toContain(parseIndustry(name))
  }
  expect(names.size).toBe(97)
  expect(parseIndustry('98')).toBeNull()
})

test('divisions stand under the letters that the standard gives them', () => {
  const given = {
    '05': 'A',
    '12': 'B',
    '43': 'C',
    '46': 'D',
    '50': 'E',
    '52': 'F',
    '60': 'G',
    '62': 'H',
    '65': 'I',
    '69': 'J',
  }
  const more = {
    '70': 'K',
    '72': 'L',
    '75': 'M',
    '79': 'N',
    '82': 'O',
    '83': 'P',
    '85': 'Q',
    '90': 'R',
    '96': 'S',
    '97': 'T',
  }
  for (const [digits, letter] of Object.entries({ ...given, ...more }))
    expect(parseIndustry(digits)).toBe(letter + digits)
})

test('industries are read however files write them', () => {
  const cases: [string, string | null][] = [
    ['F5199', 'F5199'],
    [' 5199 ', 'F5199'],
    ['f52 零售业', 'F52'],
    ['批发和零售业', 'F'],
    ['批发、零售', 'F'],
    ['零售业', 'F52'],
    ['软件和信息技术服务业', 'I65'],
    ['房地产业', 'K'],
    ['C5199', null],
    ['B2B 电商', null],
    ['IT 服务', null],
    ['2024 年度', null],
    ['不详', null],
    ['', null],
  ]
  for (const [text, code] of cases) expect(parseIndustry(text), text).toBe(code)
  expect(industryName('F5199')).toBe('批发业（F5199）')
  expect(industryName('Z')).toBeNull()
})
