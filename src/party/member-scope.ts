import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'

/** @throws Problem unless the actor looks after the whole county: a roster is the county's, and so is what it changes. */
export function requireWholeCounty(ctx: Context, countyCode: string): void {
  const { counties, areas, nation } = ctx.actor.scope
  if (!nation && !counties.includes(countyCode)) throw notFound('个县')
  if (areas === '*' || areas.includes(countyCode)) return
  throw new Problem('forbidden', '党员名册是全县的，只管乡镇街道的账号不能办理，请交县级专员办理。')
}
