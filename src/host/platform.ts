import { join } from 'node:path'
import type { Config } from './config.ts'
import type { Chore } from './chores.ts'
import type { Actor, JobKind, Settings, Transaction } from './context.ts'
import type { Database } from './database.ts'
import { type Files, openFiles } from './files.ts'
import { type Contract, type Operation, operationsOf } from './handlers.ts'
import { verifyJob } from './journal-verify.ts'
import { type Log, openLog } from './log.ts'
import { type RateLimit, rateLimit } from './rate.ts'
import { statisticsOf } from './statistics.ts'
import { ticketGate } from './tickets.ts'
import { uploadContract, uploadHandlers } from './uploads.ts'

/** What the host must be told about accounts; the office room knows it. All three run in a transaction without scope. */
export interface People {
  /**
   * The actor of a session token, or null when there is none; also notes that the session was used, unless nobody is there
   * (`attended: false`).
   */
  authenticate(tx: Transaction, token: string, now: Date, more?: { attended?: boolean }): Promise<Actor | null>
  /** The actor that an account is now, without a session, for its jobs; null when it may no longer act. */
  actorOf(tx: Transaction, userId: string, now: Date): Promise<Actor | null>
  /** Whoever sits at the machine's command line: every permission, every county. */
  operator(tx: Transaction, now: Date): Promise<Actor>
}

/** What the rooms bring: contracts and functions under the same room names, kinds of jobs, and the people. */
export interface Rooms {
  contracts: Record<string, Contract>
  handlers: Record<string, Record<string, unknown>>
  jobKinds: readonly JobKind[]
  chores?: readonly Chore[]
  people: People
}

/** One running platform: everything that the doors and the pipeline share. */
export interface Platform {
  config: Config
  database: Database
  operations: Map<string, Operation>
  /** Chinese summaries by the name in the journal. */
  summaries: ReadonlyMap<string, string>
  jobKinds: Map<string, JobKind>
  chores: readonly Chore[]
  people: People
  files: Files
  log: Log
  clock: () => Date
  settings: Settings
  /** Called after a command that queued a job was committed; whoever runs the jobs replaces it. */
  wakeJobs: () => void
  /** Called after every commit of a command or of a job's step; whoever does the chores replaces it. */
  wakeChores: () => void
  /** Takes the planner's statistics of tables that have grown; answers of which. */
  statistics: () => Promise<string[]>
  /** Keeps refused attempts from filling the journal. */
  refusals: RateLimit
}

// What the journal names besides operations.
const ownWords = {
  'platform.start': '启动平台',
  'platform.backup': '备份',
  'platform.restore': '从备份恢复',
  'command.addUser': '命令行新建用户',
}

/** Puts a platform together over an open, migrated database. */
export function createPlatform(
  config: Config,
  database: Database,
  rooms: Rooms,
  more: { clock?: () => Date; log?: Log } = {},
): Platform {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  const origin = config.publicOrigin ?? `http://${host}:${config.port}`
  const operations = operationsOf(
    { ...rooms.contracts, files: uploadContract },
    { ...rooms.handlers, files: uploadHandlers(ticketGate(config.secretKey)) },
  )
  const jobKinds = [...rooms.jobKinds, verifyJob(database, config)]
  return {
    config,
    database,
    operations,
    summaries: new Map([
      ...Object.entries(ownWords),
      ...[...operations].map(([name, one]) => [name, one.summary] as const),
    ]),
    jobKinds: new Map(jobKinds.map((kind) => [kind.kind, kind])),
    chores: rooms.chores ?? [],
    people: rooms.people,
    files: openFiles(join(config.dataDir, 'files')),
    log: more.log ?? openLog(),
    clock: more.clock ?? (() => new Date()),
    settings: { secretKey: config.secretKey, ownerOffice: config.ownerOffice, origin },
    wakeJobs: () => undefined,
    wakeChores: () => undefined,
    statistics: statisticsOf(database),
    refusals: rateLimit({ burst: 30, perSecond: 0.5 }),
  }
}
