import { narrow } from '../base/chinese.ts'
import { innerOrganisationCode, usccCheckCharacter } from '../base/codes.ts'
import type { Department, UnitField } from '../ledger/field-contract.ts'
import { splitAddress } from './address-parts.ts'
import { formerNameIn, splitName, type NameParts } from './name-parts.ts'
import { foldPhone, foldText } from './normalize.ts'
import { regionFinder } from './region-names.ts'

/** What a row says of who it is. Codes are valid ones, but for `rawCode`: a code as written that failed the check. */
export interface LinkFields {
  department: Department
  name: string
  formerName?: string
  uscc?: string
  organisationCode?: string
  registrationNumber?: string
  rawCode?: string
  legalRep?: string
  phone?: string
  address?: string
  foundedOn?: string
}

const known = [
  'formerName',
  'uscc',
  'organisationCode',
  'registrationNumber',
  'legalRep',
  'phone',
  'address',
  'foundedOn',
] as const satisfies readonly UnitField[]

/** What linking takes of a row of the ledger; `written` is the cell of its code column as it stands. */
export function linkFieldsOf(
  department: Department,
  fields: Partial<Record<UnitField, string>>,
  written = '',
): LinkFields {
  const found: LinkFields = { department, name: fields.name ?? '' }
  for (const field of known) {
    const value = fields[field]
    if (value !== undefined) found[field] = value
  }
  const raw = narrow(written).toUpperCase()
  const isGiven = found.uscc ?? found.organisationCode ?? found.registrationNumber
  // A valid code that the fields do not give was found to be somebody else's: the row is not to be drawn there by it.
  if (raw && !isGiven && usccCheckCharacter(raw.slice(0, 17)) !== raw.charAt(17)) found.rawCode = raw
  return found
}

/** What two rows are compared by: a row's words taken apart and brought into one form. Plain data. */
export interface Features {
  department: Department
  /** Four digits of the city in whose words the row is written. */
  city: string
  /** The name, and the former one where the row gives it. */
  names: NameParts[]
  /** Valid 18 characters, or empty; so the others. */
  code: string
  inner: string
  registration: string
  rawCode: string
  person: string
  phone: string
  /** The address without its places, its road and the first number behind it. */
  address: string
  road: string
  number: string
  foundedOn: string
}

/** Takes a row's words apart as they are written in a county (code of 6 or 12 digits). Pure. */
export function featuresOf(fields: LinkFields, countyCode: string): Features {
  const find = regionFinder(countyCode)
  const address = fields.address ? splitAddress(fields.address, find) : { rest: '', road: '', number: '' }
  const names = [splitName(fields.name, find)]
  const former = fields.formerName ?? formerNameIn(fields.name)
  if (former) names.push(splitName(former, find))
  const code = fields.uscc ?? ''
  return {
    department: fields.department,
    city: countyCode.slice(0, 4),
    names,
    code,
    inner: code ? innerOrganisationCode(code) : (fields.organisationCode ?? ''),
    registration: fields.registrationNumber ?? '',
    rawCode: fields.rawCode ?? '',
    person: fields.legalRep ? foldText(fields.legalRep) : '',
    phone: fields.phone ? foldPhone(fields.phone) : '',
    address: address.rest,
    road: address.road,
    number: address.number,
    foundedOn: fields.foundedOn ?? '',
  }
}
