import { findEdges } from '../src/forming/grid.ts'
import { modelOf } from '../src/forming/plan-model.ts'
import { polish, quickDraft } from '../src/forming/draft.ts'
import type { PlanInput, PlanUnit } from '../src/forming/plan-input.ts'

function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

// A county as optimise.md's generator has it: towns of different size, buildings and parks inside them, the rest scattered
// round the towns and over the land.
export function county(units: number, seed: number): PlanInput {
  const random = randomOf(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const extent = 30_000
  const towns = Array.from({ length: 12 }, (_, at) => ({
    name: `第${at + 1}街道`,
    x: random() * extent,
    y: random() * extent,
    spread: 600 + random() * 1800,
    weight: 0.2 + random() ** 2 * 2,
  }))
  const weights = towns.reduce((sum, town) => sum + town.weight, 0)
  const pickTown = () => {
    let left = random() * weights
    return towns.find((town) => (left -= town.weight) <= 0) ?? towns[0]!
  }
  const spots = Array.from({ length: Math.max(8, Math.round(units / 40)) }, (_, at) => {
    const town = pickTown()
    const park = at % 4 === 0
    return {
      town,
      park,
      name: `${park ? '园区' : '楼宇'}${at}`,
      x: town.x + normal() * town.spread,
      y: town.y + normal() * town.spread,
    }
  })
  const list: PlanUnit[] = []
  for (let at = 0; at < units; at += 1) {
    const inSpot = random() < 0.4
    const spot = inSpot ? spots[Math.floor(random() ** 1.5 * spots.length)]! : null
    const town = spot?.town ?? pickTown()
    const lone = random() < 0.1
    const x = spot ? spot.x + (spot.park ? normal() * 120 : 0) : town.x + normal() * town.spread * (lone ? 3 : 1)
    const y = spot ? spot.y + (spot.park ? normal() * 120 : 0) : town.y + normal() * town.spread * (lone ? 3 : 1)
    list.push({
      id: `u${at}`,
      members: random() < 0.65 ? 1 : 2,
      industry: 'CEFGHIKLMOPR'[Math.floor(random() ** 1.5 * 12)]!,
      place: {
        x,
        y,
        accuracyMetres: 0,
        street: town.name,
        park: spot?.park ? spot.name : null,
        building: spot && !spot.park ? spot.name : null,
        road: null,
        number: null,
      },
    })
  }
  return { units: list }
}
const n = Number(process.argv[2] ?? 3000)
const cpu = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6
const t0 = cpu()
const input = county(n, 1)
const t1 = cpu()
const model = modelOf(input)
const edges = findEdges(model)
const t2 = cpu()
const draft = quickDraft(model, edges)
const t3 = cpu()
console.log({
  gen: t1 - t0,
  edges: t2 - t1,
  count: edges.to.length,
  quick: t3 - t2,
  left: draft.left().length,
  total: draft.total(),
})
import { openSolver } from '../src/forming/solver.ts'
import { Master } from '../src/forming/master.ts'
import { tilesOf, around } from '../src/forming/tiles.ts'
import { refineTile, troubled } from '../src/forming/refine.ts'
import { flagWeight, leftWeight } from '../src/forming/plan-model.ts'
const highs = await openSolver()
const t4 = cpu()
const env = (k: string, d: number) => Number(process.env[k] ?? d)
const say = (what: string) => {
  const flags = draft.groups.filter((g, at) => g && draft.cost(at) >= flagWeight).length
  console.log(
    what,
    (cpu() - t1).toFixed(2),
    'left',
    draft.left().length,
    'flags',
    flags,
    'metres',
    draft.total() - flags * flagWeight - leftWeight * draft.left().length,
  )
}
const effort = {
  master: { rounds: 30, ruleRounds: env('RR', 2), rulesEach: 300 },
  choice: { nodesMax: env('NM', 3), window: env('W', 2000), gap: env('G', 1), seed: 1 },
  diveRounds: env('D', 3),
}
say('quick')
polish(draft, edges, env('PO', 2))
say('polish')
for (let pass = 0; pass < env('P', 2); pass += 1) {
  effort.choice.nodesMax = pass === 0 ? env('NM0', 3) : env('NM', 3)
  effort.master.ruleRounds = pass === 0 ? env('RR0', 2) : env('RR', 2)

  for (const tile of tilesOf(draft, env('T', 700), pass)) refineTile(highs, draft, edges, tile, effort)
  say('pass' + pass)
  if (env('PP', 1)) polish(draft, edges, 2)
  say('polish')
  if (pass < env('RP', 0)) continue
  const done = new Set<number>()
  for (const seeds of troubled(draft)) {
    if (seeds.some((s) => done.has(s))) continue
    const tile = around(draft, edges, seeds, env('RS', 300))
    for (const s of seeds) done.add(s)
    refineTile(highs, draft, edges, tile, effort)
  }
  say('repair')
}
if (env('B', 1)) {
  const t6 = cpu()
  const master = new Master(highs, model, edges, null)
  master.add(
    draft.groups.filter((g) => g !== null).map((nodes) => ({ nodes, cost: draft.cost(draft.groups.indexOf(nodes)) })),
  )
  for (const _ of master.run({ rounds: 40, ruleRounds: env('BR', 6), rulesEach: 3000 }))
    if (env('V', 0)) console.log((cpu() - t6).toFixed(1), master.value, master.bound)
  const total = draft.total()
  const metres =
    total -
    flagWeight * draft.groups.filter((g, at) => g && draft.cost(at) >= flagWeight).length -
    leftWeight * draft.left().length
  console.log('bound', (cpu() - t6).toFixed(1), master.bound, 'gap %', (100 * (total - master.bound)) / metres)
}
console.log('MB', process.resourceUsage().maxRSS / 1024)
