import { assert, asyncProperty, constantFrom, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { boundPlan } from './bound.ts'
import { quickDraft } from './draft.ts'
import { brokenRules, comparePlans, MoveEvaluator, planCost } from './evaluate.ts'
import { explainGroup, explainLeft } from './explain.ts'
import { findEdges, noLimits } from './grid.ts'
import { GroupRules } from './locked.ts'
import { Master } from './master.ts'
import { partition } from './partition.ts'
import type { FormingPlan, PlanHost, PlanInput } from './plan-input.ts'
import { modelOf } from './plan-model.ts'
import { randomOf, sampleUnits } from './plan-sample.ts'
import { planGroups, type PlanEffort } from './plan.ts'
import { provePlan } from './prove.ts'
import { poolOf } from './refine.ts'
import { replan } from './replan.ts'
import { openSolver } from './solver.ts'
import { widenEdges } from './widen.ts'

async function lastPlan(input: PlanInput, effort: PlanEffort = {}): Promise<FormingPlan> {
  let last: FormingPlan | null = null
  for await (const { plan } of planGroups(input, effort)) last = plan
  return last!
}

/** A small dense county with wishes of every kind, drawn from a seed. */
function wishes(units: number, seed: number): PlanInput {
  const base = sampleUnits(units, seed, 4000)
  const random = randomOf(seed + 1)
  const any = () => `u${Math.floor(random() * units)}`
  const pairs = (count: number) =>
    Array.from({ length: count }, () => [any(), any()] as const).filter(([a, b]) => a !== b)
  const hosts = base.units.slice(0, 3).map((unit, at): PlanHost => ({
    id: `h${at}`,
    unitIds: at === 0 ? [] : [`x${at}`, `y${at}`],
    members: [49, 3, 7][at]!,
    industry: unit.industry,
    place: unit.place,
  }))
  const together = [
    ['u1', 'u2'],
    ['u5', 'u9'],
  ] as const
  const bound = new Set(together.flat() as string[])
  const apart = pairs(Math.floor(units / 4)).filter(([a, b]) => !(bound.has(a) && bound.has(b)))
  const free = base.units.filter((unit) => !bound.has(unit.id)).map((unit) => unit.id)
  const locked = [{ leadId: free[3]!, unitIds: [free[3]!, free[7]!, free[12]!] }]
  const guess = base.units.map((unit) =>
    random() < 0.2
      ? { ...unit, place: { ...unit.place, accuracyMetres: Math.round(random() * 2500), building: null } }
      : unit,
  )
  return { units: guess, hosts, together, apart, locked, refused: [free[20]!, free[21]!] }
}

function everyUnitOnce(input: PlanInput, plan: FormingPlan): void {
  const found = [...plan.groups.flatMap((group) => group.unitIds), ...plan.leftOver, ...plan.refused]
  expect(found.toSorted()).toEqual(input.units.map((unit) => unit.id).toSorted())
}

test('every plan on the way keeps every rule, holds every unit once and leaves locked groups alone', async () => {
  await assert(
    asyncProperty(integer({ min: 1, max: 1e6 }), integer({ min: 30, max: 70 }), async (seed, units) => {
      const input = wishes(units, seed)
      for await (const { plan } of planGroups(input)) {
        everyUnitOnce(input, plan)
        expect(brokenRules(input, plan).filter((group) => !group.locked)).toEqual([])
        expect(plan.groups.filter((group) => group.locked).map(({ leadId, unitIds }) => ({ leadId, unitIds }))).toEqual(
          input.locked,
        )
        const rules = new GroupRules(input)
        const checks = plan.groups.map((group) => rules.check(group.leadId, group.unitIds))
        expect(plan.metres).toBe(checks.reduce((sum, check) => sum + check.metres, 0))
        expect(plan.flagged).toBe(checks.filter((check) => check.flagged).length)
      }
    }),
    { numRuns: 8 },
  )
})

test('the same input and seed give the same plan, and every step is at least as good as the one before', async () => {
  const input = wishes(120, 7)
  const costs: number[] = []
  for await (const { plan } of planGroups(input, { seed: 3 })) costs.push(planCost(plan))
  expect(costs).toEqual(costs.toSorted((a, b) => b - a))
  expect(await lastPlan(input, { seed: 3 })).toEqual(await lastPlan(input, { seed: 3 }))
})

test('a stopped run ends with a whole plan', async () => {
  const input = sampleUnits(200, 5, 8000)
  const stop = new AbortController()
  stop.abort()
  const plan = await lastPlan(input, { signal: stop.signal })
  everyUnitOnce(input, plan)
  expect(brokenRules(input, plan)).toEqual([])
})

test('evaluating a move gives what the changed plan costs when it is counted afresh, and names the rules it breaks', async () => {
  const input = wishes(60, 11)
  const plan = await lastPlan(input)
  const evaluator = new MoveEvaluator(input, plan)
  const rules = new GroupRules(input)
  const targets = [null, 'new', 'h0', ...plan.groups.map((group) => group.leadId)] as const
  const movable = input.units.map((unit) => unit.id).filter((id) => !plan.refused.includes(id))
  assert(
    property(constantFrom(...movable), constantFrom(...targets), (unitId, to) => {
      const effect = evaluator.evaluate({ unitId, to })
      everyUnitOnce(input, effect.plan)
      const checks = effect.plan.groups.map((group) => rules.check(group.leadId, group.unitIds))
      const metres = checks.reduce((sum, check) => sum + check.metres, 0)
      const flagged = checks.filter((check) => check.flagged).length
      expect(planCost(effect.plan)).toBe(planCost({ metres, flagged, leftOver: effect.plan.leftOver }))
      expect(effect.cost).toBe(planCost(effect.plan) - planCost(plan))
      const before = new Set(brokenRules(input, plan).map((group) => group.leadId))
      const fresh = brokenRules(input, effect.plan).filter((group) => !before.has(group.leadId))
      expect(effect.broken.map((group) => group.leadId)).toEqual(
        expect.arrayContaining(fresh.map((group) => group.leadId)),
      )
    }),
    { numRuns: 200 },
  )
})

test('a bound is never above the plan, and small counties are proved to leave over the fewest', async () => {
  for (const seed of [1, 2, 3]) {
    const input = sampleUnits(80, seed, 9000)
    const plan = await lastPlan(input)
    const bound = await boundPlan(input, plan)
    expect(bound.metresBound).toBeLessThanOrEqual(plan.metres)
    expect(bound.leftMin).toBeLessThanOrEqual(plan.leftOver.length)
    expect(bound).toMatchObject({ leftProved: true, cut: true })
    expect(bound.percent).toBeLessThan(2)
  }
})

test('prices taken from a plan prove no more than the plan costs, also where units are left over', async () => {
  const { units } = sampleUnits(5, 2, 9000)
  const far = (at: number) => ({ x: 1e6 * at, street: `远街${at}`, road: null, building: null })
  const lonely = units.map((unit, at) => ({ ...unit, industry: null, place: { ...unit.place, ...far(at) } }))
  const model = modelOf({ units: lonely })
  const edges = findEdges(model)
  const draft = quickDraft(model, edges)
  expect(draft.left().length).toBe(5)
  using master = new Master(await openSolver(), model, edges, null)
  master.seed(poolOf(draft, master.nodes))
  expect(master.bound).toBe(draft.total())
})

test('a bound over the pairs that prices call for is the bound over all pairs there are', async () => {
  for (const seed of [1, 2, 3]) {
    const model = modelOf(sampleUnits(600, seed))
    const edges = findEdges(model)
    using master = new Master(await openSolver(), model, edges, null)
    master.seed(poolOf(quickDraft(model, edges), master.nodes))
    for (const _ of master.run({ rounds: 20, ruleRounds: 2, rulesEach: 300 }));
    const prices = master.boundPrices
    master.widen(widenEdges(model, edges, prices))
    const widened = master.bound
    master.widen(findEdges(model, noLimits))
    expect(master.boundPrices).toEqual(prices)
    expect(widened).toBeCloseTo(master.bound, 3)
  }
})

test('for a dozen units plan, proof and bound agree with trying every grouping', async () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const input = sampleUnits(12, seed, 2500)
    const model = modelOf(input)
    const best = partition(model, [...model.nodes.keys()]).cost
    const plan = await lastPlan(input)
    const proof = await provePlan(input, plan)
    expect(proof).toMatchObject({ optimal: true, cost: best })
    expect(planCost(proof.plan)).toBe(best)
    const { metresBound, leftMin } = await boundPlan(input, proof.plan)
    expect(planCost({ ...proof.plan, metres: metresBound })).toBeLessThanOrEqual(best)
    expect(leftMin).toBeLessThanOrEqual(proof.plan.leftOver.length)
  }
})

