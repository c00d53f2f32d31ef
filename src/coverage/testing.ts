import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { level, parentCode } from '../base/region.ts'
import { runChores } from '../host/chores.ts'
import type { Actor, Scope } from '../host/context.ts'
import { finishJobs } from '../host/command.ts'
import { asOwner } from '../host/database.ts'
import { insertRows } from '../host/insert-rows.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import { touch } from '../host/touch.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { coverageContract, coveragePermissions } from './contract.ts'
import { coverage, coverageChores, coverageJobs } from './service.ts'

export const county = '210204000000'
export const town = '210204001000'
export const otherTown = '210204002000'

/** The coverage room on its own over lower rooms' tables, with a clock that a test moves. */
export interface Trial {
  platform: Platform
  clock: { now: Date }
  /** Moves the clock to noon of a day and lets the chores settle what is to be settled. */
  day(date: string): Promise<void>
  /** Lets the chores settle what was written. */
  settle(): Promise<void>
  call<K extends keyof typeof coverage>(
    name: K,
    input?: unknown,
    actor?: Actor,
  ): Promise<Awaited<ReturnType<(typeof coverage)[K]>>>
  /** Writes rows of any table as its owner does, and tells that their units changed. */
  write(table: string, rows: readonly object[]): Promise<void>
  /** Changes rows with a statement, and tells that these units changed. */
  change(statement: ReturnType<typeof sql>, unitIds: readonly string[]): Promise<void>
  /** Forms an organisation over units; its id. */
  form(...how: Parameters<typeof formed>): Promise<string>
  /** Tells that units changed. */
  tell(unitIds: readonly string[]): Promise<void>
  /** How many rows a table has. */
  count(table: string): Promise<number>
  jobs(): Promise<void>
}

export const everything = Object.keys(coveragePermissions)

export function personLike(scope?: Scope, permissions: readonly string[] = everything): Actor {
  return actorLike(newId(), permissions, scope)
}

/** Starts over on a day, with nothing known. */
export async function trialCoverage(date: string): Promise<Trial> {
  const clock = { now: noon(date) }
  const owner = personLike()
  const platform = await testPlatform(
    {
      contracts: { coverage: coverageContract },
      handlers: { coverage },
      jobKinds: coverageJobs,
      chores: coverageChores,
      people: { authenticate: async () => null, actorOf: async () => owner, operator: async () => owner },
    },
    { clock: () => clock.now },
  )
  await layRegions(platform)
  const tell = (unitIds: readonly string[]) => asOwner(platform.database, (tx) => touch(tx, county, unitIds, clock.now))
  const trial: Trial = {
    platform,
    clock,
    async day(date) {
      clock.now = noon(date)
      await trial.settle()
    },
    settle: () => runChores(platform),
    async call(name, input = {}, actor = owner) {
      return (await invoke(platform, `coverage.${name}`, input, { actor })).output as never
    },
    async write(table, rows) {
      const list = JSON.stringify(rows.map((row) => ({ county_code: county, area_code: town, ...row })))
      await asOwner(platform.database, async (tx) => {
        const name = sql.table(table)
        const given = [...new Set(rows.flatMap((row) => ['county_code', 'area_code', ...Object.keys(row)]))]
        const { rows: known } = await sql<{ column_name: string }>`
          select column_name from information_schema.columns where table_name = ${table}`.execute(tx)
        const columns = given.filter((one) => known.some((column) => column.column_name === one))
        const names = sql.join(columns.map((one) => sql.ref(one)))
        await sql`insert into ${name} (${names}) select ${names} from jsonb_populate_recordset(null::${name}, ${list}::jsonb)`.execute(
          tx,
        )
      })
      const idOf = (row: { unit_id?: string; id?: string }) => row.unit_id ?? (table === 'unit' ? row.id : undefined)
      await tell(rows.flatMap((row) => idOf(row) ?? []))
    },
    async change(statement, unitIds) {
      await asOwner(platform.database, (tx) => statement.execute(tx))
      await tell(unitIds)
    },
    async form(...how) {
      const { org, rows } = formed(...how)
      for (const [table, list] of Object.entries(rows)) await trial.write(table, list)
      return org
    },
    tell,
    async count(table) {
      const { rows } = await asOwner(platform.database, (tx) =>
        sql<{ count: number }>`select count(*) from ${sql.table(table)}`.execute(tx),
      )
      return rows[0]!.count
    },
    jobs: () => finishJobs(platform),
  }
  return trial
}

/** Two counties of one city with three townships, and nothing else of the country. */
export function layRegions(platform: Platform): Promise<void> {
  return asOwner(platform.database, async (tx) => {
    await sql`truncate region`.execute(tx)
    const rows = trialRegions.map(([code, name]) => regionRow(code, name))
    await insertRows(tx, 'region', rows)
  })
}

const trialRegions = [
  ['000000000000', '全国'],
  ['210000000000', '辽宁省'],
  ['210200000000', '大连市'],
  ['210203000000', '西岗区'],
  ['210203001000', '站北街道'],
  [county, '沙河口区'],
  [town, '北河街道'],
  [otherTown, '南河街道'],
] as const

function regionRow(code: string, name: string) {
  const parent = parentCode(code)
  const has = trialRegions.some(([other]) => parentCode(other) === code)
  const told = { code, name, full_name: name, level: level(code), parent_code: parent, has_children: has }
  return { ...told, selectable: true, initials: '', year_from: 2023, year_to: null, successor_code: null }
}

function noon(date: string): Date {
  return new Date(`${date}T04:00:00Z`)
}

/** A row of `unit` that a test need not spell out. */
export function unitLike(more: object = {}): { id: string } & Record<string, unknown> {
  const id = newId()
  return {
    id,
    kind: 'enterprise',
    status: 'active',
    name: `试验单位${id.slice(-4)}`,
    name_key: `试验单位${id.slice(-4)}`,
    sort_key: '',
    search_text: '',
    search_grams: [],
    staff_count: 20,
    founded_on: '2020-01-01',
    in_operation: true,
    is_target: true,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    ...more,
  }
}

/** A row of `party_org`, of its version and of its covering of a unit each, as a forming leaves them. */
export function formed(
  unitIds: readonly string[],
  mode: string,
  more: { from?: string; kind?: string; to?: string } = {},
) {
  const org = newId()
  const from = more.from ?? '2021-01-01'
  const kind = more.kind ?? (mode === 'joint' ? 'jointBranch' : mode === 'fallback' ? 'composite' : 'branch')
  const named = { kind, forming_mode: mode === 'own' ? 'solo' : mode, name: '试验组织', full_name: '中共试验组织' }
  const keys = { name_key: '试验组织', full_name_key: '试验组织', sort_key: '', search_text: '', base_kind: 'unit' }
  const at = '2026-01-01T00:00:00Z'
  return {
    org,
    rows: {
      party_org: [{ id: org, ...named, ...keys, founded_on: from, created_at: at, updated_at: at }],
      party_org_version: [{ id: newId(), org_id: org, ...named, valid_from: from }],
      party_cover: unitIds.map((unitId) => ({
        id: newId(),
        org_id: org,
        unit_id: unitId,
        mode,
        valid_from: from,
        valid_to: more.to ?? null,
      })),
    },
  }
}

/** A row of `member_tally`. */
export function tallyLike(unitId: string, formal: number, more: object = {}) {
  return {
    unit_id: unitId,
    valid_from: '2021-01-01',
    valid_to: null,
    formal,
    probationary: 0,
    known_elsewhere: 0,
    ...more,
  }
}
