import type { FormingSettings, PlanPlace } from './plan-input.ts'

/** Added to the metres of a pair that is wider apart than the rules call near; such a group is flagged. */
export const far = 2 ** 24

/** Why two units may be in one group, strongest first; `guess` is a common street with a place not yet surveyed. */
export type Nearness = 'building' | 'park' | 'road' | 'near' | 'industry' | 'wide' | 'guess'

type Side = { place: PlanPlace; industry: string | null }

// What the same building, or neighbouring numbers of one road, can be apart at most, whatever the coordinates are worth.
const buildingMetres = 50
const roadMetres = (numbers: number) => 50 + numbers * 10

/** A street that is not known may be any. */
const apart = (a: PlanPlace, b: PlanPlace) => a.street !== null && b.street !== null && a.street !== b.street
const inOneBuilding = (a: PlanPlace, b: PlanPlace) => a.building !== null && a.building === b.building && !apart(a, b)

function onOneRoad(a: PlanPlace, b: PlanPlace, settings: FormingSettings): number | null {
  if (a.road === null || a.road !== b.road || a.number === null || b.number === null || apart(a, b)) return null
  const numbers = Math.abs(a.number - b.number)
  return numbers <= settings.roadNumbers ? numbers : null
}

/**
 * How far two places can be apart, in whole metres: the distance of their points plus what both may be wrong by, so that a guess
 * never looks nearer than it can be shown to be; a common building or park, or neighbouring numbers of a road, bound it from the
 * address.
 */
export function metresBetween(a: PlanPlace, b: PlanPlace, settings: FormingSettings): number {
  const x = a.x - b.x
  const y = a.y - b.y
  let metres = Math.sqrt(x * x + y * y) + a.accuracyMetres + b.accuracyMetres
  if (inOneBuilding(a, b)) metres = Math.min(metres, buildingMetres)
  if (a.park !== null && a.park === b.park) metres = Math.min(metres, settings.nearMetres)
  const numbers = onOneRoad(a, b, settings)
  if (numbers !== null) metres = Math.min(metres, roadMetres(numbers))
  return Math.round(metres)
}

/** Why two units may be in one group, or null when nothing allows it. */
export function nearness(a: Side, b: Side, settings: FormingSettings): Nearness | null {
  const [one, two] = [a.place, b.place]
  if (inOneBuilding(one, two)) return 'building'
  if (one.park !== null && one.park === two.park) return 'park'
  if (onOneRoad(one, two, settings) !== null) return 'road'
  const metres = metresBetween(one, two, settings)
  if (metres <= settings.nearMetres) return 'near'
  if (metres <= settings.industryMetres && a.industry !== null && a.industry === b.industry) return 'industry'
  if (metres <= settings.industryMetres) return 'wide'
  const guessed = Math.max(one.accuracyMetres, two.accuracyMetres) > settings.nearMetres / 2
  return guessed && one.street !== null && one.street === two.street ? 'guess' : null
}

/** Metres between two units as the plan counts them: another street costs more, a wide pair carries `far`; Infinity if not allowed. */
export function pairMetres(a: Side, b: Side, settings: FormingSettings): number {
  const [one, two] = [a.place, b.place]
  const inside = inOneBuilding(one, two) || (one.park !== null && one.park === two.park)
  const metres = metresBetween(one, two, settings)
  const otherStreet = !inside && apart(one, two)
  const counted = otherStreet ? metres + settings.otherStreetMetres : metres
  if (inside || metres <= settings.nearMetres) return counted
  const why = nearness(a, b, settings)
  return why === null ? Infinity : why === 'wide' || why === 'guess' ? counted + far : counted
}
