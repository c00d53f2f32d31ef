import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  checkCode,
  innerOrganisationCode,
  organisationCodeCheck,
  registrationCheckDigit,
  usccCheckCharacter,
} from './codes.ts'
import { idCheckCharacter } from './identity.ts'

const real = [
  '91350100M000100Y43',
  '91350200MA2YJ1XR9G',
  '91350200776049653A',
  '91440101MA5CJQ4N59',
  '92371000MA3MXH0E3W',
  '91230184MA1BUFLT44',
]

test.each(real)('%s is a valid unified code', (code) => {
  expect(usccCheckCharacter(code.slice(0, 17))).toBe(code[17])
  expect(checkCode(code)).toMatchObject({
    kind: 'uscc',
    code,
    organisationCode: innerOrganisationCode(code),
    regionCode: `${code.slice(2, 8)}000000`,
  })
})

test('changing any one character of a unified code is found', () => {
  for (const code of real) {
    for (let at = 0; at < 18; at++) {
      for (const other of '0123456789ABCDEFGHJKLMNPQRTUWXY') {
        expect(checkCode(code.slice(0, at) + other + code.slice(at + 1)).kind === 'uscc').toBe(other === code[at])
      }
    }
  }
})

test.each([
  ['91350100M000100Y43', true, 'enterprise'],
  ['92371000MA3MXH0E3W', true, 'selfEmployed'],
])('%s: inner code right %s, kind %s', (code, innerOk, unitKind) => {
  expect(checkCode(code)).toMatchObject({ innerOk, unitKind })
})

test('a right check character over a wrong inner organisation code is valid with a warning', () => {
  const body = '51210204MA2YJ1XR8'
  expect(checkCode(body + usccCheckCharacter(body))).toMatchObject({
    kind: 'uscc',
    innerOk: false,
    unitKind: 'socialAssociation',
  })
})

test.each([
  '９１３５０１００Ｍ０００１００Ｙ４３',
  ' 91350100m000100y43\u200b',
  '9135 0100-M000100Y-43',
  "'91350100M000100Y43",
])('%j is read through width, case, blanks, hyphens and an apostrophe', (text) => {
  expect(checkCode(text)).toMatchObject({ kind: 'uscc', code: '91350100M000100Y43' })
})

test.each(['', '  ', '无', '/', '--', '暂无'])('%j says that there is no code', (text) => {
  expect(checkCode(text)).toEqual({ kind: 'empty' })
})

test('organisation codes are read with or without their hyphen', () => {
  expect(organisationCodeCheck('MA2YJ1XR')).toBe('9')
  expect(checkCode('MA2YJ1XR-9')).toEqual({ kind: 'organisation', code: 'MA2YJ1XR9' })
  expect(checkCode('776049653')).toEqual({ kind: 'organisation', code: '776049653' })
  expect(checkCode('776049654')).toMatchObject({ kind: 'invalid', reason: '9位组织机构代码的校验码不符' })
})

test.each(['110108000000016', '440301103097413'])('%s is an old registration number', (code) => {
  expect(registrationCheckDigit(code.slice(0, 14))).toBe(code[14])
  expect(checkCode(code)).toMatchObject({ kind: 'registration', code, selfEmployed: false, mayBeIdentity: false })
})

test('an old tax number is a region and an organisation code', () => {
  expect(checkCode('350200MA2YJ1XR9')).toEqual({
    kind: 'tax',
    code: '350200MA2YJ1XR9',
    organisationCode: 'MA2YJ1XR9',
    mayBeIdentity: false,
  })
})

test('fifteen digits that are no number of any kind are refused', () => {
  expect(checkCode('110108000000017')).toMatchObject({ kind: 'invalid', reason: '15位旧号码的校验码不符' })
})

test.each([
  ['11010519491231002X', true],
  ['11010519491231002x', true],
  ['110105194912310021', false],
  ['11010519491231002X01', true],
  ['11010519491231002X1', true],
  ['990105194912310029', false],
  ['110105491231003', true],
  ['11010549123100300', true],
  ['９９０１０５１９４９１２３１００２９', false],
])("a person's number written as %s is known for one and not echoed", (text, checkOk) => {
  expect(checkCode(text)).toEqual({ kind: 'identity', checkOk })
})

test("a number that passes as a unit's and as a person's is the person's, and a unit's where it begins with 91", () => {
  const found = { 51: '', 91: '' }
  for (const start of ['51', '91'] as const) {
    for (let serial = 0; !found[start]; serial++) {
      const body = `${start}011519870412${String(serial).padStart(3, '0')}`
      if (usccCheckCharacter(body) === idCheckCharacter(body)) found[start] = body + idCheckCharacter(body)
    }
  }
  expect(checkCode(found[51])).toEqual({ kind: 'identity', checkOk: true })
  expect(checkCode(found[91]).kind).toBe('uscc')
})

test('an old registration number that also spells a birthday is marked', () => {
  const body = '11010860012345'
  expect(checkCode(body + registrationCheckDigit(body))).toMatchObject({
    kind: 'registration',
    selfEmployed: true,
    mayBeIdentity: true,
  })
})

test('check characters of identity numbers', () => {
  expect(idCheckCharacter('11010519491231002')).toBe('X')
})

test.each([
  [
    '91350100M000100Y44',
    '校验码不符',
    '按前17位推算，末位应为“3”，现为“4”：18位中至少有一位写错，请对照营业执照逐位核对',
  ],
  ['91350100M000100Y4', '统一社会信用代码应为18位，现为17位', '可能漏了1位，请对照营业执照补全'],
  ['91350100M000100Y433', '统一社会信用代码应为18位，现为19位', '可能多了1位，请对照营业执照删改'],
  ['12345', '统一社会信用代码应为18位，现为5位', '请对照营业执照填写18位代码'],
  [
    '9135O1O0M000100Y43',
    '有代码不用的字母',
    '第5位是字母“O”，统一社会信用代码不用 I、O、Z、S、V，多半应为“0”，请对照营业执照核对',
  ],
  ['办理中', '代码中有汉字或符号', '请只保留数字和大写字母'],
  [
    '9.12102E+17',
    '代码被表格软件写成了科学记数，末几位已经丢失',
    '请在表格里把该列设为“文本”格式，从原系统重新导出后再上传',
  ],
  [
    '912102317443929000',
    '代码末三位是000，像是被表格软件当作数字改写了，末几位已经丢失',
    '请在表格里把该列设为“文本”格式，从原系统重新导出后再上传',
  ],
  ['1101080000000', '这是2007年以前的13位旧注册号，无法校验', '请改填18位统一社会信用代码'],
])('%s is refused: %s', (text, reason, fix) => {
  expect(checkCode(text)).toMatchObject({ kind: 'invalid', reason, fix })
})

test('the code that was meant is suggested when look-alike letters explain it', () => {
  expect(checkCode('9135O1O0M0OOI00Y43')).toMatchObject({ kind: 'invalid', suggestion: '91350100M000100Y43' })
  expect(checkCode('9135O1O0M0OOI00Y44')).not.toHaveProperty('suggestion')
})

const sample = join(process.env.SHARED_DATA ?? '../shared/data', 'shahekou/市场监管-企业登记.csv')
test.runIf(existsSync(sample))(
  "of a district's real register nearly every code is valid and none is taken for a person's",
  () => {
    const kinds = readFileSync(sample, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => checkCode(line.split(',')[1]!).kind)
    expect(kinds.filter((kind) => kind === 'identity')).toEqual([])
    expect(kinds.filter((kind) => kind === 'uscc').length / kinds.length).toBeGreaterThan(0.95)
  },
)
