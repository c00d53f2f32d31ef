// Plans invented counties and says what it took and how near the plan is to what no plan can undercut: the first usable plan, the
// finished one, the bound (worked out beside the plan and timed apart), the proof for small counties, planning again after ten
// edits, and HiGHS on the compact model given the time the plan took. Every plan is checked by rules written down a second time.
// Run: node bench/forming.ts [units … , 1000 3000 30000 by default; 100000 takes ten minutes more] [--seed=1]
import { faultsOf } from './forming-checker.ts'
import { boundPlan, uncutAbove } from '../src/forming/bound.ts'
import { solveCompact } from '../src/forming/compact.ts'
import { findEdges } from '../src/forming/grid.ts'
import type { FormingPlan, PlanInput } from '../src/forming/plan-input.ts'
import { flagWeight, leftWeight, modelOf } from '../src/forming/plan-model.ts'
import { sampleUnits } from '../src/forming/plan-sample.ts'
import { planGroups } from '../src/forming/plan.ts'
import { provePlan } from '../src/forming/prove.ts'
import { replan } from '../src/forming/replan.ts'
import { openSolver } from '../src/forming/solver.ts'

const given = process.argv.slice(2)
const seed = Number(given.find((word) => word.startsWith('--seed='))?.slice(7) ?? 1)
const sizes = given.filter((word) => /^\d+$/u.test(word)).map(Number)
const provedMost = 1000
const replannedFrom = 3000

const cpu = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
const megabytes = () => Math.round(process.resourceUsage().maxRSS / 1024)
const say = (what: string, seconds: number, words: string) =>
  console.log(`  ${what.padEnd(26)}${seconds.toFixed(2).padStart(8)} s CPU  ${words}`)
const wordsLeft = (left: number, flagged: number, metres: number) =>
  `left over ${left}, flagged ${flagged}, ${metres} m`
const wordsOf = ({ leftOver, flagged, metres }: FormingPlan) => wordsLeft(leftOver.length, flagged, metres)

function checked(input: PlanInput, plan: FormingPlan): FormingPlan {
  const faults = faultsOf(input, plan)
  if (faults.length > 0) throw new Error(`a plan breaks rules: ${faults.slice(0, 5).join('; ')}`)
  return plan
}

async function planned(input: PlanInput): Promise<{ plan: FormingPlan; elapsed: number }> {
  const start = cpu()
  const began = performance.now()
  const plans: FormingPlan[] = []
  for await (const { plan, phase } of planGroups(input, { seed })) {
    if (plans.length === 0) say('usable plan', cpu() - start, wordsOf(plan))
    if (phase === 'quick' || phase === 'done') plans.push(checked(input, plan))
  }
  const plan = plans.at(-1)!
  say('plan', cpu() - start, `${wordsOf(plan)}; ${plan.groups.length} groups, peak ${megabytes()} MB`)
  // The solver is held by the clock on the wall: it gets what the plan took on it, however busy the machine is.
  return { plan, elapsed: (performance.now() - began) / 1000 }
}

async function bounded(input: PlanInput, plan: FormingPlan): Promise<void> {
  const start = cpu()
  const { metresBound, percent, leftMin, leftProved, cut } = await boundPlan(input, plan)
  const kind = cut ? 'cut' : `uncut, above ${uncutAbove} units`
  say(`bound (${kind})`, cpu() - start, `${metresBound} m: plan at most ${percent.toFixed(3)} % above it`)
  say(
    '',
    cpu() - start,
    `fewest left over ${leftMin}${leftProved ? ', reached' : ', NOT reached'}; peak ${megabytes()} MB`,
  )
}

async function proved(input: PlanInput, plan: FormingPlan): Promise<void> {
  const start = cpu()
  const proof = await provePlan(input, plan)
  checked(input, proof.plan)
  const word = proof.optimal ? 'proven optimal' : `not proven: between ${proof.bound} and ${proof.cost}`
  say('proof', cpu() - start, `${word}, ${proof.pairs} pairs searched; ${wordsOf(proof.plan)}`)
}

function replanned(input: PlanInput, plan: FormingPlan): void {
  const away = plan.groups.slice(0, 4).map((group) => group.unitIds[0]!)
  const refused = plan.groups.slice(10, 13).map((group) => group.unitIds[0]!)
  const apart = plan.groups.slice(20, 23).map((group) => [group.unitIds[0]!, group.unitIds[1]!] as const)
  const edited = { ...input, units: input.units.filter((unit) => !away.includes(unit.id)), refused, apart }
  const start = cpu()
  const again = checked(edited, replan(edited, plan))
  const same = new Set(plan.groups.map((group) => group.unitIds.toSorted().join()))
  const kept = again.groups.filter((group) => same.has(group.unitIds.toSorted().join())).length
  say('again after ten edits', cpu() - start, `${wordsOf(again)}; ${kept} of ${plan.groups.length} groups as they were`)
}

async function compared(input: PlanInput, secondsMax: number): Promise<void> {
  const start = cpu()
  const model = modelOf(input)
  const edges = findEdges(model)
  const pairs = model.nodes.flatMap((_, lead) =>
    Array.from(edges.to.subarray(edges.start[lead], edges.start[lead + 1]), (node, at) => ({
      lead,
      node,
      cost: edges.cost[edges.start[lead]! + at]!,
    })),
  )
  try {
    const found = solveCompact(await openSolver(), model, pairs, [], { secondsMax, seed })
    const leftOver = found.groups.filter((group) => group.cost > 0).length
    const heavy = found.cost - leftOver * leftWeight
    const words = wordsLeft(leftOver, Math.floor(heavy / flagWeight), heavy % flagWeight)
    say('HiGHS, compact model', cpu() - start, found.cost === Infinity ? 'no plan found in this time' : words)
  } catch (error) {
    say('HiGHS, compact model', cpu() - start, `gave up: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function repeats(input: PlanInput, plan: FormingPlan): Promise<void> {
  const start = cpu()
  let again: FormingPlan | null = null
  for await (const step of planGroups(input, { seed })) again = step.plan
  say(
    'the same run once more',
    cpu() - start,
    JSON.stringify(again) === JSON.stringify(plan) ? 'same plan' : 'ANOTHER PLAN',
  )
}

for (const size of sizes.length > 0 ? sizes : [1000, 3000, 30_000]) {
  const input = sampleUnits(size, seed)
  console.log(`${size} units with one or two members, seed ${seed}`)
  const { plan, elapsed } = await planned(input)
  await bounded(input, plan)
  if (size <= provedMost) await proved(input, plan)
  if (size <= replannedFrom) await repeats(input, plan)
  if (size >= replannedFrom && size <= uncutAbove) replanned(input, plan)
  await compared(input, elapsed)
}
