import type { Department } from '../src/ledger/field-contract.ts'
import type { LinkFields } from '../src/linkage/features.ts'
import { simplify } from '../src/linkage/traditional.ts'
import { soundOf } from '../src/linkage/sound.ts'
import type { Draw } from './registers-random.ts'
import type { RegisterRow, Truth } from './registers.ts'
import { signs } from './registers-words.ts'

/** What was done to a row. */
export type Noise =
  | 'codeMissing'
  | 'codeTypo'
  | 'codeOfOther'
  | 'renamed'
  | 'form'
  | 'region'
  | 'short'
  | 'typo'
  | 'traditional'
  | 'dress'
  | 'person'
  | 'personMissing'
  | 'moved'
  | 'address'
  | 'addressMissing'
  | 'phone'

/** How a department keeps its register: shares of rows, 0 to 1. */
export interface Register {
  department: Department
  /** Of all organisations. */
  share: number
  repeated: number
  codeMissing: number
  phone: boolean
  founded: boolean
}

/** How carelessly all departments of a district write: shares of rows, 0 to 1. */
export interface Care {
  registers: readonly Register[]
  /** How much of the noise of names falls on the registering authority. */
  authority: number
  codeTypo: number
  codeOfOther: number
  renamed: number
  form: number
  region: number
  short: number
  typo: number
  traditional: number
  dress: number
  person: number
  personMissing: number
  moved: number
  address: number
  addressMissing: number
  phone: number
  phoneMissing: number
}

const registersOf = (missing: readonly number[]): Register[] => [
  { department: 'marketRegulation', share: 0.96, repeated: 0.03, codeMissing: missing[0]!, phone: true, founded: true },
  { department: 'civilAffairs', share: 0.96, repeated: 0.03, codeMissing: missing[1]!, phone: false, founded: true },
  { department: 'tax', share: 0.68, repeated: 0.01, codeMissing: missing[2]!, phone: true, founded: false },
  { department: 'socialInsurance', share: 0.5, repeated: 0.02, codeMissing: missing[3]!, phone: false, founded: false },
  { department: 'townshipPark', share: 0.25, repeated: 0.02, codeMissing: missing[4]!, phone: true, founded: false },
]

/** Everyday noise. */
export const everyday: Care = {
  registers: registersOf([0.02, 0.03, 0.055, 0.18, 0.45]),
  authority: 0.35,
  codeTypo: 0.005,
  codeOfOther: 0.0025,
  renamed: 0.02,
  form: 0.05,
  region: 0.12,
  short: 0.06,
  typo: 0.035,
  traditional: 0.002,
  dress: 0.06,
  person: 0.05,
  personMissing: 0.035,
  moved: 0.11,
  address: 0.5,
  addressMissing: 0.06,
  phone: 0.28,
  phoneMissing: 0.2,
}

/** Bad noise: what a district gets that never checked. */
export const bad: Care = {
  registers: registersOf([0.035, 0.05, 0.1, 0.38, 0.91]),
  authority: 0.5,
  codeTypo: 0.007,
  codeOfOther: 0.004,
  renamed: 0.03,
  form: 0.14,
  region: 0.26,
  short: 0.15,
  typo: 0.07,
  traditional: 0.005,
  dress: 0.12,
  person: 0.07,
  personMissing: 0.08,
  moved: 0.22,
  address: 0.6,
  addressMissing: 0.14,
  phone: 0.5,
  phoneMissing: 0.4,
}

const codeSigns = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** A row as a department writes it. */
export function noisy(truth: Truth, register: Register, care: Care, draw: Draw, other: () => Truth): RegisterRow {
  const noise: Noise[] = []
  const hit = (kind: Noise, share: number) => {
    const is = draw.when(share)
    if (is) noise.push(kind)
    return is
  }
  const isAuthority = register.department === 'marketRegulation' || register.department === 'civilAffairs'
  const part = isAuthority ? care.authority : 1
  const fields: LinkFields = { department: register.department, name: nameOf(truth, care, draw, hit, part) }
  const code = writtenCode(truth, register, care, draw, hit, other)
  if (code.startsWith('?')) fields.rawCode = code.slice(1)
  else if (code !== '') fields.uscc = code
  if (!hit('personMissing', care.personMissing * part)) {
    fields.legalRep = hit('person', care.person * part * 1.3) ? otherPerson(truth.person, draw, other) : truth.person
  }
  if (isAuthority || !hit('addressMissing', care.addressMissing))
    fields.address = addressOf(truth, care, draw, hit, isAuthority, other)
  if (register.phone && !draw.when(care.phoneMissing)) {
    fields.phone = hit('phone', care.phone * part)
      ? `1${3 + draw.below(7)}${String(draw.below(1_000_000_000)).padStart(9, '0')}`
      : truth.phone
  }
  if (register.founded) fields.foundedOn = truth.foundedOn
  return { fields, organisation: truth.number, code: truth.code, countyCode: truth.county.code, noise }
}

type Hit = (kind: Noise, share: number) => boolean

function writtenCode(truth: Truth, register: Register, care: Care, draw: Draw, hit: Hit, other: () => Truth): string {
  if (hit('codeMissing', register.codeMissing)) return ''
  if (hit('codeOfOther', care.codeOfOther)) return other().code
  if (!hit('codeTypo', care.codeTypo)) return truth.code
  const at = 2 + draw.below(16)
  let sign = truth.code.charAt(at)
  while (sign === truth.code.charAt(at)) sign = draw.pick(codeSigns)
  return `?${truth.code.slice(0, at)}${sign}${truth.code.slice(at + 1)}`
}

