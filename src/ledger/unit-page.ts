import { maskAddress, maskName, maskPhone } from '../base/mask.ts'
import { notFound } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { departments, isPersonal, type UnitField, unitFields } from './field-contract.ts'
import { rulesInForce } from './rules-in-force.ts'
import { lastSaid } from './said.ts'
import { saidTogether, saySame, survivors } from './survive.ts'
import { ledgerTables, namesFor, unitRowOf } from './units.ts'

/** The unit's row. @throws Problem('notFound') also when it lies outside the actor's scope. */
export async function findUnit(ctx: Context, id: string) {
  const unit = await ledgerTables(ctx.tx).selectFrom('unit').selectAll().where('id', '=', id).executeTakeFirst()
  if (!unit) throw notFound('家单位')
  return unit
}

async function factsOf(ctx: Context, countyCode: string, id: string) {
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('fact')
    .leftJoin('source_row', (join) =>
      join.onRef('source_row.county_code', '=', 'fact.county_code').onRef('source_row.id', '=', 'fact.source_row_id'),
    )
    .leftJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'fact.county_code').onRef('import.id', '=', 'fact.import_id'),
    )
    .selectAll('fact')
    .select(['import.file_name', 'source_row.sheet', 'source_row.row_number'])
    .where('fact.county_code', '=', countyCode)
    .where('fact.unit_id', '=', id)
    .orderBy('fact.valid_from', 'desc')
    .orderBy('fact.recorded_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    field: row.field,
    value: row.value,
    department: row.department,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    recordedAt: row.recorded_at.toISOString(),
    recordedBy: row.recorded_by,
    reason: row.reason,
    source:
      row.import_id && row.file_name !== null
        ? { importId: row.import_id, fileName: row.file_name, sheet: row.sheet ?? '', row: row.row_number ?? 0 }
        : null,
  }))
}

type Fact = Awaited<ReturnType<typeof factsOf>>[number]

/** A personal value as everyone may see it. */
export function maskField(field: UnitField, value: string): string {
  const { kind } = unitFields[field]
  if (kind === 'person') return maskName(value)
  return kind === 'phone' ? maskPhone(value) : value
}

const masked = (fact: Fact): Fact => ({ ...fact, value: maskField(fact.field, fact.value) })

/** The facts with the last day on which each was said, and the order of the sources, both as of a day. */
async function saidBy(ctx: Context, unit: { county_code: string; id: string }, facts: readonly Fact[], day: string) {
  const said = (await lastSaid(ctx.tx, unit.county_code, [unit.id], day)).get(unit.id) ?? {}
  const { survivorship } = await rulesInForce(ctx.tx, unit.county_code, day)
  return { facts: facts.map((fact) => saidTogether(fact, said)), rules: survivorship }
}

/** 查看一企一档 */
export async function getUnit(input: { id: string; asOf?: string | undefined }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const asOf = input.asOf ?? today(ctx.now)
  const known = await factsOf(ctx, unit.county_code, unit.id)
  const { facts, rules } = await saidBy(ctx, unit, known, asOf)
  const held = survivors(facts, asOf, rules)
  const names = await namesFor(ctx.tx, [unit])
  const counted = await ledgerTables(ctx.tx)
    .selectNoFrom((eb) => [
      eb
        .selectFrom('unit_note')
        .select((one) => one.fn.countAll<number>().as('n'))
        .where('county_code', '=', unit.county_code)
        .where('unit_id', '=', unit.id)
        .as('notes'),
      eb
        .selectFrom('unit_attachment')
        .select((one) => one.fn.countAll<number>().as('n'))
        .where('county_code', '=', unit.county_code)
        .where('unit_id', '=', unit.id)
        .as('attachments'),
    ])
    .executeTakeFirstOrThrow()
  const stated = held.get('inOperation')?.find((fact) => fact.department === 'office')
  const ever = new Set(facts.map((fact) => fact.field))
  const fields = (Object.keys(unitFields) as UnitField[]).filter((field) => ever.has(field))
  return {
    ...unitRowOf(unit, names),
    asOf,
    withdrawn: unit.withdrawn_at ? { at: unit.withdrawn_at.toISOString(), reason: unit.withdrawn_reason ?? '' } : null,
    isBranch: unit.is_branch,
    because: unit.operating_because,
    stated: stated ? { reason: stated.reason, byName: stated.recordedBy, on: stated.validFrom } : null,
    fields: fields.map((field) => {
      const [current, ...others] = held.get(field) ?? []
      return {
        field,
        current: current ? masked(current) : null,
        others: others.map((other) => ({
          ...masked(other),
          agrees: current !== undefined && saySame(field, current.value, other.value),
        })),
        differs: current !== undefined && others.some((other) => !saySame(field, current.value, other.value)),
      }
    }),
    placeList: names.places.map(({ id, name, kind }) => ({ id, name, kind })),
    noteCount: counted.notes ?? 0,
    attachmentCount: counted.attachments ?? 0,
  }
}

/** 查看字段历史 */
export async function listFacts(input: { id: string; field?: UnitField | undefined }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const facts = await factsOf(ctx, unit.county_code, unit.id)
  return { rows: facts.filter((fact) => !input.field || fact.field === input.field).map(masked) }
}

const personTitle = /(法定代表人|法人代表|负责人|联系人|姓名|经营者|校长|理事长)/
const phoneTitle = /(电话|手机|联系方式)/

/** A cell of a departmental file as everyone may see it, judged by its column's words. */
export function maskCell(title: string, value: string): string {
  if (phoneTitle.test(title)) return maskPhone(value)
  if (personTitle.test(title)) return maskName(value)
  return /(家庭住址|户籍)/.test(title) ? maskAddress(value) : value
}

/** 查看来源行 */
export async function listSourceRows(input: { id: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .selectAll('source_row')
    .select(['import.file_name', 'import.department', 'import.as_of'])
    .where('source_row.county_code', '=', unit.county_code)
    .where('source_row.unit_id', '=', unit.id)
    .where('import.state', '!=', 'undone')
    .orderBy('import.as_of', 'desc')
    .orderBy('source_row.linked_at', 'desc')
    .execute()
  return { rows: rows.map(sourceRowOf) }
}

/** A source row as screens show it: the sender's own columns, personal cells masked. */
export function sourceRowOf(row: {
  id: string
  import_id: string
  file_name: string
  department: keyof typeof departments | null
  as_of: string
  sheet: string
  row_number: number
  cells: { title: string; value: string }[]
  linked_by: string | null
  linked_at: Date | null
}) {
  return {
    id: row.id,
    importId: row.import_id,
    fileName: row.file_name,
    department: row.department ?? ('other' as const),
    asOf: row.as_of,
    sheet: row.sheet,
    row: row.row_number,
    cells: row.cells.map((cell) => ({ title: cell.title, value: maskCell(cell.title, cell.value) })),
    linkedBy: row.linked_by,
    linkedAt: row.linked_at?.toISOString() ?? null,
  }
}

/** 查看完整联系方式; the purpose goes into the journal, the value does not. */
export async function revealField(input: { id: string; field: UnitField; purpose: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const known = await factsOf(ctx, unit.county_code, unit.id)
  const { facts, rules } = await saidBy(ctx, unit, known, today(ctx.now))
  const [current] = survivors(facts, today(ctx.now), rules).get(input.field) ?? []
  ctx.record({
    countyCode: unit.county_code,
    subject: `unit:${unit.id}`,
    purpose: input.purpose,
    after: { field: isPersonal(input.field) ? unitFields[input.field].title : input.field },
  })
  return { value: current?.value ?? null }
}
