import { nameKey } from '../base/chinese.ts'

const keptMin = 4

// What many units do: a name of such words alone is nobody's own.
const common =
  /^(房地产|物业|开发|经营|管理|服务|咨询|商贸|贸易|科技|技术|信息|网络|电子|建筑|建设|装饰|安装|工程|设计|劳务|投资|文化|传媒|广告|农业|矿业|机电|机械|设备|制造|养老|家政|教育|培训|医药|餐饮|食品|物流|运输|汽车|销售|经纪|代理|进出口|国际|跨境|发展|实业|社区|社会|工作|组织|志愿|行业|协会|商会|学会|联合会|促进会|中心|基金会|学校|[厂店部社])+$/

/**
 * The key under which an employer's hand-written name is found where its full name is not: without the names of the county,
 * city and province it lies in, and without the form of organisation; a branch keeps what makes it one. Null where too little
 * is left to tell one unit from another.
 */
export function looseKey(name: string, places: readonly string[]): string | null {
  let rest = nameKey(name).replace(/[()·\s]/g, '')
  for (const place of places.flatMap((one) => [one, one.replace(/[省市区县旗]$/, '')])) {
    if (place.length >= 2) rest = rest.replaceAll(place, '')
  }
  rest = rest
    .replace(/^[省市区县]/, '')
    .replace(/股份|有限(责任)?(公司|公|责任)?|集团公司|集团/g, '')
    .replace(/(?<!分)公司$/, '')
  return Array.from(rest).length >= keptMin && !common.test(rest) ? rest : null
}
