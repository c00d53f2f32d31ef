import type { Kysely } from 'kysely'
import type { Files } from './files.ts'

/**
 * Which rows an actor may see: 12-digit county codes, and inside them either every area (`'*'`) or only the listed
 * `area_code`s (a township's code, or the county's own code for rows that name no township). No county means no row.
 */
export interface Scope {
  counties: readonly string[]
  areas: '*' | readonly string[]
  /** The whole country, nothing taken out: rows need not be compared with every county. */
  nation?: boolean
}

export const emptyScope: Scope = { counties: [], areas: [] }

export interface Actor {
  /** UUID of the account; null for a public operation and for the command line before the first account exists. */
  userId: string | null
  name: string
  permissions: ReadonlySet<string>
  scope: Scope
  /** UUID of the session; null on the command line and in jobs. */
  sessionId: string | null
  /**
   * What must be settled first (a due password change, a second factor), as a sentence for the screen. While it is there,
   * every operation not marked `whileOwing` is refused with it as `forbidden`.
   */
  owes?: string
}

/**
 * A transaction opened for one actor's scope. It knows no table until a room narrows it:
 * `ctx.tx.withTables<LedgerTables>()`, where `LedgerTables` is a type alias (Kysely refuses an interface there).
 */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- no table at all is what is meant
export type Transaction = Kysely<Record<never, never>>

/** What a command tells its journal row. Never plain ID numbers, passwords or secrets. */
export interface JournalDetail {
  /** County whose chain takes the row; the platform's own chain (`000000000000`) when left out. */
  countyCode?: string
  /** What was acted on: `unit:0190…`, `import:0190…`. */
  subject?: string
  before?: unknown
  after?: unknown
  /** Why sensitive data was shown or taken out, in the person's own words. */
  purpose?: string
  /** Who it turned out to be, where the operation began without an actor (sign-in, accepting a link). */
  actor?: { userId: string; name: string }
}

export interface JobRequest {
  kind: string
  /** Chinese title on the job list: `导出台账（1,234 家）`. */
  title: string
  input: unknown
  countyCode?: string
}

/** What the configuration says that a room may know. */
export interface Settings {
  /** The platform's key, for `seal`, `unseal` and `hmacSm3` of host/crypto.ts. */
  secretKey: Buffer
  /** Name of the office in charge. */
  ownerOffice: string
  /** `https://host[:port]` that links given to people begin with. */
  origin: string
}

/** All a service may touch. One transaction, one actor, one clock; there is no other handle. */
export interface Context {
  tx: Transaction
  actor: Actor
  now: Date
  request: { id: string; address: string; userAgent: string }
  settings: Settings
  files: Files
  /** Every operation's Chinese summary by its name in the journal: `ledger.getUnit` → 查看一企一档. */
  summaries: ReadonlyMap<string, string>
  /** Adds to the journal row that the pipeline writes when the command succeeds. */
  record(detail: JournalDetail): void
  /**
   * A command that ends in a Problem is rolled back whole; this is what must outlive it (a wrong password is counted). Runs
   * in the transaction that journals the refusal, and not at all when the command succeeds.
   */
  keepIfRefused(write: (tx: Transaction) => Promise<void>): void
  /** Queues a job in this same transaction; it starts after commit. Resolves to the job's UUID. */
  enqueue(job: JobRequest): Promise<string>
  /**
   * Notes in this same transaction that something was written about these units, so that their coverage is worked out
   * again soon after the commit. To be called by every command that writes what coverage depends on.
   */
  touch(countyCode: string, unitIds: Iterable<string>): Promise<void>
  /** Path of a stored file's download, for this actor, once, within 5 minutes: `/api/files/…`. */
  downloadPath(file: { fileId: string; fileName: string }): string
  /** Sets or (with null) clears the session cookie on the answer. */
  setSessionToken(token: string | null): void
  /** The raw session token that came with the request, or null. */
  sessionToken: string | null
}

/** A running job, as its handler sees it. */
export interface JobRun<Input> {
  id: string
  input: Input
  /** Aborted when someone presses 取消, or the process is stopping. */
  signal: AbortSignal
  files: Files
  /** Told to the screen; cheap to call often (written at most about twice a second). */
  progress(done: number, total: number, message?: string): Promise<void>
  /** One transaction in the scope of the person who asked for the job, with a journal row if `record` was called. */
  transaction<T>(run: (ctx: Context) => Promise<T>): Promise<T>
}

// oxlint-disable-next-line typescript/no-explicit-any -- a list of kinds holds differing inputs
export interface JobKind<Input = any> {
  /** `ledger.export` */
  kind: string
  /** Runs from where it was left after a kill: it must find out for itself what is done. Resolves to the JSON result. */
  run(job: JobRun<Input>): Promise<unknown>
}
