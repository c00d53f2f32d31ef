import { codeDistance, editDistance, shareOfPairs } from './distance.ts'
import {
  column,
  columns,
  coreLength,
  differAtEnds,
  differInPerson,
  headBits,
  headSigns,
  regionOf,
  type Rows,
  wholeCountry,
} from './rows.ts'
import { soundOf } from './sound.ts'
import type { Texts } from './texts.ts'

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

/** Where each comparison's level stands. */
export const placeOf = Object.fromEntries(comparisonNames.map((name, at) => [name, at])) as Record<Comparison, number>
const levelsOf = <C extends Comparison>(name: C) =>
  Object.fromEntries(Object.keys(comparisons[name].levels).map((level, at) => [level, at])) as Record<
    LevelOf<C>,
    number
  >
/** The number of each level, by comparison. */
export const levelAt = {
  name: levelsOf('name'),
  branch: levelsOf('branch'),
  region: levelsOf('region'),
  code: levelsOf('code'),
  person: levelsOf('person'),
  phone: levelsOf('phone'),
  address: levelsOf('address'),
}
const { name: nameAt, branch: branchAt, region: regionAt, code: codeAt, person: personAt, address: addressAt } = levelAt

/** Compares a row with another: a number a comparison into `out`. */
export function compareInto(out: Uint8Array, rows: Rows, left: number, right: number): void {
  const { texts, cells } = rows
  const a = left * columns
  const b = right * columns
  compareNames(out, rows, a, b)
  out[placeOf.code] = codeLevel(rows, left, right)
  out[placeOf.person] = personLevel(texts, cells, a, b)
  out[placeOf.phone] = equality(cells[a + column.phone]!, cells[b + column.phone]!)
  out[placeOf.address] = addressLevel(texts, cells, a, b)
  out[placeOf.founded] = equality(cells[a + column.foundedOn]!, cells[b + column.foundedOn]!)
}

/** The level of two values that are the same or not. */
export const equality = (a: number, b: number) => (a === 0 || b === 0 ? noLevel : a === b ? 0 : 1)

/** Levels in words. */
export function likenessOf(levels: Uint8Array): Likeness {
  const found: Partial<Record<Comparison, string>> = {}
  for (const [at, name] of comparisonNames.entries()) {
    const level = levelNames[at]![levels[at]!]
    if (level !== undefined) found[name] = level
  }
  return found as Likeness
}

/** Levels as numbers. */
export function asLevels(likeness: Likeness): Uint8Array {
  return Uint8Array.from(comparisonNames, (name, at) => {
    const level = likeness[name]
    return level === undefined ? noLevel : levelNames[at]!.indexOf(level)
  })
}

/** Compares a row with another. Pure. */
export function compareRows(rows: Rows, left: number, right: number): Likeness {
  const levels = new Uint8Array(comparisonNames.length)
  compareInto(levels, rows, left, right)
  return likenessOf(levels)
}

/**
 * The levels of name, branch and region, by the best of the names of both sides: a former name counts as much. `left` and
 * `right`: where the cells of the rows begin.
 */
export function compareNames(out: Uint8Array, { texts, cells, formers }: Rows, left: number, right: number): void {
  const ofLeft = cells[left + column.former]!
  const ofRight = cells[right + column.former]!
  out[placeOf.name] = noLevel
  compareName(out, texts, cells, left, cells, right)
  if (ofLeft > 0) compareName(out, texts, formers, ofLeft, cells, right)
  if (ofRight > 0) compareName(out, texts, cells, left, formers, ofRight)
  if (ofLeft > 0 && ofRight > 0) compareName(out, texts, formers, ofLeft, formers, ofRight)
}

/** Compares two names, each in an array from a place on, and keeps the levels where they are better than those at hand. */
function compareName(out: Uint8Array, texts: Texts, ofA: Int32Array, a: number, ofB: Int32Array, b: number): void {
  const isSame = ofA[a + column.whole] === ofB[b + column.whole]
  const branchOfA = ofA[a + column.branch]!
  const branchOfB = ofB[b + column.branch]!
  const branch: number = isSame
    ? branchOfA > 0
      ? branchAt.same
      : branchAt.both
    : branchLevel(texts, branchOfA, branchOfB)
  const name = isSame ? nameAt.same : nameLevel(texts, ofA, a, ofB, b, branch)
  if (out[placeOf.name] !== noLevel && name * 2 + branch >= out[placeOf.name]! * 2 + out[placeOf.branch]!) return
  out[placeOf.name] = name
  out[placeOf.branch] = branch
  out[placeOf.region] = isSame
    ? regionAt.same
    : regionLevel(regionOf(ofA[a + column.place]!), regionOf(ofB[b + column.place]!))
}

function regionLevel(a: number, b: number): number {
  if (a === 0 || b === 0) return regionAt.missing
  return a === wholeCountry || b === wholeCountry || isWithin(a, b) || isWithin(b, a) ? regionAt.same : regionAt.other
}

