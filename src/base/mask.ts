import { narrow } from './narrow.ts'

/** 张三 → 张*; the number of characters is not given away. */
export function maskName(name: string): string {
  const first = Array.from(name.trim())[0]
  return first === undefined ? '' : `${first}*`
}

/** 13800138000 → 138****8000; 0411-84512345 → 0411-****2345; each number of a list by itself. */
export function maskPhone(phone: string): string {
  return narrow(phone).replace(/\d{5,}/g, (digits) =>
    digits.length >= 11
      ? digits.slice(0, 3) + '*'.repeat(digits.length - 7) + digits.slice(-4)
      : '*'.repeat(Math.max(digits.length - 4, 3)) + digits.slice(-4).slice(Math.max(0, 7 - digits.length)),
  )
}

/** 110101********1234 for 18 characters, 110101******123 for the old 15; anything else is covered whole. */
export function maskIdentity(id: string): string {
  const text = narrow(id)
  if (text.length === 18) return `${text.slice(0, 6)}********${text.slice(-4)}`
  if (text.length === 15) return `${text.slice(0, 6)}******${text.slice(-3)}`
  return '*'.repeat(text.length)
}

// 街道 is an office, not a street; 路桥区, 路北区 are districts whose name begins like a street's ending.
const street = /^.*?(?:大道|大街|路|街|巷|弄|胡同)(?!道|办|坊|镇|乡|村|.?区)/
const beforeNumber = /^[^\d]*/
const place = /^.*(?:街道|镇|乡|村|区|县|市)/

/** An address down to its street, or where it names none, down to the text before the first number: 中山路*** */
export function maskAddress(address: string): string {
  const text = narrow(address)
  const kept = [street, beforeNumber]
    .map((pattern) => pattern.exec(text)?.[0] ?? '')
    .filter((part) => part.length > 0 && part.length < text.length)
    .toSorted((a, b) => a.length - b.length)[0]
  const shown = kept ?? place.exec(text)?.[0] ?? ''
  return shown.length === text.length ? text : `${shown}***`
}
