import { maskName } from '../base/mask.ts'
import type { Context, Transaction } from '../host/context.ts'
import { hmacSm3, seal, unseal } from '../host/crypto.ts'
import { ledgerTables } from '../ledger/service.ts'
import type { MemberTables } from './member-tables.ts'

/** The tables of members with those of the ledger and the office that they are read with. */
export function memberTables(tx: Transaction) {
  return ledgerTables(tx).withTables<MemberTables>()
}

type Key = Pick<Context['settings'], 'secretKey'>

/**
 * The keyed digest by which a person is known (HMAC-SM3, 64 hexadecimal digits) from the 18 characters of
 * `readPersonNumber`. The key stands outside the database, so that nobody can try all numbers against the digests.
 */
export function personDigest({ secretKey }: Key, number: string): string {
  return hmacSm3(secretKey, 'member-person', number)
}

/** The keyed digest by which a full name is found. */
export function nameDigest({ secretKey }: Key, name: string): string {
  return hmacSm3(secretKey, 'member-name', name.replace(/\s+/g, ''))
}

/** A name as it is stored: sealed, masked for lists, digested for finding it whole. */
export function storedName(key: Key, name: string) {
  return {
    name_sealed: seal(key.secretKey, 'member-name', name),
    name_masked: maskName(name),
    name_digest: nameDigest(key, name),
  }
}

/** The name out of its seal; null when it was altered or sealed with another key. */
export function openName({ secretKey }: Key, sealed: string): string | null {
  return unseal(secretKey, 'member-name', sealed)
}
