import type { Ownership, UnitKind } from './field-contract.ts'
import { isBranchName } from './rules.ts'

/**
 * Words of enterprise types and of 控股情况, in the order in which they decide: 港澳台 stands in many a foreign type, and
 * 集体 beside 国有 is what both hold together.
 */
const words: readonly [Ownership, RegExp][] = [
  ['hongKong', /港澳台|台港澳|香港|澳门|台湾/],
  ['foreign', /外商|外国|外资|中外|外籍/],
  ['stateOwned', /国有|全民所有|国资|国企|央企/],
  ['collective', /集体/],
  ['private', /私人|私营|自然人|民营|个人独资|合伙|个体|私有|非公/],
]

/**
 * Codes of enterprise types: three digits of the statistics (国统字〔2011〕86号), four of the registration; those that leave
 * open who holds are not here. The longest beginning that is known decides.
 */
const codes: Readonly<Record<string, Ownership>> = {
  110: 'stateOwned',
  120: 'collective',
  141: 'stateOwned',
  142: 'collective',
  151: 'stateOwned',
  171: 'private',
  172: 'private',
  173: 'private',
  174: 'private',
  2: 'hongKong',
  3: 'foreign',
  1110: 'stateOwned',
  1121: 'foreign',
  1122: 'foreign',
  1130: 'private',
  1140: 'stateOwned',
  1151: 'private',
  1152: 'private',
  1212: 'private',
  1222: 'private',
}

/** Who holds a unit as a file writes it: a word (国有控股), or the type of an enterprise in words or as its code. */
export function ownershipOf(text: string): Ownership | null {
  const code = /^[（(]?(\d{3,4})[)）]?/.exec(text.trim())?.[1]
  if (code) return codes[code] ?? (code.length === 3 ? (codes[code.slice(0, 1)] ?? null) : null)
  return words.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}

/** What the seventh digit of an old registration number tells (GS 15-2006): 0 and 1 leave it open. */
const seventhDigits: Readonly<Record<string, Ownership>> = {
  2: 'private',
  3: 'private',
  6: 'private',
  7: 'private',
  8: 'private',
  9: 'private',
}

/** What is known of a unit that tells who holds it. */
export interface OwnershipEvidence {
  kind: UnitKind
  /** As stated by a department. */
  stated: Ownership | null
  enterpriseType: string | null
  registrationNumber: string | null
}

/** Who holds a unit: as stated, else by its type, its kind, its old number; null where nothing tells or none is held. */
export function inferOwnership(known: OwnershipEvidence): Ownership | null {
  if (known.stated) return known.stated
  const byType = known.enterpriseType ? ownershipOf(known.enterpriseType) : null
  if (byType) return byType
  if (known.kind === 'selfEmployed') return 'private'
  const number = known.registrationNumber ?? ''
  return known.kind === 'enterprise' && /^\d{15}$/.test(number) ? (seventhDigits[number.charAt(6)] ?? null) : null
}

const outlets = /公司[^公]{1,24}(店|处|部|厂|站|所|中心|车间)(?:[（(].*[)）])?$/

/**
 * Whether a unit is a branch of another: by its words, or because the name of a company is followed by a place and what is
 * there (某某有限公司黄河路店, 企业名称登记管理规定 2020, art. 13). Wider than what keeps rows of branch and parent apart.
 */
export function isBranchUnit(name: string): boolean {
  return isBranchName(name) || outlets.test(name)
}

const societies: ReadonlySet<UnitKind> = new Set(['socialAssociation', 'privateNonEnterprise', 'foundation'])

/** Whether a unit is a social organisation (社会组织). */
export function isSocialOrganisation(kind: UnitKind): boolean {
  return societies.has(kind)
}

/**
 * Whether a unit is of the non-public economy (domain B.8); null for an enterprise of which nothing tells who holds it.
 * Social organisations and law firms are held by nobody and are not public.
 */
export function isNonPublic(kind: UnitKind, ownership: Ownership | null): boolean | null {
  if (kind === 'other') return false
  if (ownership === 'stateOwned' || ownership === 'collective') return kind === 'cooperative'
  if (kind !== 'enterprise' || ownership !== null) return true
  return null
}
