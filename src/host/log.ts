import { redact } from './journal.ts'

type Fields = Record<string, unknown>

/** The running log: one JSON object a line. ID numbers, phone numbers and secrets are covered as in the journal. */
export interface Log {
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  /** `error` is written with its stack, which names our files and nobody's data. */
  error(message: string, error: unknown, fields?: Fields): void
}

/** A log that writes each line with `write`; standard error when left out. */
export function openLog(write: (line: string) => void = (line) => process.stderr.write(line)): Log {
  const put = (level: string, message: string, fields: Fields) =>
    write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...(redact(fields) as Fields) })}\n`)
  return {
    info: (message, fields = {}) => put('info', message, fields),
    warn: (message, fields = {}) => put('warn', message, fields),
    error: (message, error, fields = {}) => put('error', message, { ...fields, error: textOf(error) }),
  }
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = (error as { code?: unknown }).code
  return `${typeof code === 'string' ? `${code} ` : ''}${error.stack ?? error.message}`
}
