import type { AnyContractProcedure, ContractProcedure, InferSchemaInput, InferSchemaOutput } from '@orpc/contract'
import type { OperationMeta } from '../base/operation.ts'
import type { Context } from './context.ts'

/** A room's contract: its operations by name. */
export type Contract = Record<string, AnyContractProcedure>

/** An operation without input or output has `undefined` there. */
type Known<T> = unknown extends T ? undefined : T
// oxlint-disable-next-line typescript/no-explicit-any -- oRPC's own bounds are any
type Inputs<P> = P extends ContractProcedure<infer S, any, any, any> ? Known<InferSchemaOutput<S>> : never
// oxlint-disable-next-line typescript/no-explicit-any -- oRPC's own bounds are any
type Outputs<P> = P extends ContractProcedure<any, infer S, any, any> ? Known<InferSchemaInput<S>> : never

/**
 * One function an operation: the parsed input and the context in, the answer (before the output shape's defaults) out.
 *
 * ```ts
 * export const ledger = { getUnit: async ({ id }, ctx) => … } satisfies Handlers<typeof ledgerContract>
 * ```
 */
export type Handlers<C extends Contract> = {
  [K in keyof C]: (input: Inputs<C[K]>, ctx: Context) => Promise<Outputs<C[K]>>
}

/** An operation ready to run: its name in the journal (`ledger.getUnit`), what its contract says, and its function. */
export interface Operation {
  name: string
  procedure: AnyContractProcedure
  meta: OperationMeta
  summary: string
  method: string
  path: string
  handler: (input: unknown, ctx: Context) => Promise<unknown>
}

/** Every operation of the rooms by name, with its function; a contract without a function is our bug. */
export function operationsOf(
  contracts: Record<string, Contract>,
  handlers: Record<string, Record<string, unknown>>,
): Map<string, Operation> {
  const found = new Map<string, Operation>()
  for (const [room, contract] of Object.entries(contracts)) {
    for (const [name, procedure] of Object.entries(contract)) {
      const handler = handlers[room]?.[name]
      if (typeof handler !== 'function') throw new Error(`no function for the operation ${room}.${name}`)
      const { meta, route } = procedure['~orpc']
      found.set(`${room}.${name}`, {
        name: `${room}.${name}`,
        procedure,
        meta: meta as OperationMeta,
        summary: route.summary ?? name,
        method: route.method ?? 'POST',
        path: route.path ?? '/',
        handler: handler as Operation['handler'],
      })
    }
  }
  return found
}
