import type { Pool, PoolClient } from 'pg'
import { Problem } from '../base/problem.ts'
import type { Embedded } from './embedded.ts'

/** A connection as the query builder uses it. */
interface Connection {
  query(text: string, values: readonly unknown[]): Promise<unknown>
  release(destroy?: boolean): void
}

/**
 * The pool of the embedded database, watched: a statement that runs longer than `queryMsMax` makes the database open
 * again, for it can be stopped in no other way; whoever asks meanwhile waits until it is back.
 */
export function watchedPool(pool: Pool, embedded: Embedded, queryMsMax: number): { connect(): Promise<Connection> } {
  return {
    async connect() {
      const client = await connectWhenReady(pool, embedded)
      // Once late, always late: the rollback that follows fails too, and its error is the one that the caller gets.
      let late = false
      return {
        release: (destroy) => client.release(destroy),
        async query(text, values) {
          const timer = setTimeout(() => {
            late = true
            embedded.restart().catch(() => undefined)
          }, queryMsMax)
          try {
            return await client.query(text, [...values])
          } catch (error) {
            throw late ? tookTooLong() : error
          } finally {
            clearTimeout(timer)
          }
        },
      }
    },
  }
}

/** The sentence for a statement that was stopped. */
export function tookTooLong(): Problem {
  return new Problem('unavailable', '这一步在数据库里算得太久，已中止，没有改动数据。请缩小范围后再试。')
}

async function connectWhenReady(pool: Pool, embedded: Embedded): Promise<PoolClient> {
  for (let attempt = 1; ; attempt += 1) {
    await embedded.ready()
    try {
      return await pool.connect()
    } catch (error) {
      // The thread ended between the two lines, or takes its socket up again at this moment.
      if (attempt >= 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
