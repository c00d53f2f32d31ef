import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A place named at some point of a text: its code's significant digits (2, 4 or 6; `00` for 中国) and where its name ends. */
export interface RegionFound {
  code: string
  end: number
}

/** Finds places by name as they are written in one county: near ones by their short names too. */
export type RegionFinder = (text: string, from: number) => RegionFound | null

const peoples =
  '壮族|回族|维吾尔|藏族|羌族|彝族|白族|傣族|景颇族|哈尼族|苗族|侗族|布依族|土家族|朝鲜族|蒙古族|蒙古|哈萨克|柯尔克孜|傈僳族|' +
  '满族|畲族|黎族|瑶族|纳西族|独龙族|怒族|普米族|佤族|拉祜族|布朗族|达斡尔族|鄂伦春|鄂温克族|毛南族|仫佬族|仡佬族|水族|撒拉族|' +
  '土族|东乡族|保安族|裕固族|锡伯|塔吉克|哈萨克族|各族'
const ethnic = new RegExp(`(?:${peoples})+(?=自治)`)
const inner = '内蒙古'
const suffix = /(?:特别行政区|自治区|自治州|自治县|自治旗|林区|特区|地区|省|市|区|县|州|盟|旗)$/

/** `云南省` → `云南`, `红河哈尼族彝族自治州` → `红河`. */
function shortName(name: string): string {
  if (name.startsWith(inner)) return inner
  return name.replace(ethnic, '').replace(suffix, '')
}

let table: { code: string; name: string }[] | undefined

/** Provinces, cities and counties as the platform ships them. */
function regions(): { code: string; name: string }[] {
  table ??= gunzipSync(readFileSync(new URL('../office/regions.tsv.gz', import.meta.url)))
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [code, name] = line.split('\t')
      if (!code || !name || !code.endsWith('000000') || !/^[1-8]\d{11}$/.test(code)) return []
      return [{ code: code.replace(/^(\d\d)0000000000$|^(\d{4})00000000$|^(\d{6})000000$/, '$1$2$3'), name }]
    })
  return table
}

function wordsFor(countyCode: string): Map<string, string> {
  const words = new Map<string, string>([['中国', '00']])
  const add = (word: string, code: string) => {
    // Near places before far ones of the same name.
    const known = words.get(word)
    if (word.length >= 2 && (known === undefined || nearness(code) > nearness(known))) words.set(word, code)
  }
  const nearness = (code: string) => {
    for (let length = 6; length > 0; length -= 2) if (countyCode.startsWith(code.slice(0, length))) return length
    return 0
  }
  for (const { code, name } of regions()) {
    add(name, code)
    const short = shortName(name)
    if (code.length < 6 || nearness(code) >= 4) add(short, code)
    if (name.endsWith('自治州')) add(`${short}州`, code)
    if (name.endsWith('自治县')) add(`${short}县`, code)
  }
  return words
}

const finders = new Map<string, RegionFinder>()

/** The finder for a county; made once. */
export function regionFinder(countyCode: string): RegionFinder {
  const county = countyCode.slice(0, 6)
  const known = finders.get(county)
  if (known) return known
  const words = wordsFor(county)
  const longest = new Map<number, number>()
  const start = (text: string, at: number) => text.charCodeAt(at) * 0x10000 + text.charCodeAt(at + 1)
  for (const word of words.keys()) longest.set(start(word, 0), Math.max(longest.get(start(word, 0)) ?? 0, word.length))
  const finder: RegionFinder = (text, from) => {
    const most = from + 1 < text.length ? longest.get(start(text, from)) : undefined
    if (most === undefined) return null
    for (let length = Math.min(most, text.length - from); length >= 2; length -= 1) {
      const code = words.get(text.slice(from, from + length))
      if (code !== undefined) return { code, end: from + length }
    }
    return null
  }
  finders.set(county, finder)
  return finder
}
