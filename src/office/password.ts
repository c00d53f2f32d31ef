import { hash, parseOptions, verify } from '@node-rs/argon2'
import { Problem } from '../base/problem.ts'
import { passwordProblem, passwordsRemembered } from './password-rules.ts'

// argon2id with 32 MiB and two passes: about 25 ms of a CPU, above the 19 MiB that OWASP names as the least.
const cost = { memoryCost: 32_768, timeCost: 2, parallelism: 1 }

let stranger: Promise<string> | undefined

/** A hash that no password fits, of the same cost as real ones. */
function strangersHash(): Promise<string> {
  stranger ??= hash(`nobody ${Math.random()}`, cost)
  return stranger
}

/** argon2id of a password, in the PHC form that names its own cost. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, cost)
}

/** Whether a password fits a hash. Without a hash it takes as long and the answer is no, so that time tells nothing. */
export async function passwordFits(kept: string | null, password: string): Promise<boolean> {
  const fits = await verify(kept ?? (await strangersHash()), password)
  return fits && kept !== null
}

/** Whether a hash was made at a lower cost than today's, so that it should be made again when the password is at hand. */
export function isOutdated(kept: string): boolean {
  const used = parseOptions(kept)
  return used.memoryCost < cost.memoryCost || used.timeCost < cost.timeCost
}

/** Columns of an account that change with its password. */
export interface PasswordColumns {
  password_hash: string | null
  earlier_hashes: string[]
}

/**
 * The columns for a new password, after checking it against the rules and the last five.
 * @throws Problem `invalid` on the field `path`.
 */
export async function newPassword(
  account: { account: string } & PasswordColumns,
  password: string,
  path: string,
): Promise<PasswordColumns & { password_hash: string }> {
  const problem = passwordProblem(password, account.account)
  if (problem) throw refusal(problem, path)
  const earlier = [...(account.password_hash ? [account.password_hash] : []), ...account.earlier_hashes]
  for (const kept of earlier.slice(0, passwordsRemembered)) {
    if (await verify(kept, password)) throw refusal(`不能与最近 ${passwordsRemembered} 次用过的密码相同。`, path)
  }
  return { password_hash: await hashPassword(password), earlier_hashes: earlier.slice(0, passwordsRemembered) }
}

function refusal(message: string, path: string): Problem {
  return new Problem('invalid', message, { fields: [{ path, message }] })
}
