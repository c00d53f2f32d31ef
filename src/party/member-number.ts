import { narrow } from '../base/chinese.ts'
import { idCheckCharacter, looksLikeIdentity } from '../base/identity.ts'
import { isDate } from '../base/time.ts'

/** A person's number as 18 characters, or what is wrong with the cell, without its digits. */
export type NumberReading =
  | { kind: 'number'; number: string; old: boolean }
  | { kind: 'empty' }
  | { kind: 'wrong'; rule: string; fix: string }

const wrong = (rule: string, fix: string): NumberReading => ({ kind: 'wrong', rule, fix })

/**
 * Reads a cell that should hold a 公民身份号码 (GB 11643). The old 15 digits, and a sole proprietor's tax number made of a
 * number and 00, become the same 18 characters, so that one person has one number.
 */
export function readPersonNumber(text: string): NumberReading {
  const plain = narrow(text).toUpperCase().replace(/^['’]/, '')
  if (plain === '') return { kind: 'empty' }
  if (/^\d(\.\d+)?E\+?\d+$/.test(plain) || /^\d{15}000$/.test(plain)) {
    return wrong('身份证号被表格软件改写，末几位已丢失', '把该列设为“文本”格式，从原系统重新导出')
  }
  const bare = plain.replace(/[-—_.]/g, '')
  const known = looksLikeIdentity(bare)
  if (!known) {
    return /^[\dX]{15,20}$/.test(bare)
      ? wrong('不是身份证号', '对照身份证核对前 6 位和出生日期')
      : wrong('身份证号位数不对', '填 18 位公民身份号码')
  }
  if (bare.length === 15 || bare.length === 17) return fromOld(bare.slice(0, 15))
  const number = bare.slice(0, 18)
  if (!known.checkOk) return wrong('身份证号校验码不符', '18 位中至少有一位写错，对照身份证逐位核对')
  if (!isDate(dateOf(number))) return wrong('身份证号里的出生日期不存在', '对照身份证核对第 7 至 14 位')
  return { kind: 'number', number, old: false }
}

function fromOld(fifteen: string): NumberReading {
  const body = `${fifteen.slice(0, 6)}19${fifteen.slice(6)}`
  const number = body + idCheckCharacter(body)
  if (!isDate(dateOf(number))) return wrong('身份证号里的出生日期不存在', '对照身份证核对第 7 至 12 位')
  return { kind: 'number', number, old: true }
}

const dateOf = (number: string) => `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