/** Whether the place of one code, of 2, 4 or 6 digits, lies in the other or is it. */
function isWithin(inner: number, outer: number): boolean {
  let code = inner
  while (code > outer) code = Math.floor(code / 100)
  return code === outer
}

function nameLevel(texts: Texts, ofA: Int32Array, a: number, ofB: Int32Array, b: number, branch: number): number {
  const longer = coreLength(ofA[a + column.place]!) - coreLength(ofB[b + column.place]!)
  // Of two as long as each other always the same one comes first: whichever is asked, the answer is one.
  const isFirst = longer < 0 || (longer === 0 && texts.low(ofA[a + column.core]!) <= texts.low(ofB[b + column.core]!))
  const core = isFirst ? coreLevel(texts, ofA, a, ofB, b) : coreLevel(texts, ofB, b, ofA, a)
  const isApart = branch === branchAt.one || branch === branchAt.other
  return isApart && core <= nameAt.near ? nameAt.kin : core
}

/** How alike two cores are, the shorter first. */
function coreLevel(texts: Texts, ofShort: Int32Array, a: number, ofLong: Int32Array, b: number): number {
  const short = ofShort[a + column.core]!
  const long = ofLong[b + column.core]!
  if (short === long) return nameAt.core
  const less = coreLength(ofShort[a + column.place]!)
  const more = coreLength(ofLong[b + column.place]!)
  const heads = ofShort[a + column.heads]!
  const others = ofLong[b + column.heads]!
  if (less === more && less >= 3 && heads === others && soundAlike(texts, short, long)) return nameAt.sound
  const trade = less >= 2 && ofShort[a + column.tail] === ofLong[b + column.tail] ? nameAt.trade : nameAt.other
  // Another 字号 before the same trade is another organisation, or the same renamed.
  const reach = Math.min(more, 3 + Math.min(4, more - less))
  if (less >= 2 && !(maySound(heads, others, reach) && sharesBrand(texts, short, long, reach))) return trade
  const most = more >= 8 ? 2 : more >= 5 ? 1 : 0
  if (most > 0 && editDistance(texts, short, long, most) <= most) return nameAt.typo
  if (less >= 3 && texts.startsWith(long, short)) return nameAt.part
  if (less >= 4 && more - less <= 4 && texts.endsWith(long, short)) return nameAt.part
  if (less >= 3 && (editDistance(texts, short, long, 1) <= 1 || shareOfPairs(texts, short, long) >= 0.6))
    return nameAt.near
  return beginsAlike(texts, short, long) ? nameAt.brand : trade
}

const headMask = 2 ** headBits - 1

/** Whether, by the bits kept of sounds, one of the first two of a text may be among the first of another. */
function maySound(heads: number, others: number, reach: number): boolean {
  if (reach > headSigns) return true
  const first = heads & headMask
  const second = (heads >>> headBits) & headMask
  for (let at = 0; at < reach; at += 1) {
    const sound = (others >>> (at * headBits)) & headMask
    if (sound === first || sound === second) return true
  }
  return false
}

/** Whether the first two signs are the same. */
function beginsAlike(texts: Texts, short: number, long: number): boolean {
  if (texts.length(short) < 2) return false
  const a = texts.start(short)
  const b = texts.start(long)
  return texts.signs[a] === texts.signs[b] && texts.signs[a + 1] === texts.signs[b + 1]
}

/** Whether two texts of one length sound the same. */
function soundAlike(texts: Texts, a: number, b: number): boolean {
  const fromA = texts.start(a)
  const fromB = texts.start(b)
  const length = texts.length(a)
  for (let at = 0; at < length; at += 1) {
    const x = texts.signs[fromA + at]!
    const y = texts.signs[fromB + at]!
    if (x !== y && soundOf(x) !== soundOf(y)) return false
  }
  return true
}

/** Whether one of the first two characters of the shorter is, as it sounds, among so many first of the other. */
function sharesBrand(texts: Texts, short: number, long: number, reach: number): boolean {
  const a = texts.start(short)
  const b = texts.start(long)
  const first = soundOf(texts.signs[a]!)
  const second = soundOf(texts.signs[a + 1]!)
  for (let at = 0; at < reach; at += 1) {
    const sound = soundOf(texts.signs[b + at]!)
    if (sound === first || sound === second) return true
  }
  return false
}

const bares = new WeakMap<Texts, Map<number, number>>()

/** A branch's words without what comes and goes: 市, 区, 公司 at the end. */
function bareBranch(texts: Texts, branch: number): number {
  let known = bares.get(texts)
  if (!known) bares.set(texts, (known = new Map()))
  let bare = known.get(branch)
  if (bare === undefined) {
    bare = texts.add(
      texts
        .text(branch)
        .replace(/[省市县区]/g, '')
        .replace(/公司$/, ''),
    )
    known.set(branch, bare)
  }
  return bare
}

