import { sql } from 'kysely'
import type { Chore } from '../host/chores.ts'
import type { Context, Transaction } from '../host/context.ts'
import { touch } from '../host/touch.ts'
import { rederive } from './member-derive-store.ts'
import { personsOf } from './member-employers.ts'
import { memberTables } from './member-person.ts'
import { retally, unitsOfPersons } from './member-tally-store.ts'
import { readUnitNames, resolveUnits } from './member-units.ts'

const batchKeys = 200
/** For so long after an import was undone it is looked whether units went with it. */
const undoneMs = 24 * 3_600_000

/**
 * Members go with the units they work at: to the unit that theirs was merged into, back when that is undone, and to whatever
 * else their employer's name now names where the unit is no longer in the ledger.
 */
export const followUnits: Chore = {
  name: 'party.followUnits',
  async run(run) {
    let more = true
    while (more && !run.signal.aborted) more = await run.transaction(step)
  },
}

/** An employer whose unit is another one by now; null: none that is known. */
interface Moved {
  county_code: string
  employer_key: string
  employer: string
  unit_id: string
  goes_to: string | null
  merged_from: string | null
}

/** Follows a batch of one county; false when there is nothing left. */
async function step(tx: Transaction, now: Date): Promise<boolean> {
  const moved = await movedEmployers(tx, now)
  const countyCode = moved[0]?.county_code
  if (!countyCode) return false
  const ctx = { tx, now, touch: (county, ids) => touch(tx, county, ids, now) } satisfies Partial<Context> as Context
  const here = moved.filter((one) => one.county_code === countyCode)
  const keys = here.map((one) => one.employer_key)
  const digests = await personsOf(ctx, countyCode, keys)
  const before = await unitsOfPersons(ctx, countyCode, digests)
  const names = await readUnitNames(ctx, countyCode)
  for (const one of here) await move(ctx, one)
  const lost = here.filter((one) => one.goes_to === null).map((one) => one.employer)
  await resolveUnits(ctx, countyCode, lost, names)
  await rederive(ctx, countyCode, digests, names)
  await retally(ctx, countyCode, [...before, ...here.map((one) => one.unit_id)], names)
  return true
}

/** Employers of units that were merged, whose merging was undone, or that are gone altogether; what a person withdrew stays. */
async function movedEmployers(tx: Transaction, now: Date): Promise<Moved[]> {
  const since = new Date(now.getTime() - undoneMs)
  const { rows } = await sql<Moved>`
    select e.county_code, e.employer_key, e.employer, e.unit_id, r.to_unit as goes_to,
      coalesce(e.merged_from, e.unit_id) as merged_from
    from member_employer e join link_redirect r on r.county_code = e.county_code and r.from_unit = e.unit_id
    union all
    select e.county_code, e.employer_key, e.employer, e.unit_id, e.merged_from, null
    from member_employer e join unit u on u.county_code = e.county_code and u.id = e.merged_from and u.withdrawn_at is null
    where not exists (
      select from link_redirect r where r.county_code = e.county_code and r.from_unit = e.merged_from)
    union all
    select e.county_code, e.employer_key, e.employer, e.unit_id, null, null
    from (select distinct county_code from import where state = 'undone' and undone_at > ${since}) i
    join member_employer e on e.county_code = i.county_code
    where e.unit_id is not null
      and not exists (select from unit u where u.county_code = e.county_code and u.id = e.unit_id)
      and not exists (select from link_redirect r where r.county_code = e.county_code and r.from_unit = e.unit_id)
    order by 1, 2 limit ${batchKeys}`.execute(tx)
  return rows
}

/** Gives an employer the unit it goes to; open tasks about the old one go along, unless the new one has the same. */
async function move(ctx: Context, { county_code: county, employer_key, unit_id, goes_to, merged_from }: Moved) {
  const unknown = goes_to === null ? { how: 'unknown' as const, said_by: null } : {}
  await memberTables(ctx.tx)
    .updateTable('member_employer')
    .set({ unit_id: goes_to, merged_from, ...unknown })
    .where('county_code', '=', county)
    .where('employer_key', '=', employer_key)
    .execute()
  if (goes_to === null) return
  await sql`
    update member_task t set unit_id = ${goes_to}
    where t.county_code = ${county} and t.unit_id = ${unit_id} and t.state = 'open' and not exists (
      select from member_task o where o.county_code = t.county_code and o.kind = t.kind
        and o.person_digest = t.person_digest and o.unit_id = ${goes_to})`.execute(ctx.tx)
}
