import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import { regionNames } from '../office/service.ts'
import { figures } from './definitions.ts'
import { findGround, type Ground } from './ground.ts'
import { identities, weigh } from './identities.ts'
import { readSums, tellDay, type Told } from './sums.ts'

const failingMax = 50

/** 数据核验: the identities over a region, and in which of its counties and townships they fail. */
export async function getChecks(input: { region?: string | undefined; asOf?: string | undefined }, ctx: Context) {
  const ground = await findGround(ctx, input.region)
  const told = await tellDay(ctx, ground, input.asOf)
  return { asOf: told.asOf, checks: await checksOf(ctx, ground, told) }
}

/** The identities over a region on a day, checked in the region, in each of its counties and in each of its townships. */
export async function checksOf(ctx: Context, ground: Ground, told: Told) {
  const measures = figures.map((one) => one.measure)
  const read = async (more: Parameters<typeof readSums>[5]) => {
    const found = await readSums(ctx, ground, told, measures, [told.asOf], more)
    return [...found].flatMap(([code, byDay]) => [...byDay.values()].map((sums) => ({ code, sums })))
  }
  const whole = (await read({}))[0]?.sums ?? new Map<number, number>()
  const parts = [
    ...(ground.countyCode ? [] : await read({ group: sql`county_code` })),
    ...(ground.areaCode ? [] : await read({ group: sql`area_code`, byArea: true })),
  ]
  const failing = identities.map((identity) =>
    parts.map(({ code, sums }) => ({ region: code, ...weigh(identity, sums) })).filter((one) => !one.holds),
  )
  const names = await regionNames(
    ctx.tx,
    failing.flat().map((one) => one.region),
  )
  return identities.map((identity, at) => {
    const { key, title, kind, list } = identity
    const { left, right, holds } = weigh(identity, whole)
    const shown = failing[at]!.toSorted((a, b) => (a.region < b.region ? -1 : 1)).slice(0, failingMax)
    return {
      key,
      title,
      kind,
      left,
      right,
      holds: holds && shown.length === 0,
      failing: shown.map(({ region, left, right }) => ({
        region,
        name: names.get(region)?.name ?? region,
        left,
        right,
      })),
      list,
    }
  })
}
