import { sql } from 'kysely'
import type { Context, JobKind } from '../host/context.ts'
import { orgsOf, type WrittenRow } from './change-rows.ts'
import { rederive } from './member-derive-store.ts'
import { readUnitNames } from './member-units.ts'

/** Members worked out anew in one transaction. */
const batchPersons = 500

interface Retarget {
  countyCode: string
  orgIds: string[]
  /** Name keys that the organisations bear or bore. */
  keys: string[]
}

/**
 * Works the members anew whose branch is, or was, one of the organisations that these rows are of: by id, and by the names
 * before and after. Left to whoever looks after the whole county, as rosters are; many are left to a job.
 */
export async function retargetMembers(ctx: Context, countyCode: string, written: readonly WrittenRow[]): Promise<void> {
  const { areas, nation } = ctx.actor.scope
  const bearing = written.filter((row) => row.table === 'party_org' || row.table === 'party_cover')
  if (bearing.length === 0 || !(nation || areas === '*' || areas.includes(countyCode))) return
  const images = bearing.flatMap((row) => [row.before, row.after])
  const named = images.flatMap((image) => [image?.['name_key'], image?.['full_name_key']])
  const keys = [...new Set(named.filter((key): key is string => typeof key === 'string'))]
  const which = { countyCode, orgIds: orgsOf(bearing), keys }
  const first = await personsAfter(ctx, which, '')
  if (first.length === 0) return
  if (first.length < batchPersons) {
    await rederive(ctx, countyCode, first, await readUnitNames(ctx, countyCode))
    return
  }
  await ctx.enqueue({ kind: 'party.retargetMembers', title: '按党组织重新认党员', input: which, countyCode })
}

async function personsAfter(ctx: Context, which: Retarget, after: string): Promise<string[]> {
  const { rows } = await sql<{ person_digest: string }>`
    select distinct person_digest from member
    where county_code = ${which.countyCode} and person_digest > ${after}
      and (party_org_id = any (${which.orgIds}::uuid[]) or branch_key = any (${which.keys}::text[]))
    order by person_digest limit ${batchPersons}`.execute(ctx.tx)
  return rows.map((row) => row.person_digest)
}

/** The same for as many members as there are, a batch a transaction. */
export const retargetMembersJob: JobKind<Retarget> = {
  kind: 'party.retargetMembers',
  async run(job) {
    const { countyCode } = job.input
    const names = await job.transaction((ctx) => readUnitNames(ctx, countyCode))
    let done = 0
    for (let after = ''; ;) {
      job.signal.throwIfAborted()
      const digests = await job.transaction(async (ctx) => {
        const found = await personsAfter(ctx, job.input, after)
        await rederive(ctx, countyCode, found, names)
        return found
      })
      if (digests.length === 0) return { done }
      after = digests.at(-1)!
      done += digests.length
      await job.progress(done, 0, `已认 ${done.toLocaleString('zh-CN')} 名党员`)
    }
  },
}
