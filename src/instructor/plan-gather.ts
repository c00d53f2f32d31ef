// What an assignment is worked out from: units that want an instructor, instructors with room, who is where today.
import { sql } from 'kysely'
import { today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import { placesOf } from '../forming/service.ts'
import type { Context } from '../host/context.ts'
import type { AssignTask } from './assign-worker.ts'
import { lacksOf } from './rules.ts'
import type { InstructorTable, PlanTold } from './tables.ts'

interface WantingUnit {
  id: string
  area_code: string
  industry: string | null
}

/** The task, and what of its distances was measured. */
export interface Gathered {
  task: AssignTask
  /** Ids of units and instructors whose place is known. */
  exact: Set<string>
  /** Ids of those whose place is not known at all: no distance is told of them. */
  unknown: Set<string>
}

/** Units of a region without an organisation that are at work, and that lack what is asked for. */
async function wantingUnits(ctx: Context, countyCode: string, told: PlanTold): Promise<WantingUnit[]> {
  const ground = await findGround(ctx, told.region)
  const { rows } = await sql<WantingUnit>`
    select u.id, u.area_code, left(u.industry, 1) as industry
    from (select * from unit_state where ${within(ground)} and valid_to is null and in_operation
      and state in ('none', 'workOnly', 'fallback') and lack = any (${lacksOf(told.which)}::text[])) s
    join unit u on u.county_code = s.county_code and u.id = s.unit_id
    where u.county_code = ${countyCode}
      and (coalesce(s.staff, 0) >= ${told.staffMin} or u.capital >= ${(told.settings.capitalMin ?? Infinity) * 10_000}::numeric)
    order by u.id`.execute(ctx.tx)
  return rows
}

/** Instructors at work with the room that units outside of the plan leave them. */
async function withRoom(ctx: Context, countyCode: string, unitIds: readonly string[], usual: number) {
  const now = today(ctx.now)
  const { rows } = await sql<InstructorTable & { elsewhere: number }>`
    select i.*, (select count(*) from instructor_assignment a where a.county_code = i.county_code
      and a.instructor_id = i.id and a.to_on is null and not (a.unit_id = any (${unitIds}::uuid[])))::integer as elsewhere
    from instructor i where i.county_code = ${countyCode} and i.to_on is null and i.from_on <= ${now}::date
    order by i.id`.execute(ctx.tx)
  return rows.map((row) => ({ ...row, room: Math.max(0, (row.capacity ?? usual) - row.elsewhere) }))
}

/** Where someone stands, how that is known, and how wrong it may be. */
interface Known {
  x: number
  y: number
  source: string
  accuracyMetres: number
}

/** Gathers the task of a plan, the same for the same data whatever the order of the rows. */
export async function gatherTask(ctx: Context, countyCode: string, told: PlanTold): Promise<Gathered> {
  const units = await wantingUnits(ctx, countyCode, told)
  const ids = units.map((unit) => unit.id)
  const instructors = await withRoom(ctx, countyCode, ids, told.settings.capacity)
  const places = await placesOf(ctx, countyCode, ids)
  const exact = new Set<string>()
  const unknown = new Set<string>()
  // Townships whose place nobody knows stand apart from each other, so that people stay in their own.
  const codes = [...units, ...instructors].map((one) => one.area_code)
  const areas = [...new Set(codes)].filter((code) => !places.centres.has(code)).sort()
  const apart = Math.min(6000, told.settings.metresMax / 2 / Math.max(1, areas.length))
  const spot = (area: string) => places.centres.get(area) ?? { x: 0, y: apart * (1 + areas.indexOf(area)) }
  const place = (id: string, area: string, known: Known | undefined) => {
    if (known?.source === 'exact' && known.accuracyMetres === 0) exact.add(id)
    if (known && known.source !== 'none') return { x: known.x, y: known.y }
    if (!places.centres.has(area)) unknown.add(id)
    return spot(area)
  }
  const { rows: previous } = await sql<{ unitId: string; instructorId: string }>`
    select unit_id as "unitId", instructor_id as "instructorId" from instructor_assignment
    where county_code = ${countyCode} and to_on is null and unit_id = any (${ids}::uuid[]) order by id`.execute(ctx.tx)
  const { each, metresMax, skillMetres, keepMetres } = told.settings
  return {
    exact,
    unknown,
    task: {
      units: units.map((unit) => ({
        id: unit.id,
        skill: unit.industry,
        ...place(unit.id, unit.area_code, places.units.get(unit.id)),
      })),
      instructors: instructors.map((one) => {
        const { longitude, latitude } = one
        const own =
          longitude === null || latitude === null
            ? undefined
            : { ...places.project({ longitude, latitude }), accuracyMetres: 0, source: 'exact' }
        return { id: one.id, capacity: one.room, skills: one.skills, ...place(one.id, one.area_code, own) }
      }),
      previous,
      settings: { each, metresMax, skillMetres, keepMetres },
    },
  }
}
