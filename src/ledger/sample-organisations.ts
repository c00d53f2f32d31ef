import { idCheckCharacter } from '../base/identity.ts'
import { organisationCodeCheck, registrationCheckDigit, usccCheckCharacter } from '../base/codes.ts'
import { addDays } from '../base/time.ts'
import type { UnitKind, UnitStatus } from './field-contract.ts'
import { type Chance, chance } from './sample-random.ts'
import * as words from './sample-words.ts'

/** The county whose files are invented. Its codes and township names are real, everything in the files is not. */
export interface SampleCounty {
  /** 12-digit code. */
  code: string
  province: string
  city: string
  name: string
  townships: readonly { code: string; name: string }[]
}

/** One invented organisation: what is true of it, whatever the departments wrote. */
export interface SampleOrganisation {
  index: number
  kind: UnitKind
  name: string
  /** An earlier name that some departments still use. */
  formerName: string | null
  /** Index of the company whose branch it is. */
  parent: number | null
  uscc: string
  /** Old 15-digit number for units founded before 2015, else null. */
  registrationNumber: string | null
  /** The owner's number under which a sole proprietor once paid taxes, else null. */
  ownerIdentity: string | null
  foundedOn: string
  status: UnitStatus
  legalRep: string
  phone: string
  /** Road, number and building, without county and township. */
  premises: string
  township: { code: string; name: string }
  companyType: string
  industry: string
  staffCount: number
  memberCount: number
}

/** How many of each kind; a branch counts as an enterprise. */
const sampleMix: readonly (readonly [UnitKind, number])[] = [
  ['enterprise', 1330],
  ['selfEmployed', 430],
  ['privateNonEnterprise', 115],
  ['socialAssociation', 75],
  ['cooperative', 30],
  ['lawFirm', 12],
  ['foundation', 8],
]

const usccStarts: Record<UnitKind, string> = {
  enterprise: '91',
  selfEmployed: '92',
  cooperative: '93',
  socialAssociation: '51',
  privateNonEnterprise: '52',
  foundation: '53',
  lawFirm: '31',
  other: 'Y1',
}

/**
 * A unified code that no one can hold: its organisation code is of the range PDY00001–PDY99999, which GB 11714 keeps for
 * internal use, and past that of a series beginning with Y, which was never opened. Both check characters are right.
 */
function impossibleUscc(kind: UnitKind, countyCode: string, index: number): string {
  const number = index + 1
  const body = number <= 99_999 ? `PDY${String(number).padStart(5, '0')}` : `Y${String(number).padStart(7, '0')}`
  const body17 = usccStarts[kind] + countyCode.slice(0, 6) + body + organisationCodeCheck(body)!
  return body17 + usccCheckCharacter(body17)!
}

/** A 15-digit registration number of authorities in the unassigned province 99; 99 where a birthday would have its month. */
function impossibleRegistration(kind: UnitKind, index: number): string {
  const authority = `99${String(Math.floor(index / 100_000)).padStart(4, '0')}`
  const sequence = `${Math.floor(index / 10_000) % 10}99${String(index % 10_000).padStart(4, '0')}`
  const body = authority + (kind === 'selfEmployed' ? '6' : '2') + sequence
  return body + registrationCheckDigit(body)
}

/** An identity number of the unassigned province 99. */
function impossibleIdentity(countyCode: string, at: Chance): string {
  const birthday = addDays('1958-01-01', at.below(15_000)).replaceAll('-', '')
  const body = `99${countyCode.slice(2, 6)}${birthday}${String(at.below(1000)).padStart(3, '0')}`
  return body + idCheckCharacter(body)
}

/** A phone number of the segment 100, which is never given to subscribers. */
function impossiblePhone(at: Chance): string {
  return `100${String(at.below(100_000_000)).padStart(8, '0')}`
}

function personName(at: Chance): string {
  return at.pick(words.surnames) + at.pick(words.givenFirst) + (at.when(0.7) ? at.pick(words.givenSecond) : '')
}

