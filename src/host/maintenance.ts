import { sql } from 'kysely'
import { purgeAnswers } from './answers.ts'
import { backupDaily } from './backup-daily.ts'
import { checkpoint } from './checkpoint.ts'
import { emptyScope } from './context.ts'
import { scoped } from './database.ts'
import { removeJobFiles } from './job-files.ts'
import type { Platform } from './platform.ts'
import { removeForgottenUploads } from './upload-sweep.ts'

const everyMs = 5 * 60_000
const statisticsMs = 30_000
const answersKeptMs = 24 * 3_600_000
const dayMs = 24 * 3_600_000

/**
 * What must be done again and again: every five minutes sign the journal's heads, forget old answers, old exports and uploads
 * that nothing uses; on the embedded database, which has neither checkpointer nor autovacuum, also write it out, and once a
 * day clean it up and back it up; every half minute look whether its statistics are still good.
 */
export function startMaintenance(platform: Platform): { stop(): Promise<void> } {
  let cleanedAt = platform.clock().getTime()
  const round = async () => {
    await signJournal(platform)
    const now = platform.clock()
    await scoped(platform.database, emptyScope, (tx) => purgeAnswers(tx, new Date(now.getTime() - answersKeptMs)))
    await removeJobFiles(platform, new Date(now.getTime() - platform.config.exportDays * dayMs))
    await removeForgottenUploads(platform, new Date(now.getTime() - dayMs))
    if (platform.database.kind !== 'embedded') return
    await sql`checkpoint`.execute(platform.database.kysely)
    await backupDaily(platform.database, platform.config, now)
    if (now.getTime() - cleanedAt < dayMs) return
    cleanedAt = now.getTime()
    await sql`vacuum (analyze)`.execute(platform.database.kysely)
  }
  let running = Promise.resolve()
  const go = (work: () => Promise<unknown>) => {
    running = running
      .then(work)
      .then(() => undefined)
      .catch((error: unknown) => platform.log.error('maintenance failed', error))
  }
  const every = (work: () => Promise<unknown>, ms: number) => {
    go(work)
    return setInterval(() => go(work), ms).unref()
  }
  const timers = [every(round, everyMs), every(platform.statistics, statisticsMs)]
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await running
      await signJournal(platform)
    },
  }
}

/** Signs the journal's heads; damage is logged as what it is. */
export async function signJournal(platform: Platform): Promise<void> {
  const { problem } = await checkpoint(platform.database, platform.config, platform.clock())
  if (problem) platform.log.error('the journal was tampered with', new Error(problem))
}
