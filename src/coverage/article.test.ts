import { expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { county, formed, tallyLike, trialCoverage, type Trial, unitLike } from './testing.ts'

// Figures of the article on party building in two-new organisations, out of invented data of the same proportions.

interface Made {
  /** How many units. */
  count: number
  formal?: number
  /** What covers each of them alone, or all of them together where `together`. */
  mode?: string
  together?: boolean
  unit?: object
}

/** Writes groups of units with their members and organisations; the ids of each group's units. */
async function make(trial: Trial, groups: readonly Made[]): Promise<string[][]> {
  const made = groups.map((group) => Array.from({ length: group.count }, () => unitLike(group.unit)))
  await trial.write('unit', made.flat())
  const tallies = groups.flatMap((group, at) =>
    group.formal === undefined ? [] : made[at]!.map((unit) => tallyLike(unit.id, group.formal!)),
  )
  if (tallies.length > 0) await trial.write('member_tally', tallies)
  const ids = made.map((units) => units.map((unit) => unit.id))
  const organisations = groups.flatMap((group, at) => {
    if (!group.mode) return []
    const covered = group.together ? [ids[at]!] : ids[at]!.map((id) => [id])
    return covered.map((units) => formed(units, group.mode!).rows)
  })
  for (const table of ['party_org', 'party_org_version', 'party_cover'] as const) {
    const rows = organisations.flatMap((one): object[] => one[table])
    if (rows.length > 0) await trial.write(table, rows)
  }
  return ids
}

/** A ratio as the dashboard says it, in per cent with one decimal place, after both its lists were opened and counted. */
async function opened(trial: Trial, key: string): Promise<string> {
  const { ratios } = await trial.call('getDashboard', { region: county, months: 1 })
  const said = ratios.find((one) => one.key === key)!
  const length = async (part: string) => {
    const found = new Set<string>()
    let total = Infinity
    for (let page = 1; (page - 1) * 200 < total; page += 1) {
      const list = await trial.call('listUnits', { of: { ratio: key, part }, page, pageSize: 200 })
      for (const row of list.rows) found.add(row.unitId)
      total = list.total
    }
    expect([part, found.size]).toEqual([part, total])
    return total
  }
  const counts = {
    numerator: await length('numerator'),
    denominator: await length('denominator'),
    gap: await length('gap'),
  }
  expect(counts.numerator + counts.gap).toBe(counts.denominator)
  expect(counts).toMatchObject({ numerator: said.numerator, denominator: said.denominator })
  return percent(said)
}

const percent = (said: { numerator: number; denominator: number; value: number | null }) =>
  `${said.numerator}/${said.denominator} ${(100 * said.value!).toFixed(1)} %`

test('泰州: 99.6 % of the units with three members have an organisation of their own, and (A) of the same data beside it', async () => {
  const trial = await trialCoverage('2026-03-02')
  await make(trial, [
    { count: 249, formal: 3, mode: 'own' },
    { count: 1, formal: 3 },
    { count: 60, formal: 1, mode: 'joint', together: true },
    { count: 90, formal: 0 },
  ])
  await trial.settle()
  expect(await opened(trial, 'soloRateB')).toBe('249/250 99.6 %')
  expect(await opened(trial, 'soloRateA')).toBe('249/400 62.3 %')
})

test('宿州: 23 of 23 law firms with three members have an organisation of their own', async () => {
  const trial = await trialCoverage('2026-03-02')
  const lawFirm = { kind: 'lawFirm' }
  await make(trial, [
    { count: 23, formal: 4, mode: 'own', unit: lawFirm },
    { count: 9, formal: 2, unit: lawFirm },
    { count: 5, formal: 6 },
  ])
  await trial.settle()
  const { key } = await trial.call('defineRatio', {
    name: '律师事务所单独组建率',
    definition: '有 3 名以上正式党员的律师事务所中，单独组建党组织的比例。',
    numeratorText: '单独组建的律师事务所数',
    denominatorText: '有 3 名以上正式党员的律师事务所数',
    numerator: { column: 'state', in: ['own'] },
    denominator: {
      and: [
        { column: 'kind', in: ['lawFirm'] },
        { column: 'formal', atLeast: 3 },
      ],
    },
    counting: { by: 'units' },
    effectiveFrom: '2026-01-01',
    source: '《律师事务所党组织工作规则（试行）》',
  })
  await trial.settle()
  expect(await opened(trial, key)).toBe('23/23 100.0 %')
  expect(await opened(trial, 'soloRateB')).toBe('23/28 82.1 %')
})

test('丹阳: 100 % thrice, each over its own denominator, while not every unit is covered', async () => {
  const trial = await trialCoverage('2026-03-02')
  const [own, joint] = await make(trial, [
    { count: 40, formal: 5, mode: 'own' },
    { count: 5, formal: 1, mode: 'joint', together: true },
    { count: 15, formal: 0 },
  ])
  await trial.call('markUnits', {
    kind: 'professional',
    unitIds: [...own!, ...joint!],
    on: true,
    source: '专业化管理名册',
  })
  await trial.settle()
  expect(await opened(trial, 'soloRateB')).toBe('40/40 100.0 %')
  expect(await opened(trial, 'dueSelfBuiltRate')).toBe('40/40 100.0 %')
  expect(await opened(trial, 'professionalRate')).toBe('45/45 100.0 %')
  expect(await opened(trial, 'orgCoverage')).toBe('45/60 75.0 %')
})

test('吉安: 89.6 % of small firms and 95.6 % of the self-employed are reached by 1,215 organisations, each counted once', async () => {
  const trial = await trialCoverage('2026-03-02')
  const smallMicro = { staff_count: 20, industry: 'F5211' }
  const selfEmployed = { kind: 'selfEmployed', staff_count: 2 }
  const [alone] = await make(trial, [
    { count: 1208, formal: 4, mode: 'own', unit: { staff_count: 400, industry: 'C1310' } },
    { count: 100, mode: 'regional', together: true, unit: smallMicro },
    { count: 60, mode: 'industry', together: true, unit: smallMicro },
    { count: 4, mode: 'joint', together: true, unit: smallMicro },
    { count: 60, mode: 'fallback', together: true, unit: smallMicro },
    { count: 26, unit: smallMicro },
    { count: 39, mode: 'attached', together: true, unit: selfEmployed },
    { count: 200, mode: 'fallback', together: true, unit: selfEmployed },
    { count: 11, unit: selfEmployed },
  ])
  // The alliance also reaches firms that have an organisation of their own: they stay counted as such.
  await trial.form(alone!.slice(0, 50), 'fallback')
  await trial.settle()
  expect(await opened(trial, 'fallbackSmallMicro')).toBe('224/250 89.6 %')
  expect(await opened(trial, 'fallbackSelfEmployed')).toBe('239/250 95.6 %')
  const { figures } = await trial.call('getDashboard', { region: county, months: 1 })
  const of = (key: string) => figures.find((one) => one.key === key)!.value
  expect([of('own'), of('fallback'), of('none')]).toEqual([1208, 260, 37])
  expect(await trial.count('party_org')).toBe(1215)
})

test('台州: 82.7 % of committee members also manage, and of the units with an organisation all have one who does', async () => {
  const trial = await trialCoverage('2026-03-02')
  const units = Array.from({ length: 27 }, () => unitLike())
  await trial.write('unit', units)
  const posts: object[] = []
  for (const [at, unit] of units.entries()) {
    const org_id = await trial.form([unit.id], 'own')
    for (const post of ['secretary', 'deputySecretary', 'committeeMember']) {
      // 67 of 81: the first of all, the second of all, the third of 13.
      const in_management = post !== 'committeeMember' || at < 13
      const name = { name_sealed: '', name_masked: '某', name_digest: `${at}${post}` }
      posts.push({ id: newId(), org_id, post, ...name, in_management, valid_from: '2025-01-01' })
    }
  }
  await trial.write('party_post', posts)
  await trial.tell(units.map((unit) => unit.id))
  await trial.settle()
  const { ratios } = await trial.call('getDashboard', { region: county, months: 1 })
  expect(percent(ratios.find((one) => one.key === 'crossPostingRate')!)).toBe('67/81 82.7 %')
  const gap = await trial.call('listUnits', { of: { ratio: 'crossPostingRate', part: 'gap' }, pageSize: 50 })
  expect(gap.total).toBe(14)
  expect(await opened(trial, 'crossPostingUnits')).toBe('27/27 100.0 %')
})
