import { commonPasswords } from './common-passwords.ts'

/** How many passwords back must differ, the present one included. */
export const passwordsRemembered = 5

const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/]

// Signs and digits that stand for letters: P@ssw0rd is password.
const disguises: Record<string, string> = {
  '@': 'a',
  '4': 'a',
  '0': 'o',
  '1': 'l',
  '!': 'i',
  '3': 'e',
  $: 's',
  '5': 's',
}

/** The word inside: digits and signs at both ends off, disguises taken off what is left. */
function plainWords(password: string): string[] {
  const lower = password.toLowerCase()
  const inner = lower.replace(/^[^a-z]+|[^a-z]+$/g, '')
  const undisguised = lower.replace(/[@401!3$5]/g, (sign) => disguises[sign]!).replace(/^[^a-z]+|[^a-z]+$/g, '')
  const front = lower.replace(/[\d\W_]+$/, '').replace(/[@401!3$5]/g, (sign) => disguises[sign]!)
  const letters = lower.replace(/[^a-z]/g, '')
  return [lower, inner, undisguised, front, letters]
}

/**
 * What is wrong with a new password, as a sentence that says what to do, or null. Ten characters at least, three of lower
 * case, upper case, digits and other signs, without the account's name, not a common word in disguise, not one sign
 * over and over. Source: 等保 GB/T 22239-2019 8.1.4.1 a.
 */
export function passwordProblem(password: string, account: string): string | null {
  if (Array.from(password).length < 10) return '密码至少 10 位。'
  if (classes.filter((one) => one.test(password)).length < 3) {
    return '密码应含大写字母、小写字母、数字、其他符号中的至少三类。'
  }
  if (password.toLowerCase().includes(account.toLowerCase())) return '密码不能含有账号。'
  if (new Set(password.toLowerCase()).size < 5) return '密码重复的字符太多，请换一个。'
  if (plainWords(password).some((word) => commonPasswords.has(word))) {
    return '这个密码太常见，很容易被猜到，请换成几个不相干的词连成的句子。'
  }
  return null
}
