import { nameKey } from '../base/chinese.ts'

const head = /^(中国共产党|中共)/
const tail =
  /(联合|流动党员|流动|临时|功能型|离退休|退休|机关|第[一二三四五六七八九十]+)*(党支部委员会|支部委员会|党支部|支部|总支部委员会|党总支部|党总支|总支|党委会|委员会|党委|党组)$/

/** The key of the unit that a party organisation's name names: 中共大连海风物流有限公司支部委员会 → 大连海风物流有限公司. */
export function branchCore(branch: string): string {
  return nameKey(branch).replace(head, '').replace(tail, '')
}

// Organisations of where people live, study or are looked after: never those of an enterprise.
const residence = /(社区|居委会?|村|村委会?|街道|镇|乡|人才(服务|交流)?(中心|市场)?|就业服务中心|学院|大学|流动党员)$/

/** Whether the name is of an organisation that rests on a place or an agency, not on a unit. */
export function isResidenceBranch(branch: string): boolean {
  return residence.test(branchCore(branch)) || /流动党员/.test(branch)
}

/**
 * Whether a branch whose unit is not in the ledger is that of the employer, judged by the names alone: one holds the other's
 * distinct part, which is what is left without place and form of organisation.
 */
export function branchNamesEmployer(branch: string, employer: string, places: readonly string[]): boolean {
  if (isResidenceBranch(branch)) return false
  const said = distinctPart(branchCore(branch), places)
  const asked = distinctPart(nameKey(employer), places)
  if (said.length < 2 || asked.length < 2) return false
  return said.startsWith(asked.slice(0, 4)) || asked.startsWith(said.slice(0, 4))
}

function distinctPart(key: string, places: readonly string[]): string {
  let rest = key.replace(/\(.*?\)/g, '')
  for (const place of places) {
    for (const written of [place, place.replace(/[省市区县]$/, '')]) {
      if (written.length >= 2 && rest.startsWith(written)) rest = rest.slice(written.length)
    }
  }
  return rest.replace(/^[省市区县]/, '').replace(/(股份)?有限(公司?)?$|公司$|集团$/, '')
}
