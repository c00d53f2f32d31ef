import { foldText, withoutBrackets } from './normalize.ts'
import type { RegionFinder } from './region-names.ts'

/** A name taken apart. */
export interface NameParts {
  /** Everything in one form, the organisation's form (有限责任公司) levelled. */
  whole: string
  /** Significant digits of the code of the narrowest place named; empty where none is. */
  region: string
  /** What is left without place, form and branch: 字号 and 行业; a society's field. */
  core: string
  /** What stands behind the parent's name: 大连分公司, 黄河路店, 工会委员会. Empty for a parent. */
  branch: string
}

// A form may be mistyped, cut short or have two characters swapped: 邮限公司, 有限公四, 有限司公.
const form =
  /(?:集团)?(?:股份)?(?:有限|[^)]限(?=责|公|.司)|有[^)](?=责任|公司))?(?:责任|责[^)](?=公司)|[^)]任(?=公司))?(?:总公司|公司|司公|(?<=限|任)公[^)]?|(?<=限|任)[^)]司)$/
const parentEnd =
  /(?:集团|有限责任|股份有限|有限|.限责任|.限)?(?:公司|司公|(?<=限|任).司|(?<=限|任)公.)|银行|联合社|联社|合作社(?!联)/g
const branchTail =
  /(?:(?:第[0-9一二三四五六七八九十]+|[0-9一二三四五六七八九十]+)?(?:分公司|支公司|分店|分行|支行|分理处|分部|分社|营业部|营业厅|办事处|专卖店|连锁店|旗舰店|直营店))$/

// Said of the organisation, not its name: (已注销), (原永达商贸有限公司). And a partnership's form, which others leave out.
const remark = /\((?:已?(?:于.{0,10})?(?:注销|吊销|撤销|撤消|停业|歇业|迁出|搬迁)|筹备?|原名?|曾用名|更名)[^()]*\)$/
const partnership = /\((?:特殊普通|普通|有限)合伙\)$/

/** Takes a name apart; `find` knows the places near. */
export function splitName(name: string, find: RegionFinder): NameParts {
  const text = withoutRemark(foldText(name))
  const inside = takeBracketed(text, find)
  const { base, branch } = cutBranch(inside.rest)
  const { rest, region } = cutRegions(base, inside.region, find)
  const bare = withoutBrackets(rest.replace(partnership, ''))
  const core = bare.replace(form, '')
  const tail = withoutBrackets(branch)
  const whole = withoutBrackets(text).replace('有限责任公司', '有限公司')
  return { whole, region, core: core.length >= 2 ? core : bare, branch: tail }
}

function withoutRemark(text: string): string {
  if (!text.endsWith(')')) return text
  const found = remark.exec(text)
  return found && found.index >= 2 ? text.slice(0, found.index) : text
}

const formerName = /\((?:原名?|曾用名)[:为]?([^()]{4,})\)$/

/** The name that a name says was its before: 恒达商贸有限公司(原永达商贸有限公司); null where it says none. */
export function formerNameIn(name: string): string | null {
  if (!/[)）]\s*$/.test(name)) return null
  return formerName.exec(foldText(name))?.[1] ?? null
}

/** Takes places in brackets out, wherever they stand: 联合信息(大连)有限公司. */
function takeBracketed(text: string, find: RegionFinder): { rest: string; region: string } {
  let region = ''
  if (!text.includes('(')) return { rest: text, region }
  const rest = text.replace(/\(([^()]{2,12})\)/g, (all, inside: string) => {
    const found = find(inside, 0)
    if (!found || found.end < inside.length - 1) return all
    region = narrower(region, found.code)
    return ''
  })
  return { rest, region }
}

const narrower = (known: string, found: string) =>
  known === '' || known === '00' || (found !== '00' && found.length > known.length) ? found : known

function cutBranch(text: string): { base: string; branch: string } {
  parentEnd.lastIndex = 0
  const found = parentEnd.exec(text)
  if (found && found.index >= 2) {
    const end = found.index + found[0].length
    // 集团公司, 银行股份有限公司: the form goes on.
    const more = /^(?:股份)?(?:有限)?(?:责任)?公司/.exec(text.slice(end))
    const from = end + (more?.[0].length ?? 0)
    const branch = text.slice(from)
    if (isTail(branch)) return { base: text.slice(0, from), branch }
  }
  const tail = branchTail.exec(text)
  return tail && tail.index >= 2 ? { base: text.slice(0, tail.index), branch: tail[0] } : { base: text, branch: '' }
}

// 有限公司(大连) names a place, not a branch; a sign more at the end is a slip.
const isTail = (text: string) => text.length >= 2 && !/^\([^()]{2,6}\)$/.test(text)

const isNested = (one: string, other: string) =>
  one === '00' || other === '00' || one.startsWith(other) || other.startsWith(one)

/** Takes places off the start as long as one lies in the other: 云南省开远市, but not the second of 大连市温州商会. */
function cutRegions(base: string, known: string, find: RegionFinder): { rest: string; region: string } {
  let [rest, region, within] = [base, known, '']
  for (let step = 0; step < 3; step += 1) {
    const found = find(rest, 0)
    if (!found || !isNested(found.code, within)) break
    // A stray 市 or 省 behind a place that has none: 云南市.
    const isStray = /[省市县区州]/.test(rest.charAt(found.end)) && rest.charAt(found.end + 1) !== '场'
    const left = rest.slice(isStray ? found.end + 1 : found.end)
    if (withoutBrackets(left).replace(form, '').length < 2) break
    region = narrower(region, found.code)
    within = found.code
    rest = left
  }
  return { rest, region }
}
