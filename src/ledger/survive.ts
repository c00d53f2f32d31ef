import { type Department, departments, type UnitField, unitFields } from './field-contract.ts'

/** What choosing a value needs to know of a fact. Days are YYYY-MM-DD. */
export interface FactLike {
  field: UnitField
  value: string
  department: Department
  validFrom: string
  validTo: string | null
}

const rest = Object.keys(departments) as Department[]
const registers: Department[] = ['office', 'marketRegulation', 'civilAffairs', 'justice', 'approval']

/**
 * Which department's value is taken first, by field; a department not named comes after those named, in the order of
 * `departments`. What our own staff ascertained comes first everywhere. The registration authority is right about what it
 * registers (统一社会信用代码 rules, GB 32100-2015); tax and insurance about what they collect; the street about who is there.
 */
const orders: Partial<Record<UnitField, Department[]>> = {
  phone: ['office', 'townshipPark', 'tax', 'marketRegulation', 'civilAffairs'],
  address: ['office', 'marketRegulation', 'civilAffairs', 'justice', 'tax', 'townshipPark'],
  area: ['office', 'townshipPark', 'marketRegulation'],
  place: ['office', 'townshipPark', 'commerce'],
  staffCount: ['office', 'townshipPark', 'commerce', 'tax', 'socialInsurance'],
  insuredCount: ['office', 'socialInsurance'],
  taxStatus: ['office', 'tax'],
  taxPaid: ['office', 'tax'],
  memberCount: ['office', 'townshipPark'],
  hasPartyOrg: ['office', 'townshipPark'],
  shortName: ['office', 'townshipPark'],
}

/** The departments of a field from the most to the least trusted. */
export function orderOf(field: UnitField): Department[] {
  const first = orders[field] ?? registers
  return [...first, ...rest.filter((department) => !first.includes(department))]
}

const ranks = new Map(
  (Object.keys(unitFields) as UnitField[]).map((field) => [
    field,
    new Map(orderOf(field).map((one, rank) => [one, rank])),
  ]),
)

/** Whether a fact holds on a day: from its first day to the day before it was replaced. */
export function holdsOn(fact: FactLike, day: string): boolean {
  return fact.validFrom <= day && (fact.validTo === null || day < fact.validTo)
}

/** Orders facts of one field: the most trusted department first, then the newest. */
export function byTrust(left: FactLike, right: FactLike): number {
  const rank = ranks.get(left.field)
  const apart = (rank?.get(left.department) ?? 0) - (rank?.get(right.department) ?? 0)
  if (apart !== 0) return apart
  return left.validFrom < right.validFrom ? 1 : left.validFrom > right.validFrom ? -1 : 0
}

/** Of the facts that hold on a day, for each field: the value taken (first) and the others behind it. */
export function survivors<F extends FactLike>(facts: readonly F[], day: string): Map<UnitField, F[]> {
  const found = new Map<UnitField, F[]>()
  for (const fact of facts) {
    if (!holdsOn(fact, day)) continue
    const known = found.get(fact.field)
    if (known) known.push(fact)
    else found.set(fact.field, [fact])
  }
  for (const list of found.values()) list.sort(byTrust)
  return found
}
