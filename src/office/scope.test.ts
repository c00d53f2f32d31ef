import { expect, test } from 'vitest'
import { coversCountry, coversGrants, dividedCounties, type Grant, isGranted, resolveScope } from './scope.ts'

const country = '000000000000'
const liaoning = '210000000000'
const dalian = '210200000000'
const shahekou = '210204000000'
const zhongshan = '210202000000'
const shenyangHeping = '210102000000'
const dongguan = '441900000000'
const townships: Record<string, string[]> = {
  [shahekou]: ['210204001000', '210204002000', '210204003000'],
  [zhongshan]: ['210202001000'],
  [shenyangHeping]: ['210102001000'],
  [dongguan]: ['441900003000', '441900004000'],
}
const counties = Object.keys(townships).sort()
const give = (...codes: string[]): Grant[] => codes.map((code) => ({ code, excluded: false }))
const take = (...codes: string[]): Grant[] => codes.map((code) => ({ code, excluded: true }))
const resolve = (grants: Grant[]) => resolveScope(grants, counties, (county) => townships[county] ?? [])

test('no grant, and a grant of nothing known, sees no county and no area', () => {
  expect(resolve([])).toEqual({ counties: [], areas: '*' })
  expect(resolve(give('650000000000'))).toEqual({ counties: [], areas: '*' })
  expect(resolve(take(dalian))).toEqual({ counties: [], areas: '*' })
})

test('a grant above the counties gives all its counties with every area', () => {
  expect(resolve(give(liaoning))).toEqual({ counties: [shenyangHeping, zhongshan, shahekou], areas: '*' })
  expect(resolve(give(country)).counties).toEqual(counties)
  expect(resolve(give(dongguan))).toEqual({ counties: [dongguan], areas: '*' })
})

test('an excluded county or city is left out, and a county given again inside it comes back', () => {
  expect(resolve([...give(liaoning), ...take(shahekou)]).counties).toEqual([shenyangHeping, zhongshan])
  expect(resolve([...give(liaoning, zhongshan), ...take(dalian)]).counties).toEqual([shenyangHeping, zhongshan])
})

test('a township alone sees its own rows and not those of the county that name no township', () => {
  expect(resolve(give('210204002000'))).toEqual({ counties: [shahekou], areas: ['210204002000'] })
  expect(resolve(give('441900003000'))).toEqual({ counties: [dongguan], areas: ['441900003000'] })
})

test('an excluded township leaves the rest of its county, and other counties whole', () => {
  const scope = resolve([...give(dalian), ...take('210204002000')])
  expect(scope.counties).toEqual([zhongshan, shahekou])
  expect(new Set(scope.areas)).toEqual(new Set([zhongshan, '210202001000', shahekou, '210204001000', '210204003000']))
})

test('a township excluded although its county was never given adds nothing', () => {
  expect(resolve(take('210204002000'))).toEqual({ counties: [], areas: [] })
})

test('the narrowest grant decides', () => {
  const grants = [...give(country, '210204001000'), ...take(dalian)]
  expect(isGranted(grants, '210204001000')).toBe(true)
  expect(isGranted(grants, shahekou)).toBe(false)
  expect(isGranted(grants, shenyangHeping)).toBe(true)
  expect(dividedCounties(grants)).toEqual([shahekou])
})

test('grants cover only what lies wholly inside them', () => {
  expect(coversGrants(give(dalian), give(shahekou, '210202001000'))).toBe(true)
  expect(coversGrants(give(shahekou), give(dalian))).toBe(false)
  expect(coversGrants(give(shahekou), give(zhongshan))).toBe(false)
  expect(coversGrants([], give(shahekou))).toBe(false)
  expect(coversGrants([], [])).toBe(true)
})

test('what the giver is excluded from must be excluded for the taker too', () => {
  const own = [...give(dalian), ...take(shahekou)]
  expect(coversGrants(own, give(dalian))).toBe(false)
  expect(coversGrants(own, [...give(dalian), ...take(shahekou)])).toBe(true)
  expect(coversGrants(own, [...give(dalian, '210204001000'), ...take(shahekou)])).toBe(false)
  expect(coversGrants(own, give('210204001000'))).toBe(false)
})

test('the whole country is covered only without exclusions', () => {
  expect(coversCountry(give(country))).toBe(true)
  expect(coversCountry([...give(country), ...take(dalian)])).toBe(false)
  expect(coversCountry(give(liaoning))).toBe(false)
})
