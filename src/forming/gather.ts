// What a plan is made for, as coverage, the party room and the office's wishes have it now.
import { sql } from 'kysely'
import { today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context } from '../host/context.ts'
import { regionNames, townshipsOf } from '../office/service.ts'
import { addressParts, type Township } from './address.ts'
import { placeUnits, projectPoint, type PlacedUnit, type StreetCentre, type UnplacedUnit } from './place.ts'
import type { PlanPlace } from './plan-input.ts'
import type { KeptInput } from './plan-kept.ts'
import { findScope, joiningUnits, type PlanScope } from './scope.ts'
import { settingsInForce } from './settings.ts'
import { loadWishes } from './wishes.ts'

interface Found {
  id: string
  name: string
  area_code: string
  address: string | null
  industry: string | null
  members: number
  park: string | null
  longitude: number | null
  latitude: number | null
  accuracy_metres: number | null
}

const unitColumns = sql`u.id, u.name, u.area_code, u.address, left(u.industry, 1) as industry,
  p.longitude, p.latitude, p.accuracy_metres,
  (select min(m.place_id::text) from unit_place m where m.county_code = u.county_code and m.unit_id = u.id) as park`
const withPlace = sql`left join forming_place p on p.county_code = u.county_code and p.unit_id = u.id`

/** A unit that is planned for, with what its members rest on. */
interface Small extends Found {
  formal: number
  reported: boolean
  operating: boolean
}

/** Units that a plan of this scope is for; those that refused are there to be named. */
async function smallUnits(ctx: Context, region: string, scope: PlanScope): Promise<Small[]> {
  const { listed, countyCode } = await findScope(ctx, { region, ...scope })
  const { rows } = await sql<Small>`
    select ${unitColumns}, s.members, s.formal, s.formal + s.elsewhere = 0 as reported, s.in_operation as operating
    from (${listed}) s join unit u on u.county_code = s.county_code and u.id = s.unit_id ${withPlace}
    where u.county_code = ${countyCode} and s.reason in ('joins', 'refused') and s.members > 0 order by u.id`.execute(
    ctx.tx,
  )
  return rows
}

interface FoundHost {
  id: string
  name: string
  unit_ids: string[]
  members: number
}

/** Joint branches that exist in the region, with the units they cover or are to take in, and the formal members of those. */
export async function jointBranches(ctx: Context, region: string, countyCode: string): Promise<FoundHost[]> {
  const ground = await findGround(ctx, region)
  const { rows } = await sql<FoundHost>`
    select o.id, o.name, array_agg(c.unit_id order by c.proposed, c.unit_id) as unit_ids,
      coalesce(sum(s.formal), 0)::integer as members
    from (select * from party_org where ${within(ground)} and kind = 'jointBranch' and dissolved_on is null) o
    join (select county_code, org_id, unit_id, bool_and(proposed) as proposed from (
        select county_code, org_id, unit_id, false as proposed from party_cover
        where county_code = ${countyCode} and mode = 'joint' and valid_to is null
        union all ${joiningUnits(countyCode)}) x group by county_code, org_id, unit_id) c
      on c.county_code = o.county_code and c.org_id = o.id
    left join unit_state s on s.county_code = c.county_code and s.unit_id = c.unit_id and s.valid_to is null
    where o.county_code = ${countyCode} group by o.id, o.name order by o.id`.execute(ctx.tx)
  return rows
}

