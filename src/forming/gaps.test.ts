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

/** Keeps a plan of a day that leaves units over. */
async function keep(area: string, day: string, leftOver: readonly string[]): Promise<void> {
  const plan = JSON.stringify({ groups: [], leftOver, refused: [], metres: 0, flagged: 0 })
  await asOwner(trial.platform.database, (tx) =>
    sql`insert into forming_plan
        (county_code, id, area_code, title, state, phase, done, seed, passes, plan, author, created_at)
      values (${county}, ${newId()}, ${area}, '方案', 'ready', '', 1, 1, 1, ${plan}, '试用者', ${day})`.execute(tx),
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
