// An address of a register taken apart, as far as planning needs it: road, number, building, community.
import type { AddressParts } from './place.ts'

const above =
  /^(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区))?(?:[\u4e00-\u9fff]{2,6}?(?:市|自治州|地区|盟))?(?:[\u4e00-\u9fff]{1,6}?(?:区|县|市|旗)(?![号路街]))?/
const township = /^[\u4e00-\u9fff]{2,7}?(?:街道办事处|街道|镇|乡)(?![\d号])/
const communityWords = /^([\u4e00-\u9fff]{2,8}?(?:社区|村委会|村))/
const roadWords =
  /^([\u4e00-\u9fffA-Za-z]{1,12}?(?:大道|大街|路|街|巷|胡同|道|弄|里|园|广场|小区)(?:[东西南北中一二三四五六七八九十]{1,2}(?:段|街|巷|路))?)/
const numberWords = /^第?(\d{1,5})(?:-\d+)*(?:号|\s|-|$|[\u4e00-\u9fff])/
const buildingWords =
  /([\u4e00-\u9fffA-Za-z]{2,14}?(?:大厦|大楼|商厦|写字楼|广场|中心|国际|公寓|商城|市场))|([A-Za-z\d]{1,3})(?:号楼|座|栋|幢)/

/** Full-width digits and letters in one form, without blanks and brackets. */
function fold(address: string): string {
  return address
    .normalize('NFKC')
    .replace(/[\s()（）,，、.。]/g, '')
    .replace(/[—–―－]/g, '-')
}

/** Takes an address apart; `street` is the township that the ledger gives the unit, '' where it gives none. */
export function addressParts(address: string | null, street: string): AddressParts {
  const none = { street, community: null, road: null, number: null, building: null }
  if (address === null) return none
  let rest = fold(address).replace(above, '').replace(township, '')
  const community = communityWords.exec(rest)?.[1] ?? null
  if (community !== null) rest = rest.slice(community.length)
  const road = roadWords.exec(rest)?.[1] ?? null
  if (road !== null) rest = rest.slice(road.length)
  const number = road === null ? null : (numberWords.exec(rest)?.[1] ?? null)
  if (number !== null) rest = rest.slice(rest.indexOf(number) + number.length).replace(/^(?:-\d+)*号?/, '')
  const named = buildingWords.exec(rest)
  const building = named?.[1] ?? (named?.[2] === undefined ? null : `${named[2]}座`)
  return { street, community, road, number: number === null ? null : Number(number), building }
}
