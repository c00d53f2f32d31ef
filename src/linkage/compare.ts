import { codeDistance, editDistance, shareOfPairs } from './distance.ts'
import type { Features } from './features.ts'
import { soundsOf } from './keys.ts'
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

/** Compares a row with another. Pure. */
export function compareRows(left: Features, right: Features): Likeness {
  const found: Likeness = { ...compareNames(left, right) }
  const code = codeLevel(left, right)
  if (code) found.code = code
  if (left.person && right.person) found.person = personLevel(left.person, right.person)
  if (left.phone && right.phone) found.phone = left.phone === right.phone ? 'same' : 'other'
  if (left.address && right.address) found.address = addressLevel(left, right)
  if (left.foundedOn && right.foundedOn) found.founded = left.foundedOn === right.foundedOn ? 'same' : 'other'
  return found
}

type NameLikeness = Required<Pick<Likeness, 'name' | 'branch' | 'region'>>

const nameOrder = Object.keys(comparisons.name.levels) as LevelOf<'name'>[]
const branchOrder = Object.keys(comparisons.branch.levels) as LevelOf<'branch'>[]

/** The best of the names of both sides: a former name counts as much. */
function compareNames(left: Features, right: Features): NameLikeness {
  let best: NameLikeness | undefined
  for (const a of left.names) {
    for (const b of right.names) {
      const found = compareName(a, b)
      if (!best || rankOf(found) < rankOf(best)) best = found
    }
  }
  return best ?? { name: 'other', branch: 'both', region: 'missing' }
}

const rankOf = ({ name, branch }: NameLikeness) => nameOrder.indexOf(name) * 2 + branchOrder.indexOf(branch)

function compareName(a: NameParts, b: NameParts): NameLikeness {
  const region = a.region === '' || b.region === '' ? 'missing' : regionsAgree(a.region, b.region) ? 'same' : 'other'
  if (a.whole === b.whole) return { name: 'same', branch: a.branch ? 'same' : 'both', region: 'same' }
  const branch = branchLevel(a.branch, b.branch)
  const core = coreLevel(a.core, b.core)
  const isKin = (branch === 'one' || branch === 'other') && alike.has(core)
  return { name: isKin ? 'kin' : core, branch, region }
}

const alike = new Set<LevelOf<'name'>>(['core', 'sound', 'typo', 'part', 'near'])

function coreLevel(a: string, b: string): LevelOf<'name'> {
  if (a === b) return 'core'
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (short.length === long.length && short.length >= 3 && soundsOf(a) === soundsOf(b)) return 'sound'
  // Another 字号 before the same trade is another organisation, or the same renamed.
  if (!sharesBrand(a, b)) return short.slice(-2) === long.slice(-2) ? 'trade' : 'other'
  const most = long.length >= 8 ? 2 : long.length >= 5 ? 1 : 0
  if (most > 0 && editDistance(a, b, most) <= most) return 'typo'
  if (short.length >= 3 && long.startsWith(short)) return 'part'
  if (short.length >= 4 && long.endsWith(short) && long.length - short.length <= 4) return 'part'
  if (short.length >= 3 && (editDistance(a, b, 1) <= 1 || shareOfPairs(a, b) >= 0.6)) return 'near'
  if (short.slice(0, 2) === long.slice(0, 2)) return 'brand'
  return short.slice(-2) === long.slice(-2) ? 'trade' : 'other'
}

/** Whether one of the first two characters of the shorter is, as it sounds, among the first of the other. */
function sharesBrand(a: string, b: string): boolean {
  const reach = 3 + Math.min(4, Math.abs(a.length - b.length))
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  const sounds = soundsOf(long.slice(0, reach))
  return sounds.includes(soundsOf(short.charAt(0))) || sounds.includes(soundsOf(short.charAt(1)))
}

const bareBranch = (text: string) => text.replace(/[省市县区]/g, '').replace(/公司$/, '')

function branchLevel(a: string, b: string): LevelOf<'branch'> {
  if (a === b) return a === '' ? 'both' : 'same'
  if (a === '' || b === '') return 'one'
  const [left, right] = [bareBranch(a), bareBranch(b)]
  if (left === right) return 'same'
  const [short, long] = left.length <= right.length ? [left, right] : [right, left]
  // Cut short at the end: 学苑分 for 学苑分公司, 黑石礁支 for 黑石礁支行.
  if (short.length >= 2 && long.length - short.length <= 2 && long.startsWith(short)) return 'near'
  if (short.length >= 4 && (long.endsWith(short) || long.startsWith(short))) return 'near'
  if (short.length >= 3 && short.length === long.length && soundsOf(left) === soundsOf(right)) return 'near'
  return short.length >= 4 && !differInNumber(left, right) && editDistance(left, right, 1) <= 1 ? 'near' : 'other'
}

/** 一店 and 二店 are two. */
function differInNumber(a: string, b: string): boolean {
  const numbers = (text: string) => text.replace(/[^0-9一二三四五六七八九十百东西南北中上下新老]/g, '')
  return numbers(a) !== numbers(b)
}

function codeLevel(left: Features, right: Features): LevelOf<'code'> | null {
  if (left.inner && right.inner) {
    if (left.inner === right.inner) return 'inner'
    if (left.code === '' || right.code === '') return 'other'
  }
  if (left.registration && right.registration && left.registration === right.registration) return 'registration'
  const [written, valid] = left.rawCode ? [left.rawCode, right.code] : [right.rawCode, left.code]
  if (written && valid && written.length >= 15) return codeDistance(written, valid) <= 1 ? 'near' : 'other'
  if (left.code && right.code) return 'other'
  return null
}

function personLevel(a: string, b: string): LevelOf<'person'> {
  if (a === b) return 'same'
  if (a.length < 2 || b.length < 2) return 'other'
  if (a.length === b.length && soundsOf(a) === soundsOf(b)) return 'near'
  return Math.max(a.length, b.length) >= 3 && editDistance(a, b, 1) <= 1 ? 'near' : 'other'
}

function addressLevel(a: Features, b: Features): LevelOf<'address'> {
  if (a.address === b.address) return 'same'
  const [short, long] = a.address.length <= b.address.length ? [a.address, b.address] : [b.address, a.address]
  if (short.length >= 4 && (long.endsWith(short) || long.startsWith(short))) return 'part'
  if (short.length >= 8 && editDistance(a.address, b.address, 1) <= 1) return 'part'
  if (a.road === b.road && a.road !== '') return a.number !== '' && a.number === b.number ? 'house' : 'road'
  return 'other'
}
