import type { FieldProblem, ProblemCode } from '../base/problem.ts'

/** A refusal as the screen knows it: what the server answered, or `offline` when no answer came, or `internal` for our own bug. */
export class AnsweredProblem extends Error {
  readonly code: ProblemCode | 'internal' | 'offline' | 'stale'
  readonly fields: FieldProblem[]
  readonly requestId: string | undefined

  constructor(
    code: AnsweredProblem['code'],
    message: string,
    more: { fields?: FieldProblem[]; requestId?: string } = {},
  ) {
    super(message)
    this.name = 'AnsweredProblem'
    this.code = code
    this.fields = more.fields ?? []
    this.requestId = more.requestId
  }
}

const codeOfStatus: Record<number, AnsweredProblem['code']> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  413: 'tooLarge',
  415: 'unsupported',
  429: 'tooMany',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}

/** Reads the JSON body of a refused answer, `{code, message, fields, requestId}`; a body of another make gets a sentence by its status. */
export function problemFromBody(body: unknown, status: number): AnsweredProblem {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const code = (
    typeof said.code === 'string' ? said.code : (codeOfStatus[status] ?? 'internal')
  ) as AnsweredProblem['code']
  const message = typeof said.message === 'string' ? said.message : sentenceFor(code)
  return new AnsweredProblem(code, message, {
    fields: Array.isArray(said.fields) ? (said.fields as FieldProblem[]) : [],
    ...(typeof said.requestId === 'string' ? { requestId: said.requestId } : {}),
  })
}

function sentenceFor(code: AnsweredProblem['code']): string {
  if (code === 'tooLarge') return '内容太大，服务没有接收。'
  if (code === 'tooMany') return '操作太频繁，请稍候再试。'
  if (code === 'unavailable') return '服务暂时不可用，请稍候再试。'
  if (code === 'forbidden') return '您没有办理这件事的权限，需要时请联系管理员。'
  if (code === 'notFound') return '没有找到，它可能已被删除，或不在您的管理范围内。'
  return '系统出了问题，已记录。请重试；仍不行时把请求编号告诉管理员。'
}

/** Any thrown thing as a problem to show. A broken connection and a page older than the server have sentences of their own. */
export function toProblem(error: unknown): AnsweredProblem {
  if (error instanceof AnsweredProblem) return error
  const text = error instanceof Error ? error.message : String(error)
  if (/dynamically imported module|module script|Unable to preload/i.test(text)) {
    return new AnsweredProblem('stale', '平台已更新，请刷新页面后继续。')
  }
  if (error instanceof TypeError && /fetch|network|load failed/i.test(text)) {
    return new AnsweredProblem('offline', '连不上服务，请检查网络后重试。')
  }
  console.error(error)
  return new AnsweredProblem('internal', sentenceFor('internal'))
}
