import { nameKey } from '../base/chinese.ts'

const keptMin = 4

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
  return Array.from(rest).length >= keptMin ? rest : null
}
