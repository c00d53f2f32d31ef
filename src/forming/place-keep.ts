// Coordinates as they are kept.
import { sql } from 'kysely'
import { insertRows } from '../host/insert-rows.ts'
import type { Context } from '../host/context.ts'

/** Where coordinates come from, and of which day (YYYY-MM-DD) they are. */
export interface Surveyed {
  source: string
  surveyedOn: string
}

/** A unit's coordinates in degrees, wrong by at most `accuracyMetres`. */
export interface Point {
  unitId: string
  longitude: number
  latitude: number
  accuracyMetres: number
}

/** Keeps the places of units, each at most once in the list; what was known of them before goes. */
export async function keepPlaces(
  ctx: Context,
  countyCode: string,
  told: Surveyed,
  points: readonly Point[],
): Promise<void> {
  const rows = points.map((point) => ({
    county_code: countyCode,
    unit_id: point.unitId,
    longitude: point.longitude,
    latitude: point.latitude,
    accuracy_metres: point.accuracyMetres,
    source: told.source,
    surveyed_on: told.surveyedOn,
    author: ctx.actor.name,
    at: ctx.now.toISOString(),
  }))
  const also = sql`
    on conflict (county_code, unit_id) do update set longitude = excluded.longitude, latitude = excluded.latitude,
      accuracy_metres = excluded.accuracy_metres, source = excluded.source, surveyed_on = excluded.surveyed_on,
      author = excluded.author, at = excluded.at`
  await insertRows(ctx.tx, 'forming_place', rows, also)
}