function nameOf(truth: Truth, care: Care, draw: Draw, hit: Hit, part: number): string {
  let name = truth.formerName !== truth.name && hit('renamed', care.renamed * part) ? truth.formerName : truth.name
  if (hit('form', care.form * part)) {
    name = name.includes('有限责任公司')
      ? name.replace('有限责任公司', '有限公司')
      : name.replace('有限公司', '有限责任公司')
  }
  if (hit('region', care.region * part)) name = otherRegion(name, truth, draw)
  if (hit('short', care.short * part)) name = shortened(name, draw)
  if (hit('typo', care.typo * part)) name = mistyped(name, draw)
  if (hit('traditional', care.traditional)) name = inTraditional(name)
  if (hit('dress', care.dress)) name = dressed(name, draw)
  return name
}

function otherRegion(name: string, { county }: Truth, draw: Draw): string {
  const [short, near] = [county.city.replace(/市$/, ''), county.name.slice(0, -1)]
  const place = [county.city, short, county.name, near].find((one) => one.length > 1 && name.startsWith(one))
  if (!place) return draw.when(0.5) ? `${short}${name}` : name.replace(/\([^)]*\)/, '')
  const rest = name.slice(place.length)
  const way = draw.below(10)
  if (way < 4) return rest
  if (way < 7) return `${place.endsWith('市') ? short : place + (place === short ? '市' : '')}${rest}`
  const at = Math.min(rest.length - 1, 2 + draw.below(2))
  return `${rest.slice(0, at)}(${place})${rest.slice(at)}`
}

function shortened(name: string, draw: Draw): string {
  const bare = name.replace(/(?:股份有限公司|有限责任公司|有限公司|公司)$/, '')
  if (bare === name) return name.slice(0, -1)
  const way = draw.below(10)
  if (way < 7) return bare
  if (way < 8) return `${bare}公司`
  return bare.length > 7 ? bare.slice(0, -(1 + draw.below(3))) + (draw.when(0.5) ? '公司' : '') : bare
}

const alike = new Map<string, string[]>()
for (const sign of signs) {
  const sound = String(soundOf(sign.charCodeAt(0)))
  const known = alike.get(sound)
  if (known) known.push(sign)
  else alike.set(sound, [sign])
}
const lookAlikes = new Map(
  [
    '末未',
    '土士',
    '人入',
    '日曰',
    '己已',
    '天夭',
    '千干',
    '大太',
    '贝见',
    '今令',
    '免兔',
    '王玉',
    '木本',
    '目日',
    '田由',
    '晴睛',
    '建健',
    '候侯',
  ].flatMap(
    (two) =>
      [
        [two[0]!, two[1]!],
        [two[1]!, two[0]!],
      ] as const,
  ),
)

function mistyped(name: string, draw: Draw): string {
  const at = draw.below(name.length - 1)
  const sign = name.charAt(at)
  const way = draw.below(10)
  if (way < 5) {
    const others = (alike.get(String(soundOf(sign.charCodeAt(0)))) ?? []).filter((one) => one !== sign)
    return others.length > 0 ? name.slice(0, at) + draw.pick(others) + name.slice(at + 1) : name
  }
  if (way < 7) return name.slice(0, at) + name.slice(at + 1)
  if (way < 8) return name.slice(0, at) + name.charAt(at + 1) + sign + name.slice(at + 2)
  if (way < 9) return name.slice(0, at) + sign + name.slice(at)
  return name.slice(0, at) + (lookAlikes.get(sign) ?? draw.pick(signs)) + name.slice(at + 1)
}

const traditional = new Map<string, string>()
for (let code = 0x9fff; code >= 0x4e00; code -= 1) {
  const simple = simplify(code)
  if (simple !== code) traditional.set(String.fromCharCode(simple), String.fromCharCode(code))
}

const inTraditional = (name: string) => [...name].map((sign) => traditional.get(sign) ?? sign).join('')

function dressed(name: string, draw: Draw): string {
  if (name.includes('(') && draw.when(0.7)) return name.replace('(', '（').replace(')', '）')
  const at = draw.below(name.length)
  return draw.pick([` ${name}`, `${name} `, `${name}.`, `${name.slice(0, at)} ${name.slice(at)}`])
}

function otherPerson(person: string, draw: Draw, other: () => Truth): string {
  if (draw.when(0.7)) return other().person
  const at = draw.below(person.length)
  const others = (alike.get(String(soundOf(person.charCodeAt(at)))) ?? []).filter((one) => one !== person.charAt(at))
  return others.length > 0 ? person.slice(0, at) + draw.pick(others) + person.slice(at + 1) : person
}

function addressOf(truth: Truth, care: Care, draw: Draw, hit: Hit, isAuthority: boolean, other: () => Truth): string {
  const moved = !isAuthority && hit('moved', care.moved)
  let address = moved ? other().address : truth.address
  if (!hit('address', care.address)) return address
  const way = draw.below(10)
  if (way < 6) address = address.replace(/^[^省]*省/, '')
  else if (way < 8) address = address.replace(/^[^省]*省[^市]*市/, '')
  else if (way < 9 && !isAuthority) address = address.replace(/(\d号).*$/, '$1')
  if (draw.when(0.1))
    address = address.replace(/\d/g, (digit) =>
      draw.when(0.5) ? '零一二三四五六七八九'[Number(digit)]! : String.fromCharCode(0xff10 + Number(digit)),
    )
  return address
}
