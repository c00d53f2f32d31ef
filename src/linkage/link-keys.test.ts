import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { usccCheckCharacter } from '../base/codes.ts'
import { runChores } from '../host/chores.ts'
import { asOwner } from '../host/database.ts'
import { featuresOf } from './features.ts'
import { blockKeys, keyKinds, kindOfKey } from './keys.ts'
import { holdersOf, keysChore } from './link-keys.ts'
import { defaultModel } from './model.ts'
import { rowsOf } from './rows.ts'
import { county, openDesk } from './testing.ts'

const code = '91350100M000100Y43'
const header = '企业名称,统一社会信用代码,法定代表人,联系电话'

const codeOf = (at: number) => {
  const body = `91210204MA${String(at).padStart(7, '0')}`
  return body + usccCheckCharacter(body)
}

/** How many keys each row has, and of how many of them it is asked as one without a code. */
const kept = async (desk: Awaited<ReturnType<typeof openDesk>>) => {
  const { rows } = await asOwner(desk.platform.database, (tx) =>
    sql<{ keys: string[] }>`select keys from link_row order by id`.execute(tx),
  )
  return rows.map(({ keys }) => keys.map(Number).sort((a, b) => a - b))
}

test('keys of an older making are made anew, the same as if they had been there', async () => {
  const desk = await openDesk()
  await desk.imported([header, `大连海风物流有限公司,${code},王小二,13912345678`, '山间茶叶工作室,,李四,13812345678'])
  const before = await kept(desk)
  expect(before.map((keys) => keys.every((key) => key < 0))).toEqual([false, true])
  await asOwner(desk.platform.database, async (tx) => {
    await sql`delete from link_row`.execute(tx)
    await sql`update link_state set keys_version = 0`.execute(tx)
  })
  await runChores({ ...desk.platform, chores: [keysChore] })
  expect(await kept(desk)).toEqual(before)
})

test('a row whose code a person found to be another’s is found as one without a code, and not drawn back by it', async () => {
  const desk = await openDesk()
  await desk.imported([header, `大连海风物流有限公司,${code},王小二,13912345678`])
  await desk.imported([header, `山间茶叶工作室,${code},李四,13812345678`], 'tax')
  const { rows } = await desk.queue()
  await desk.call('linkage.decideQueueItem', { id: rows[0]!.id, decision: { kind: 'create' } })
  expect((await kept(desk)).map((keys) => keys.every((key) => key < 0))).toEqual([false, true])
  await desk.call('linkage.rehearseRelink', { countyCode: county })
  await runChores(desk.platform)
  expect((await desk.units()).map((one) => one.name).sort()).toEqual(['大连海风物流有限公司', '山间茶叶工作室'])
})

test('units are found by a key that few of them hold; of one that many hold it is known how many', async () => {
  const desk = await openDesk()
  const names = '山海松竹梅兰菊荷云月星风雪石泉溪桥亭塔谷'
  await desk.imported([
    header,
    ...Array.from(names, (name, at) => `大连${name}${name}商贸有限公司,${codeOf(at)},,13912345678`),
    ...Array.from('红黄蓝', (name, at) => `大连${name}${name}商贸有限公司,${codeOf(50 + at)},,13812345678`),
  ])
  const found = async (phone: string) => {
    const rows = rowsOf([featuresOf({ department: 'tax', name: '某', phone }, county)])
    const keys = blockKeys(rows, 0).filter((key) => kindOfKey(key) === keyKinds.phone)
    const { units, common } = await asOwner(desk.platform.database, async (tx) => {
      await sql`select set_config('app.counties', ${county}, true)`.execute(tx)
      return holdersOf({ tx }, county, new Set(keys.flatMap((key) => [key, -key])), defaultModel.holdersMax)
    })
    return { units: units.size, common: keys.map((key) => common.get(key)) }
  }
  expect(await found('13812345678')).toEqual({ units: 3, common: [undefined] })
  expect(await found('13912345678')).toEqual({ units: 0, common: [names.length] })
})