/** Units of the county whose place is known, or that belong to a host: neighbours by which others are placed. */
async function anchors(ctx: Context, countyCode: string, ids: readonly string[]): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select ${unitColumns}, 0 as members from unit u ${withPlace}
    where u.county_code = ${countyCode} and (p.unit_id is not null or u.id = any (${ids}::uuid[])) order by u.id`.execute(
    ctx.tx,
  )
  return rows
}

function unplaced(unit: Found, countyCode: string, townships: readonly Township[]): UnplacedUnit {
  const { longitude, latitude, accuracy_metres: accuracyMetres } = unit
  const street = unit.area_code === countyCode ? '' : unit.area_code
  return {
    id: unit.id,
    point:
      longitude === null || latitude === null ? null : { longitude, latitude, accuracyMetres: accuracyMetres ?? 0 },
    address: addressParts(unit.address, street, townships),
    park: unit.park,
  }
}

/** The middle of a street's known places, and how far the farthest of them lies from it. */
function centresOf(units: readonly UnplacedUnit[]): StreetCentre[] {
  const streets = Map.groupBy(
    units.filter((unit) => unit.point !== null && unit.address.street !== ''),
    (unit) => unit.address.street!,
  )
  return [...streets].map(([street, list]) => {
    const middle = (axis: 'longitude' | 'latitude') =>
      list.map((unit) => unit.point![axis]).sort((a, b) => a - b)[Math.floor(list.length / 2)]!
    const [longitude, latitude] = [middle('longitude'), middle('latitude')]
    const metres = list.map(({ point }) =>
      Math.hypot(
        (point!.longitude - longitude) * 111_320 * Math.cos((latitude * Math.PI) / 180),
        (point!.latitude - latitude) * 111_320,
      ),
    )
    return { street, longitude, latitude, radiusMetres: Math.round(Math.max(1500, ...metres)) }
  })
}

/** Gathers what a plan of a region is made for, the same for the same data whatever the order of the rows. */
export async function gatherInput(
  ctx: Context,
  region: string,
  countyCode: string,
  scope: PlanScope,
): Promise<KeptInput> {
  const small = await smallUnits(ctx, region, scope)
  const branches = await jointBranches(ctx, region, countyCode)
  const { values, kept } = await settingsInForce(ctx.tx, countyCode, today(ctx.now))
  const hostUnits = branches.flatMap((branch) => branch.unit_ids)
  const known = await anchors(ctx, countyCode, hostUnits)
  const townships = await townshipsOf(ctx.tx, countyCode)
  const all = [
    ...new Map([...small, ...known].map((unit) => [unit.id, unplaced(unit, countyCode, townships)])).values(),
  ]
  const placed = new Map(placeUnits(all, centresOf(all)).map((one) => [one.id, one]))
  const streets = await regionNames(ctx.tx, [...new Set(all.map((unit) => unit.address.street ?? ''))])
  const placeOf = (one: PlacedUnit): PlanPlace => {
    const street = one.place.street
    return { ...one.place, street: street === null || street === '' ? null : (streets.get(street)?.name ?? street) }
  }
  // Neighbours by address stand next to one another: where no place is known, the planner cuts the county along this order.
  const order = ({ id }: Small) => {
    const { street, road, number } = placed.get(id)!.place
    return `${street ?? ''}|${road ?? ''}|${String(number ?? 0).padStart(6, '0')}|${id}`
  }
  const ordered = small.map((unit) => ({ unit, key: order(unit) })).sort((a, b) => (a.key < b.key ? -1 : 1))
  const units = ordered.map(({ unit }) => {
    const one = placed.get(unit.id)!
    const { id, name, members, formal, reported, operating, industry, address } = unit
    const place = placeOf(one)
    return { id, name, members, formal, reported, operating, industry, address, source: one.source, place }
  })
  const hosts = branches
    .filter((branch) => branch.unit_ids.length < values.unitsMax && placed.has(branch.unit_ids[0]!))
    .map(({ id, name, unit_ids: unitIds, members }) => {
      const place = placeOf(placed.get(unitIds[0]!)!)
      return { id, name, unitIds, members, industry: null, place }
    })
  const standing = new Set([...hosts.map((host) => host.id), ...hostUnits])
  const wishes = await loadWishes(ctx, countyCode, { units, standing, scope })
  return { units, hosts, settings: values, kept, ...wishes }
}

/** Where units of a county stand, in metres from one origin; what coordinates become there, and where its townships' centres are. */
export async function placesOf(ctx: Context, countyCode: string, unitIds: readonly string[]) {
  const townships = await townshipsOf(ctx.tx, countyCode)
  const units = (await anchors(ctx, countyCode, unitIds)).map((unit) => unplaced(unit, countyCode, townships))
  const centres = centresOf(units)
  const origin = units.find((unit) => unit.point !== null)?.point ?? { longitude: 0, latitude: 0 }
  const placed = placeUnits(units, centres)
  return {
    units: new Map(
      placed.map(({ id, place, source }) => [
        id,
        { x: place.x, y: place.y, accuracyMetres: place.accuracyMetres, source },
      ]),
    ),
    centres: new Map(centres.map((centre) => [centre.street, projectPoint(centre, origin)])),
    project: (point: { longitude: number; latitude: number }) => projectPoint(point, origin),
  }
}
