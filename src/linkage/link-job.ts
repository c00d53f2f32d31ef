import { nameKey } from '../base/chinese.ts'
import { innerOrganisationCode } from '../base/codes.ts'
import { newId } from '../base/ids.ts'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import type { Department, UnitField } from '../ledger/field-contract.ts'
import type { ImportCounts, RowOutcome } from '../ledger/import-contract.ts'
import { isBranchName } from '../ledger/rules.ts'
import {
  applyChanges,
  findImport,
  ledgerTables,
  noCounts,
  type RowMark,
  setImport,
  type UnitChange,
} from '../ledger/service.ts'
import { linkedBy } from './contract.ts'
import { decide, type LinkDecision, type LinkRow, type LinkUnit, UnitIndex } from './link.ts'
import { markRows, queueRows, retryQueue } from './queue.ts'

const batchRows = 1000

/** A staged row with what linking needs. */
export interface StagedRow {
  id: string
  import_id: string
  digest: string
  fields: Partial<Record<UnitField, string>>
  department: Department
  as_of: string
}

/** Commits an import a thousand rows at a time, each batch whole or not at all; then tries the county's queue again. */
export const linkJob: JobKind<{ id: string }> = {
  kind: 'linkage.link',
  async run(job) {
    const found = await job.transaction((ctx) => findImport(ctx, job.input.id))
    const total = { ...noCounts, ...found.counts }.read
    for (;;) {
      job.signal.throwIfAborted()
      const left = await job.transaction((ctx) => linkBatch(ctx, job.input.id))
      await job.progress(total - left, total, '正在并入台账')
      if (left === 0) break
    }
    await retryUntilStill(job, found.county_code)
    return job.transaction((ctx) => finish(ctx, job.input.id))
  },
}

/** Tries the open queue of a county again, page by page; a job of its own when a person asks for it. */
export const relinkJob: JobKind<{ countyCode: string }> = {
  kind: 'linkage.relink',
  async run(job) {
    return { joined: await retryUntilStill(job, job.input.countyCode) }
  },
}

async function retryUntilStill(job: JobRun<unknown>, countyCode: string): Promise<number> {
  let after: string | null = ''
  let joined = 0
  while (after !== null) {
    job.signal.throwIfAborted()
    const start: string = after
    const step = await job.transaction((ctx) => retryQueue(ctx, countyCode, start, batchRows, linkRows))
    joined += step.joined
    after = step.after
  }
  return joined
}

/** Links one batch of staged rows; answers how many are left. */
async function linkBatch(ctx: Context, id: string): Promise<number> {
  const found = await findImport(ctx, id)
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select(['id', 'import_id', 'digest', 'fields'])
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', id)
    .where('outcome', '=', 'staged')
    .orderBy('sheet')
    .orderBy('row_number')
    .limit(batchRows)
    .execute()
  const department = found.department ?? 'other'
  if (rows.length > 0)
    await linkRows(
      ctx,
      found.county_code,
      rows.map((row) => ({ ...row, department, as_of: found.as_of })),
      found.author,
    )
  const counts = await countOutcomes(ctx, found)
  await setImport(ctx, found, { counts: JSON.stringify(counts) })
  return counts.staged
}

/**
 * Links rows of one county: repeats of earlier rows change nothing, the others are joined, made new units, or queued.
 * Rows that only rest in the queue already (`retry`) stay there when nothing new is known.
 */
export async function linkRows(
  ctx: Context,
  countyCode: string,
  rows: readonly StagedRow[],
  recordedBy: string,
  retry = false,
): Promise<number> {
  const earlier = retry ? new Map<string, string | null>() : await repeatsOf(ctx, countyCode, rows)
  const index = new UnitIndex(await unitsFor(ctx, countyCode, rows))
  const changes = new Map<string, UnitChange[]>()
  const marks: RowMark[] = []
  const waiting: { row: StagedRow; decision: Extract<LinkDecision, { kind: 'queue' }> }[] = []
  for (const row of rows) {
    const before = earlier.get(row.digest)
    if (before !== undefined) {
      marks.push({ id: row.id, outcome: 'repeated', unit_id: before, linked_by: null, reason: '与已入账的行相同' })
      continue
    }
    const known = linkRowOf(row)
    const decision = decide(known, index)
    if (decision.kind === 'queue') {
      waiting.push({ row, decision })
      if (!retry) earlier.set(row.digest, null)
      continue
    }
    const unitId = decision.kind === 'join' ? decision.unitId : newId(ctx.now)
    index.add(knownAs(unitId, known, index.byId.get(unitId)))
    const by = decision.kind === 'join' ? decision.by : 'created'
    marks.push({
      id: row.id,
      outcome: decision.kind === 'join' ? 'joined' : 'created',
      unit_id: unitId,
      linked_by: linkedBy[by],
      reason: null,
    })
    const list = changes.get(row.import_id) ?? []
    list.push(changeOf(row, unitId, decision.kind === 'create'))
    changes.set(row.import_id, list)
    earlier.set(row.digest, unitId)
  }
  for (const [importId, list] of changes)
    await applyChanges(ctx.tx, countyCode, list, { importId, recordedBy, now: ctx.now })
  if (!retry) await queueRows(ctx, countyCode, waiting)
  await markRows(ctx, countyCode, marks)
  return marks.length
}

/** One row as the change it makes to a unit. */
export function changeOf(row: StagedRow, unitId: string, create: boolean): UnitChange {
  return { unitId, create, department: row.department, validFrom: row.as_of, sourceRowId: row.id, values: row.fields }
}

