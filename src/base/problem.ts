/** Every refusal the platform can utter, with its HTTP status. */
export const problemStatus = {
  invalid: 400,
  unauthenticated: 401,
  secondFactorRequired: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  tooLarge: 413,
  unsupported: 415,
  tooMany: 429,
  unavailable: 503,
} as const

export type ProblemCode = keyof typeof problemStatus

/** One field of an input that was refused: its path in the input, and a Chinese sentence that says what to do. */
export interface FieldProblem {
  path: string
  message: string
}

/**
 * The one error class of the platform. `message` is a Chinese sentence for the person at the screen and says what to do.
 * Anything else that is thrown is our bug: it is logged, and answered 500 without its text.
 */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly fields: FieldProblem[]
  readonly retryAfterSeconds: number | undefined

  constructor(code: ProblemCode, message: string, more: { fields?: FieldProblem[]; retryAfterSeconds?: number } = {}) {
    super(message)
    this.name = 'Problem'
    this.code = code
    this.fields = more.fields ?? []
    this.retryAfterSeconds = more.retryAfterSeconds
  }

  get status(): number {
    return problemStatus[this.code]
  }
}

/** The sentence for a row that does not exist or lies outside the actor's scope: the two are never told apart. */
export function notFound(what: string): Problem {
  return new Problem('notFound', `没有找到这${what}，它可能已被删除，或不在您的管理范围内。`)
}
