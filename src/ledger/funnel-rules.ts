import type { Department, Ownership, UnitField, UnitKind, UnitStatus } from './field-contract.ts'
import type { DropReason, EvidenceRule, FunnelSettings } from './standing-contract.ts'
import { isNonPublic, isSocialOrganisation } from './ownership.ts'
import { monthsBefore } from './survive.ts'

/** A value taken for a unit, as far as the funnel asks of it. */
export interface Taken {
  value: string
  department: Department
  validFrom: string
  /** The last day on which its department said it. */
  saidOn: string
}

/** What the funnel needs to know of a unit. Pure data: the same unit is always judged alike. */
export interface FunnelUnit {
  kind: UnitKind
  status: UnitStatus
  isBranch: boolean
  ownership: Ownership | null
  registrationLevel: string | null
  address: string | null
  hasPremises: boolean | null
  /** What departments say of a field: the value taken first, the others behind it. */
  held: (field: UnitField) => readonly Taken[]
  /** The last day on which each department spoke of the unit. */
  said: Partial<Record<Department, string>>
}

/** What the county has in hand. */
export interface InHand {
  /** YYYY-MM-DD */
  day: string
  /** As-of day of each department's newest committed file. */
  files: Partial<Record<Department, string>>
}

/** One thing that speaks for or against real operation; the first of a list is what decided. Words: funnel-words.ts. */
export interface Evidence {
  rule: EvidenceRule
  sign: 'for' | 'against'
  value?: string
  department?: Department
  /** From which day the value holds. */
  on?: string
}

/** Where a unit stands in the funnel. */
export interface Standing {
  inOperation: boolean
  because: Evidence[]
  /** Null: a target. */
  dropReason: DropReason | null
}

const gone = { cancelled: 'cancelled', revoked: 'revoked', movedOut: 'movedOut' } as const

/** Judges one unit: alive, in real operation, a target; each drop has its first reason in that order. */
export function standingOf(unit: FunnelUnit, hand: InHand, settings: FunnelSettings): Standing {
  const dead = gone[unit.status as keyof typeof gone] as 'cancelled' | 'revoked' | 'movedOut' | undefined
  if (dead) {
    const status = first(unit, 'status')
    return { inOperation: false, because: [evidence('notAlive', 'against', status)], dropReason: dead }
  }
  const { inOperation, because, idle } = operationOf(unit, hand, settings)
  if (!inOperation) return { inOperation, because, dropReason: idle ?? 'dormant' }
  return { inOperation, because, dropReason: targetDrop(unit, settings) }
}

function evidence(rule: EvidenceRule, sign: 'for' | 'against', taken: Taken | null): Evidence {
  if (!taken) return { rule, sign }
  return { rule, sign, value: taken.value, department: taken.department, on: taken.validFrom }
}

/** A rule of operation: what it finds in a unit, and what follows if nothing before it decided. */
interface OperationRule {
  rule: EvidenceRule
  sign: 'for' | 'against'
  /** Why a unit drops that this rule decides against. */
  idle?: 'dormant' | 'shell'
  find: (unit: FunnelUnit, hand: InHand, settings: FunnelSettings) => Taken | boolean
}

/**
 * In the order in which they decide: what our own staff ascertained; money and people within a year (insured or paying taxes
 * means operating); what the street saw; what the tax office found wrong; weaker signs of life; then the want of any sign.
 */
const operationRules: readonly OperationRule[] = [
  { rule: 'stated', sign: 'for', find: (unit) => statedBy(unit, 'true', true) },
  { rule: 'statedNot', sign: 'against', idle: 'dormant', find: (unit) => statedBy(unit, 'false', true) },
  {
    rule: 'insured',
    sign: 'for',
    find: (unit, hand, { insuredMin, evidenceMonths }) =>
      fresh(first(unit, 'insuredCount'), hand, evidenceMonths, (value) => Number(value) >= insuredMin),
  },
  {
    rule: 'taxPaid',
    sign: 'for',
    find: (unit, hand, { evidenceMonths }) => fresh(first(unit, 'taxPaid'), hand, evidenceMonths, (v) => Number(v) > 0),
  },
  { rule: 'seen', sign: 'for', find: (unit, hand, settings) => seenOnSite(unit, hand, settings) },
  { rule: 'seenIdle', sign: 'against', idle: 'dormant', find: (unit) => statedBy(unit, 'false', false) },
  {
    rule: 'taxAbnormal',
    sign: 'against',
    idle: 'dormant',
    find: (unit) => matches(first(unit, 'taxStatus'), /非正常|注销|停业|歇业|清算/),
  },
  {
    rule: 'taxNone',
    sign: 'against',
    idle: 'dormant',
    find: (unit, _hand, { zeroTaxIsIdle }) => zeroTaxIsIdle && matches(first(unit, 'taxPaid'), /^-?0+(\.0+)?$/),
  },
  {
    rule: 'taxNormal',
    sign: 'for',
    find: (unit, hand, { taxNormalCounts, evidenceMonths }) =>
      taxNormalCounts &&
      fresh(first(unit, 'taxStatus'), hand, evidenceMonths, (value) => /^(正常|有效|开业)/.test(value)),
  },
  {
    rule: 'annualReport',
    sign: 'for',
    find: (unit, hand, { annualReportCounts }) =>
      annualReportCounts && over(first(unit, 'annualReport'), (value) => Number(value) >= reportDue(hand.day)),
  },
  {
    rule: 'listedAbnormal',
    sign: 'against',
    idle: 'dormant',
    find: (unit) => unit.status === 'abnormal' && (first(unit, 'status') ?? true),
  },
  {
    rule: 'annualReportMissed',
    sign: 'against',
    idle: 'dormant',
    find: (unit, hand) => over(first(unit, 'annualReport'), (value) => Number(value) < reportDue(hand.day) - 1),
  },
  {
    rule: 'registered',
    sign: 'for',
    find: (unit, _hand, { societyNeedsEvidence }) => isSocialOrganisation(unit.kind) && !societyNeedsEvidence,
  },
  {
    rule: 'absent',
    sign: 'against',
    idle: 'shell',
    find: (unit, hand, { absenceIsShell, evidenceMonths }) => absenceIsShell && absent(unit, hand, evidenceMonths),
  },
  { rule: 'unproven', sign: 'for', find: () => true },
]

