/** 门类 of GB/T 4754-2017 (with amendment 1 of 2019), by their letter. */
export const industryLetters = {
  A: 'A 农、林、牧、渔业',
  B: 'B 采矿业',
  C: 'C 制造业',
  D: 'D 电力、热力、燃气及水生产和供应业',
  E: 'E 建筑业',
  F: 'F 批发和零售业',
  G: 'G 交通运输、仓储和邮政业',
  H: 'H 住宿和餐饮业',
  I: 'I 信息传输、软件和信息技术服务业',
  J: 'J 金融业',
  K: 'K 房地产业',
  L: 'L 租赁和商务服务业',
  M: 'M 科学研究和技术服务业',
  N: 'N 水利、环境和公共设施管理业',
  O: 'O 居民服务、修理和其他服务业',
  P: 'P 教育',
  Q: 'Q 卫生和社会工作',
  R: 'R 文化、体育和娱乐业',
  S: 'S 公共管理、社会保障和社会组织',
  T: 'T 国际组织',
} as const

type Letter = keyof typeof industryLetters

/** First and last 大类 (two digits) of each 门类, GB/T 4754-2017. */
const ranges: readonly [Letter, number, number][] = [
  ['A', 1, 5],
  ['B', 6, 12],
  ['C', 13, 43],
  ['D', 44, 46],
  ['E', 47, 50],
  ['F', 51, 52],
  ['G', 53, 60],
  ['H', 61, 62],
  ['I', 63, 65],
  ['J', 66, 69],
  ['K', 70, 70],
  ['L', 71, 72],
  ['M', 73, 75],
  ['N', 76, 79],
  ['O', 80, 82],
  ['P', 83, 83],
  ['Q', 84, 85],
  ['R', 86, 90],
  ['S', 91, 96],
  ['T', 97, 97],
]

const names = Object.entries(industryLetters).map(([letter, words]) => [letter, words.slice(2).replace(/[、，和及]/g, '')] as const)

/**
 * The code of an industry as files write it: `F`, `F51`, `F5199`, `5199`, `批发和零售业`, `F 批发和零售业`.
 * Answers a letter with up to four digits, or null when the text names no industry of the standard.
 */
export function parseIndustry(text: string): string | null {
  const clean = text.trim().toUpperCase().replace(/\s+/g, '')
  const coded = /^([A-T])?(\d{2,4})?(?!\d)/.exec(clean)
  const digits = coded?.[2]
  if (digits) {
    const letter = letterOf(Number(digits.slice(0, 2)))
    return letter && (!coded[1] || coded[1] === letter) ? letter + digits : null
  }
  if (coded?.[1]) return coded[1]
  const words = clean.replace(/[、，,和及]/g, '')
  return names.find(([, name]) => words === name || words === name.replace(/业$/, ''))?.[0] ?? null
}

function letterOf(division: number): Letter | undefined {
  return ranges.find(([, first, last]) => division >= first && division <= last)?.[0]
}

/** The 门类 of a code in words, with the code when it says more than the letter: `批发和零售业（F5199）`. */
export function industryName(code: string): string | null {
  const words = (industryLetters as Record<string, string>)[code.charAt(0)]
  if (!words) return null
  return code.length > 1 ? `${words.slice(2)}（${code}）` : words.slice(2)
}
