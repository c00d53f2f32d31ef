import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { county, otherTown, town } from '../coverage/testing.ts'
import { runChores } from '../host/chores.ts'
import { asOwner } from '../host/database.ts'
import { type FormingTrial, trialForming } from './testing.ts'

let trial: FormingTrial
const ids: string[] = []

/** Three units with one member each: two in a township, one in another. */
beforeAll(async () => {
  trial = await trialForming()
  for (const sign of ['甲', '乙', '丙']) ids.push(await trial.unit({ name: `大连缺口${sign}商贸有限公司`, formal: 1 }))
  await runChores(trial.platform)
  await asOwner(trial.platform.database, async (tx) => {
    for (const [at, id] of ids.entries()) {
      const area = at < 2 ? town : otherTown
      await sql`update unit set area_code = ${area} where id = ${id}`.execute(tx)
      await sql`update unit_state set area_code = ${area} where unit_id = ${id}`.execute(tx)
    }
  })
})

/** Keeps a plan of a day that leaves units over; `running`: the job that makes it still. */
async function keep(
  area: string,
  day: string,
  leftOver: readonly string[],
  running: string | null = null,
): Promise<void> {
  const plan = JSON.stringify({ groups: [], leftOver, refused: [], metres: 0, flagged: 0 })
  await asOwner(trial.platform.database, (tx) =>
    sql`insert into forming_plan
        (county_code, id, area_code, title, state, phase, done, seed, passes, plan, left_over, author, created_at, job_id)
      values (${county}, ${newId()}, ${area}, '方案', ${running ? 'running' : 'ready'}, '', 1, 1, 1, ${plan},
        ${leftOver.length}, '试用者', ${day}, ${running})`.execute(tx),
  )
}

async function leftOver(): Promise<string[]> {
  const { rows } = await trial.call<{ rows: { unitId: string; leftOver: boolean }[] }>('forming.listGaps', {})
  return rows.filter((row) => row.leftOver).map((row) => row.unitId)
}

test('a unit is left over by the newest plan that covers it, the county’s or its township’s', async () => {
  const [first, second, apart] = ids as [string, string, string]
  expect(await leftOver()).toEqual([])
  await keep(county, '2026-03-01', ids)
  await keep(county, '2026-03-02', [first, apart])
  expect((await leftOver()).toSorted()).toEqual([first, apart].toSorted())
  await keep(town, '2026-03-03', [second])
  expect((await leftOver()).toSorted()).toEqual([second, apart].toSorted())
  await keep(county, '2026-03-04', [first])
  expect(await leftOver()).toEqual([first])
})

test('a plan whose job died counts as the plan that it is in the list, one that is being made does not', async () => {
  const [first, second, apart] = ids as [string, string, string]
  const job = async (state: 'running' | 'failed') => {
    const id = newId()
    await asOwner(trial.platform.database, (tx) =>
      sql`insert into job (id, kind, title, state, input, owner_name, address, created_at)
        values (${id}, 'forming.plan', '编排', ${state}, '{}', '试用者', '', now())`.execute(tx),
    )
    return id
  }
  await keep(county, '2026-04-01', [second])
  await keep(county, '2026-04-02', [first], await job('running'))
  expect(await leftOver()).toEqual([second])
  await keep(county, '2026-04-03', [apart], await job('failed'))
  expect(await leftOver()).toEqual([apart])
  await keep(county, '2026-04-04', [first], newId())
  expect(await leftOver()).toEqual([first])
})
