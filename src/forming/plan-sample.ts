// Invented counties for tests and benches: towns of different size, buildings and parks inside them, the rest scattered.
import type { PlanInput, PlanUnit } from './plan-input.ts'

/** Random numbers from 0 to 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Town = { name: string; x: number; y: number; spread: number; weight: number }
type Spot = { town: Town; park: boolean; name: string; x: number; y: number }

/**
 * A county of units with one or two members: 65 of 100 have one, 40 of 100 stand in a building or a park, one in ten lies far out.
 * `extentMetres` is the side of the square the towns lie in.
 */
export function sampleUnits(units: number, seed: number, extentMetres = 30_000): PlanInput {
  const random = randomOf(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const towns = Array.from({ length: 12 }, (_, at): Town => {
    const place = { x: random() * extentMetres, y: random() * extentMetres }
    return { name: `第${at + 1}街道`, ...place, spread: 600 + random() * 1800, weight: 0.2 + random() ** 2 * 2 }
  })
  const weights = towns.reduce((sum, town) => sum + town.weight, 0)
  const pickTown = (): Town => {
    let rest = random() * weights
    return towns.find((town) => (rest -= town.weight) <= 0) ?? towns[0]!
  }
  const spots = Array.from({ length: Math.max(8, Math.round(units / 40)) }, (_, at): Spot => {
    const town = pickTown()
    const park = at % 4 === 0
    const place = { x: town.x + normal() * town.spread, y: town.y + normal() * town.spread }
    return { town, park, name: `${park ? '园区' : '楼宇'}${at}`, ...place }
  })
  return {
    units: Array.from({ length: units }, (_, at): PlanUnit => {
      const spot = random() < 0.4 ? spots[Math.floor(random() ** 1.5 * spots.length)]! : null
      const town = spot?.town ?? pickTown()
      const wide = spot === null ? town.spread * (random() < 0.1 ? 3 : 1) : spot.park ? 120 : 0
      const centre = spot ?? town
      const point = { x: centre.x + normal() * wide, y: centre.y + normal() * wide, accuracyMetres: 0 }
      const named = { park: spot?.park === true ? spot.name : null, building: spot?.park === false ? spot.name : null }
      return {
        id: `u${at}`,
        members: random() < 0.65 ? 1 : 2,
        industry: 'CEFGHIKLMOPR'[Math.floor(random() ** 1.5 * 12)]!,
        place: { ...point, street: town.name, road: null, number: null, ...named },
      }
    }),
  }
}
