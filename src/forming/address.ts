// An address of a register taken apart, as far as planning needs it: community, road, number, building, tower, floor.
import type { AddressParts } from './place.ts'

/** A township of the county: its code, and its name as addresses spell it. */
export type Township = { code: string; name: string }

const han = '[\\u4e00-\\u9fff]'
const word = '[\\u4e00-\\u9fffA-Za-z]'
const offRoad = '(?:(?![路街巷])[\\u4e00-\\u9fff])'
const countyWords = `(?:${offRoad}{2,14}?自治[县旗]|${offRoad}{1,6}?(?<![园小社库服一二三四五六七八九十])(?:区|县|旗(?![东西南北中小])|市(?!场))(?![号路街巷口]))`
const above = new RegExp(
  `^(?:${offRoad}{2,8}?(?:省|自治区))?(?:${offRoad}{2,12}?自治州|${offRoad}{2,6}?(?:市(?!场)|地区|盟))?${countyWords}{0,2}`,
  'u',
)
const townshipWords = new RegExp(
  `^(?:(?!路|巷|大道|大街)${han}){2,7}?(?:街道办事处|办事处|街道|镇|乡)(?![\\d号路街巷道大])`,
  'u',
)
const communityWords = new RegExp(`^${offRoad}{2,8}?(?:社区|居委会|村委会|村)(?![路街巷道])`, 'u')
// What stands in brackets about the use of premises is another place, or none.
const useWords = /地址|场所|场地|车间|库房|仓库|办公|经营|加工|托管|集群|申报|住所|限/u
const roadWords = new RegExp(
  `${word}(?:${word}|\\d){0,11}?(?:大道|大街|胡同|国道|省道|路|街(?!道)|巷|(?<=..)(?<![街铁通隧车头])道)(?:[东西南北中]?(?:段|[一二三四五六七八九十]{1,3}(?:段|街|巷|路|条|里)))?`,
  'gu',
)
const crossing = /^(?:交叉路口|交叉口|交汇处|路口)/u
const whereabouts = /(?:内|旁|附近|对面|[东西南北]侧|地下|楼上|楼下)+$/u
const kinds = '大厦|大楼|商厦|写字楼|广场|购物中心|中心|国际|公寓|商城|市场'
const named = new RegExp(
  `(?:(?![号幢栋座])${word}){2,13}?(?:${kinds})(?:${han}{0,4}?(?:大厦|大楼|广场|中心|公寓))?`,
  'u',
)
const endsNamed = new RegExp(`^(${word}{2,13}?(?:${kinds}))(?:([A-Za-z])座?)?$`, 'u')
const towerWords = /([A-Za-z]?\d{1,3}|[A-Za-z]|[一二三四五六七八九十]{1,3})(?:号楼|栋|幢|座)/u
const letteredTower = /[A-Za-z](?:-?\d{1,3})*(?:号楼|栋|幢|座)/u
const floorWords = /(?<!\d)(\d{1,2}|[一二三四五六七八九十]{1,3})(?:层|楼(?![\d号座栋幢宇]))/u
/** The house number: not one that names a road, a floor, a room or a part. */
const numberWords =
  /(?:第)?(?<![A-Za-z\d-])(\d{1,5})([A-Za-z甲乙丙丁])?(?:(?:[-~、/]|至)\d+[A-Za-z]?)*(?!\d)(?=(号楼|栋|幢|座)|号|[^层楼室单区期路街巷道线米组委国省])/u
const chineseNumber = /([一二三四五六七八九十百]{1,4})号(?!楼)/u
const ordinals: Record<string, string> = { 甲: 'A', 乙: 'B', 丙: 'C', 丁: 'D' }

/** Full-width signs in one form, without blanks; brackets go, and with them what they say of how premises are used. */
function fold(address: string): string {
  return address
    .normalize('NFKC')
    .replace(/[—–―－]/gu, '-')
    .replace(/[([【〔]([^)\]】〕]*)[)\]】〕]?/gu, (_, inside: string) => (useWords.test(inside) ? '' : inside))
    .replace(/(?<=\d)[.,，](?=\d)/gu, '、')
    .replace(/[\s,，.。；;]/gu, '')
    .replace(/(\d)#/gu, '$1号楼')
}

/** 二十一 → 21; a plain number stays one. */
function figureOf(text: string): number {
  if (/^\d+$/u.test(text)) return Number(text)
  const digit = (sign: string) => Math.max(0, '零一二三四五六七八九'.indexOf(sign))
  const [hundreds, below] = text.includes('百') ? (text.split('百') as [string, string]) : ['', text]
  const [tens, ones] = below.includes('十') ? (below.split('十') as [string, string]) : ['零', below]
  return (hundreds === '' ? 0 : digit(hundreds) * 100) + (tens === '' ? 10 : digit(tens) * 10) + digit(ones)
}

