import { narrow } from './narrow.ts'
import { looksLikeIdentity } from './identity.ts'

/** What the first two characters of an 18-character code say of the unit (GB 32100-2015). */
export type UnitKindHint =
  | 'enterprise'
  | 'selfEmployed'
  | 'cooperative'
  | 'socialAssociation'
  | 'privateNonEnterprise'
  | 'foundation'
  | 'lawFirm'
  | 'governmentBody'
  | 'publicInstitution'
  | 'massOrganization'

/**
 * What a cell of a code column holds. `code` is always in its bare form: half-width, upper case, no blanks or hyphens.
 * - `uscc`: 18 characters, check character right. `innerOk` says whether characters 9–17 are a valid organisation code
 *   too (a warning only: some real codes are not).
 * - `organisation`: 9 characters (GB 11714). `registration`: the old 15 digits of the register (MOD 11,10).
 *   `tax`: the old 15 characters, region and organisation code.
 * - `identity`: a person's number. It is not echoed; keep no more of the cell than a keyed hash.
 * - `mayBeIdentity`: the digits also spell a birthday the way old 15-digit identity numbers did; show them masked.
 * - `suggestion`: the valid code that was most likely meant.
 */
export type CodeReading =
  | { kind: 'empty' }
  | {
      kind: 'uscc'
      code: string
      innerOk: boolean
      organisationCode: string
      /** 12 digits of the registering authority's region. */
      regionCode: string
      unitKind: UnitKindHint | null
    }
  | { kind: 'organisation'; code: string }
  | { kind: 'registration'; code: string; selfEmployed: boolean; mayBeIdentity: boolean }
  | { kind: 'tax'; code: string; organisationCode: string; mayBeIdentity: boolean }
  | { kind: 'identity'; checkOk: boolean }
  | { kind: 'invalid'; reason: string; fix: string; suggestion?: string }

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const usccWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]

const unitKinds: Record<string, UnitKindHint> = {
  11: 'governmentBody',
  12: 'publicInstitution',
  13: 'massOrganization',
  31: 'lawFirm',
  51: 'socialAssociation',
  52: 'privateNonEnterprise',
  53: 'foundation',
  91: 'enterprise',
  92: 'selfEmployed',
  93: 'cooperative',
}

/** The 18th character for the first 17 of a unified code (GB 32100-2015), or null for a character it does not know. */
export function usccCheckCharacter(body17: string): string | null {
  let sum = 0
  for (let at = 0; at < 17; at++) {
    const value = alphabet.indexOf(body17.charAt(at) || '?')
    if (value < 0) return null
    sum += value * usccWeights[at]!
  }
  return alphabet.charAt((31 - (sum % 31)) % 31)
}

/** The 9th character for the first 8 of an organisation code (GB 11714-1997; A is 10, Z is 35), or null. */
export function organisationCodeCheck(body8: string): string | null {
  if (!/^[0-9A-Z]{8}$/.test(body8)) return null
  let sum = 0
  for (let at = 0; at < 8; at++) {
    const sign = body8.charCodeAt(at)
    sum += (sign < 65 ? sign - 48 : sign - 55) * organisationWeights[at]!
  }
  const check = 11 - (sum % 11)
  return check === 10 ? 'X' : check === 11 ? '0' : String(check)
}

/** The 15th digit for the first 14 of an old registration number (ISO 7064 MOD 11,10). */
export function registrationCheckDigit(body14: string): string {
  let product = 10
  for (const digit of body14) product = (((product + Number(digit)) % 10 || 10) * 2) % 11
  return String((11 - product) % 10)
}

/** Characters 9–17 of a unified code: the organisation code that older registers know the unit by. */
export function innerOrganisationCode(uscc: string): string {
  return uscc.slice(8, 17)
}

function isUscc(code: string): boolean {
  return (
    /^[1-9ANY][0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code) &&
    usccCheckCharacter(code.slice(0, 17)) === code[17]
  )
}

function isOrganisationCode(code: string): boolean {
  return code.length === 9 && organisationCodeCheck(code.slice(0, 8)) === code[8]
}

const nothing = new Set(['', '无', '暂无', '没有', '未知', '不详', '/', '0', '空', 'NULL', 'NONE', 'N/A', '*'])

