// Invents the registers of districts, row by row and without keeping any: organisations with their names, codes, persons and
// places, and how four departments write of them. Every row says whose it is and what was done to it.
import { organisationCodeCheck, usccCheckCharacter } from '../src/base/codes.ts'
import type { LinkFields } from '../src/linkage/features.ts'
import { type Care, everyday, type Noise, noisy } from './registers-noise.ts'
import { Draw } from './registers-random.ts'
import * as words from './registers-words.ts'

export { bad, type Care, everyday, type Noise } from './registers-noise.ts'

/** What is true of an organisation. */
export interface Truth {
  number: number
  county: words.County
  name: string
  /** Another 字号 that some departments have. */
  formerName: string
  code: string
  isBranch: boolean
  person: string
  phone: string
  address: string
  foundedOn: string
  isSociety: boolean
}

/** A row of a register, with the organisation that it is of and what was done to it. */
export interface RegisterRow {
  fields: LinkFields
  organisation: number
  /** The code of the organisation. */
  code: string
  countyCode: string
  noise: Noise[]
}

export interface RegistersOptions {
  seed: number
  /** About how many rows; the organisations are some 0.41 of that. */
  rows: number
  care?: Care
  /** Organisations a county. */
  perCounty?: number
}

const codeSigns = '0123456789ABCDEFGHJKLMNPQRTUWXY'

function codeOf(seed: number, number: number, start: string, county: string, draw: Draw, foundedOn: string): string {
  // Mixed by an odd factor below 36^6: no two organisations have one body.
  const mixed = (number * 1_000_003 + seed * 7919) % 2_176_782_336
  const isNew = foundedOn >= '2015-10-01'
  const body = isNew
    ? `MA${mixed.toString(36).toUpperCase().padStart(6, '0')}`
    : String(mixed % 100_000_000).padStart(8, '0')
  const inner = isNew
    ? [...body].map((sign) => (codeSigns.includes(sign) ? sign : codeSigns[draw.below(31)]!)).join('')
    : body
  const body17 = `${start}${county}${inner}${organisationCodeCheck(inner)!}`
  return body17 + usccCheckCharacter(body17)!
}

function brandOf(draw: Draw): string {
  return (
    draw.rank(words.brandSigns) + draw.rank(words.brandSigns) + (draw.when(0.45) ? draw.rank(words.brandSigns) : '')
  )
}

function personOf(draw: Draw): string {
  return draw.rank(words.surnames) + draw.rank(words.givenSigns) + (draw.when(0.62) ? draw.rank(words.givenSigns) : '')
}

function addressOf(draw: Draw, county: words.County): string {
  const road = draw.rank(words.roads(county))
  const number = 1 + draw.below(700)
  const rest = draw.below(10)
  const detail =
    rest < 3
      ? ''
      : rest < 6
        ? `${1 + draw.below(6)}单元${1 + draw.below(20)}层${1 + draw.below(12)}号`
        : rest < 8
          ? `-${1 + draw.below(30)}`
          : `${draw.pick(words.buildings)}${1 + draw.below(28)}${String(1 + draw.below(40)).padStart(2, '0')}室`
  return `${county.province}${county.city}${county.name}${road}${number}号${detail}`
}

function companyName(draw: Draw, brand: string, { city, name, province }: words.County): string {
  const [short, near] = [city.replace(/市$/, ''), name.slice(0, -1)]
  const trade = draw.rank(words.trades)
  const form = draw.pick(words.forms)
  const place = draw.below(20)
  if (place < 11) return `${short}${brand}${trade}${form}`
  if (place < 13) return `${city}${brand}${trade}${form}`
  if (place < 15) return `${near.length > 1 ? near : short}${brand}${trade}${form}`
  if (place < 17) return `${brand}(${short})${trade}${form}`
  if (place < 18) return `${brand}${trade}(${short})${form}`
  return place < 19 ? `${province.slice(0, 2)}${brand}${trade}${form}` : `${brand}${trade}${form}`
}

