import type { MemberKind } from './member-contract.ts'

/** From a day to the first day that it no longer holds; null: still. */
interface Span {
  from: string
  to: string | null
}

/** What the roster of members says of a person: where they work, and which unit's organisation has their relation. */
export interface Stay extends Span {
  kind: MemberKind
  unitId: string | null
  relationUnitId: string | null
}

/** The units that a roster of the insured names as a person's employers; empty where none of them is known. */
export interface Insured extends Span {
  unitIds: readonly string[]
}

export interface PersonTimeline {
  stays: readonly Stay[]
  insured: readonly Insured[]
}

/** How many members a unit reports to have, until it reports again. */
export interface Report {
  asOf: string
  order: number
  formal: number
  probationary: number
}

export interface TallyStep extends Span {
  formal: number
  probationary: number
  knownElsewhere: number
}

/**
 * How a person counts at a unit while a stay and an insurance hold: `here`, the relation is at the unit, and the roster of
 * members or the insurance has them work there; `elsewhere`, they work there (by the insurance where it names a known unit,
 * else by the roster of members) and the relation is not there.
 */
export function standingAt(
  unitId: string,
  stay: Pick<Stay, 'unitId' | 'relationUnitId'>,
  insuredAt: readonly string[],
): 'here' | 'elsewhere' | null {
  if (stay.relationUnitId === unitId && (stay.unitId === unitId || insuredAt.includes(unitId))) return 'here'
  const works = insuredAt.length > 0 ? insuredAt.includes(unitId) : stay.unitId === unitId
  return works && stay.relationUnitId !== unitId ? 'elsewhere' : null
}

/** A unit's numbers from day to day. Names count before reports: a report counts on days when no member is known by name. */
export function tallySteps(unitId: string, people: readonly PersonTimeline[], reports: readonly Report[]): TallyStep[] {
  const days = new Set<string>()
  for (const span of people.flatMap((person) => [...person.stays, ...person.insured])) {
    days.add(span.from)
    if (span.to) days.add(span.to)
  }
  for (const report of reports) days.add(report.asOf)
  const ordered = [...days].toSorted()
  const steps: TallyStep[] = []
  ordered.forEach((from, at) => {
    const step = { from, to: ordered[at + 1] ?? null, ...countOn(unitId, people, reports, from) }
    const last = steps.at(-1)
    if (last && last.to === from && sameNumbers(last, step)) last.to = step.to
    else steps.push(step)
  })
  return steps.filter((step) => step.formal + step.probationary + step.knownElsewhere > 0)
}

function countOn(unitId: string, people: readonly PersonTimeline[], reports: readonly Report[], day: string) {
  const numbers = { formal: 0, probationary: 0, knownElsewhere: 0 }
  for (const person of people) {
    const stay = person.stays.find((one) => holds(one, day))
    if (!stay) continue
    const insuredAt = person.insured.find((one) => holds(one, day))?.unitIds ?? []
    const standing = standingAt(unitId, stay, insuredAt)
    if (standing === 'here') numbers[stay.kind] += 1
    if (standing === 'elsewhere') numbers.knownElsewhere += 1
  }
  if (numbers.formal + numbers.probationary > 0) return numbers
  const said = reports
    .filter((one) => one.asOf <= day)
    .toSorted((a, b) => (a.asOf < b.asOf ? -1 : a.asOf > b.asOf ? 1 : a.order - b.order))
    .at(-1)
  return said ? { ...numbers, formal: said.formal, probationary: said.probationary } : numbers
}

const holds = (span: Span, day: string) => span.from <= day && (span.to === null || day < span.to)

const sameNumbers = (a: TallyStep, b: TallyStep) =>
  a.formal === b.formal && a.probationary === b.probationary && a.knownElsewhere === b.knownElsewhere
