import { simplify } from './traditional.ts'

const brackets = new Map<number, number>()
for (const sign of '([{（［｛〔【〈《「『〖﹝') brackets.set(sign.charCodeAt(0), 40)
for (const sign of ')]}）］｝〕】〉》」』〗﹞') brackets.set(sign.charCodeAt(0), 41)

const isLetter = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 0x3400 && code <= 0x9fff) || code >= 0xd800

/** The form of one sign: half-width, upper case, simplified; 0 for signs that say nothing; 40 and 41 for brackets. */
function foldSign(sign: number): number {
  let code = sign
  if (code >= 0x4e00 && code <= 0x9fff) return simplify(code)
  if (code >= 0xff01 && code <= 0xff5e) code -= 0xfee0
  if (code >= 97 && code <= 122) return code - 32
  const bracket = brackets.get(code)
  if (bracket !== undefined) return bracket
  return isLetter(code) || code === 0x3007 ? code : 0
}

const folded = new Uint16Array(0x10000).map((_, code) => foldSign(code))

/** Letters, digits, characters and brackets of a text, in one form of width, case and script; all other signs left out. */
export function foldText(text: string): string {
  let isFolded = true
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (folded[code] !== code) {
      isFolded = false
      break
    }
  }
  if (isFolded) return text
  let result = ''
  for (let at = 0; at < text.length; at += 1) {
    const code = folded[text.charCodeAt(at)]!
    if (code !== 0) result += String.fromCharCode(code)
  }
  return result
}

/** A folded text without its brackets. */
export function withoutBrackets(text: string): string {
  return text.includes('(') || text.includes(')') ? text.replace(/[()]/g, '') : text
}

const digitOf = new Map([...'零一二三四五六七八九〇'].map((sign, at) => [sign, String(at % 10)] as const))

/** A house's number in words: 一百零七号, 十二层; 二十里堡 and 第二十中学 are names. */
const spelt = /([一二三四五六七八九]?百)?零?([一二三四五六七八九]?十)?([一二三四五六七八九])?(?=[号楼层室栋幢单])/g

/** Chinese digits as Arabic ones: 二０六号, 二百零六号 and 206号 are one number. Elsewhere 十 and 百 stay. */
export function foldDigits(text: string): string {
  if (!/[零一二三四五六七八九十百〇]/.test(text)) return text
  const digit = (sign: string | undefined, otherwise: number) =>
    sign === undefined ? 0 : Number(digitOf.get(sign.charAt(0)) ?? otherwise)
  return text
    .replace(spelt, (all, hundreds?: string, tens?: string, ones?: string) =>
      hundreds || tens ? String(digit(hundreds, 1) * 100 + digit(tens, 1) * 10 + digit(ones, 0)) : all,
    )
    .replace(/[零一二三四五六七八九〇]/g, (sign) => digitOf.get(sign)!)
}

/** The digits of a phone number, without the country's code; empty where there are too few to be one. */
export function foldPhone(text: string): string {
  const first = foldText(text.split(/[,，、;；/\s]/).find((part) => part.replace(/\D/g, '').length >= 7) ?? text)
  const digits = first.replace(/\D/g, '').replace(/^(0086|86)(?=1\d{10}$)/, '')
  return digits.length >= 7 ? digits : ''
}