/** All that speaks for or against, what decided first. A last resort is told only where it decided. */
function operationOf(unit: FunnelUnit, hand: InHand, settings: FunnelSettings) {
  const because: Evidence[] = []
  let decided: OperationRule | undefined
  for (const one of operationRules) {
    const last = one.rule === 'registered' || one.rule === 'absent' || one.rule === 'unproven'
    if (last && decided) break
    const found = one.find(unit, hand, settings)
    if (found === false) continue
    decided ??= one
    because.push(evidence(one.rule, one.sign, found === true ? null : found))
  }
  return { inOperation: decided?.sign === 'for', because, idle: decided?.idle }
}

const first = (unit: FunnelUnit, field: UnitField): Taken | null => unit.held(field)[0] ?? null

function statedBy(unit: FunnelUnit, value: 'true' | 'false', ours: boolean): Taken | boolean {
  const said = first(unit, 'inOperation')
  return said !== null && said.value === value && (said.department === 'office') === ours ? said : false
}

function over(taken: Taken | null, holds: (value: string) => boolean): Taken | boolean {
  return taken !== null && holds(taken.value) ? taken : false
}

const matches = (taken: Taken | null, pattern: RegExp) => over(taken, (value) => pattern.test(value))

/**
 * A value that was said of late: not longer than so many months before its department's newest file, so that a file that did
 * not come this year does not make every unit idle. What our own staff typed has no file and stays.
 */
function fresh(taken: Taken | null, hand: InHand, months: number, holds: (value: string) => boolean): Taken | boolean {
  if (taken === null || !holds(taken.value)) return false
  if (taken.department === 'office') return taken
  return taken.saidOn >= monthsBefore(hand.files[taken.department] ?? hand.day, months) ? taken : false
}

/** The street or park says that it operates, or counts people there. */
function seenOnSite(unit: FunnelUnit, hand: InHand, settings: FunnelSettings): Taken | boolean {
  const stated = statedBy(unit, 'true', false)
  if (stated !== false || !settings.onSiteCounts) return stated
  const staff = unit.held('staffCount').find((one) => one.department === 'townshipPark' || one.department === 'office')
  return fresh(staff ?? null, hand, settings.evidenceMonths, (value) => Number(value) > 0)
}

/** The year for which the last annual report was due: reports of a year are due by the end of June of the next. */
function reportDue(day: string): number {
  return Number(day.slice(0, 4)) - (day.slice(5) > '06-30' ? 1 : 2)
}

const registers: readonly Department[] = ['tax', 'socialInsurance']

/** Tax and insurance files are in hand, and neither names the unit. */
function absent(unit: FunnelUnit, hand: InHand, months: number): boolean {
  const inHand = registers.filter((one) => hand.files[one] !== undefined)
  return (
    inHand.length > 0 &&
    !inHand.some((one) => (unit.said[one] ?? '') >= monthsBefore(hand.files[one] ?? hand.day, months))
  )
}

/** Why a unit in real operation is no target; null: it is one. */
function targetDrop(unit: FunnelUnit, settings: FunnelSettings): DropReason | null {
  if (unit.kind === 'other' || (unit.kind === 'selfEmployed' && !settings.selfEmployedCounts)) return 'otherKind'
  if (unit.isBranch && !settings.branchCounts) return 'branch'
  const nonPublic = isNonPublic(unit.kind, unit.ownership)
  if (nonPublic === false) return 'publicOwned'
  if (nonPublic === null && !settings.unknownOwnershipCounts) return 'ownershipUnknown'
  const staff = first(unit, 'staffCount') ?? (settings.insuredAsStaff ? first(unit, 'insuredCount') : null)
  const social = isSocialOrganisation(unit.kind)
  if (social && settings.provincialCounts && /部|国|省/.test(unit.registrationLevel ?? '')) return null
  if (staff === null) return 'staffUnknown'
  if (Number(staff.value) < (social ? settings.societyStaffMin : settings.staffMin)) return 'tooSmall'
  if (social || !settings.premisesNeeded) return null
  const premises = unit.hasPremises ?? (settings.addressIsPremises && unit.address !== null)
  return premises ? null : 'noPremises'
}
