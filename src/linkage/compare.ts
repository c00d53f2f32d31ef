import { codeDistance, editDistance, shareOfPairs } from './distance.ts'
import type { Features } from './features.ts'
import { soundsOf } from './sound.ts'
import type { NameParts } from './name-parts.ts'
import { regionsAgree } from './region-names.ts'

/** What two rows are compared by, with the words of each result from the most alike to the least. */
export const comparisons = {
  name: {
    title: '名称',
    levels: {
      same: '相同',
      core: '去掉地名和组织形式后相同',
      sound: '只有同音字不同',
      typo: '只差一两个字',
      part: '一个是另一个的一部分',
      near: '相近',
      kin: '总部相同，分支不同',
      brand: '开头相同',
      trade: '只有行业用词相同',
      other: '不同',
    },
  },
  branch: {
    title: '分支',
    levels: {
      both: '同为总部',
      same: '分支名称相同',
      near: '分支名称相近',
      one: '一个是分支机构',
      other: '是不同的分支',
    },
  },
  region: {
    title: '地区',
    levels: { same: '名称里的地名相同', missing: '一方名称没有地名', other: '名称里的地名不同' },
  },
  code: {
    title: '代码',
    levels: { inner: '组织机构代码相同', registration: '注册号相同', near: '代码只差一位', other: '号码不同' },
  },
  person: { title: '负责人', levels: { same: '相同', near: '只差一个字', other: '不同' } },
  phone: { title: '电话', levels: { same: '相同', other: '不同' } },
  address: {
    title: '地址',
    levels: { same: '相同', part: '一个比另一个详细', house: '同一门牌', road: '同一条路或同一个村', other: '不同' },
  },
  founded: { title: '成立日期', levels: { same: '相同', other: '不同' } },
} as const satisfies Record<string, { title: string; levels: Record<string, string> }>

export type Comparison = keyof typeof comparisons
type LevelOf<C extends Comparison> = keyof (typeof comparisons)[C]['levels']

/** How alike two rows are, by comparison; one of which either says nothing is left out. */
export type Likeness = { [C in Comparison]?: LevelOf<C> }

/** The comparisons in the order in which levels are kept as numbers. */
export const comparisonNames = Object.keys(comparisons) as Comparison[]
/** The levels of each comparison, from the most alike to the least. */
export const levelNames = comparisonNames.map((name) => Object.keys(comparisons[name].levels))
/** Said of a comparison of which either side says nothing. */
export const noLevel = 255

const placeOf = Object.fromEntries(comparisonNames.map((name, at) => [name, at])) as Record<Comparison, number>
const levelsOf = <C extends Comparison>(name: C) =>
  Object.fromEntries(Object.keys(comparisons[name].levels).map((level, at) => [level, at])) as Record<
    LevelOf<C>,
    number
  >
const nameAt = levelsOf('name')
const branchAt = levelsOf('branch')
const regionAt = levelsOf('region')
const codeAt = levelsOf('code')
const personAt = levelsOf('person')
const addressAt = levelsOf('address')

/** Compares a row with another: a number a comparison into `out`, as millions of pairs are compared. */
export function compareInto(out: Uint8Array, left: Features, right: Features): void {
  compareNames(out, left, right)
  out[placeOf.code] = codeLevel(left, right)
  out[placeOf.person] = left.person && right.person ? personLevel(left.person, right.person) : noLevel
  out[placeOf.phone] = equality(left.phone, right.phone)
  out[placeOf.address] = left.address && right.address ? addressLevel(left, right) : noLevel
  out[placeOf.founded] = equality(left.foundedOn, right.foundedOn)
}

const equality = (a: string, b: string) => (a === '' || b === '' ? noLevel : a === b ? 0 : 1)

/** Levels in words. */
export function likenessOf(levels: Uint8Array): Likeness {
  const found: Partial<Record<Comparison, string>> = {}
  for (const [at, name] of comparisonNames.entries()) {
    const level = levelNames[at]![levels[at]!]
    if (level !== undefined) found[name] = level
  }
  return found as Likeness
}

/** Compares a row with another. Pure. */
export function compareRows(left: Features, right: Features): Likeness {
  const levels = new Uint8Array(comparisonNames.length)
  compareInto(levels, left, right)
  return likenessOf(levels)
}

/** The best of the names of both sides: a former name counts as much. */
function compareNames(out: Uint8Array, left: Features, right: Features): void {
  let best = Infinity
  for (let at = 0; at < left.names.length; at += 1) {
    const a = left.names[at]!
    for (let other = 0; other < right.names.length; other += 1) {
      const b = right.names[other]!
      const branch = a.whole === b.whole ? (a.branch ? branchAt.same : branchAt.both) : branchLevel(a.branch, b.branch)
      const name = a.whole === b.whole ? nameAt.same : nameLevel(a, b, branch)
      const rank = name * 2 + branch
      if (rank >= best) continue
      best = rank
      out[placeOf.name] = name
      out[placeOf.branch] = branch
      out[placeOf.region] = name === nameAt.same ? regionAt.same : regionLevel(a, b)
    }
  }
}

const regionLevel = (a: NameParts, b: NameParts) =>
  a.region === '' || b.region === ''
    ? regionAt.missing
    : regionsAgree(a.region, b.region)
      ? regionAt.same
      : regionAt.other