function branchLevel(texts: Texts, a: number, b: number): number {
  if (a === b) return a === 0 ? branchAt.both : branchAt.same
  if (a === 0 || b === 0) return branchAt.one
  const [left, right] = [bareBranch(texts, a), bareBranch(texts, b)]
  if (left === right) return branchAt.same
  const isShorter = texts.length(left) <= texts.length(right)
  const [short, long] = isShorter ? [left, right] : [right, left]
  const [less, more] = [texts.length(short), texts.length(long)]
  // Cut short at the end: 学苑分 for 学苑分公司, 黑石礁支 for 黑石礁支行.
  if (less >= 2 && more - less <= 2 && texts.startsWith(long, short)) return branchAt.near
  if (less >= 4 && (texts.endsWith(long, short) || texts.startsWith(long, short))) return branchAt.near
  if (less >= 3 && less === more && soundAlike(texts, left, right)) return branchAt.near
  return less >= 4 && editDistance(texts, left, right, 1) <= 1 && !differInNumber(texts, left, right)
    ? branchAt.near
    : branchAt.other
}

/** 一店 and 二店 are two. */
function differInNumber(texts: Texts, a: number, b: number): boolean {
  const numbers = (text: number) => texts.text(text).replace(/[^0-9一二三四五六七八九十百东西南北中上下新老]/g, '')
  return numbers(a) !== numbers(b)
}

/** The level of codes. */
export function codeLevel(rows: Rows, left: number, right: number): number {
  const innerOfA = rows.cell(left, column.inner)
  const innerOfB = rows.cell(right, column.inner)
  const codeOfA = rows.codeOf(left)
  const codeOfB = rows.codeOf(right)
  if (innerOfA > 0 && innerOfB > 0) {
    if (innerOfA === innerOfB) return codeAt.inner
    if (codeOfA === 0 || codeOfB === 0) return codeAt.other
  }
  const registration = rows.registrationOf(left)
  if (registration > 0 && registration === rows.registrationOf(right)) return codeAt.registration
  const rawOfA = rows.rawCodeOf(left)
  const written = rawOfA > 0 ? rawOfA : rows.rawCodeOf(right)
  const valid = rawOfA > 0 ? codeOfB : codeOfA
  if (written > 0 && valid > 0 && rows.texts.length(written) >= 15) {
    if (rows.differInCode(left, right)) return codeAt.other
    return codeDistance(rows.texts, written, valid) <= 1 ? codeAt.near : codeAt.other
  }
  return codeOfA > 0 && codeOfB > 0 ? codeAt.other : noLevel
}

/** The level of two persons' names; the rows by where their cells begin. */
export function personLevel(texts: Texts, cells: Int32Array, a: number, b: number): number {
  const ofA = cells[a + column.person]!
  const ofB = cells[b + column.person]!
  if (ofA === 0 || ofB === 0) return noLevel
  if (ofA === ofB) return personAt.same
  // Two that neither begin nor end alike have more than one sign other.
  if (differInPerson(cells[a + column.origin]!, cells[b + column.origin]!)) return personAt.other
  const lengthOfA = texts.length(ofA)
  const lengthOfB = texts.length(ofB)
  if (lengthOfA < 2 || lengthOfB < 2) return personAt.other
  if (lengthOfA === lengthOfB && soundAlike(texts, ofA, ofB)) return personAt.near
  return Math.max(lengthOfA, lengthOfB) >= 3 && editDistance(texts, ofA, ofB, 1) <= 1 ? personAt.near : personAt.other
}

/** The level of addresses; the rows by where their cells begin. */
export function addressLevel(texts: Texts, cells: Int32Array, a: number, b: number): number {
  const ofA = cells[a + column.address]!
  const ofB = cells[b + column.address]!
  if (ofA === 0 || ofB === 0) return noLevel
  if (ofA === ofB) return addressAt.same
  // Two that neither begin nor end alike have more than one sign other, and neither is a part of the other.
  if (differAtEnds(cells[a + column.ends]!, cells[b + column.ends]!)) return roadLevel(cells, a, b)
  const isShorter = texts.length(ofA) <= texts.length(ofB)
  const short = isShorter ? ofA : ofB
  const long = isShorter ? ofB : ofA
  const less = texts.length(short)
  if (less >= 4 && (texts.endsWith(long, short) || texts.startsWith(long, short))) return addressAt.part
  if (less >= 8 && editDistance(texts, ofA, ofB, 1) <= 1) return addressAt.part
  return roadLevel(cells, a, b)
}

function roadLevel(cells: Int32Array, a: number, b: number): number {
  const road = cells[a + column.road]!
  if (road === 0 || road !== cells[b + column.road]) return addressAt.other
  const number = cells[a + column.number]!
  return number > 0 && number === cells[b + column.number] ? addressAt.house : addressAt.road
}
