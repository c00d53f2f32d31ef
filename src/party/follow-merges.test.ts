import { beforeEach, expect, test } from 'vitest'
import { runChores } from '../host/chores.ts'
import { type PartyTrial, partyTrial } from './testing.ts'

let trial: PartyTrial
let stays: string
let goes: string
beforeEach(async () => {
  trial = await partyTrial()
  stays = await trial.unit('海风物流有限公司')
  goes = await trial.unit('海风物流公司')
})

const covered = async (orgId: string) =>
  (await trial.call<{ rows: { unitId: string }[] }>('party.listOrgUnits', { id: orgId, which: 'now' })).rows.map(
    (row) => row.unitId,
  )
const merge = () => trial.call('linkage.mergeUnits', { id: goes, intoId: stays, reason: '同一家' })

test('what covers a unit goes over with it when it is merged, and comes back when that is undone', async () => {
  const { id } = await trial.form('海风物流党支部', [goes])
  await merge()
  await runChores(trial.platform)
  expect(await covered(id)).toEqual([stays])
  await trial.call('linkage.undoMerge', { id: goes })
  await runChores(trial.platform)
  expect(await covered(id)).toEqual([goes])
})

test('an organisation that covers both units covers the one that stays once', async () => {
  const { id } = await trial.form('海风物流联合党支部', [goes, stays], { kind: 'jointBranch', formingMode: 'joint' })
  await merge()
  await runChores(trial.platform)
  expect(await covered(id)).toEqual([stays])
  await trial.call('linkage.undoMerge', { id: goes })
  await runChores(trial.platform)
  expect(new Set(await covered(id))).toEqual(new Set([goes, stays]))
})