function branchName(draw: Draw, parent: string, { city }: words.County): string {
  const where = draw.when(0.5) ? draw.rank(words.roadNames) : draw.pick(words.shopPlaces)
  return draw.when(0.3)
    ? `${parent}${city.replace(/市$/, '')}${draw.pick(['分公司', '第一分公司', '第二分公司', '办事处'])}`
    : `${parent}${where}${draw.pick(['店', '分店', '营业部', '分公司', '经营部', '连锁店'])}`
}

/** The organisation of a number. */
export function truthOf({ seed, perCounty = 20_000 }: RegistersOptions, number: number): Truth {
  const draw = new Draw(seed, number, 1)
  const county = words.counties[Math.floor(number / perCounty) % words.counties.length]!
  const foundedOn = `${1985 + draw.below(37)}-${String(1 + draw.below(12)).padStart(2, '0')}-${String(1 + draw.below(28)).padStart(2, '0')}`
  const kind = draw.below(100)
  const isSociety = kind < 4
  const isBranch = !isSociety && kind < 14
  const brand = brandOf(draw)
  let [name, formerName] = ['', '']
  if (isSociety) name = societyName(draw, brand, county)
  else if (isBranch) {
    // A chain's shops stand near each other in number.
    const chain = new Draw(seed, Math.floor(number / 300), 2)
    name = branchName(draw, companyName(chain, brandOf(chain), county), county)
  } else {
    const before = new Draw(seed, number, 3)
    name = companyName(before, brand, county)
    formerName = companyName(new Draw(seed, number, 3), brandOf(draw), county)
  }
  const start = isSociety ? (name.endsWith('会') ? '51' : '52') : '91'
  const agency = draw.when(0.05) ? `1390000${String(draw.below(40)).padStart(4, '0')}` : ''
  return {
    number,
    county,
    name,
    formerName: formerName || name,
    code: codeOf(seed, number, start, county.code, draw, foundedOn),
    isBranch,
    person: personOf(draw),
    phone: agency || `1${3 + draw.below(7)}${String(draw.below(1_000_000_000)).padStart(9, '0')}`,
    address: addressOf(draw, county),
    foundedOn,
    isSociety,
  }
}

function societyName(draw: Draw, brand: string, { name }: words.County): string {
  const field = draw.pick(words.fields) + draw.pick(['', '行业', '文化', '爱好者'])
  if (draw.when(0.45)) return `${name}${field}${draw.pick(['协会', '学会', '商会', '联合会'])}`
  return `${name}${brand}${field}${draw.pick(['服务中心', '社会工作服务中心', '培训学校', '俱乐部', '幼儿园'])}`
}

/** The rows of four registers, department after department, each in an order of its own. */
export function* registers(options: RegistersOptions): Generator<RegisterRow> {
  const { seed, rows, care = everyday } = options
  const organisations = Math.max(10, Math.round(rows * 0.41))
  const step = coprime(organisations)
  for (const [at, register] of care.registers.entries()) {
    for (let i = 0; i < organisations; i += 1) {
      const number = Number((BigInt(i) * BigInt(step) + BigInt(at * 7919)) % BigInt(organisations))
      const draw = new Draw(seed, number, 10 + at)
      if (!draw.when(register.share)) continue
      const truth = truthOf(options, number)
      if (
        register.department === 'civilAffairs'
          ? !truth.isSociety
          : register.department === 'marketRegulation' && truth.isSociety
      )
        continue
      const other = () => truthOf(options, draw.below(organisations))
      for (let copy = 0; copy === 0 || (copy === 1 && draw.when(register.repeated)); copy += 1) {
        yield noisy(truth, register, care, draw, other)
      }
    }
  }
}

function coprime(of: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  let step = Math.floor(of * 0.618) | 1
  while (gcd(step, of) !== 1) step += 2
  return step
}
