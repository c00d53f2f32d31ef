import { foldDigits, foldText, withoutBrackets } from './normalize.ts'
import type { RegionFinder } from './region-names.ts'

/** An address taken apart. */
export interface AddressParts {
  /** Without province, city and county, digits in one form. */
  rest: string
  /** The road, street, village or estate. */
  road: string
  /** The first number behind it. */
  number: string
}

const roadEnd = /(?:大道|大街|路|街|巷|道|胡同|弄|里|村|园|广场|小区|社区|镇|乡|屯|组)/g

/** Takes an address apart. */
export function splitAddress(address: string, find: RegionFinder): AddressParts {
  // 206-1号 is number 206, not 2061.
  const written = address.replace(/(?<=[\d０-９])[-－—–](?=[\d０-９])/g, '之')
  let rest = foldDigits(withoutBrackets(foldText(written)))
  for (let step = 0; step < 5; step += 1) {
    const found = find(rest, 0)
    if (!found || rest.length - found.end < 2) break
    const next = rest.charAt(found.end)
    // 中山路: the place is the road's name.
    if (/[路街巷道村园里广]/.test(next) || (next === '大' && /[道街]/.test(rest.charAt(found.end + 1)))) break
    rest = rest.slice(found.end)
  }
  const digits = /\d/.exec(rest)
  const before = digits ? rest.slice(0, digits.index) : rest
  let end = 0
  let start = 0
  for (const found of before.matchAll(roadEnd)) {
    if (found.index - end >= 2 || end === 0) start = end
    end = found.index + found[0].length
  }
  const road = end > 0 ? before.slice(start, end) : before.slice(0, 6)
  const number = /^[^\d]{0,3}(\d+)/.exec(rest.slice(end > 0 ? end : 0))?.[1] ?? ''
  return { rest, road, number }
}
