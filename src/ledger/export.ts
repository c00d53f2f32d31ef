import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '../base/problem.ts'
import { formatDateTime } from '../base/time.ts'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { type WriteColumn, writeCsv, type WriteRow, writeXlsx } from '../host/sheets-write.ts'
import type { UnitFilter } from './contract.ts'
import { departments, isPersonal, type UnitField, unitFields, unitKinds, unitStatuses } from './field-contract.ts'
import { industryName } from './industry.ts'
import type { LedgerTables } from './tables.ts'
import { maskField } from './unit-page.ts'
import { countUnits, namesFor, pageOfUnits, type UnitQuery } from './units.ts'

interface ExportInput extends UnitQuery {
  columns: UnitField[]
  format: 'xlsx' | 'csv'
  personal: 'masked' | 'full'
  purpose: string
}

const batchRows = 1000
const fileBytesMax = 1024 * 1024 * 1024

/** 导出台账: counts, notes the purpose in the journal, and leaves the writing to a job. */
export async function exportUnits(input: ExportInput, ctx: Context) {
  if (input.personal === 'full' && !ctx.actor.permissions.has('ledger.unit.reveal')) {
    throw new Problem('forbidden', '您没有查看完整联系方式的权限，请选择脱敏导出。')
  }
  const total = await countUnits(ctx.tx, input.filter)
  if (total === 0) throw new Problem('invalid', '没有符合条件的单位，不用导出。')
  const counties = ctx.actor.scope.counties
  const countyCode = counties.length === 1 ? counties[0] : undefined
  const title = `导出台账（${total.toLocaleString('zh-CN')} 家）`
  ctx.record({
    ...(countyCode ? { countyCode } : {}),
    subject: 'export:units',
    purpose: input.purpose,
    after: {
      家数: total,
      列: input.columns.map((field) => unitFields[field].title),
      脱敏: input.personal === 'masked',
    },
  })
  const jobId = await ctx.enqueue({
    kind: 'ledger.export',
    title,
    input: { ...input, by: ctx.actor.name },
    ...(countyCode ? { countyCode } : {}),
  })
  return { jobId }
}

type ExportJob = ExportInput & { by: string }

/** Writes the file a thousand units at a time, each in a short transaction of the asker's scope. */
export const exportJob: JobKind<ExportJob> = {
  kind: 'ledger.export',
  async run(job) {
    const { input } = job
    const directory = await mkdtemp(join(tmpdir(), 'lx-export-'))
    const path = join(directory, 'file')
    try {
      const total = await job.transaction((ctx) => countUnits(ctx.tx, input.filter))
      const asOf = formatDateTime(new Date())
      const columns = input.columns.map(columnOf)
      const rows = exportRows(job, total)
      const note = `两新组织台账　截至 ${asOf}　${filterWords(input.filter)}　导出人 ${input.by}　内部资料，注意保管`
      await (input.format === 'xlsx'
        ? writeXlsx(path, [{ name: '台账', columns, rows, note }], { signal: job.signal })
        : writeCsv(path, columns, rows, { signal: job.signal }))
      const { id, bytes } = await job.files.put(createReadStream(path), fileBytesMax)
      return { fileId: id, fileName: `两新组织台账 ${asOf.slice(0, 10)}.${input.format}`, bytes }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
}

function columnOf(field: UnitField): WriteColumn {
  const { title, kind } = unitFields[field]
  const width = kind === 'name' || field === 'address' ? 36 : kind === 'code' ? 22 : 14
  return { title, width, kind: kind === 'count' || kind === 'money' ? 'number' : kind === 'date' ? 'date' : 'text' }
}

/** The filter in words, for the note at the head of the file. */
function filterWords(filter: UnitFilter): string {
  const parts = [
    filter.text ? `搜索“${filter.text}”` : '',
    filter.kinds?.map((kind) => unitKinds[kind]).join('、') ?? '',
    filter.statuses?.map((status) => unitStatuses[status]).join('、') ?? '',
    filter.region ? `区划 ${filter.region}` : '',
    filter.industry ? (industryName(filter.industry) ?? '') : '',
    filter.departments?.map((one) => departments[one]).join('、') ?? '',
    filter.withoutCode ? '没有信用代码' : '',
    filter.withdrawn ? '已撤下' : '',
  ].filter(Boolean)
  return parts.length > 0 ? `范围：${parts.join('；')}` : '范围：全部在册单位'
}

async function* exportRows(job: JobRun<ExportJob>, total: number): AsyncGenerator<WriteRow> {
  for (let done = 0; ; done += batchRows) {
    job.signal.throwIfAborted()
    const { units, names } = await job.transaction((ctx) => batchFrom(ctx, job.input, done))
    for (const unit of units) yield job.input.columns.map((field) => cellOf(unit, field, names, job.input.personal))
    await job.progress(
      Math.min(done + units.length, total),
      total,
      `已写 ${(done + units.length).toLocaleString('zh-CN')} 家`,
    )
    if (units.length < batchRows) return
  }
}

async function batchFrom(ctx: Context, query: UnitQuery, offset: number) {
  const units = await pageOfUnits(ctx.tx, query, batchRows, offset)
  return { units, names: await namesFor(ctx.tx, units) }
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
  registrationLevel: 'registration_level',
  supervisingBody: 'supervising_body',
  memberCount: 'member_count',
  remark: 'remark',
} as const satisfies Partial<Record<UnitField, keyof LedgerTables['unit']>>