function linkRowOf(row: StagedRow): LinkRow {
  const { fields } = row
  const name = fields.name ?? ''
  return {
    department: row.department,
    name,
    uscc: fields.uscc ?? null,
    organisationCode: fields.uscc ? null : (fields.organisationCode ?? null),
    registrationNumber: fields.registrationNumber ?? null,
    legalRep: fields.legalRep ?? null,
    address: fields.address ?? null,
    isBranch: isBranchName(name),
  }
}

/** A unit after a row was joined to it, for the rows behind it in the batch. */
function knownAs(id: string, row: LinkRow, before: LinkUnit | undefined): LinkUnit {
  const uscc = before?.uscc ?? row.uscc
  return {
    id,
    name: before?.name ?? row.name,
    formerName:
      before && nameKey(before.name) !== nameKey(row.name)
        ? (before.formerName ?? row.name)
        : (before?.formerName ?? null),
    uscc,
    organisationCode: uscc ? innerOrganisationCode(uscc) : (before?.organisationCode ?? row.organisationCode),
    registrationNumber: before?.registrationNumber ?? row.registrationNumber,
    legalRep: before?.legalRep ?? row.legalRep,
    address: before?.address ?? row.address,
    isBranch: before?.isBranch ?? row.isBranch,
  }
}

/** Digests that rows of standing imports already have, with the unit they went to (null: still waiting). */
async function repeatsOf(
  ctx: Context,
  countyCode: string,
  rows: readonly StagedRow[],
): Promise<Map<string, string | null>> {
  const settled: RowOutcome[] = ['joined', 'created', 'repeated', 'queued']
  const found = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .select(['source_row.digest', 'source_row.unit_id'])
    .where('source_row.county_code', '=', countyCode)
    .where('source_row.digest', 'in', [...new Set(rows.map((row) => row.digest))])
    .where('source_row.outcome', 'in', settled)
    .where('import.state', 'not in', ['undone', 'undoing'])
    .execute()
  const known = new Map<string, string | null>()
  for (const row of found) if (!known.get(row.digest)) known.set(row.digest, row.unit_id)
  return known
}

/** Units of the county that any of the rows could be, by their exact keys. */
export async function unitsFor(ctx: Context, countyCode: string, rows: readonly StagedRow[]): Promise<LinkUnit[]> {
  const usccs = rows.flatMap((row) => row.fields.uscc ?? [])
  const inner = [...usccs.map(innerOrganisationCode), ...rows.flatMap((row) => row.fields.organisationCode ?? [])]
  const registrations = rows.flatMap((row) => row.fields.registrationNumber ?? [])
  const names = rows.flatMap((row) => (row.fields.name ? [nameKey(row.fields.name)] : []))
  const units = new Map<string, LinkUnit>()
  for (const [column, keys] of [
    ['uscc', usccs],
    ['organisation_code', inner],
    ['registration_number', registrations],
    ['name_key', names],
  ] as const) {
    if (keys.length === 0) continue
    const found = await ledgerTables(ctx.tx)
      .selectFrom('unit')
      .select([
        'id',
        'name',
        'former_name',
        'uscc',
        'organisation_code',
        'registration_number',
        'legal_rep',
        'address',
        'is_branch',
      ])
      .where('county_code', '=', countyCode)
      .where('withdrawn_at', 'is', null)
      .where(column, 'in', [...new Set(keys)])
      .execute()
    for (const unit of found) units.set(unit.id, linkUnitOf(unit))
  }
  return [...units.values()]
}

function linkUnitOf(unit: {
  id: string
  name: string
  former_name: string | null
  uscc: string | null
  organisation_code: string | null
  registration_number: string | null
  legal_rep: string | null
  address: string | null
  is_branch: boolean
}): LinkUnit {
  return {
    id: unit.id,
    name: unit.name,
    formerName: unit.former_name,
    uscc: unit.uscc,
    organisationCode: unit.organisation_code,
    registrationNumber: unit.registration_number,
    legalRep: unit.legal_rep,
    address: unit.address,
    isBranch: unit.is_branch,
  }
}

/** Counts an import's rows by what became of them. @throws when the rows read are not all accounted for: our bug, loudly. */
export async function countOutcomes(
  ctx: Context,
  found: { county_code: string; id: string; counts: Partial<ImportCounts> },
) {
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select((eb) => ['outcome', eb.fn.countAll<number>().as('n')])
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
    .groupBy('outcome')
    .execute()
  const counts: ImportCounts = {
    ...noCounts,
    ...found.counts,
    staged: 0,
    joined: 0,
    created: 0,
    repeated: 0,
    queued: 0,
    refused: 0,
  }
  for (const row of rows) counts[row.outcome] = row.n
  const sum = counts.staged + counts.joined + counts.created + counts.repeated + counts.queued + counts.refused
  if (sum !== counts.read) throw new Error(`import ${found.id}: ${counts.read} rows read, ${sum} accounted for`)
  return counts
}

async function finish(ctx: Context, id: string): Promise<ImportCounts> {
  const found = await findImport(ctx, id)
  const counts = await countOutcomes(ctx, found)
  await setImport(ctx, found, { state: 'committed', committed_at: ctx.now, counts: JSON.stringify(counts) })
  ctx.record({ countyCode: found.county_code, subject: `import:${id}`, after: { 入账: found.file_name, ...counts } })
  return counts
}
