import { Problem } from '../base/problem.ts'
import type { Transaction } from './context.ts'
import type { HostTables } from './tables.ts'

/** One command with a key of the client's own: the same actor, key, operation and input are the same command. */
export interface Claim {
  actorId: string
  key: string
  operation: string
  inputDigest: string
  at: Date
}

/**
 * Claims the key, or finds that it was used: then the answer given at that time. A second request that comes while the
 * first still runs waits for it here. @throws Problem('conflict') when the key was used for something else, or for an
 * answer that holds a secret and is shown only once.
 */
export async function claimAnswer(tx: Transaction, claim: Claim): Promise<{ answer: unknown } | null> {
  const table = tx.withTables<HostTables>()
  const inserted = await table
    .insertInto('stored_answer')
    .values({
      ...keyOf(claim),
      operation: claim.operation,
      input_digest: claim.inputDigest,
      answer: null,
      at: claim.at,
    })
    .onConflict((conflict) => conflict.columns(['actor_id', 'request_id']).doNothing())
    .returning('request_id')
    .executeTakeFirst()
  if (inserted) return null
  const known = await table
    .selectFrom('stored_answer')
    .selectAll()
    .where((is) => is.and(keyOf(claim)))
    .executeTakeFirstOrThrow()
  if (known.operation !== claim.operation || known.input_digest !== claim.inputDigest) {
    throw new Problem('conflict', '同一个请求编号已用于另一项操作，请刷新页面后重新办理。')
  }
  if (known.answer === null)
    throw new Problem('conflict', '这项操作已经办成，其结果只显示一次，请查看最新状态，不要重复提交。')
  return known.answer as { answer: unknown }
}

/** Keeps the answer of a claimed key for repeats. */
export async function storeAnswer(tx: Transaction, claim: Claim, answer: unknown): Promise<void> {
  await tx
    .withTables<HostTables>()
    .updateTable('stored_answer')
    .set({ answer: JSON.stringify({ answer }) })
    .where((is) => is.and(keyOf(claim)))
    .execute()
}

/** Forgets the answers given before a moment. */
export async function purgeAnswers(tx: Transaction, before: Date): Promise<void> {
  await tx.withTables<HostTables>().deleteFrom('stored_answer').where('at', '<', before).execute()
}

function keyOf(claim: Claim) {
  return { actor_id: claim.actorId, request_id: claim.key }
}