test('planning again keeps what the edits do not touch and obeys them', async () => {
  const input = sampleUnits(200, 4, 9000)
  const plan = await lastPlan(input)
  const [first, second] = plan.groups
  const edited: PlanInput = {
    ...input,
    refused: [first!.unitIds[0]!],
    apart: [[second!.unitIds[0]!, second!.unitIds[1]!]],
  }
  const again = replan(edited, plan)
  everyUnitOnce(edited, again)
  expect(brokenRules(edited, again)).toEqual([])
  const difference = comparePlans(plan, again)
  expect(difference.same).toBeGreaterThan(plan.groups.length * 0.9)
  expect(difference.moved.length).toBeGreaterThan(0)
  expect(comparePlans(plan, plan)).toMatchObject({ moved: [], metres: 0, same: plan.groups.length })
})

test('a guessed place is never taken for a near one, and the reasons say so', async () => {
  const place = { x: 0, y: 0, street: 'a', park: null, building: null, road: null, number: null }
  const unit = (id: string, accuracyMetres: number, extra = {}) => ({
    id,
    members: 1,
    industry: null,
    place: { ...place, accuracyMetres, ...extra },
  })
  const near: PlanInput = { units: [unit('a', 0), unit('b', 0), unit('c', 0)] }
  const guessed: PlanInput = { units: [unit('a', 2000), unit('b', 2000), unit('c', 2000)] }
  const sameBuilding: PlanInput = {
    units: guessed.units.map((one) => ({ ...one, place: { ...one.place, building: 'x' } })),
  }
  expect(await lastPlan(near)).toMatchObject({ flagged: 0, metres: 0, leftOver: [] })
  const plan = await lastPlan(guessed)
  expect(plan.flagged).toBe(1)
  expect(explainGroup(guessed, plan.groups[0]!)).toMatchObject({
    flags: ['同一街道，位置尚未核实'],
    members: 3,
    units: 3,
  })
  expect(explainGroup(guessed, plan.groups[0]!).lines.map((line) => line.measured)).toEqual([false, false])
  expect(await lastPlan(sameBuilding)).toMatchObject({ flagged: 0, metres: 100, leftOver: [] })
  const apart: PlanInput = { units: [unit('a', 0), unit('b', 0, { x: 90_000 }), unit('c', 0, { x: 1 })] }
  const lone = await lastPlan(apart)
  expect(lone.leftOver.toSorted()).toEqual(['a', 'b', 'c'])
  expect(explainLeft(apart, lone, 'a').words).toContain('共 2 名党员，不足 3 名')
})