function nameLevel(a: NameParts, b: NameParts, branch: number): number {
  const core = coreLevel(a, b)
  const isApart = branch === branchAt.one || branch === branchAt.other
  return isApart && core <= nameAt.near ? nameAt.kin : core
}

function coreLevel(one: NameParts, other: NameParts): number {
  const [a, b] = [one.core, other.core]
  if (a === b) return nameAt.core
  if (a.length === b.length && a.length >= 3 && one.sounds === other.sounds) return nameAt.sound
  const [less, more] = a.length <= b.length ? [one, other] : [other, one]
  const [short, long] = [less.core, more.core]
  // Another 字号 before the same trade is another organisation, or the same renamed.
  if (!sharesBrand(less.sounds, more.sounds)) return tradeLevel(short, long)
  const most = long.length >= 8 ? 2 : long.length >= 5 ? 1 : 0
  if (most > 0 && editDistance(a, b, most) <= most) return nameAt.typo
  if (short.length >= 3 && long.startsWith(short)) return nameAt.part
  if (short.length >= 4 && long.endsWith(short) && long.length - short.length <= 4) return nameAt.part
  if (short.length >= 3 && (editDistance(a, b, 1) <= 1 || shareOfPairs(a, b) >= 0.6)) return nameAt.near
  if (short.charCodeAt(0) === long.charCodeAt(0) && short.charCodeAt(1) === long.charCodeAt(1)) return nameAt.brand
  return tradeLevel(short, long)
}

const tradeLevel = (short: string, long: string) =>
  short.length >= 2 && endsAlike(short, long) ? nameAt.trade : nameAt.other

const endsAlike = (a: string, b: string) =>
  a.charCodeAt(a.length - 1) === b.charCodeAt(b.length - 1) && a.charCodeAt(a.length - 2) === b.charCodeAt(b.length - 2)

/** Whether one of the first two characters of the shorter is, as it sounds, among the first of the other. */
function sharesBrand(short: string, long: string): boolean {
  const reach = Math.min(long.length, 3 + Math.min(4, long.length - short.length))
  const [first, second] = [short.charCodeAt(0), short.charCodeAt(1)]
  for (let at = 0; at < reach; at += 1) {
    const sound = long.charCodeAt(at)
    if (sound === first || sound === second) return true
  }
  return short.length < 2
}

const bareBranch = (text: string) => text.replace(/[省市县区]/g, '').replace(/公司$/, '')

function branchLevel(a: string, b: string): number {
  if (a === b) return a === '' ? branchAt.both : branchAt.same
  if (a === '' || b === '') return branchAt.one
  const [left, right] = [bareBranch(a), bareBranch(b)]
  if (left === right) return branchAt.same
  const [short, long] = left.length <= right.length ? [left, right] : [right, left]
  // Cut short at the end: 学苑分 for 学苑分公司, 黑石礁支 for 黑石礁支行.
  if (short.length >= 2 && long.length - short.length <= 2 && long.startsWith(short)) return branchAt.near
  if (short.length >= 4 && (long.endsWith(short) || long.startsWith(short))) return branchAt.near
  if (short.length >= 3 && short.length === long.length && soundsOf(left) === soundsOf(right)) return branchAt.near
  return short.length >= 4 && !differInNumber(left, right) && editDistance(left, right, 1) <= 1
    ? branchAt.near
    : branchAt.other
}

/** 一店 and 二店 are two. */
function differInNumber(a: string, b: string): boolean {
  const numbers = (text: string) => text.replace(/[^0-9一二三四五六七八九十百东西南北中上下新老]/g, '')
  return numbers(a) !== numbers(b)
}

function codeLevel(left: Features, right: Features): number {
  if (left.inner && right.inner) {
    if (left.inner === right.inner) return codeAt.inner
    if (left.code === '' || right.code === '') return codeAt.other
  }
  if (left.registration && right.registration && left.registration === right.registration) return codeAt.registration
  const [written, valid] = left.rawCode ? [left.rawCode, right.code] : [right.rawCode, left.code]
  if (written && valid && written.length >= 15) return codeDistance(written, valid) <= 1 ? codeAt.near : codeAt.other
  if (left.code && right.code) return codeAt.other
  return noLevel
}

function personLevel(a: string, b: string): number {
  if (a === b) return personAt.same
  if (a.length < 2 || b.length < 2) return personAt.other
  if (a.length === b.length && soundsOf(a) === soundsOf(b)) return personAt.near
  return Math.max(a.length, b.length) >= 3 && editDistance(a, b, 1) <= 1 ? personAt.near : personAt.other
}

function addressLevel(a: Features, b: Features): number {
  if (a.address === b.address) return addressAt.same
  const [short, long] = a.address.length <= b.address.length ? [a.address, b.address] : [b.address, a.address]
  if (short.length >= 4 && (long.endsWith(short) || long.startsWith(short))) return addressAt.part
  if (short.length >= 8 && editDistance(a.address, b.address, 1) <= 1) return addressAt.part
  if (a.road === b.road && a.road !== '')
    return a.number !== '' && a.number === b.number ? addressAt.house : addressAt.road
  return addressAt.other
}