type Split = { before: string; number: number | null; letter: string; after: string }

/** Splits at the house number: what bears it stands before, what it leads to after. */
function splitNumber(text: string): Split {
  const found = numberWords.exec(`${text}　`)
  const at = found?.index ?? text.length
  // A tower named by a letter, or a floor, stands before any number that follows: that number is a room's.
  const inner = /\d+(?:层|单元|室|楼)|[一二三四五六七八九十]+层/u.exec(text.slice(0, at))?.index ?? at
  const tower = letteredTower.exec(text.slice(0, at + 8))?.index ?? at
  const first = Math.min(inner, tower)
  const chinese = chineseNumber.exec(text.slice(0, first))
  if (chinese !== null && chinese.index > 1) {
    const after = text.slice(chinese.index + chinese[0].length)
    return { before: text.slice(0, chinese.index), number: figureOf(chinese[1]!), letter: '', after }
  }
  if (first < at || found === null)
    return { before: text.slice(0, first), number: null, letter: '', after: text.slice(first) }
  const letter = found[2] ?? ''
  // The number of a building in a compound is its number there, too.
  const after = found[3] === undefined ? text.slice(at + found[0].length) : text.slice(at)
  return { before: text.slice(0, at), number: Number(found[1]), letter: ordinals[letter] ?? letter, after }
}

/** The road or compound that bears the number: the last one named; and the building where the text ends in one. */
function bearerOf(text: string): { road: string | null; building: string | null; tower: string } {
  const last = [...text.matchAll(roadWords)].at(-1)
  const road = last === undefined ? null : last[0].replace(/^小区/u, '')
  const tail = (last === undefined ? text : text.slice(last.index + last[0].length))
    .replace(crossing, '')
    .replace(whereabouts, '')
  if (/^[A-Za-z]?\d?区$/u.test(tail)) return { road: `${road ?? ''}${tail}`, building: null, tower: '' }
  const [, building = null, tower = ''] = endsNamed.exec(tail) ?? []
  // A square that nothing stands before bears numbers as a road does.
  if (building !== null && (road !== null || !building.endsWith('广场') || tower !== ''))
    return { road, building, tower }
  return { road: tail.length > 1 ? tail : road, building: null, tower: '' }
}

/** A township's everyday name before a road of its own: 城东学工街 in 城东街道. */
function everydayTownship(text: string, townships: readonly Township[]): { township: Township; rest: string } | null {
  for (const township of townships) {
    const short = township.name.replace(/(?:街道|镇|乡)$/u, '')
    if (short.length < 2 || !text.startsWith(short)) continue
    const rest = text.slice(short.length)
    const ownRoad = new RegExp(`^(?![东西南北中]?[一二三四五六七八九十]*.?(?:路|街|巷))${han}{2,8}?(?:路|街|巷)`, 'u')
    if (ownRoad.test(rest)) return { township, rest }
  }
  return null
}

// No address is longer; patterns would look through a cell of 32,767 digits again and again.
const addressCharsMax = 200

/**
 * Takes an address apart. `street` is the township that the ledger gives the unit, '' where it gives none; then the one of
 * `townships` that the address names stands in.
 */
export function addressParts(
  address: string | null,
  street: string,
  townships: readonly Township[] = [],
): AddressParts {
  if (address === null)
    return { street, community: null, road: null, number: null, building: null, tower: null, floor: null }
  const local = fold(address.slice(0, addressCharsMax)).replace(above, '')
  const said = townshipWords.exec(local)?.[0] ?? ''
  const everyday = said === '' ? everydayTownship(local, townships) : null
  const township = everyday?.township ?? townships.find(({ name }) => said !== '' && said.startsWith(name))
  const rest = everyday?.rest ?? local.slice(said.length)
  const community = communityWords.exec(rest)?.[0] ?? null
  const { before, number, letter, after } = splitNumber(rest)
  const inside = community !== null && before.length > community.length + 1
  const bearer = bearerOf(inside ? before.slice(community.length) : before)
  const tower = towerWords.exec(after)?.[1]?.toUpperCase() ?? (letter || bearer.tower)
  const floor = floorWords.exec(after)?.[1]
  return {
    street: street === '' && township !== undefined ? township.code : street,
    community,
    road: bearer.road,
    number: bearer.road === null ? null : number,
    building: bearer.building ?? named.exec(after.replace(/^号/u, ''))?.[0] ?? null,
    tower: tower === '' ? null : tower,
    floor: floor === undefined ? null : figureOf(floor),
  }
}
