import type { Context } from '../host/context.ts'
import { unitFilter } from './contract.ts'
import { ledgerTables, lookUp, matching } from './units.ts'

/** 台账概况: figures over the units in scope, each of which opens into the list with the same filter. */
export async function summary(input: { region?: string | undefined }, ctx: Context) {
  const filter = await lookUp(ctx, unitFilter.parse(input.region ? { region: input.region } : {}))
  const groups = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select((eb) => [
      'kind',
      'status',
      'county_code',
      'area_code',
      eb.fn.countAll<number>().as('units'),
      eb.fn.countAll<number>().filterWhere('uscc', 'is', null).as('without_code'),
    ])
    .where((eb) => matching(eb, filter))
    .groupBy(['kind', 'status', 'county_code', 'area_code'])
    .execute()
  const sum = (rows: typeof groups) => rows.reduce((total, row) => total + row.units, 0)
  const by = <K extends 'kind' | 'status'>(key: K) => {
    const found = new Map<(typeof groups)[number][K], number>()
    for (const row of groups) found.set(row[key], (found.get(row[key]) ?? 0) + row.units)
    return [...found].sort((a, b) => b[1] - a[1])
  }
  return {
    asOf: ctx.now.toISOString(),
    units: sum(groups),
    byKind: by('kind').map(([kind, count]) => ({ kind, count })),
    byStatus: by('status').map(([status, count]) => ({ status, count })),
    byArea: await areasOf(ctx, groups),
    withoutCode: groups.reduce((total, row) => total + row.without_code, 0),
    withoutArea: sum(groups.filter((row) => row.area_code === row.county_code)),
    ...(await importsOf(ctx)),
  }
}

/** Townships inside one county (rows that name none are counted as `withoutArea`), counties where there are several; at most 200. */
async function areasOf(ctx: Context, groups: readonly { county_code: string; area_code: string; units: number }[]) {
  const several = new Set(groups.map((row) => row.county_code)).size > 1
  const counts = new Map<string, number>()
  for (const row of groups) {
    if (!several && row.area_code === row.county_code) continue
    const code = several ? row.county_code : row.area_code
    counts.set(code, (counts.get(code) ?? 0) + row.units)
  }
  const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 200)
  if (top.length === 0) return []
  const codes = top.map(([code]) => code)
  const regions = await ledgerTables(ctx.tx)
    .selectFrom('region')
    .select(['code', 'name'])
    .where('code', 'in', codes)
    .execute()
  const names = new Map(regions.map((row) => [row.code, row.name]))
  return top.map(([code, count]) => ({ code, name: names.get(code) ?? code, count }))
}

async function importsOf(ctx: Context) {
  const tables = ledgerTables(ctx.tx)
  const { waiting } = await tables
    .selectFrom('import')
    .select((eb) => eb.fn.countAll<number>().as('waiting'))
    .where('state', 'in', ['mapping', 'preview', 'failed'])
    .executeTakeFirstOrThrow()
  const recent = await tables
    .selectFrom('import')
    .select(['id', 'file_name', 'department', 'state', 'created_at'])
    .orderBy('created_at', 'desc')
    .limit(6)
    .execute()
  return {
    importsWaiting: waiting,
    recentImports: recent.map((row) => ({
      id: row.id,
      fileName: row.file_name,
      department: row.department,
      state: row.state,
      at: row.created_at.toISOString(),
    })),
  }
}
