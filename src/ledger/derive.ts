import { nameKey, pinyinFull } from '../base/chinese.ts'
import { checkCode, innerOrganisationCode } from '../base/codes.ts'
import { kindOf as kindInWords } from './check.ts'
import type { Department, Ownership, UnitField, UnitKind, UnitStatus } from './field-contract.ts'
import { ownerships, unitKinds, unitStatuses } from './field-contract.ts'
import { type FunnelUnit, type InHand, standingOf } from './funnel-rules.ts'
import { funnelDefaults, type FunnelSettings } from './standing-contract.ts'
import { inferOwnership, isBranchUnit } from './ownership.ts'
import { grams, searchText } from './search.ts'
import {
  conflictsOf,
  type FactLike,
  saidTogether,
  type Survivorship,
  survivors,
  survivorshipDefaults,
} from './survive.ts'

/** What a county's units are derived with. */
export interface DerivingWith {
  survivorship: Survivorship
  funnel: FunnelSettings
  hand: InHand
}

/** The program's own rules, with no file in hand. */
export function defaultRules(day: string): DerivingWith {
  return { survivorship: survivorshipDefaults, funnel: funnelDefaults, hand: { day, files: {} } }
}

type Said = FunnelUnit['said']
type Taken = ReadonlyMap<UnitField, readonly (FactLike & { saidOn: string })[]>

/** What is judged of a unit from the values taken: its kind, who holds it, where it stands in the funnel. */
export function judgeUnit(taken: Taken, using: DerivingWith, said: Said = {}) {
  const value = (field: UnitField): string | null => taken.get(field)?.[0]?.value ?? null
  const kind = kindOf(value('kind') ?? kindInWords(value('enterpriseType') ?? ''), value('uscc'))
  const status = value('status')
  const known = {
    kind,
    status: (status && status in unitStatuses ? status : 'unknown') as UnitStatus,
    isBranch: isBranchUnit(value('name') ?? ''),
    ownership: inferOwnership({
      kind,
      stated: statedOwnership(value('ownership')),
      enterpriseType: value('enterpriseType'),
      registrationNumber: value('registrationNumber'),
    }),
    registrationLevel: value('registrationLevel'),
    address: value('address'),
    hasPremises: yesNo(value('hasPremises')),
  }
  const held = (field: UnitField) => taken.get(field) ?? []
  return { ...known, standing: standingOf({ ...known, held, said }, using.hand, using.funnel) }
}

/**
 * The row of a unit, from all its facts, as of the rules' day. A unit always has a name; one without any fact for it is
 * called by its code. `area` facts hold a township's 12-digit code of the same county, anything else leaves the county's own.
 * `said`: when each department's files last spoke of the unit.
 */
export function deriveUnit(countyCode: string, facts: readonly FactLike[], using: DerivingWith, said: Said = {}) {
  const { day } = using.hand
  const taken = survivors(
    facts.map((fact) => saidTogether(fact, said)),
    day,
    using.survivorship,
  )
  const value = (field: UnitField): string | null => taken.get(field)?.[0]?.value ?? null
  const count = (field: UnitField): number | null => (value(field) === null ? null : Number(value(field)))
  const uscc = value('uscc')
  const name = value('name') ?? uscc ?? '（未命名单位）'
  const former = value('formerName') ?? otherName(taken.get('name') ?? [], name)
  const area = value('area')
  const registrationNumber = value('registrationNumber')
  const found = { name, formerName: former, shortName: value('shortName'), uscc, registrationNumber }
  const text = searchText(found)
  const { standing, ...judged } = judgeUnit(taken, using, said)
  return {
    area_code: area && /^\d{12}$/.test(area) && area.startsWith(countyCode.slice(0, 6)) ? area : countyCode,
    kind: judged.kind,
    status: judged.status,
    name,
    name_key: nameKey(name),
    // An entry of an index holds 2,700 bytes.
    sort_key: pinyinFull(name).slice(0, 160),
    short_name: found.shortName,
    former_name: former,
    uscc,
    organisation_code: uscc ? innerOrganisationCode(uscc) : value('organisationCode'),
    registration_number: registrationNumber,
    is_branch: judged.isBranch,
    industry: value('industry'),
    legal_rep: value('legalRep'),
    phone: value('phone'),
    address: judged.address,
    founded_on: value('foundedOn'),
    capital: value('capital'),
    staff_count: count('staffCount'),
    insured_count: count('insuredCount'),
    tax_status: value('taxStatus'),
    tax_paid: value('taxPaid'),
    registration_level: judged.registrationLevel,
    supervising_body: value('supervisingBody'),
    member_count: count('memberCount'),
    has_party_org: yesNo(value('hasPartyOrg')),
    remark: value('remark'),
    departments: [
      ...new Set(facts.filter((fact) => fact.validTo === null || day < fact.validTo).map((fact) => fact.department)),
    ] as Department[],
    search_text: text,
    search_grams: grams(text),
    ownership: judged.ownership,
    enterprise_type: value('enterpriseType'),
    annual_report: count('annualReport'),
    has_premises: judged.hasPremises,
    in_operation: standing.inOperation,
    operating_because: standing.because,
    drop_reason: standing.dropReason,
    is_target: standing.dropReason === null,
    conflicts: conflictsOf(taken),
  }
}

const yesNo = (value: string | null) => (value === null ? null : value === 'true')

function statedOwnership(value: string | null): Ownership | null {
  return value !== null && value in ownerships ? (value as Ownership) : null
}

/** Another name that some department uses: kept findable, for departments hold older names for years. */
function otherName(names: readonly FactLike[], taken: string): string | null {
  const key = nameKey(taken)
  return names.find((fact) => nameKey(fact.value) !== key)?.value ?? null
}

function kindOf(value: string | null, uscc: string | null): UnitKind {
  if (value && value in unitKinds) return value as UnitKind
  if (!uscc) return 'other'
  const reading = checkCode(uscc)
  const hint = reading.kind === 'uscc' ? reading.unitKind : null
  return hint !== null && hint in unitKinds ? (hint as UnitKind) : 'other'
}
