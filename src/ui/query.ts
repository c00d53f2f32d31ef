import { QueryClient, useMutation, useQueryClient, type MutationOptions, type QueryKey } from '@tanstack/react-query'
import { say } from './notice.tsx'
import { toProblem, type AnsweredProblem } from './problem.ts'

/** The one query client: answers stay fresh 15 s, a broken connection or a busy server is tried twice more, a refusal never. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && ['offline', 'unavailable'].includes(toProblem(error).code),
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

/** Shows a problem that belongs to no field as a notice on top of the screen. */
export function showProblem(error: unknown): AnsweredProblem {
  const problem = toProblem(error)
  // An ended session has its own dialog.
  if (problem.code !== 'unauthenticated') say.bad(problem.message)
  return problem
}

/**
 * A command behind a button: says when it is done, refreshes the lists named by key prefixes, shows a refusal.
 * `run` resolves to the answer, or to undefined when it was refused (the person has been told).
 *
 * ```tsx
 * const resume = useCommand(office.resumeUser.mutationOptions(), { done: '已恢复', refresh: [office.listUsers.key()] })
 * <Button loading={resume.busy} onClick={() => resume.run({ id })}>恢复</Button>
 * ```
 */
export function useCommand<Output, Input>(
  options: MutationOptions<Output, Error, Input>,
  more: { done?: string | ((output: Output) => string) | undefined; refresh?: readonly QueryKey[] | undefined } = {},
): { run: (input: Input) => Promise<Output | undefined>; busy: boolean } {
  const client = useQueryClient()
  const mutation = useMutation(options)
  const run = async (input: Input): Promise<Output | undefined> => {
    try {
      const output = await mutation.mutateAsync(input)
      const words = typeof more.done === 'function' ? more.done(output) : more.done
      if (words) say.good(words)
      await Promise.all((more.refresh ?? []).map((queryKey) => client.invalidateQueries({ queryKey })))
      return output
    } catch (error) {
      showProblem(error)
      return undefined
    }
  }
  return { run, busy: mutation.isPending }
}
