import type { AnyContractRouter } from '@orpc/contract'
import type { Context } from './context.ts'

/**
 * The services of one room: one function an operation, named as in the contract. It gets the parsed input and the
 * context of one transaction, and answers the output; the pipeline validates both.
 */
export type Handlers<C extends AnyContractRouter> = {
  [K in keyof C]: (input: Parsed<Schema<C[K], 'inputSchema'>>, ctx: Context) => Promise<Served<Schema<C[K], 'outputSchema'>>>
}

type Schema<O, K extends string> = O extends { '~orpc': Partial<Record<K, infer S>> } ? S : never
type Parsed<S> = NonNullable<S> extends { _zod: { output: infer T } } ? T : undefined
type Served<S> = NonNullable<S> extends { _zod: { input: infer T } } ? T : void
