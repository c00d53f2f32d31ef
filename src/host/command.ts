import type { ParseArgsOptionsConfig } from 'node:util'
import { newId } from '../base/ids.ts'
import type { Config } from './config.ts'
import { type Actor, type Context, emptyScope } from './context.ts'
import { runChores } from './chores.ts'
import { scoped } from './database.ts'
import { startJobs } from './jobs.ts'
import { writeJournal } from './journal.ts'
import { openContext } from './open-context.ts'
import { invoke } from './pipeline.ts'
import type { Platform } from './platform.ts'

/** One command of `liangxin`. */
export interface Command {
  /** One or two words: `import`, `audit verify`. */
  name: string
  /** What follows the name: `<文件…> [--county 代码]`. */
  usage: string
  /** One Chinese line for the list of commands. */
  summary: string
  options?: ParseArgsOptionsConfig
  /** Does the work; resolves to the exit code. @throws Problem, which is printed. */
  run(shell: Shell, args: CommandArguments): Promise<number>
}

export interface CommandArguments {
  /** The options given, by name. */
  values: Record<string, string | boolean | (string | boolean)[] | undefined>
  /** What was given besides options, after the command's name. */
  words: string[]
}

/** What a command may use. The platform is opened when first asked for and closed at the end. */
export interface Shell {
  config: Config
  env: NodeJS.ProcessEnv
  /** Writes one line to standard output. */
  print(line: string): void
  platform(): Promise<Platform>
}

const here = { address: '本机', userAgent: 'liangxin' }

/** Whoever sits at the command line: every permission, every county. */
export function operatorOf(platform: Platform): Promise<Actor> {
  return scoped(platform.database, emptyScope, (tx) => platform.people.operator(tx, platform.clock()))
}

/** Runs an operation as the operator, through the same pipeline as HTTP. `name` is `room.operation`. @throws Problem */
export async function callAsOperator<T = unknown>(platform: Platform, name: string, input: unknown): Promise<T> {
  const { output } = await invoke(platform, name, input, { ...here, actor: await operatorOf(platform) })
  return output as T
}

/** Runs something that is no operation as the operator, in one transaction with one journal row named `operation`. */
export async function actAsOperator<T>(
  platform: Platform,
  operation: string,
  run: (ctx: Context) => Promise<T>,
): Promise<T> {
  const actor = await operatorOf(platform)
  return scoped(platform.database, actor.scope, async (tx) => {
    const origin = { ...here, id: newId(platform.clock()), sessionToken: null }
    const open = openContext(platform, tx, actor, origin)
    const result = await run(open.ctx)
    const at = platform.clock()
    const entry = { at, actor, address: here.address, operation, requestId: origin.id, inputDigest: null }
    await writeJournal(tx, { ...entry, outcome: 'done', detail: open.detail() ?? {} })
    return result
  })
}

/** Runs every queued job in this process, and the chores after them; resolves when none is left. */
export async function finishJobs(platform: Platform): Promise<void> {
  const runner = startJobs(platform)
  await runner.idle()
  await runner.stop()
  await runChores(platform)
}
