import { nameKey } from '../base/chinese.ts'
import { innerOrganisationCode } from '../base/codes.ts'
import type { Department } from '../ledger/field-contract.ts'
import type { linkedBy, QueueReason } from './contract.ts'

/** What a row says of who it is; codes are valid ones only. */
export interface LinkRow {
  department: Department
  name: string
  uscc: string | null
  organisationCode: string | null
  registrationNumber: string | null
  legalRep: string | null
  address: string | null
  isBranch: boolean
}

/** What a unit is known by. */
export interface LinkUnit {
  id: string
  name: string
  formerName: string | null
  uscc: string | null
  organisationCode: string | null
  registrationNumber: string | null
  legalRep: string | null
  address: string | null
  isBranch: boolean
}

export type LinkDecision =
  | { kind: 'join'; unitId: string; by: keyof typeof linkedBy }
  | { kind: 'create' }
  | { kind: 'queue'; reason: QueueReason; candidates: string[] }

/** Departments whose register is where a unit comes to be: a row of theirs that nobody matches is a new unit. */
const authoritative = new Set<Department>(['marketRegulation', 'civilAffairs', 'justice', 'approval'])

/** Units by what they are known by; grows as rows of the same batch make new ones. */
export class UnitIndex {
  readonly byId = new Map<string, LinkUnit>()
  /** Units that are passed over, as if they were not there. */
  without: ReadonlySet<string> = new Set()
  private readonly keys = new Map<string, Set<LinkUnit>>()

  constructor(units: readonly LinkUnit[] = []) {
    for (const unit of units) this.add(unit)
  }

  /** Adds a unit, or what more is known of it. */
  add(unit: LinkUnit): void {
    this.byId.set(unit.id, unit)
    for (const key of keysOf(unit)) {
      const known = this.keys.get(key)
      if (known) known.add(unit)
      else this.keys.set(key, new Set([unit]))
    }
  }

  find(key: string): LinkUnit[] {
    return [...(this.keys.get(key) ?? [])].filter(
      (unit) => this.byId.get(unit.id) === unit && !this.without.has(unit.id),
    )
  }
}

const codeKey = (code: string) => `code:${code}`
const innerKey = (code: string) => `inner:${code}`
const registrationKey = (code: string) => `registration:${code}`
const nameKeyOf = (name: string) => `name:${nameKey(name)}`

function keysOf(
  unit: Pick<LinkUnit, 'uscc' | 'organisationCode' | 'registrationNumber' | 'name' | 'formerName'>,
): string[] {
  return [
    unit.uscc ? codeKey(unit.uscc) : '',
    unit.organisationCode ? innerKey(unit.organisationCode) : '',
    unit.registrationNumber ? registrationKey(unit.registrationNumber) : '',
    nameKeyOf(unit.name),
    unit.formerName ? nameKeyOf(unit.formerName) : '',
  ].filter(Boolean)
}

/**
 * Joins a row to a unit, makes it a new one, or leaves it to a person. Only what is certain joins: a valid code, the inner
 * organisation code, the old registration number, or the exact name when it is the only one in the county. A code that is
 * new never joins a unit that holds another code; branches and parents stay apart. Pure.
 */
export function decide(row: LinkRow, index: UnitIndex): LinkDecision {
  if (row.uscc) return decideByCode(row, row.uscc, index)
  const named = index.find(nameKeyOf(row.name))
  for (const [key, by] of [
    [row.organisationCode && innerKey(row.organisationCode), 'organisationCode'],
    [row.registrationNumber && registrationKey(row.registrationNumber), 'registrationNumber'],
  ] as const) {
    const [unit, second] = key ? index.find(key) : []
    if (!unit || second) continue
    if (alike(row, unit)) return { kind: 'join', unitId: unit.id, by }
    return { kind: 'queue', reason: conflictOf(row, unit, named), candidates: ids([unit, ...named]) }
  }
  return decideByName(row, named)
}

