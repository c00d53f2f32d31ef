import './host/node-guard.ts'
import { parseArgs } from 'node:util'
import { Problem } from './base/problem.ts'
import { coverageCommands } from './coverage/commands.ts'
import { formingCommands } from './forming/commands.ts'
import type { Command, Shell } from './host/command.ts'
import { hostCommands } from './host/commands.ts'
import { type Config, readConfig } from './host/config.ts'
import { signJournal } from './host/maintenance.ts'
import type { Platform } from './host/platform.ts'
import { ledgerCommands } from './ledger/commands.ts'
import { linkageCommands } from './linkage/commands.ts'
import { officeCommands } from './office/commands.ts'
import { partyCommands } from './party/commands.ts'
import { memberCommands } from './party/member-commands.ts'
import { planCommand } from './plan-command.ts'
import { rooms } from './rooms.ts'
import { openPlatform } from './services.ts'

/** Every command of `liangxin`, in the order of its help. */
const commands: readonly Command[] = [
  ...ledgerCommands,
  ...linkageCommands,
  ...partyCommands,
  ...memberCommands,
  ...coverageCommands,
  ...formingCommands,
  planCommand,
  ...officeCommands,
  ...hostCommands(rooms),
]

function help(): string {
  const lines = commands.map((one) => ({ said: `liangxin ${one.name} ${one.usage}`.trimEnd(), summary: one.summary }))
  return [
    '两新党建工作平台 · 命令行。以“本机操作员”的身份执行，记入操作日志。',
    '用法：npm run -s liangxin -- <命令> [选项]；PORT、DATA_DIR、DATABASE_URL 等从环境读取。',
    '',
    ...lines.flatMap(({ said, summary }) => [`  ${said}`, `      ${summary}`]),
  ].join('\n')
}

/** The command that the words name, and the words after its name; the longest name wins. */
function find(words: readonly string[]): { command: Command; rest: string[] } | null {
  for (const length of [2, 1]) {
    const command = commands.find((one) => one.name === words.slice(0, length).join(' '))
    if (command) return { command, rest: words.slice(length) }
  }
  return null
}

/** Runs one command line (without `node` and the script). Resolves to the exit code; refusals are printed, not thrown. */
export async function runCommand(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
  printError: (line: string) => void,
): Promise<number> {
  if (words.length === 0 || ['help', '--help', '-h'].includes(words[0]!)) {
    print(help())
    return 0
  }
  const found = find(words)
  if (!found) {
    printError(`没有“${words[0]}”这个命令。执行 npm run -s liangxin -- help 查看全部命令。`)
    return 2
  }
  const { command, rest } = found
  const opened: Platform[] = []
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } as const }
    const parsed = parseArgs({ args: rest, options, allowPositionals: true, strict: true })
    if (parsed.values['help']) {
      print(`liangxin ${command.name} ${command.usage}\n${command.summary}`)
      return 0
    }
    return await command.run(shellOf(readConfig(env), env, print, opened), {
      values: parsed.values,
      words: parsed.positionals,
    })
  } catch (error) {
    printError(sentenceOf(error, command))
    return 1
  } finally {
    for (const platform of opened) {
      await signJournal(platform)
      await platform.database.close()
    }
  }
}

function shellOf(config: Config, env: NodeJS.ProcessEnv, print: (line: string) => void, opened: Platform[]): Shell {
  return {
    config,
    env,
    print,
    async platform() {
      if (!opened[0]) opened.push(await openPlatform(config))
      return opened[0]!
    },
  }
}

function sentenceOf(error: unknown, command: Command): string {
  if (error instanceof Problem) return error.message
  const code = (error as { code?: unknown }).code
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) {
    return `选项不对。用法：liangxin ${command.name} ${command.usage}`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

if (import.meta.main) {
  // `… | head` closes the pipe before all is written: no fault; the command still ends in order.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  process.exitCode = await runCommand(process.argv.slice(2), process.env, console.log, console.error)
}