function brand(at: Chance): string {
  return at.pick(words.brandFirst) + at.pick(words.brandSecond) + (at.when(0.5) ? at.pick(words.brandThird) : '')
}

function trade(at: Chance, trades: words.Trade[]): words.Trade {
  return at.weighted(trades.map((one) => [one, one.share] as const))
}

interface Named {
  name: string
  industry: string
  companyType: string
}

function nameFor(kind: UnitKind, at: Chance, county: SampleCounty): Named {
  const place = county.name.length > 2 ? county.name.slice(0, -1) : county.name
  if (kind === 'enterprise') return companyName(at, place, county)
  if (kind === 'selfEmployed') {
    const { word, industry } = trade(at, words.shopTrades)
    const start = at.when(0.45) ? at.pick(words.surnames) + at.pick(['记', '家', '氏']) : brand(at)
    return { name: `${county.name}${start}${word}`, industry, companyType: '个体工商户' }
  }
  if (kind === 'cooperative') {
    return {
      name: `${county.name}${brand(at)}${at.pick(words.cooperativeWords)}专业合作社`,
      industry: '农业',
      companyType: '农民专业合作社',
    }
  }
  if (kind === 'lawFirm')
    return {
      name: `${county.province.slice(0, 2)}${brand(at)}律师事务所`,
      industry: '商务服务业',
      companyType: '律师事务所',
    }
  return societyName(kind, at, county)
}

function companyName(at: Chance, place: string, county: SampleCounty): Named {
  const { word, industry } = trade(at, words.companyTrades)
  const form = at.weighted([
    ['有限公司', 84],
    ['有限责任公司', 9],
    ['股份有限公司', 4],
    ['厂', 3],
  ])
  const middle = brand(at)
  const name = at.weighted([
    [`${place}${middle}${word}${form}`, 62],
    [`${county.name}${middle}${word}${form}`, 14],
    [`${middle}（${place}）${word}${form}`, 14],
    [`${middle}${word}（${place}）${form}`, 10],
  ])
  const companyType =
    form === '厂'
      ? '个人独资企业'
      : form === '股份有限公司'
        ? '股份有限公司(非上市、自然人投资或控股)'
        : at.weighted([
            ['有限责任公司(自然人投资或控股)', 55],
            ['有限责任公司(自然人独资)', 33],
            ['有限责任公司(外商投资)', 4],
            ['有限责任公司(国有控股)', 3],
            ['有限责任公司(港澳台投资)', 3],
            ['合伙企业', 2],
          ])
  return { name, industry, companyType }
}

function societyName(kind: UnitKind, at: Chance, county: SampleCounty): Named {
  const base = { industry: '群众团体、社会团体和其他成员组织', companyType: '' }
  if (kind === 'foundation') return { ...base, name: `${county.name}${brand(at)}公益基金会`, industry: '社会工作' }
  if (kind === 'socialAssociation') {
    const where = at.when(0.6) ? county.name : at.pick(county.townships).name
    const what = at.when(0.5)
      ? at.pick(words.tradeAssociationWords) + at.pick(words.tradeAssociationForms)
      : `${at.pick(words.hobbyAssociationWords)}协会`
    return { ...base, name: where + what }
  }
  if (at.when(0.15)) return { ...base, name: `${county.name}${brand(at)}幼儿园`, industry: '教育' }
  return {
    ...base,
    name: `${county.name}${brand(at)}${at.pick(words.serviceWords)}${at.pick(words.serviceForms)}`,
    industry: '社会工作',
  }
}

function premises(at: Chance): string {
  const road = at.pick(words.roadFirst) + at.pick(words.roadSecond) + at.pick(words.roadForms)
  const number = `${1 + at.below(899)}号`
  const building = at.weighted([
    ['', 45],
    [`${at.pick(words.buildingNames)}${1 + at.below(5)}幢${101 + at.below(2000)}室`, 35],
    [`${1 + at.below(9)}幢${1 + at.below(4)}单元${101 + at.below(600)}室`, 10],
    [`-${1 + at.below(30)}`, 10],
  ])
  return road + number + building
}

