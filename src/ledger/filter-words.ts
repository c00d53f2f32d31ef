import type { Context } from '../host/context.ts'
import type { UnitFilter } from './contract.ts'
import { departments, ownerships, unitFields, unitKinds, unitStatuses } from './field-contract.ts'
import { industryName } from './industry.ts'
import { dropReasons, funnelStages } from './standing-contract.ts'
import { ledgerTables } from './units.ts'

/** A filter in words, every part of it, for the note at the head of a file: `在册单位；企业；某某街道`. */
export async function filterWords(ctx: Context, filter: UnitFilter): Promise<string> {
  const { staffMin, staffMax } = filter
  const parts = [
    filter.text ? `搜索“${filter.text}”` : '',
    filter.kinds?.map((kind) => unitKinds[kind]).join('、') ?? '',
    filter.statuses?.map((status) => unitStatuses[status]).join('、') ?? '',
    await regionWords(ctx, filter.region),
    await placeWords(ctx, filter.placeIds),
    filter.industry ? (industryName(filter.industry) ?? '') : '',
    staffMin === undefined ? '' : `从业人数不少于 ${staffMin} 人`,
    staffMax === undefined ? '' : `从业人数不多于 ${staffMax} 人`,
    filter.departments?.length ? `有${filter.departments.map((one) => departments[one]).join('或')}来源` : '',
    await importWords(ctx, filter.importId),
    filter.withoutArea ? '不知乡镇街道' : '',
    filter.sourceRows ? (filter.sourceRows === 'with' ? '有来源行' : '没有来源行') : '',
    filter.stage ? `甄别到${funnelStages[filter.stage]}` : '',
    filter.dropReasons?.map((reason) => dropReasons[reason]).join('、') ?? '',
    filter.ownerships?.map((one) => ownerships[one]).join('、') ?? '',
    filter.anyConflict ? '各部门说法不一' : '',
    filter.conflicts?.length ? `${filter.conflicts.map((one) => unitFields[one].title).join('、')}各部门说法不一` : '',
    filter.withoutCode ? '没有统一社会信用代码' : '',
  ].filter(Boolean)
  return [filter.withdrawn ? '已撤下单位' : '在册单位', ...parts].join('；')
}

/** The name of a region; empty where none is asked for. */
export async function regionWords(ctx: Context, code: string | undefined): Promise<string> {
  if (!code) return ''
  const regions = ledgerTables(ctx.tx).selectFrom('region').select('name')
  return (await regions.where('code', '=', code).executeTakeFirst())?.name ?? code
}

async function placeWords(ctx: Context, ids: readonly string[] | undefined): Promise<string> {
  if (!ids?.length) return ''
  const places = ledgerTables(ctx.tx).selectFrom('place').select('name')
  const found = await places.where('id', 'in', ids).orderBy('sort_key').execute()
  return found.map((one) => one.name).join('、') || '所选区域'
}

async function importWords(ctx: Context, id: string | undefined): Promise<string> {
  if (!id) return ''
  const imports = ledgerTables(ctx.tx).selectFrom('import').select('file_name')
  const found = await imports.where('id', '=', id).executeTakeFirst()
  return found ? `由“${found.file_name}”导入` : '由所选文件导入'
}
