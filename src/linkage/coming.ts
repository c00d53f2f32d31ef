import { sql } from 'kysely'

/** Of an import `i`: its rows are being linked, by a job that waits or runs; one whose job was cancelled stays as it is. */
export const isComing = sql`i.state = 'committing'
  and exists (select from job j where j.id = i.job_id and j.state in ('queued', 'running'))`