function staffOf(kind: UnitKind, at: Chance): number {
  if (kind === 'selfEmployed') return 1 + at.below(5)
  if (kind === 'lawFirm') return 4 + at.below(40)
  const [from, to] = at.weighted([
    [[1, 5], 34],
    [[6, 15], 33],
    [[16, 49], 20],
    [[50, 99], 8],
    [[100, 399], 4.4],
    [[400, 1800], 0.6],
  ] as const)
  return from + at.below(to - from + 1)
}

function invent(index: number, kind: UnitKind, name: Named, at: Chance, county: SampleCounty): SampleOrganisation {
  const foundedOn = addDays('1996-01-01', at.below(10_800))
  const staffCount = staffOf(kind, at)
  const memberCount = Array.from({ length: Math.min(staffCount, 60) }).filter(() =>
    at.when(kind === 'selfEmployed' ? 0.02 : 0.055),
  ).length
  return {
    index,
    kind,
    name: name.name,
    formerName: null,
    parent: null,
    uscc: impossibleUscc(kind, county.code, index),
    registrationNumber:
      foundedOn < '2015-10-01' && (kind === 'enterprise' || kind === 'selfEmployed')
        ? impossibleRegistration(kind, index)
        : null,
    ownerIdentity: kind === 'selfEmployed' ? impossibleIdentity(county.code, at) : null,
    foundedOn,
    status: at.weighted([
      ['active', 86],
      ['cancelled', 6],
      ['revoked', 4],
      ['abnormal', 3],
      ['movedOut', 1],
    ]),
    legalRep: personName(at),
    phone: impossiblePhone(at),
    premises: premises(at),
    township: at.pick(county.townships),
    companyType: name.companyType,
    industry: name.industry,
    staffCount,
    memberCount,
  }
}

const mixTotal = sampleMix.reduce((sum, [, count]) => sum + count, 0)

// Steps of the golden ratio fall evenly, so any first so many organisations have the mix, and neighbours differ.
function kindOf(index: number): UnitKind {
  let left = ((index * 0.6180339887498949) % 1) * mixTotal
  return sampleMix.find(([, count]) => (left -= count) < 0)?.[0] ?? 'enterprise'
}

/**
 * Invents organisations one after the other, `rows` of them, in the proportions of `sampleMix`. Names of companies and,
 * while there are few, of societies are all different; some shops share theirs, as they do in life. About one company in
 * fourteen is a branch.
 */
export function* inventOrganisations(seed: number, rows: number, county: SampleCounty): Generator<SampleOrganisation> {
  const at = chance(seed, 'organisations')
  const names = new Set<string>()
  const companies: SampleOrganisation[] = []
  for (let index = 0; index < rows; index++) {
    const kind = kindOf(index)
    const parent = kind === 'enterprise' && companies.length > 20 && at.when(0.07) ? at.pick(companies) : null
    let named = parent ? branchName(parent, at) : nameFor(kind, at, county)
    for (let tries = 0; names.has(named.name) && tries < (kind === 'selfEmployed' ? 0 : 50); tries++) {
      named = parent ? branchName(parent, at) : nameFor(kind, at, county)
    }
    if (kind === 'enterprise' && names.has(named.name)) named = { ...named, name: `${named.name}第${names.size}分公司` }
    names.add(named.name)
    const organisation = invent(index, kind, named, at, county)
    if (parent) organisation.parent = parent.index
    else if (kind === 'enterprise' && at.when(0.05)) organisation.formerName = nameFor(kind, at, county).name
    if (kind === 'enterprise' && !parent && companies.length < 2000) companies.push(organisation)
    yield organisation
  }
}

function branchName(parent: SampleOrganisation, at: Chance): Named {
  return {
    name: `${parent.name}${at.pick(words.branchPlaces)}分公司`,
    industry: parent.industry,
    companyType: '有限责任公司分公司',
  }
}
