import { createORPCClient } from '@orpc/client'
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { createTanstackQueryUtils, type RouterUtils } from '@orpc/tanstack-query'
import { newId } from '../base/ids.ts'
import { AnsweredProblem, problemFromBody } from './problem.ts'
import { makeStore } from './store.ts'

/** The operations of one room, ready for TanStack Query: `.queryOptions({ input })`, `.mutationOptions()`, `.call(input)`, `.key()`. */
export type Operations<C extends AnyContractRouter> = RouterUtils<ContractRouterClient<C>>

const connected = new WeakMap<object, unknown>()

/**
 * The typed client of one room's contract; the same object for the same contract, so call it at the top of a screen file.
 *
 * ```ts
 * const ledger = connect(ledgerContract)
 * const query = useQuery(ledger.getUnit.queryOptions({ input: { id } }))
 * ```
 */
export function connect<C extends AnyContractRouter>(contract: C): Operations<C> {
  const known = connected.get(contract)
  if (known) return known as Operations<C>
  const link = new OpenAPILink(contract, {
    url: () => new URL('/api', location.origin).href,
    fetch: send,
    customErrorResponseBodyDecoder: (body, response) => decodeProblem(body, response.status) as never,
  })
  const client = createORPCClient<ContractRouterClient<C>>(link)
  const utils = createTanstackQueryUtils(client, { path: [tagOf(contract)] })
  connected.set(contract, utils)
  return utils
}

/** The room's Chinese tag: it keeps the query keys of two rooms apart. */
function tagOf(contract: object): string {
  const first = Object.values(contract)[0] as { '~orpc'?: { route?: { tags?: readonly string[] } } } | undefined
  return first?.['~orpc']?.route?.tags?.[0] ?? 'room'
}

// When the person last did something. A page that refreshes itself says so, and then does not keep the session alive.
const unattendedMs = 60_000
let lastInputAt = Date.now()
for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchstart']) {
  globalThis.addEventListener?.(kind, () => (lastInputAt = Date.now()), { capture: true, passive: true })
}

/**
 * One request. A command carries an `Idempotency-Key`, so that when the connection breaks it is sent once more with the
 * same key and can still take effect only once.
 */
async function send(request: Request, init: RequestInit): Promise<Response> {
  if (Date.now() - lastInputAt > unattendedMs) request.headers.set('X-Unattended', '1')
  if (request.method === 'GET') return fetch(request, init)
  request.headers.set('Idempotency-Key', newId())
  const again = request.clone()
  try {
    // What is sent as the page goes away outlives it.
    return await fetch(request, document.visibilityState === 'hidden' ? { ...init, keepalive: true } : init)
  } catch (error) {
    if (request.signal.aborted) throw error
    await new Promise((resolve) => setTimeout(resolve, 800))
    return fetch(again, init)
  }
}

function decodeProblem(body: unknown, status: number): AnsweredProblem {
  const problem = problemFromBody(body, status)
  if (problem.code === 'unauthenticated') sessionLost.set(true)
  return problem
}

/** Whether the server has said that the session is over; the session gate watches it and asks to sign in again. */
export const sessionLost = makeStore(false)

/**
 * The zod input of an operation, for a form or a list: the same object that the server checks by.
 *
 * ```ts
 * const shape = inputOf(officeContract.createPlace)
 * ```
 */
export function inputOf<S>(operation: { '~orpc': { inputSchema?: S | undefined } }): NonNullable<S> {
  const shape = operation['~orpc'].inputSchema
  if (!shape) throw new Error('The operation has no input.')
  return shape
}
