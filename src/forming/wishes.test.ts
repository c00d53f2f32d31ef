import { beforeAll, expect, test } from 'vitest'
import { county } from '../coverage/testing.ts'
import { runChores } from '../host/chores.ts'
import { finishJobs } from '../host/command.ts'
import { type FormingTrial, trialForming } from './testing.ts'

let trial: FormingTrial
const ids: Record<string, string> = {}
const id = (sign: string): string => ids[sign]!
const call = <T>(of: string, input: unknown): Promise<T> => trial.call<T>(of, input)
const name = (sign: string) => `大连要求${sign}商贸有限公司`

interface Plan {
  id: string
  revision: number
  left: number
  groupList: { leadId: string; unitIds: string[] }[]
  unmet: { unitId: string; words: string }[]
}

async function planned(): Promise<Plan> {
  const { id: planId } = await call<{ id: string }>('forming.startPlan', { region: county })
  await finishJobs(trial.platform)
  return call<Plan>('forming.getPlan', { id: planId })
}

interface Wishes {
  rows: { kind: string; name: string; followed: boolean; now: string; orgId: string | null }[]
}
const wishes = async () =>
  new Map((await call<Wishes>('forming.listWishes', { countyCode: county })).rows.map((row) => [row.name, row]))

/** A joint branch over two units, five small units beside it, and one that nobody knows a member of. */
beforeAll(async () => {
  trial = await trialForming()
  const unit = async (sign: string, east: number, formal = 1) => {
    ids[sign] = await trial.unit({ name: name(sign), formal, east: east * 0.0001 })
  }
  for (const [at, sign] of [...'甲乙丙丁戊己庚'].entries()) await unit(sign, at)
  await unit('空', 9, 0)
  await runChores(trial.platform)
  const wish = (kind: string, unitId: string, otherId?: string) =>
    call('forming.addWish', { kind, unitId, reason: '同一老板', ...(otherId ? { otherId } : {}) })
  // All of them are noted while nobody has an organisation yet.
  await wish('together', id('丙'), id('甲'))
  await wish('together', id('丁'), id('戊'))
  await wish('together', id('己'), id('空'))
  await wish('apart', id('甲'), id('乙'))
  await wish('refused', id('庚'))
})

test('before anybody joins, wishes are kept by the next plan as far as both units are planned for', async () => {
  const told = await wishes()
  for (const sign of ['丙', '丁', '甲']) expect(told.get(name(sign))).toMatchObject({ followed: true, orgId: null })
  expect(told.get(name('庚'))).toMatchObject({ followed: true, now: '编排时不列入' })
  expect(told.get(name('己'))).toMatchObject({ followed: false, now: `“${name('空')}”没有已知的党员` })
  const plan = await planned()
  const groupOf = (sign: string) => plan.groupList.find((group) => group.unitIds.includes(id(sign)))
  expect(groupOf('丙')).toBe(groupOf('甲'))
  expect(plan.unmet).toEqual([
    { unitId: id('己'), words: `“${name('己')}”应与“${name('空')}”同组，没有照办：“${name('空')}”没有已知的党员。` },
  ])
})

test('once a unit has joined a branch, the wish to stand with it is told of wherever one looks, and is in nobody’s way', async () => {
  const orgId = await trial.branch([id('甲'), id('乙')])
  await runChores(trial.platform)
  const told = await wishes()
  const now = `“${name('甲')}”已由“试验联合党支部”覆盖；要让“${name('丙')}”加入，请到“试验联合党支部”的“覆盖单位”里登记`
  expect(told.get(name('丙'))).toMatchObject({ followed: false, now, orgId })
  expect(told.get(name('甲'))).toMatchObject({ followed: false, now: '都已由“试验联合党支部”覆盖' })
  expect(told.get(name('丁'))).toMatchObject({ followed: true })

  const { revision, ...plan } = await planned()
  const words = `应与“${name('甲')}”同组，没有照办：${now}`
  let seen = revision
  const moved = async (sign: string, to: string | null): Promise<Plan> => {
    const told = { id: plan.id, revision: seen, moves: [{ unitId: id(sign), to }] }
    seen = (await call<{ revision: number }>('forming.applyMoves', told)).revision
    return call<Plan>('forming.getPlan', { id: plan.id })
  }
  // In the branch's own group the wish is kept; anywhere else it is told of.
  const unmetOf = ({ unmet }: Plan) => unmet.flatMap((wish) => (wish.unitId === id('丙') ? [wish.words] : []))
  expect(unmetOf(await moved('丙', orgId))).toEqual([])
  expect(unmetOf(await moved('丙', null))).toEqual([`“${name('丙')}”${words}。`])
  const left = await call<{ rows: { unitId: string; words: string }[] }>('forming.listLeft', { id: plan.id })
  expect(left.rows.find((row) => row.unitId === id('丙'))?.words).toContain(words)

  for (const sign of '丁戊') await moved(sign, orgId)
  expect(unmetOf(await moved('丙', 'new'))).toEqual([`“${name('丙')}”${words}。`])
  const group = await call<{ flags: string[] }>('forming.explainGroup', { id: plan.id, leadId: id('丙') })
  expect(group.flags).toEqual([`“${name('丙')}”${words}`])
  const approval = { id: plan.id, revision: seen, leadIds: [orgId], reason: '会议研究同意' }
  expect(await call('forming.approvePlan', approval)).toMatchObject({ approved: 1 })
})
