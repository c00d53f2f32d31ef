import { Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { linkageTables } from './queue.ts'
import { defaultModel, type Model } from './model.ts'

/** The weights that a county works with. */
export async function modelOf(ctx: Context, countyCode: string): Promise<Model> {
  const found = await linkageTables(ctx)
    .selectFrom('link_state')
    .innerJoin('link_model', (join) =>
      join
        .onRef('link_model.county_code', '=', 'link_state.county_code')
        .onRef('link_model.version', '=', 'link_state.model_version'),
    )
    .select('link_model.model')
    .where('link_state.county_code', '=', countyCode)
    .executeTakeFirst()
  return found?.model ?? defaultModel
}

/** The weights of a version. @throws Problem('notFound') */
export async function modelAt(ctx: Context, countyCode: string, version: number): Promise<Model> {
  if (version === 0) return defaultModel
  const found = await linkageTables(ctx)
    .selectFrom('link_model')
    .select('model')
    .where('county_code', '=', countyCode)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!found) throw new Problem('notFound', `没有第 ${version} 版权重，请刷新后再看。`)
  return found.model
}

/** The version of the weights that a county works with; 0 is what comes with the platform. */
export async function modelVersionOf(ctx: Context, countyCode: string): Promise<number> {
  const found = await linkageTables(ctx)
    .selectFrom('link_state')
    .select('model_version')
    .where('county_code', '=', countyCode)
    .executeTakeFirst()
  return found?.model_version ?? 0
}