function decideByCode(row: LinkRow, code: string, index: UnitIndex): LinkDecision {
  const named = index.find(nameKeyOf(row.name))
  const [holder] = index.find(codeKey(code))
  if (holder) {
    if (agrees(row, holder)) return { kind: 'join', unitId: holder.id, by: 'uscc' }
    return { kind: 'queue', reason: conflictOf(row, holder, named), candidates: ids([holder, ...named]) }
  }
  const inner = index.find(innerKey(innerOrganisationCode(code))).filter((unit) => unit.uscc === null)
  const [own] = inner
  if (own && inner.length === 1 && alike(row, own)) return { kind: 'join', unitId: own.id, by: 'organisationCode' }
  const uncoded = named.filter((unit) => unit.uscc === null && consistent(row, unit))
  const [only, second] = uncoded
  if (only && !second) return { kind: 'join', unitId: only.id, by: 'name' }
  if (second) return { kind: 'queue', reason: 'sameName', candidates: ids(uncoded) }
  return { kind: 'create' }
}

function decideByName(row: LinkRow, named: LinkUnit[]): LinkDecision {
  const fitting = named.filter((unit) => consistent(row, unit))
  const [only, second] = fitting
  if (second) return { kind: 'queue', reason: 'sameName', candidates: ids(fitting) }
  if (only) return { kind: 'join', unitId: only.id, by: 'name' }
  if (named.length > 0) return { kind: 'queue', reason: 'codeNameConflict', candidates: ids(named) }
  return authoritative.has(row.department) ? { kind: 'create' } : { kind: 'queue', reason: 'noCode', candidates: [] }
}

/** Whether the numbers of a row and a unit of the same name can be those of one organisation. */
function consistent(row: LinkRow, unit: LinkUnit): boolean {
  const same = (left: string | null, right: string | null) => left === null || right === null || left === right
  return same(row.organisationCode, unit.organisationCode) && same(row.registrationNumber, unit.registrationNumber)
}

/** Whether a row that carries a unit's code can be that unit: names alike, or the person or the place the same. */
function agrees(row: LinkRow, unit: LinkUnit): boolean {
  if (row.isBranch !== unit.isBranch && !sameName(row, unit)) return false
  return alike(row, unit) || samePerson(row, unit) || samePlace(row, unit)
}

function conflictOf(row: LinkRow, unit: LinkUnit, named: readonly LinkUnit[]): QueueReason {
  if (row.isBranch !== unit.isBranch) return 'branchOfParent'
  return named.some((one) => one.id !== unit.id) ? 'codeNameConflict' : 'codeClaimed'
}

const ids = (units: readonly LinkUnit[]) => [...new Set(units.map((unit) => unit.id))]

function sameName(row: LinkRow, unit: LinkUnit): boolean {
  return [unit.name, unit.formerName].some((name) => name !== null && nameKey(name) === nameKey(row.name))
}

/** Names alike: half of their neighbouring pairs of characters are common, and they are both branches or both not. */
function alike(row: LinkRow, unit: LinkUnit): boolean {
  if (row.isBranch !== unit.isBranch && !sameName(row, unit)) return false
  return [unit.name, unit.formerName].some((name) => name !== null && likeness(row.name, name) >= 0.5)
}

const samePerson = (row: LinkRow, unit: LinkUnit) => row.legalRep !== null && row.legalRep === unit.legalRep

function samePlace(row: LinkRow, unit: LinkUnit): boolean {
  return row.address !== null && unit.address !== null && likeness(row.address, unit.address) >= 0.6
}

/** Share of common neighbouring pairs of characters (Dice), 0 to 1, over the two texts' name keys. */
export function likeness(left: string, right: string): number {
  const a = pairs(nameKey(left))
  const b = pairs(nameKey(right))
  if (a.size === 0 || b.size === 0) return left === right ? 1 : 0
  let common = 0
  for (const pair of a) if (b.has(pair)) common += 1
  return (2 * common) / (a.size + b.size)
}

function pairs(text: string): Set<string> {
  const letters = [...text]
  return new Set(letters.slice(1).map((letter, at) => `${letters[at]}${letter}`))
}
