/**
 * Levels of the national 12-digit code, top first. Source: 统计用区划代码和城乡划分代码编制规则 (GB/T 2260 for the first six
 * digits).
 */
export const regionLevels = ['country', 'province', 'city', 'county', 'township', 'village'] as const
export type RegionLevel = (typeof regionLevels)[number]

/** The code of 全国. */
export const countryCode = '000000000000'

/** Prefix lengths in the order of `regionLevels`. */
const prefixLengths = [0, 2, 4, 6, 9, 12] as const

/** Cities that have townships but no counties (东莞 中山 儋州): the city's own code stands where a county's would. */
export const countylessCities: ReadonlySet<string> = new Set(['441900000000', '442000000000', '460400000000'])

/** The level of a 12-digit code, read from its trailing zeros: `210204000000` → county. */
export function level(code: string): RegionLevel {
  return regionLevels[prefixLengths.indexOf(prefixOf(code).length as 0)]!
}

/** The significant digits of a code: '' for the country, 2, 4, 6, 9 or 12 of them below. */
export function prefixOf(code: string): string {
  const length = prefixLengths.find((length) => /^0*$/.test(code.slice(length))) ?? 12
  return code.slice(0, length)
}

/** The code one level up, or null for the country. A township of a city without counties hangs on the city. */
export function parentCode(code: string): string | null {
  const length = prefixOf(code).length
  if (length === 0) return null
  const above = prefixLengths[prefixLengths.indexOf(length as 0) - 1]!
  return code.slice(0, above).padEnd(12, '0')
}

/** The county a code lies in (a county is in itself), or null for anything above a county. */
export function countyOf(code: string): string | null {
  const county = code.slice(0, 6).padEnd(12, '0')
  return level(county) === 'county' || countylessCities.has(county) ? county : null
}

/** True for a code that stands as a county: a county, or one of the three cities that have none. */
export function isCounty(code: string): boolean {
  return countyOf(code) === code
}

/** True where `code` is `ancestor` or lies anywhere below it. */
export function isWithin(code: string, ancestor: string): boolean {
  return code.startsWith(prefixOf(ancestor))
}

/**
 * The bounds of a code and everything below it, for `code >= from and code < to` under a byte-wise collation. `to` may
 * end in `:`, the character after `9`.
 */
export function childRange(code: string): { from: string; to: string } {
  const prefix = prefixOf(code)
  if (prefix === '') return { from: countryCode, to: ':' }
  const next = String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
  return { from: code, to: prefix.slice(0, -1) + next }
}
