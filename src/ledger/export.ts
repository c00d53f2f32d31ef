import { Problem } from '../base/problem.ts'
import { formatDateTime, today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { exportByIds, exportNote, exportTable, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { isPersonal, ownerships, type UnitField, unitFields, unitKinds, unitStatuses } from './field-contract.ts'
import { filterWords } from './filter-words.ts'
import { industryName } from './industry.ts'
import type { LedgerTables } from './tables.ts'
import { maskField } from './unit-page.ts'
import { countUnits, idsInOrder, lookUp, namesFor, type UnitQuery, unitsOf } from './units.ts'

interface ExportInput extends UnitQuery {
  columns: UnitField[]
  format: 'xlsx' | 'csv'
  personal: 'masked' | 'full'
  purpose: string
}

const unitsMax = 1_000_000

/** 导出台账: counts, notes the purpose in the journal, and leaves the writing to a job. */
export async function exportUnits(input: ExportInput, ctx: Context) {
  mayExport(input, ctx)
  const total = await countUnits(ctx.tx, await lookUp(ctx, input.filter))
  const { counties } = ctx.actor.scope
  return startExport(ctx, input, {
    kind: 'ledger.export',
    title: '台账',
    noun: '单位',
    unit: '家',
    total,
    max: unitsMax,
    subject: 'export:units',
    after: { 列: input.columns.map((field) => unitFields[field].title), 脱敏: input.personal === 'masked' },
    countyCode: counties.length === 1 ? counties[0] : undefined,
  })
}

function mayExport(input: ExportInput, ctx: Context): void {
  if (input.personal === 'masked' || ctx.actor.permissions.has('ledger.unit.reveal')) return
  throw new Problem('forbidden', '您没有查看完整联系方式的权限，请选择脱敏导出。')
}

type ExportJob = ExportInput & { by: string }

/** Writes the file a thousand units at a time; which they are, and their order, is settled once at the beginning. */
export const exportJob: JobKind<ExportJob> = {
  kind: 'ledger.export',
  async run(job) {
    const { input } = job
    const { ids, note, day } = await job.transaction((ctx) => begin(ctx, input))
    const columns = input.columns.map(columnOf)
    const rows = exportByIds(job, ids, { unit: '家' }, (ctx, some) => batchOf(ctx, input, some))
    return exportTable(job, `两新组织台账 ${day}`, input.format, { name: '台账', columns, rows, note })
  },
}

type Ids = readonly Pick<LedgerTables['unit'], 'county_code' | 'id'>[]

async function begin(ctx: Context, input: ExportJob): Promise<{ ids: Ids; note: string; day: string }> {
  mayExport(input, ctx)
  const ids = await idsInOrder(ctx.tx, await lookUp(ctx, input.filter), input).execute()
  const parts = [
    `两新组织台账　截至 ${formatDateTime(ctx.now)}`,
    `范围：${await filterWords(ctx, input.filter)}，共 ${ids.length} 家`,
    `口径：每格取各来源部门中次序在前的现值${input.personal === 'masked' ? '，个人信息已脱敏' : ''}`,
  ]
  return { ids, note: exportNote(parts, input), day: today(ctx.now) }
}

function columnOf(field: UnitField): WriteColumn {
  const { title, kind } = unitFields[field]
  const width = kind === 'name' || field === 'address' ? 36 : kind === 'code' ? 22 : 14
  return { title, width, kind: kind === 'count' || kind === 'money' ? 'number' : kind === 'date' ? 'date' : 'text' }
}

async function batchOf(ctx: Context, input: ExportJob, ids: Ids): Promise<WriteRow[]> {
  mayExport(input, ctx)
  const units = await unitsOf(ctx.tx, ids)
  const names = await namesFor(ctx.tx, units)
  return units.map((unit) => input.columns.map((field) => cellOf(unit, field, names, input.personal)))
}

function cellOf(
  unit: LedgerTables['unit'],
  field: UnitField,
  names: Awaited<ReturnType<typeof namesFor>>,
  personal: 'masked' | 'full',
): string | number | null {
  const value = columnValue(unit, field, names)
  if (value === null || personal === 'full' || !isPersonal(field)) return value
  return maskField(field, String(value))
}

function columnValue(
  unit: LedgerTables['unit'],
  field: UnitField,
  names: Awaited<ReturnType<typeof namesFor>>,
): string | number | null {
  if (field === 'kind') return unitKinds[unit.kind]
  if (field === 'status') return unitStatuses[unit.status]
  if (field === 'area') return names.areas.get(unit.area_code) ?? unit.area_code
  if (field === 'place')
    return (
      names.places
        .filter((one) => one.unit_id === unit.id)
        .map((one) => one.name)
        .join('、') || null
    )
  if (field === 'industry') return unit.industry ? industryName(unit.industry) : null
  if (field === 'hasPartyOrg') return unit.has_party_org === null ? null : unit.has_party_org ? '是' : '否'
  if (field === 'hasPremises') return unit.has_premises === null ? null : unit.has_premises ? '是' : '否'
  if (field === 'inOperation') return unit.in_operation ? '是' : '否'
  if (field === 'ownership') return unit.ownership ? ownerships[unit.ownership] : null
  if (field === 'capital') return unit.capital === null ? null : Number(unit.capital)
  if (field === 'taxPaid') return unit.tax_paid === null ? null : Number(unit.tax_paid)
  return unit[columnNames[field]]
}

const columnNames = {
  name: 'name',
  uscc: 'uscc',
  organisationCode: 'organisation_code',
  registrationNumber: 'registration_number',
  formerName: 'former_name',
  shortName: 'short_name',
  legalRep: 'legal_rep',
  phone: 'phone',
  address: 'address',
  foundedOn: 'founded_on',
  staffCount: 'staff_count',
  insuredCount: 'insured_count',
  taxStatus: 'tax_status',
  enterpriseType: 'enterprise_type',
  annualReport: 'annual_report',
  registrationLevel: 'registration_level',
  supervisingBody: 'supervising_body',
  memberCount: 'member_count',
  remark: 'remark',
} as const satisfies Partial<Record<UnitField, keyof LedgerTables['unit']>>
