import { nameKey, pinyinFull, pinyinInitials } from '../base/chinese.ts'
import { notFound, Problem } from '../base/problem.ts'
import { countyOf, isCounty } from '../base/region.ts'
import type { Context } from '../host/context.ts'
import { partyTables } from './change-rows.ts'
import type { OrgRecord } from './org-page.ts'
import { fullNameOf } from './rules.ts'
import type { OrgKind } from './words-contract.ts'

/** A refusal that is shown at one field of the form. */
export function refuse(path: string, message: string): Problem {
  return new Problem('invalid', message, { fields: [{ path, message }] })
}

/** @throws Problem unless the area lies in the county and the actor looks after it */
export function requirePlace(ctx: Context, countyCode: string, areaCode: string): void {
  const { counties, areas, nation } = ctx.actor.scope
  if (!isCounty(countyCode) || !(nation || counties.includes(countyCode))) throw notFound('个县')
  if (countyOf(areaCode) !== countyCode) throw refuse('areaCode', '所在区划不在这个县（市、区）里，请重新选择。')
  if (areas !== '*' && !areas.includes(areaCode)) throw refuse('areaCode', '所在区划不在您的管理范围内，请重新选择。')
}

/** The columns that follow from a name: keys for finding, sorting and searching. */
export function namedColumns(name: string, fullName: string, kind: OrgKind, code: string | null) {
  const full = fullName === '' ? fullNameOf(name, kind) : fullName
  const search = [nameKey(name), nameKey(full), pinyinInitials(name), code ?? ''].join(' ').toLowerCase()
  return {
    name,
    full_name: full,
    name_key: nameKey(name),
    full_name_key: nameKey(full),
    sort_key: pinyinFull(name).slice(0, 200),
    search_text: search.slice(0, 600),
  }
}

/** @throws Problem unless a day lies while the organisation stands */
export function requireStanding(org: OrgRecord, day: string, path: string): void {
  if (day < org.founded_on) throw refuse(path, `日期不能早于成立日期 ${org.founded_on}。`)
  if (org.dissolved_on && day >= org.dissolved_on) {
    throw new Problem('conflict', `“${org.name}”已于 ${org.dissolved_on} 撤销，不能再登记这一天的事项。`)
  }
}

/** @throws Problem where another organisation of the county stands by the same name or bears the code */
export async function requireUnique(
  ctx: Context,
  org: { countyCode: string; id: string | null; name: string; code: string | null },
): Promise<void> {
  const rows = await partyTables(ctx.tx)
    .selectFrom('party_org')
    .select(['id', 'name', 'name_key', 'code', 'dissolved_on'])
    .where('county_code', '=', org.countyCode)
    .where((eb) => eb.or([eb('name_key', '=', nameKey(org.name)), ...(org.code ? [eb('code', '=', org.code)] : [])]))
    .execute()
  const others = rows.filter((row) => row.id !== org.id)
  const coded = org.code ? others.find((row) => row.code === org.code) : undefined
  if (coded) throw refuse('code', `代码 ${org.code} 已是“${coded.name}”的，请核对。`)
  const named = others.find((row) => row.name_key === nameKey(org.name) && !row.dissolved_on)
  if (named) throw refuse('name', `已有名为“${named.name}”的党组织，请核对是不是同一个。`)
}

/** Units by id, each in the county and in the actor's scope. @throws Problem('notFound') when one is not */
export async function unitsById(ctx: Context, countyCode: string, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = await partyTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'name', 'area_code'])
    .where('county_code', '=', countyCode)
    .where('id', 'in', ids)
    .where('withdrawn_at', 'is', null)
    .execute()
  if (rows.length < new Set(ids).size) throw notFound('家单位')
  return rows
}
