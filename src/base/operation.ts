import { oc } from '@orpc/contract'

/** What every operation says of itself besides its path, input and output. */
export interface OperationMeta {
  /**
   * The permission an actor must hold, or `signedIn` (any account that has completed sign-in), or `public`.
   * Checked before the input is parsed.
   */
  permission: string
  /** A command changes something: it runs in one transaction, writes one journal row, and honours a request id. */
  effect: 'query' | 'command'
  /** True where the answer holds a secret (a set-up link, a TOTP seed): it is not kept for repeats. */
  secretAnswer: boolean
  /** True where it works although the actor still owes something (`Actor.owes`): all that is needed to settle it. */
  whileOwing: boolean
}

export interface OperationWords<P extends string> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** REST path below `/api`, e.g. `/units/{id}`. */
  path: `/${string}`
  /** The operation in the field's own words, shown in the journal and the API reference. */
  summary: string
  permission: P | 'signedIn' | 'public'
  /** A GET is a query and everything else a command, unless said otherwise here (a search sent as POST is a query). */
  effect?: 'query' | 'command'
  secretAnswer?: boolean
  whileOwing?: boolean
}

/**
 * The operations of one room. `tag` is the room's Chinese name; `permissions` its permissions with their Chinese words.
 *
 * ```ts
 * const operation = operations('台账', { 'ledger.unit.read': '查看台账' })
 * export const ledgerContract = { getUnit: operation({ method: 'GET', path: '/units/{id}', … }).input(…).output(…) }
 * ```
 */
export function operations<const W extends Record<string, string>>(tag: string, permissions: W) {
  void permissions
  return (words: OperationWords<keyof W & string>) => {
    const meta: OperationMeta = {
      permission: words.permission,
      effect: words.effect ?? (words.method === 'GET' ? 'query' : 'command'),
      secretAnswer: words.secretAnswer ?? false,
      whileOwing: words.whileOwing ?? false,
    }
    return oc
      .$meta<OperationMeta>(meta)
      .route({ method: words.method, path: words.path, summary: words.summary, tags: [tag] })
  }
}
