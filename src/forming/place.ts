// Where units stand, by the best that is known of each, and how wrong that may be: a register holds addresses, not coordinates.
import type { PlanPlace } from './plan-input.ts'

/** How a place was found, surest first. */
export type PlaceSource = 'exact' | 'building' | 'road' | 'street' | 'none'

/**
 * What a parsed address says; each null where it says nothing. `number` is the house number, on a road or in a compound; `street`
 * the township, '' where neither ledger nor address names one.
 */
export type AddressParts = {
  street: string | null
  community: string | null
  road: string | null
  number: number | null
  building: string | null
  tower: string | null
  floor: number | null
}

/** A unit to be placed: coordinates where they were imported, surveyed or geocoded, the parsed address, the park it belongs to. */
export type UnplacedUnit = {
  id: string
  point: { longitude: number; latitude: number; accuracyMetres: number } | null
  address: AddressParts
  park: string | null
}

/** Centre of a township or street and how far its farthest unit can be from it. */
export type StreetCentre = { street: string; longitude: number; latitude: number; radiusMetres: number }

/** A placed unit. */
export type PlacedUnit = { id: string; place: PlanPlace; source: PlaceSource }

type Point = { x: number; y: number; accuracyMetres: number }
type Known = Point & { street: string | null }

// What units of one building can be apart, and what a house number is worth along a road that only one neighbour is known on.
const buildingMetres = 50
const metresANumber = 10
const numbersMost = 100
const unknownMetres = 50_000

/** Metres east and north of an origin; good to a few parts in a thousand within a county. */
export function projectPoint(
  point: { longitude: number; latitude: number },
  origin: { longitude: number; latitude: number },
): { x: number; y: number } {
  const degree = 111_320
  const x = (point.longitude - origin.longitude) * degree * Math.cos((origin.latitude * Math.PI) / 180)
  return { x, y: (point.latitude - origin.latitude) * degree }
}

const key = (...parts: (string | number | null)[]) => (parts.includes(null) ? null : parts.join('|'))
/** Premises by house number; a tower tells apart what has no name of its own. */
const premises = ({ road, number, building, tower }: AddressParts) =>
  key(road, number, building === null ? (tower ?? '') : '')

/**
 * What building each address stands in: its house number, else the number that others give with the same building's name, else
 * that name in its road or community.
 */
function buildingsOf(units: readonly UnplacedUnit[]): (address: AddressParts) => string | null {
  const numbered = new Map<string, string | null>()
  for (const { address } of units) {
    const at = premises(address)
    if (address.building === null || at === null) continue
    const other = numbered.get(address.building)
    numbered.set(address.building, other === undefined || other === at ? at : null)
  }
  return (address) => {
    const { road, community, building, tower } = address
    const known = premises(address) ?? (building === null ? null : numbered.get(building))
    return known ?? key(road ?? community, building ?? tower)
  }
}

/** Whether two townships can be one: what is not known may be any. */
const together = (a: string | null, b: string | null) => !a || !b || a === b

/**
 * Places units: exactly where coordinates are given, else beside a placed unit of the same building, else between the nearest
 * known numbers of its road, else at the centre of its street. What is inferred never serves to infer another.
 */
export function placeUnits(units: readonly UnplacedUnit[], centres: readonly StreetCentre[]): PlacedUnit[] {
  const known = units.find((unit) => unit.point !== null)?.point ?? centres[0] ?? { longitude: 0, latitude: 0 }
  const origin = { longitude: known.longitude, latitude: known.latitude }
  const buildingOf = buildingsOf(units)
  const buildings = new Map<string, Known[]>()
  const roads = new Map<string, (Known & { number: number })[]>()
  for (const { point, address } of units) {
    if (point === null) continue
    const { road, number, street } = address
    const at = { ...projectPoint(point, origin), accuracyMetres: point.accuracyMetres, street }
    const building = buildingOf(address)
    if (building !== null) push(buildings, building, at)
    if (road !== null && number !== null) push(roads, road, { ...at, number })
  }
  for (const list of roads.values()) list.sort((a, b) => a.number - b.number)
  const streets = new Map(centres.map((centre) => [centre.street, centre]))
  return units.map((unit) => {
    const { address, park } = unit
    const building = buildingOf(address)
    const near = building === null ? [] : (buildings.get(building) ?? [])
    const beside = near.filter((one) => together(one.street, address.street))
    const found = findPoint(unit, beside, roads, streets, origin)
    const { street, road, number, floor } = address
    return { id: unit.id, source: found.source, place: { ...found.point, street, park, building, floor, road, number } }
  })
}

function findPoint(
  unit: UnplacedUnit,
  neighbours: readonly Point[],
  roads: ReadonlyMap<string, readonly (Known & { number: number })[]>,
  streets: ReadonlyMap<string, StreetCentre>,
  origin: { longitude: number; latitude: number },
): { point: Point; source: PlaceSource } {
  const { address } = unit
  if (unit.point !== null) {
    const { accuracyMetres } = unit.point
    return { point: { ...projectPoint(unit.point, origin), accuracyMetres }, source: 'exact' }
  }
  if (neighbours.length > 0) return { point: middleOf(neighbours), source: 'building' }
  const { road, number } = address
  const along = road === null ? [] : (roads.get(road) ?? []).filter((one) => together(one.street, address.street))
  const onRoad = number === null ? null : alongRoad(along, number)
  if (onRoad !== null) return { point: onRoad, source: 'road' }
  const centre = address.street === null ? undefined : streets.get(address.street)
  if (centre === undefined) return { point: { x: 0, y: 0, accuracyMetres: unknownMetres }, source: 'none' }
  return { point: { ...projectPoint(centre, origin), accuracyMetres: centre.radiusMetres }, source: 'street' }
}

function middleOf(points: readonly Point[]): Point {
  const x = points.reduce((sum, point) => sum + point.x, 0) / points.length
  const y = points.reduce((sum, point) => sum + point.y, 0) / points.length
  // Points of one building that lie apart say how far its coordinates can be trusted.
  const spread = Math.max(...points.map((point) => Math.hypot(point.x - x, point.y - y) + point.accuracyMetres))
  return { x, y, accuracyMetres: Math.round(Math.max(buildingMetres, spread)) }
}

/** A place between the nearest known numbers on both sides, or near the only one; null when none is near enough. */
function alongRoad(known: readonly (Point & { number: number })[], number: number): Point | null {
  const below = known.findLast((one) => one.number <= number && number - one.number <= numbersMost)
  const above = known.find((one) => one.number >= number && one.number - number <= numbersMost)
  if (below === undefined && above === undefined) return null
  if (below === undefined || above === undefined || below.number === above.number) {
    const one = (below ?? above)!
    const off = Math.abs(one.number - number) * metresANumber
    return { x: one.x, y: one.y, accuracyMetres: Math.round(one.accuracyMetres + buildingMetres + off) }
  }
  const share = (number - below.number) / (above.number - below.number)
  const apart = Math.hypot(above.x - below.x, above.y - below.y)
  const accuracy = buildingMetres + apart / 2 + Math.max(below.accuracyMetres, above.accuracyMetres)
  return {
    x: below.x + share * (above.x - below.x),
    y: below.y + share * (above.y - below.y),
    accuracyMetres: Math.round(accuracy),
  }
}

function push<One>(map: Map<string, One[]>, key: string, one: One): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [one])
  else list.push(one)
}