/** Reads a cell of a code column, whatever kind of number was written into it. */
export function checkCode(text: string): CodeReading {
  const upper = narrow(text).toUpperCase()
  if (/^\d\.\d+E\+?\d+$/.test(upper)) return spoiled('被表格软件写成了科学记数')
  const code = upper.replace(/[-\u2010-\u2015_·.。,;；、'’`"“”]/g, '')
  if (nothing.has(code)) return { kind: 'empty' }
  if (code.length === 18 && isUscc(code)) return readUscc(code)
  const identity = looksLikeIdentity(code)
  if (identity && code.length !== 15) return { kind: 'identity', checkOk: identity.checkOk }
  if (code.length === 15) return readFifteen(code, identity !== null)
  if (isOrganisationCode(code)) return { kind: 'organisation', code }
  return explain(code)
}

function readUscc(code: string): CodeReading {
  const organisationCode = innerOrganisationCode(code)
  const innerOk = isOrganisationCode(organisationCode)
  // Digits only can pass as both. 91 to 93 is nearly always a unit (as a person: some foreigners); else the person is
  // protected.
  if (!/^9[123]/.test(code) && looksLikeIdentity(code)?.checkOk) return { kind: 'identity', checkOk: true }
  const unitKind = unitKinds[code.slice(0, 2)] ?? null
  return { kind: 'uscc', code, innerOk, organisationCode, regionCode: `${code.slice(2, 8)}000000`, unitKind }
}

function readFifteen(code: string, mayBeIdentity: boolean): CodeReading {
  if (/^\d{15}$/.test(code) && registrationCheckDigit(code.slice(0, 14)) === code[14]) {
    return { kind: 'registration', code, selfEmployed: /[6-9]/.test(code.charAt(6)), mayBeIdentity }
  }
  if (/^\d{6}/.test(code) && isOrganisationCode(code.slice(6))) {
    return { kind: 'tax', code, organisationCode: code.slice(6), mayBeIdentity }
  }
  if (mayBeIdentity) return { kind: 'identity', checkOk: true }
  return /^\d{6}[0-9A-Z]{9}$/.test(code)
    ? invalid('15位旧号码的校验码不符', '请对照旧营业执照或税务登记证核对；已换发新照的，请改填18位统一社会信用代码')
    : explain(code)
}

function explain(code: string): CodeReading {
  if (!/^[0-9A-Z]+$/.test(code)) return invalid('代码中有汉字或符号', '请只保留数字和大写字母')
  if (code.length === 18) return explainEighteen(code)
  if (code.length === 9)
    return invalid('9位组织机构代码的校验码不符', '请对照证件核对；有18位统一社会信用代码的，请改填18位')
  if (code.length === 13) return invalid('这是2007年以前的13位旧注册号，无法校验', '请改填18位统一社会信用代码')
  const difference = 18 - code.length
  const count = `统一社会信用代码应为18位，现为${code.length}位`
  if (difference > 0 && difference <= 3) return invalid(count, `可能漏了${difference}位，请对照营业执照补全`)
  if (difference < 0 && difference >= -3) return invalid(count, `可能多了${-difference}位，请对照营业执照删改`)
  return invalid(count, '请对照营业执照填写18位代码')
}

function explainEighteen(code: string): CodeReading {
  const forbidden = code.search(/[IOZSV]/)
  if (forbidden >= 0) return explainForbidden(code, forbidden)
  if (/^\d{15}000$/.test(code)) return spoiled('末三位是000，像是被表格软件当作数字改写了')
  const check = usccCheckCharacter(code.slice(0, 17))
  if (!/^[1-9ANY].\d{6}/.test(code))
    return invalid('统一社会信用代码的前8位不合规则', '第1位是登记管理部门，第3至8位是登记地区划代码，请对照证件核对')
  return invalid(
    '校验码不符',
    `按前17位推算，末位应为“${check}”，现为“${code[17]}”：18位中至少有一位写错，请对照营业执照逐位核对`,
  )
}

const lookalikes: Record<string, string[]> = { I: ['1'], O: ['0'], Z: ['2'], S: ['5'], V: ['U', 'Y'] }

function explainForbidden(code: string, at: number): CodeReading {
  const letter = code.charAt(at)
  const suggestion = withLookalikes(code).find(isUscc)
  const likely = suggestion ? `“${suggestion.charAt(at)}”` : lookalikes[letter]!.map((other) => `“${other}”`).join('或')
  return {
    ...invalid(
      '有代码不用的字母',
      `第${at + 1}位是字母“${letter}”，统一社会信用代码不用 I、O、Z、S、V，多半应为${likely}，请对照营业执照核对`,
    ),
    ...(suggestion && { suggestion }),
  }
}

function withLookalikes(code: string): string[] {
  let readings = ['']
  for (const sign of code)
    readings = readings.flatMap((start) => (lookalikes[sign] ?? [sign]).map((other) => start + other)).slice(0, 64)
  return readings
}

function invalid(reason: string, fix: string): CodeReading & { kind: 'invalid' } {
  return { kind: 'invalid', reason, fix }
}

function spoiled(how: string): CodeReading {
  return invalid(`代码${how}，末几位已经丢失`, '请在表格里把该列设为“文本”格式，从原系统重新导出后再上传')
}
