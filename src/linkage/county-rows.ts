import { sql } from 'kysely'
import type { Context, JobRun } from '../host/context.ts'
import type { Department, UnitField } from '../ledger/field-contract.ts'
import { isComing } from './coming.ts'
import { holdAnchors, type Standing, standingFor, subjectOf } from './decisions.ts'
import { type Features, featuresOf, linkFieldsOf } from './features.ts'
import { mayMove, typedRows, writtenOf } from './neighbours.ts'
import { linkageTables } from './queue.ts'
import { mergedRows } from './relink-all.ts'
import { featuresOfRow } from './row-features.ts'
import { Rows } from './rows.ts'

const pageRows = 5000

/** A row, or what was typed of a unit; what it says of who it is stands in `CountyRows.rows`. */
export interface CountyRow {
  id: string
  unitId: string | null
  /** It stays where it is: people typed or decided it. */
  fixed: boolean
  staged: boolean
}

/** A county's rows by number: those that are linked or wait, those of imports that are being committed, what was typed. */
export interface CountyRows {
  list: CountyRow[]
  rows: Rows
  /** What people said, by row id. */
  said: Map<string, Standing>
  /** Staged rows that say word for word what another row says, with that row; they are not in the list. */
  repeats: Map<string, string>
}

interface Found {
  id: string
  unit_id: string | null
  department: Department | null
  fields: Partial<Record<UnitField, string>>
  written: { title: string; value: string }[] | null
  linked_by: string | null
  outcome: string
  digest: string
}

/** Reads a county, page by page, for linking all of it at once. */
export async function readCounty(job: JobRun<unknown>, countyCode: string): Promise<CountyRows> {
  const reading = new Reading(countyCode)
  const isDecided = await job.transaction((ctx) => hasDecisions(ctx, countyCode))
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    job.signal.throwIfAborted()
    const start = after
    const page = await job.transaction(async (ctx) => {
      const found = await pageOf(ctx, countyCode, start)
      if (isDecided) await reading.hear(ctx, found)
      return found
    })
    reading.add(page)
    await job.progress(reading.list.length, 0, `已读 ${reading.list.length.toLocaleString('zh-CN')} 行`)
    after = page.at(-1)?.id ?? ''
    if (page.length < pageRows) break
  }
  return job.transaction((ctx) => reading.finish(ctx))
}

async function hasDecisions(ctx: Context, countyCode: string): Promise<boolean> {
  const found = await linkageTables(ctx)
    .selectFrom('link_decision')
    .select('id')
    .where('county_code', '=', countyCode)
    .where('undone_at', 'is', null)
    .limit(1)
    .execute()
  return found.length > 0
}

/** Repeats are read for what they repeat: one whose first is gone stands for it. */
async function pageOf(ctx: Context, countyCode: string, after: string): Promise<Found[]> {
  const { rows: imports } = await sql<{ id: string; department: Department | null; coming: boolean }>`
    select i.id, i.department, ${isComing} as coming from import i
    where i.county_code = ${countyCode} and i.state not in ('undone', 'undoing')`.execute(ctx.tx)
  const coming = imports.filter((one) => one.coming)
  const idsOf = (list: readonly { id: string }[]) => list.map(({ id }) => id)
  // Without a join the rows come in the order of their ids, and no more of them are looked at than the page holds.
  const { rows } = await sql<Omit<Found, 'department'> & { import_id: string }>`
    select r.id, r.unit_id, r.import_id, r.fields, r.linked_by, r.outcome, r.digest,
      case when not r.fields ?| array['uscc', 'organisationCode', 'registrationNumber'] then r.cells end as written
    from source_row r
    where r.county_code = ${countyCode} and r.id > ${after}::uuid and r.import_id = any (${idsOf(imports)}::uuid[])
      and (r.outcome in ('joined', 'created', 'queued')
        or (r.outcome = 'staged' and r.import_id = any (${idsOf(coming)}::uuid[]))
        or (r.outcome = 'repeated' and r.unit_id is not null))
    order by r.id limit ${pageRows}`.execute(ctx.tx)
  const departments = new Map(imports.map(({ id, department }) => [id, department]))
  return rows.map(({ import_id: importId, ...row }) => ({ ...row, department: departments.get(importId) ?? null }))
}

class Reading {
  readonly list: CountyRow[] = []
  private readonly countyCode: string
  private readonly rows = new Rows()
  private readonly said = new Map<string, Standing>()
  /** By what they say, the first of the rows that say it; one that is settled before those that are not. */
  private readonly firsts = new Map<string, { id: string; settled: boolean }>()
  private readonly staged: { number: number; digest: string }[] = []

  constructor(countyCode: string) {
    this.countyCode = countyCode
  }

  async hear(ctx: Context, page: readonly Found[]): Promise<void> {
    const subjects = page.map(({ id, department, fields }) => ({
      id,
      subject: subjectOf({ department: department ?? 'other', fields }),
    }))
    for (const [id, standing] of await standingFor(ctx, this.countyCode, subjects)) this.said.set(id, standing)
  }

  add(page: readonly Found[]): void {
    this.rows.addAll(page.flatMap((row) => this.take(row)))
  }

  /** Notes a row; answers what it is compared by, nothing for a repeat. */
  private take({
    id,
    unit_id: unitId,
    department,
    fields,
    written,
    linked_by: by,
    outcome,
    digest,
  }: Found): Features[] {
    const staged = outcome === 'staged'
    const first = this.firsts.get(digest)
    if (!first || (!first.settled && !staged)) this.firsts.set(digest, { id, settled: !staged })
    if (outcome === 'repeated') return []
    if (staged) this.staged.push({ number: this.list.length, digest })
    this.list.push({ id, unitId, fixed: !mayMove({ outcome, linkedBy: by }), staged })
    return [featuresOf(linkFieldsOf(department ?? 'other', fields, writtenOf(written)), this.countyCode)]
  }

  /** Sets repeats apart, and adds what people typed of units and said of rows. */
  async finish(ctx: Context): Promise<CountyRows> {
    const { countyCode, said } = this
    const repeats = new Map<string, string>()
    const repeated = new Set<number>()
    for (const { number, digest } of this.staged) {
      const first = this.firsts.get(digest)!.id
      if (first === this.list[number]!.id) continue
      repeats.set(this.list[number]!.id, first)
      repeated.add(number)
    }
    const kept = this.list.flatMap((_, number) => (repeated.has(number) ? [] : [number]))
    const rows = this.rows.pick(kept)
    const list = kept.map((number) => this.list[number]!)
    const typed = await typedRows(ctx, countyCode, null)
    rows.addAll(typed.map((row) => featuresOfRow(row, countyCode)))
    for (const { id, unitId } of typed) list.push({ id, unitId, fixed: true, staged: false })
    for (const [id, unitId] of await mergedRows(ctx, countyCode)) {
      const standing = said.get(id) ?? { must: null, dropCode: false, cannot: new Set() }
      said.set(id, { ...standing, must: standing.must ?? unitId })
    }
    if (said.size > 0) {
      const isCoded = (number: number) => rows.codeOf(number) > 0
      const anchors = list.map(({ id, unitId }, number) => ({ id, unitId, isCoded: isCoded(number) }))
      holdAnchors(anchors, said)
    }
    return { list, rows, said, repeats }
  }
}
