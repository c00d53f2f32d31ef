import { nameKey, pinyinFull } from '../base/chinese.ts'
import { checkCode, innerOrganisationCode } from '../base/codes.ts'
import type { Department, UnitField, UnitKind, UnitStatus } from './field-contract.ts'
import { unitKinds, unitStatuses } from './field-contract.ts'
import { isBranchName } from './rules.ts'
import { grams, searchText } from './search.ts'
import { type FactLike, survivors } from './survive.ts'

/**
 * The row of a unit, from all its facts, as of a day. A unit always has a name; one without any fact for it is called by
 * its code. `area` facts hold a township's 12-digit code of the same county, anything else leaves the county's own.
 */
export function deriveUnit(countyCode: string, facts: readonly FactLike[], day: string) {
  const taken = survivors(facts, day)
  const value = (field: UnitField): string | null => taken.get(field)?.[0]?.value ?? null
  const count = (field: UnitField): number | null => (value(field) === null ? null : Number(value(field)))
  const uscc = value('uscc')
  const name = value('name') ?? uscc ?? '（未命名单位）'
  const former = value('formerName') ?? otherName(taken.get('name') ?? [], name)
  const area = value('area')
  const registrationNumber = value('registrationNumber')
  const found = { name, formerName: former, shortName: value('shortName'), uscc, registrationNumber }
  const text = searchText(found)
  return {
    area_code: area && /^\d{12}$/.test(area) && area.startsWith(countyCode.slice(0, 6)) ? area : countyCode,
    kind: kindOf(value('kind'), uscc),
    status: (value('status') && (value('status') as string) in unitStatuses
      ? value('status')
      : 'unknown') as UnitStatus,
    name,
    name_key: nameKey(name),
    // An entry of an index holds 2,700 bytes.
    sort_key: pinyinFull(name).slice(0, 160),
    short_name: found.shortName,
    former_name: former,
    uscc,
    organisation_code: uscc ? innerOrganisationCode(uscc) : value('organisationCode'),
    registration_number: registrationNumber,
    is_branch: isBranchName(name),
    industry: value('industry'),
    legal_rep: value('legalRep'),
    phone: value('phone'),
    address: value('address'),
    founded_on: value('foundedOn'),
    staff_count: count('staffCount'),
    insured_count: count('insuredCount'),
    tax_status: value('taxStatus'),
    tax_paid: value('taxPaid'),
    registration_level: value('registrationLevel'),
    supervising_body: value('supervisingBody'),
    member_count: count('memberCount'),
    has_party_org: value('hasPartyOrg') === null ? null : value('hasPartyOrg') === 'true',
    remark: value('remark'),
    departments: [
      ...new Set(facts.filter((fact) => fact.validTo === null || day < fact.validTo).map((fact) => fact.department)),
    ] as Department[],
    search_text: text,
    search_grams: grams(text),
  }
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