test('units to be kept apart that share a branch already stop no plan, and a wish that contradicts names its units', async () => {
  const { units } = sampleUnits(20, 1)
  const { industry, place } = units[0]!
  const host: PlanHost = { id: 'h', unitIds: ['x', 'y'], members: 3, industry, place }
  const input: PlanInput = { units, hosts: [host], apart: [['x', 'y']] }
  expect(await lastPlan(input)).toEqual(await lastPlan({ ...input, apart: [] }))
  const rules = new GroupRules({ ...input, apart: [...input.apart!, ['x', 'u0']] })
  expect(rules.check('h', ['u1']).broken).not.toContain('apart')
  expect(rules.check('h', ['u0']).broken).toContain('apart')
  const bound = new GroupRules({ ...input, together: [['x', 'u1']] })
  expect(bound.check('h', ['u0']).broken).not.toContain('together')
  const named = units.map((unit) => ({ ...unit, name: `${unit.id}公司` }))
  const told: PlanInput = { units: named, together: [['u1', 'u2']], apart: [['u2', 'u1']] }
  expect(() => modelOf(told)).toThrow('“u2公司”和“u1公司”')
  expect(() => modelOf({ ...told, locked: [{ leadId: 'u2', unitIds: ['u2', 'u3'] }] })).toThrow('“u1公司”和“u2公司”')
})

test('wishes that contradict each other, units given twice and units without members are refused', async () => {
  const input = sampleUnits(20, 1)
  const refused = async (wrong: PlanInput) => lastPlan(wrong).catch((error: { code: string }) => error.code)
  expect(await refused({ ...input, together: [['u1', 'u2']], apart: [['u2', 'u1']] })).toBe('conflict')
  expect(await refused({ ...input, units: [...input.units, input.units[0]!] })).toBe('invalid')
  expect(await refused({ ...input, units: [{ ...input.units[0]!, members: 0 }] })).toBe('invalid')
  expect(
    await refused({ ...input, together: [['u1', 'u2']], locked: [{ leadId: 'u2', unitIds: ['u2', 'u3', 'u4'] }] }),
  ).toBe('conflict')
})
