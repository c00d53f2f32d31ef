import { beforeAll, expect, test } from 'vitest'
import { today } from '../base/time.ts'
import { county } from '../coverage/testing.ts'
import { runChores } from '../host/chores.ts'
import { finishJobs } from '../host/command.ts'
import { type FormingTrial, trialForming } from './testing.ts'

let trial: FormingTrial
let branch: string
const covered: string[] = []
const small: string[] = []
const call = <T>(of: string, input: unknown): Promise<T> => trial.call<T>(of, input)

interface Plan {
  revision: number
  left: number
  groupList: { leadId: string; unitIds: string[] }[]
}

async function planned(): Promise<{ id: string } & Plan> {
  const { id } = await call<{ id: string }>('forming.startPlan', { region: county })
  await finishJobs(trial.platform)
  return { id, ...(await call<Plan>('forming.getPlan', { id })) }
}

/** A joint branch over three units with room for three more, and four small units beside it. */
beforeAll(async () => {
  trial = await trialForming()
  const unit = (name: string, east: number) =>
    trial.unit({ name: `大连支部${name}商贸有限公司`, formal: 1, east: east * 0.0001 })
  for (const [at, sign] of [...'甲乙丙'].entries()) covered.push(await unit(sign, at))
  for (const [at, sign] of [...'己庚辛壬'].entries()) small.push(await unit(sign, at + 5))
  const rule = { key: 'unitsMax', value: 6, source: '本地掌握' }
  await call('forming.changeFormingSetting', { countyCode: county, ...rule, effectiveOn: today(new Date()) })
  branch = await trial.branch(covered)
  await runChores(trial.platform)
})

test('a wish to stand with a unit that has an organisation is refused by name; one to stand apart in it stops no plan', async () => {
  const wish = (kind: string, unitId: string, otherId: string) =>
    call('forming.addWish', { kind, unitId, otherId, reason: '同一老板' })
  await expect(wish('together', small[0]!, covered[0]!)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/“大连支部甲.*”已有党组织.*要让“大连支部己/),
  })
  await expect(wish('together', covered[1]!, covered[0]!)).rejects.toMatchObject({ code: 'conflict' })
  await wish('apart', covered[0]!, covered[1]!)
  expect(await planned()).toMatchObject({ state: 'ready', left: 0 })
})

interface Version {
  id: string
  revision: number
}

/** Moves units of a plan; the approval of what the branch leads then. */
async function moved(plan: Version, unitIds: readonly string[], to: string | null) {
  const moves = unitIds.map((unitId) => ({ unitId, to }))
  const { id, revision } = plan
  Object.assign(plan, await call<Version>('forming.applyMoves', { id, revision, moves }))
  return { id, revision: plan.revision, leadIds: [branch] }
}
const joining = (plan: Version, unitIds: readonly string[]) => moved(plan, unitIds, branch)

/** A plan that leaves every unit over. */
async function emptied(): Promise<Version> {
  const { id, revision, groupList } = await planned()
  const plan = { id, revision }
  const unitIds = groupList.flatMap((group) => group.unitIds)
  await moved(plan, unitIds, null)
  return plan
}

test('a branch that stands is filled once: whom it is to take in counts for other plans and other approvals', async () => {
  const [one, other] = [await emptied(), await emptied()]
  const first = await joining(one, small.slice(0, 2))
  const { revision } = await call<{ revision: number }>('forming.approvePlan', first)
  await expect(call('forming.approvePlan', await joining(other, small.slice(2, 3)))).rejects.toMatchObject({
    message: expect.stringContaining('须填写理由'),
  })
  const second = { ...(await joining(other, small.slice(3))), reason: '会议研究同意' }
  await expect(call('forming.approvePlan', second)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('“试验联合党支部”有了新的单位，连同已批准待加入的和这组共 7 家'),
  })
  const next = await planned()
  expect(next.left).toBe(1)
  expect(next.groupList).toMatchObject([{ leadId: branch, unitIds: [expect.any(String)] }])
  await call('forming.withdrawApproval', { ...first, revision, reason: '情况有变' })
  await call('party.dissolveOrg', { id: branch, on: '2026-01-05', reason: '上级决定' })
  await expect(call('forming.approvePlan', second)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('已撤销'),
  })
})
