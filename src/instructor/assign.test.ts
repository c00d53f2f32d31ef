import { array, assert, constantFrom, integer, property, record, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { assignInstructors, builtInAssign, type InstructedUnit, type Instructor } from './assign.ts'

const spot = record({ x: integer({ min: 0, max: 20_000 }), y: integer({ min: 0, max: 20_000 }) })
const unitsOf = array(tuple(spot, constantFrom('C', 'F', null)), { minLength: 1, maxLength: 5 }).map((list) =>
  list.map(([place, skill], at): InstructedUnit => ({ id: `u${at}`, ...place, skill })),
)
const instructorsOf = array(tuple(spot, constantFrom('C', 'F'), integer({ min: 0, max: 2 })), {
  minLength: 1,
  maxLength: 4,
}).map((list) =>
  list.map(([place, skill, capacity], at): Instructor => ({ id: `i${at}`, ...place, capacity, skills: [skill] })),
)

type Cost = { short: number; cost: number }

/** The best assignment by trying everything. */
function tryAll(units: InstructedUnit[], instructors: Instructor[], each: number, held: Set<string>): Cost {
  const room = instructors.map((one) => one.capacity)
  const sets = (from: number, left: number): number[][] =>
    left === 0 || from === instructors.length
      ? [[]]
      : [...sets(from + 1, left), ...sets(from + 1, left - 1).map((set) => [from, ...set])]
  const choices = sets(0, each)
  const walk = (at: number): Cost => {
    const unit = units[at]
    if (unit === undefined) return { short: 0, cost: 0 }
    let best: Cost = { short: Infinity, cost: Infinity }
    for (const chosen of choices) {
      const metres = chosen.map((one) => Math.hypot(instructors[one]!.x - unit.x, instructors[one]!.y - unit.y))
      if (metres.some((one) => one > builtInAssign.metresMax) || chosen.some((one) => room[one]! < 1)) continue
      for (const one of chosen) room[one]! -= 1
      const rest = walk(at + 1)
      for (const one of chosen) room[one]! += 1
      const own = chosen.reduce((sum, one, index) => {
        const skill =
          unit.skill !== null && !instructors[one]!.skills.includes(unit.skill) ? builtInAssign.skillMetres : 0
        return (
          sum + Math.round(metres[index]!) + skill + (held.has(`${unit.id} i${one}`) ? 0 : builtInAssign.keepMetres)
        )
      }, 0)
      const total = { short: rest.short + each - chosen.length, cost: rest.cost + own }
      if (total.short < best.short || (total.short === best.short && total.cost < best.cost)) best = total
    }
    return best
  }
  return walk(0)
}

test('as many units as possible get their instructors, at the least cost there is; load, reach and doubles are respected', () => {
  assert(
    property(unitsOf, instructorsOf, integer({ min: 1, max: 2 }), (units, instructors, each) => {
      const previous = [{ unitId: 'u0', instructorId: 'i0' }]
      const found = assignInstructors(units, instructors, previous, { each })
      const load = Map.groupBy(found.pairs, (pair) => pair.instructorId)
      for (const one of instructors) expect(load.get(one.id)?.length ?? 0).toBeLessThanOrEqual(one.capacity)
      expect(new Set(found.pairs.map((pair) => `${pair.unitId} ${pair.instructorId}`)).size).toBe(found.pairs.length)
      const short = found.short.reduce((sum, one) => sum + one.missing, 0)
      const cost = found.pairs.reduce(
        (sum, pair) =>
          sum +
          pair.metres +
          (pair.skilled ? 0 : builtInAssign.skillMetres) +
          (pair.kept ? 0 : builtInAssign.keepMetres),
        0,
      )
      expect({ short, cost }).toEqual(tryAll(units, instructors, each, new Set(['u0 i0'])))
    }),
    { numRuns: 150 },
  )
})

test('assigning again after one instructor left changes only what it must', () => {
  const units = Array.from({ length: 60 }, (_, at): InstructedUnit => ({
    id: `u${at}`,
    x: (at % 10) * 300,
    y: Math.floor(at / 10) * 300,
    skill: null,
  }))
  const instructors = Array.from({ length: 15 }, (_, at): Instructor => ({
    id: `i${at}`,
    x: at * 200,
    y: 700,
    capacity: 5,
    skills: [],
  }))
  const first = assignInstructors(units, instructors)
  const again = assignInstructors(units, instructors.slice(1), first.pairs)
  const lost = first.pairs.filter((pair) => pair.instructorId === 'i0').length
  expect(again.short).toEqual([])
  expect(again.changed).toBe(lost)
})
