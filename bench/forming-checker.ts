// Checks a plan without any of the planner's code: the rules are written down here once more, from the regulation and the settings.
import type { FormingPlan, PlanInput, PlanUnit } from '../src/forming/plan-input.ts'

const least = 3
const most = 50
const normalUnits = 5
const mostUnits = 8
const nearMetres = 1000
const wideMetres = 3000
const otherStreetMetres = 200

/** What is wrong with a plan for a county without hosts and wishes, in words; empty when every rule is kept and every sum is right. */
export function faultsOf(input: PlanInput, plan: FormingPlan): string[] {
  const faults: string[] = []
  const units = new Map(input.units.map((unit) => [unit.id, unit]))
  const placed = [...plan.groups.flatMap((group) => group.unitIds), ...plan.leftOver, ...plan.refused]
  if (placed.length !== units.size || new Set(placed).size !== units.size)
    faults.push('a unit is missing or stands twice')
  let metres = 0
  let flagged = 0
  for (const group of plan.groups) {
    const own = group.unitIds.map((id) => units.get(id)!)
    const lead = units.get(group.leadId)!
    const members = own.reduce((sum, unit) => sum + unit.members, 0)
    if (!own.includes(lead)) faults.push(`${group.leadId} is led from outside`)
    if (members < least || members > most) faults.push(`${group.leadId} has ${members} members`)
    if (own.length > mostUnits) faults.push(`${group.leadId} has ${own.length} units`)
    const others = own.filter((unit) => unit !== lead).map((unit) => apart(lead, unit))
    if (others.includes(null)) faults.push(`${group.leadId} reaches too far`)
    metres += others.reduce((sum, pair) => sum + (pair?.metres ?? 0), 0)
    if (own.length > normalUnits || others.some((pair) => pair?.wide === true)) flagged += 1
  }
  if (metres !== plan.metres) faults.push(`metres ${plan.metres}, counted ${metres}`)
  if (flagged !== plan.flagged) faults.push(`flagged ${plan.flagged}, counted ${flagged}`)
  return faults
}

/** Metres that a pair counts and whether it is wide; null when nothing allows it. */
function apart(a: PlanUnit, b: PlanUnit): { metres: number; wide: boolean } | null {
  const straight = Math.round(Math.sqrt((a.place.x - b.place.x) ** 2 + (a.place.y - b.place.y) ** 2))
  if (a.place.building !== null && a.place.building === b.place.building)
    return { metres: Math.min(straight, 50), wide: false }
  if (a.place.park !== null && a.place.park === b.place.park)
    return { metres: Math.min(straight, nearMetres), wide: false }
  const metres = straight + (a.place.street === b.place.street ? 0 : otherStreetMetres)
  if (straight <= nearMetres) return { metres, wide: false }
  if (straight > wideMetres) return null
  return { metres, wide: a.industry !== b.industry }
}
