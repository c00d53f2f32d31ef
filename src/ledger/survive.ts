import { nameKey } from '../base/chinese.ts'
import { remembering } from '../base/remembering.ts'
import { type Department, departments, type UnitField, unitFields } from './field-contract.ts'

/** What choosing a value needs to know of a fact. Days are YYYY-MM-DD. */
export interface FactLike {
  field: UnitField
  value: string
  department: Department
  validFrom: string
  validTo: string | null
  /** The last day on which the department spoke of the unit and did not say otherwise; the first day when left out. */
  saidOn?: string
}

/** Which department's value of a field is taken. */
export interface FieldRule {
  /** Every department once, the most trusted first; what our own staff ascertained always stands first. */
  order: Department[]
  /** A value not said again for so many months gives way to any newer one; null: age does not matter. */
  freshMonths: number | null
}
export type Survivorship = Readonly<Record<UnitField, FieldRule>>

const rest = Object.keys(departments) as Department[]
const registers: Department[] = ['office', 'marketRegulation', 'civilAffairs', 'justice', 'approval']

/** Fields whose order is another than that of the registration authorities, each with why. */
const orders: Partial<Record<UnitField, [Department[], string]>> = {
  phone: [
    ['office', 'townshipPark', 'tax', 'marketRegulation', 'civilAffairs'],
    '属地常联系，号码最新；税务办税须实名联系',
  ],
  address: [['office', 'marketRegulation', 'civilAffairs', 'justice', 'tax', 'townshipPark'], '住所以登记机关为准'],
  area: [['office', 'townshipPark', 'marketRegulation'], '单位在谁辖区，属地最清楚'],
  place: [['office', 'townshipPark', 'commerce'], '园区楼宇由属地掌握'],
  staffCount: [['office', 'townshipPark', 'commerce', 'tax', 'socialInsurance'], '在岗人数以属地实地掌握为先'],
  insuredCount: [['office', 'socialInsurance'], '参保由人社征缴'],
  taxStatus: [['office', 'tax'], '纳税人状态由税务认定'],
  taxPaid: [['office', 'tax'], '税额由税务征收'],
  hasPremises: [['office', 'townshipPark', 'commerce'], '场所由属地实地掌握'],
  inOperation: [['office', 'townshipPark', 'commerce'], '是否在营由属地实地掌握'],
  memberCount: [['office', 'townshipPark'], '党员情况由属地掌握，另与党员信息核对'],
  hasPartyOrg: [['office', 'townshipPark'], '党组织情况由属地掌握'],
  shortName: [['office', 'townshipPark'], '习惯叫法由属地掌握'],
}

/** The departments of a field from the most to the least trusted, where only the first few are named. */
export function fullOrder(first: readonly Department[]): Department[] {
  return [...first, ...rest.filter((department) => !first.includes(department))]
}

/** The rules that hold where the office has set none, each with why. */
export const survivorshipDefaults = Object.fromEntries(
  (Object.keys(unitFields) as UnitField[]).map((field) => {
    const [first, source] = orders[field] ?? [registers, '登记事项以登记机关为准（GB 32100-2015 的登记管理部门）']
    return [field, { order: fullOrder(first), freshMonths: null, source }]
  }),
) as Record<UnitField, FieldRule & { source: string }>

/** Whether a fact holds on a day: from its first day to the day before it was replaced. */
export function holdsOn(fact: FactLike, day: string): boolean {
  return fact.validFrom <= day && (fact.validTo === null || day < fact.validTo)
}

/** A fact that still holds was said as late as its department last spoke of the unit: equal values are not stored again. */
export function saidTogether<F extends FactLike>(
  fact: F,
  said: Partial<Record<Department, string>>,
): F & { saidOn: string } {
  const last = fact.validTo === null ? (said[fact.department] ?? '') : ''
  return { ...fact, saidOn: last > fact.validFrom ? last : fact.validFrom }
}

/** The day so many months before a day, both YYYY-MM-DD; the end of February for the 31st. */
export function monthsBefore(day: string, months: number): string {
  return dayBefore(`${day} ${months}`)
}

// Asked for every unit, of a few days.
const dayBefore = remembering(1000, (text) => {
  const [start = '', months] = text.split(' ')
  const [year = 0, month = 1, date = 1] = start.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - Number(months), 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 - Number(months), Math.min(date, last))).toISOString().slice(0, 10)
})

const saidOn = (fact: FactLike) => fact.saidOn ?? fact.validFrom

/** Orders facts of one field: fresh ones by trust and then the newest first, behind them stale ones, the newest first. */
function byTrust({ order, freshMonths }: FieldRule, day: string) {
  const freshFrom = freshMonths === null ? '' : monthsBefore(day, freshMonths)
  const isStale = (fact: FactLike) => fact.department !== 'office' && saidOn(fact) < freshFrom
  const newest = (left: string, right: string) => (left < right ? 1 : left > right ? -1 : 0)
  return (left: FactLike, right: FactLike): number => {
    const stale = isStale(left)
    if (stale !== isStale(right)) return stale ? 1 : -1
    if (stale && saidOn(left) !== saidOn(right)) return newest(saidOn(left), saidOn(right))
    return order.indexOf(left.department) - order.indexOf(right.department) || newest(left.validFrom, right.validFrom)
  }
}

/** Of the facts that hold on a day, for each field: the value taken (first) and the others behind it. */
export function survivors<F extends FactLike>(
  facts: readonly F[],
  day: string,
  rules: Survivorship = survivorshipDefaults,
): Map<UnitField, F[]> {
  const found = new Map<UnitField, F[]>()
  for (const fact of facts) {
    if (!holdsOn(fact, day)) continue
    const known = found.get(fact.field)
    if (known) known.push(fact)
    else found.set(fact.field, [fact])
  }
  for (const [field, list] of found) if (list.length > 1) list.sort(byTrust(rules[field], day))
  return found
}

/** Whether two values of a field say the same: brackets, width and spaces do not count, nor how fully an address is written. */
export function saySame(field: UnitField, left: string, right: string): boolean {
  if (left === right) return true
  const { kind } = unitFields[field]
  if (kind === 'phone') return left.replace(/\D/g, '') === right.replace(/\D/g, '')
  if (kind === 'money' || kind === 'count') return Number(left) === Number(right)
  const [one, other] = [nameKey(left), nameKey(right)]
  return one === other || (field === 'address' && (holds(one, other) || holds(other, one)))
}

const partCharsMin = 6

/** Whether an address holds another that leaves the city or the room out. */
const holds = (whole: string, part: string) => part.length >= partCharsMin && whole.includes(part)

// Free text says something else each time.
const neverInConflict: ReadonlySet<UnitField> = new Set(['remark'])

/** The fields of which another department says something else than what was taken, in the order of the fields. */
export function conflictsOf(taken: ReadonlyMap<UnitField, readonly FactLike[]>): UnitField[] {
  return (Object.keys(unitFields) as UnitField[]).filter((field) => {
    const [first, ...others] = taken.get(field) ?? []
    return first && !neverInConflict.has(field) && others.some((one) => !saySame(field, first.value, one.value))
  })
}
