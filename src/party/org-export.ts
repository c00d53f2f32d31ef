import { sql } from 'kysely'
import { formatDateTime, today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { exportByIds, exportNote, exportTable, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { unitKinds } from '../ledger/field-contract.ts'
import type { OrgFilter, OrgRow } from './contract.ts'
import { heldOn, orgConditions, orgRows } from './orgs.ts'
import { loadPartySettings } from './settings.ts'
import { formingModes, orgKinds } from './words-contract.ts'

interface ExportInput {
  filter: OrgFilter
  shape: 'plain' | 'national'
  format: 'xlsx' | 'csv'
  purpose: string
}

const orgsMax = 200_000
const batchOrgs = 500

/** The plain workbook, in the order in which it is imported; a unit a row, the organisation repeated. */
const plainColumns: readonly WriteColumn[] = [
  { title: '党组织名称', width: 36 },
  { title: '组织代码', width: 16 },
  { title: '类别' },
  { title: '组建方式' },
  { title: '上级党组织', width: 30 },
  { title: '覆盖单位名称', width: 36 },
  { title: '统一社会信用代码', width: 22 },
  { title: '所在乡镇街道' },
  { title: '成立日期', kind: 'date' },
  { title: '书记' },
  { title: '换届日期', kind: 'date' },
  { title: '届满日期', kind: 'date' },
  { title: '正式党员数', kind: 'number' },
  { title: '预备党员数', kind: 'number' },
]

/**
 * The ten items of 党组织和所在单位基本信息采集表 (2017) in its order, and the parent after them. What the platform does not
 * keep stands empty, so that the sheet fits the form.
 */
const nationalColumns: readonly WriteColumn[] = [
  { title: '党组织名称', width: 40 },
  { title: '党组织书记' },
  { title: '党组织联系人' },
  { title: '联系电话' },
  { title: '组织类别' },
  { title: '党组织所在单位情况', width: 20 },
  { title: '单位名称', width: 36 },
  { title: '单位性质类别', width: 16 },
  { title: '单位建立党组织情况', width: 22 },
  { title: '法人单位统一社会信用代码', width: 24 },
  { title: '上级党组织', width: 36 },
]

/** 导出党组织: counts, notes the purpose in the journal, and leaves the writing to a job. */
export async function exportOrgs(input: ExportInput, ctx: Context) {
  const day = today(ctx.now)
  const where = orgConditions(input.filter, day, await loadPartySettings(ctx.tx, day))
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from party_org o where ${where}`.execute(ctx.tx)
  const total = rows[0]!.n
  const { counties } = ctx.actor.scope
  return startExport(ctx, input, {
    kind: 'party.exportOrgs',
    title: '党组织',
    noun: '党组织',
    unit: '个',
    total,
    max: orgsMax,
    subject: 'export:orgs',
    after: { 表样: input.shape === 'plain' ? '通用表' : '全国党员系统采集表', 脱敏: true },
    countyCode: counties.length === 1 ? counties[0] : undefined,
  })
}

type ExportJob = ExportInput & { by: string }

/** Writes the file some hundred organisations at a time; which they are is settled once at the beginning. */
export const exportOrgsJob: JobKind<ExportJob> = {
  kind: 'party.exportOrgs',
  async run(job) {
    const { input } = job
    const { ids, note, day } = await job.transaction((ctx) => begin(ctx, input))
    const columns = input.shape === 'plain' ? plainColumns : nationalColumns
    const rowsOf = input.shape === 'plain' ? plainRows : nationalRows
    const read = async (ctx: Context, some: readonly string[]) => (await batchOf(ctx, some, day)).flatMap(rowsOf)
    const rows = exportByIds(job, ids, { unit: '个', batch: batchOrgs }, read)
    const name = input.shape === 'plain' ? '党组织' : '党组织和所在单位基本信息采集表'
    return exportTable(job, `${name} ${day}`, input.format, { name: '党组织', columns, rows, note })
  },
}

async function begin(ctx: Context, input: ExportJob): Promise<{ ids: string[]; note: string; day: string }> {
  const day = today(ctx.now)
  const where = orgConditions(input.filter, day, await loadPartySettings(ctx.tx, day))
  const { rows } = await sql<{ id: string }>`
    select o.id from party_org o where ${where} order by o.sort_key, o.id`.execute(ctx.tx)
  const note = exportNote([`党组织　截至 ${formatDateTime(ctx.now)}`, `共 ${rows.length} 个`, '书记姓名已脱敏'], input)
  return { ids: rows.map((row) => row.id), note, day }
}

interface Exported {
  row: OrgRow
  fullName: string
  electedOn: string | null
  expiresOn: string | null
  units: { name: string; kind: keyof typeof unitKinds; code: string | null; mode: string }[]
  /** Units of the parent. */
  parentUnits: ReadonlySet<string>
}

async function batchOf(ctx: Context, ids: readonly string[], day: string): Promise<Exported[]> {
  const settings = await loadPartySettings(ctx.tx, day)
  const rows = await orgRows(ctx.tx, ids, day, settings)
  const { rows: more } = await sql<{
    id: string
    full_name: string
    elected_on: string | null
    expires_on: string | null
  }>`
    select o.id, o.full_name, t.elected_on, t.expires_on from party_org o
    left join (
      select county_code, org_id, max(elected_on) as elected_on, max(expires_on) as expires_on from party_term
      where org_id = any (${ids}::uuid[]) group by county_code, org_id
    ) t on t.county_code = o.county_code and t.org_id = o.id
    where o.id = any (${ids}::uuid[])`.execute(ctx.tx)
  const { rows: covers } = await sql<{
    org_id: string
    unit_id: string
    name: string
    kind: keyof typeof unitKinds
    uscc: string | null
    mode: string
  }>`
    select c.org_id, c.unit_id, u.name, u.kind, u.uscc, c.mode from party_cover c
    join unit u on u.county_code = c.county_code and u.id = c.unit_id
    where c.org_id = any (${ids}::uuid[]) and ${heldOn('c', day)} order by u.sort_key`.execute(ctx.tx)
  const { rows: parents } = await sql<{ org_id: string; name: string }>`
    select l.org_id, u.name from party_org_line l
    join party_cover c on c.county_code = l.parent_county_code and c.org_id = l.parent_id and ${heldOn('c', day)}
    join unit u on u.county_code = c.county_code and u.id = c.unit_id
    where l.org_id = any (${ids}::uuid[]) and l.line = 'leadership' and c.mode = 'own'
      and ${heldOn('l', day)}`.execute(ctx.tx)
  const told = new Map(more.map((one) => [one.id, one]))
  const units = Map.groupBy(covers, (one) => one.org_id)
  const above = Map.groupBy(parents, (one) => one.org_id)
  return rows.map((row) => ({
    row,
    fullName: told.get(row.id)?.full_name ?? row.name,
    electedOn: told.get(row.id)?.elected_on ?? null,
    expiresOn: row.termEndsOn ?? told.get(row.id)?.expires_on ?? null,
    units: (units.get(row.id) ?? []).map((one) => ({ name: one.name, kind: one.kind, code: one.uscc, mode: one.mode })),
    parentUnits: new Set((above.get(row.id) ?? []).map((one) => one.name)),
  }))
}

function plainRows({ row, units, electedOn, expiresOn }: Exported): WriteRow[] {
  const listed = units.length > 0 ? units : [{ name: null, code: null }]
  // Numbers of members stand on the first row alone, so that a sum over the sheet is right.
  return listed.map((unit, at) => [
    row.name,
    row.code,
    orgKinds[row.kind],
    formingModes[row.formingMode],
    row.parentName,
    unit.name,
    unit.code,
    row.areaName,
    row.foundedOn,
    row.secretary,
    electedOn,
    expiresOn,
    at === 0 ? row.formal : null,
    at === 0 ? row.probationary : null,
  ])
}

const builtWords: Record<string, string> = {
  own: '建立党组织',
  joint: '建立联合党支部',
  regional: '由区域党组织覆盖',
  industry: '由行业党组织覆盖',
  attached: '挂靠其他党组织',
  fallback: '未建立党组织',
}

function nationalRows({ row, fullName, units, parentUnits }: Exported): WriteRow[] {
  const [first] = units
  const same = units.length === 1 && parentUnits.has(first!.name)
  const situation =
    row.kind === 'jointBranch' || units.length > 1 ? '联合党支部' : same ? '与上级党组织相同' : '法人单位'
  const head = [fullName, row.secretary, null, null, orgKinds[row.kind], units.length === 0 ? null : situation]
  // 与上级党组织相同: the form leaves the unit's items empty.
  const listed = same ? [] : units
  if (listed.length === 0) return [[...head, null, null, null, null, row.parentName]]
  return listed.map((unit, at) => [
    ...(at === 0 ? head : [fullName, null, null, null, null, null]),
    unit.name,
    unitKinds[unit.kind],
    builtWords[unit.mode] ?? null,
    unit.code,
    at === 0 ? row.parentName : null,
  ])
}
