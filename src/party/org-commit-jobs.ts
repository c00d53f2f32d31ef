import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import type { Context, JobKind } from '../host/context.ts'
import { partyTables } from './change-rows.ts'
import { type Change, startChange } from './change.ts'
import { openName, storedName } from './member-person.ts'
import { retargetMembers } from './org-members.ts'
import { orgStepFailed } from './org-import-jobs.ts'
import { dropOrgFile, findOrgImport, noOrgs, type OrgImport, setOrgImport } from './org-imports.ts'
import { type KnownOrg, readRegister, type Register } from './org-resolve.ts'
import { namedColumns } from './org-shared.ts'
import type { OrgRowValues } from './org-import-contract.ts'
import { coverModeOf, termEnd } from './rules.ts'
import { loadPartySettings } from './settings.ts'
import type { PartySettings } from './settings-contract.ts'
import { takeBack } from './undo.ts'

interface ImportJob {
  id: string
}

/** Organisations of one transaction. */
const batchOrgs = 200

/** An organisation with all its rows. */
interface Group {
  id: string
  values: OrgRowValues
  unitIds: string[]
  secretary: string | null
}

/** Takes the rows laid ready in, so many organisations a transaction; killed in between it goes on with the rest. */
export const commitOrgsJob: JobKind<ImportJob> = {
  kind: 'party.commitOrgs',
  async run(job) {
    try {
      const found = await job.transaction((ctx) => findOrgImport(ctx, job.input.id))
      if (found.state !== 'committing') return null
      const total = { ...noOrgs, ...found.counts }.read
      const known = await job.transaction(async (ctx) => ({
        register: await readRegister(ctx, found.county_code, found.as_of),
        inFile: await idsInFile(ctx, found),
      }))
      for (let done = 0; ;) {
        job.signal.throwIfAborted()
        const taken = await job.transaction((ctx) => commitBatch(ctx, found, known))
        if (taken === 0) break
        done += taken
        await job.progress(Math.min(done, total), total, '正在入库')
      }
      return await job.transaction((ctx) => noteCommitted(ctx, found))
    } catch (error) {
      // Cancelled half way it stays where it can be gone on with or undone.
      if (job.signal.aborted) throw error
      return orgStepFailed(job, error)
    }
  },
}

/** What is read once for the whole file: what was there before it, and the organisations that it names. */
interface Known {
  register: Register
  inFile: ReadonlyMap<string, string>
}

async function commitBatch(ctx: Context, found: OrgImport, before: Known): Promise<number> {
  const { rows } = await sql<{ seq: number; org_id: string; values: OrgRowValues; secretary_sealed: string | null }>`
    select seq, org_id, values, secretary_sealed from party_import_row
    where county_code = ${found.county_code} and import_id = ${found.id} and org_id in (
      select org_id from party_import_row
      where county_code = ${found.county_code} and import_id = ${found.id} and not done and org_id is not null
        and outcome <> 'refused'
      group by org_id order by min(seq) limit ${batchOrgs})
    order by seq`.execute(ctx.tx)
  if (rows.length === 0) return 0
  const groups = [...Map.groupBy(rows, (row) => row.org_id)].map(([id, own]): Group => {
    const first = own.find((row) => row.values.kind !== undefined)!
    const sealed = own.find((row) => row.secretary_sealed)?.secretary_sealed ?? null
    return {
      id,
      values: first.values,
      unitIds: own.flatMap((row) => row.values.units.flatMap((unit) => unit.unitId ?? [])),
      secretary: sealed ? openName(ctx.settings, sealed) : null,
    }
  })
  const change = startChange(ctx, {
    countyCode: found.county_code,
    kind: 'import',
    title: `导入 ${found.file_name}（${groups.length} 个党组织）`,
    reason: null,
    effectiveOn: found.as_of,
  })
  const writer = new Writer(ctx, change, found, before)
  await writer.write(groups)
  const id = await change.finish()
  await partyTables(ctx.tx)
    .updateTable('party_import_row')
    .set({ done: true })
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
    .where(
      'seq',
      'in',
      rows.map((row) => row.seq),
    )
    .execute()
  const { change_ids: changes } = await findOrgImport(ctx, found.id)
  await setOrgImport(ctx, found, { change_ids: [...changes, id] })
  return rows.length
}

/** The ids of the organisations that the file itself names, by name key. */
async function idsInFile(ctx: Context, found: OrgImport): Promise<Map<string, string>> {
  const rows = await partyTables(ctx.tx)
    .selectFrom('party_import_row')
    .select(['org_key', 'org_id'])
    .distinct()
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
    .where('org_id', 'is not', null)
    .execute()
  return new Map(rows.map((row) => [row.org_key!, row.org_id!]))
}

interface Place {
  county_code: string
  area_code: string
}

type Lists = {
  party_org: object[]
  party_org_version: object[]
  party_org_line: object[]
  party_cover: object[]
  party_post: object[]
  party_term: object[]
  member_count: object[]
}

/** Turns groups into rows of every table, many organisations a statement. */
class Writer {
  readonly #ctx: Context
  readonly #change: Change
  readonly #found: OrgImport
  readonly #before: Known
  readonly #lists: Lists = {
    party_org: [],
    party_org_version: [],
    party_org_line: [],
    party_cover: [],
    party_post: [],
    party_term: [],
    member_count: [],
  }

  constructor(ctx: Context, change: Change, found: OrgImport, before: Known) {
    this.#ctx = ctx
    this.#change = change
    this.#found = found
    this.#before = before
  }

  async write(groups: readonly Group[]): Promise<void> {
    const settings = await loadPartySettings(this.#ctx.tx, this.#found.as_of)
    const standing = await this.#areasOf(groups)
    for (const one of groups) {
      const known = this.#knownOf(one.values)
      const group = { ...one, id: known?.id ?? one.id }
      const place = {
        county_code: this.#found.county_code,
        area_code: known?.areaCode ?? group.values.areaCode ?? standing.get(one.id) ?? this.#found.county_code,
      }
      const foundedOn = known?.foundedOn ?? group.values.foundedOn ?? this.#found.as_of
      if (!known) this.#addOrg(group, place, foundedOn)
      this.#addParent(group, known, foundedOn)
      this.#addUnits(group, known, foundedOn)
      this.#addLeaders(group, place, known, foundedOn, settings)
      this.#addMembers(group, place, known)
    }
    for (const [table, rows] of Object.entries(this.#lists)) {
      await this.#change.add(table as 'party_cover', rows as never)
    }
  }

  #knownOf({ name, code }: OrgRowValues): KnownOrg | null {
    const named = this.#before.register.org(name)
    return (code ? this.#before.register.orgByCode(code) : null) ?? (named === 'twice' ? null : named)
  }

  /** The township in which all units of a group lie, as far as theirs is known; none where they lie in several. */
  async #areasOf(groups: readonly Group[]): Promise<Map<string, string>> {
    const ids = [...new Set(groups.flatMap((group) => group.unitIds))]
    if (ids.length === 0) return new Map()
    const county = this.#found.county_code
    const rows = await partyTables(this.#ctx.tx)
      .selectFrom('unit')
      .select(['id', 'area_code'])
      .where('county_code', '=', county)
      .where('id', 'in', ids)
      .execute()
    const areas = new Map(rows.map((row) => [row.id, row.area_code]))
    return new Map(
      groups.flatMap((group) => {
        const own = new Set(group.unitIds.map((id) => areas.get(id)).filter((area) => area && area !== county))
        const [only] = own
        return only && own.size === 1 ? [[group.id, only] as const] : []
      }),
    )
  }

  #addOrg({ id, values, unitIds }: Group, place: Place, foundedOn: string): void {
    const names = namedColumns(values.name, '', values.kind, values.code)
    this.#lists.party_org.push({
      ...place,
      id,
      kind: values.kind,
      forming_mode: values.mode,
      base_kind: unitIds.length > 0 ? 'unit' : 'other',
      base_unit_id: unitIds[0] ?? null,
      ...names,
      code: values.code,
      founded_on: foundedOn,
      created_at: this.#ctx.now,
      updated_at: this.#ctx.now,
    })
    this.#lists.party_org_version.push({
      ...place,
      id: newId(this.#ctx.now),
      org_id: id,
      kind: values.kind,
      forming_mode: values.mode,
      name: names.name,
      full_name: names.full_name,
      valid_from: foundedOn,
    })
  }

  #addParent({ id, values }: Group, known: KnownOrg | null, from: string): void {
    if (!values.parent || known?.hasParent) return
    const named = this.#before.register.org(values.parent)
    const parentId = this.#before.inFile.get(nameKey(values.parent)) ?? (named && named !== 'twice' ? named.id : null)
    this.#lists.party_org_line.push({
      county_code: this.#found.county_code,
      id: newId(this.#ctx.now),
      org_id: id,
      line: 'leadership',
      parent_county_code: parentId ? this.#found.county_code : null,
      parent_id: parentId,
      parent_name: values.parent,
      valid_from: from,
    })
  }

  #addUnits({ id, values, unitIds }: Group, known: KnownOrg | null, foundedOn: string): void {
    const mode = coverModeOf(values.kind, values.mode)
    const fresh = new Set(unitIds.filter((unitId) => !known?.unitIds.has(unitId)))
    for (const unitId of fresh) {
      this.#lists.party_cover.push({
        county_code: this.#found.county_code,
        id: newId(this.#ctx.now),
        org_id: id,
        unit_id: unitId,
        mode,
        valid_from: known ? this.#found.as_of : foundedOn,
        reason: `导入 ${this.#found.file_name}`.slice(0, 200),
      })
    }
  }

  #addLeaders(
    { id, values, secretary }: Group,
    place: Place,
    known: KnownOrg | null,
    foundedOn: string,
    settings: PartySettings,
  ): void {
    if (secretary && !known?.hasSecretary) {
      this.#lists.party_post.push({
        ...place,
        id: newId(this.#ctx.now),
        org_id: id,
        post: 'secretary',
        ...storedName(this.#ctx.settings, secretary),
        in_management: false,
        valid_from: values.electedOn && values.electedOn >= foundedOn ? values.electedOn : foundedOn,
      })
    }
    if (values.electedOn && !known?.electedOn.has(values.electedOn)) {
      this.#lists.party_term.push({
        ...place,
        id: newId(this.#ctx.now),
        org_id: id,
        formed_by: 'election',
        elected_on: values.electedOn,
        expires_on: values.expiresOn ?? termEnd(values.kind, values.electedOn, settings),
      })
    }
  }

  #addMembers({ id, values }: Group, place: Place, known: KnownOrg | null): void {
    if (values.formal === null || known?.reported === `${values.formal}/${values.probationary ?? 0}`) return
    this.#lists.member_count.push({
      ...place,
      id: newId(this.#ctx.now),
      party_org_id: id,
      formal: values.formal,
      probationary: values.probationary ?? 0,
      as_of: this.#found.as_of,
      source: `导入 ${this.#found.file_name}`.slice(0, 100),
      author_id: this.#ctx.actor.userId,
      author: this.#ctx.actor.name,
      at: this.#ctx.now,
    })
  }
}

async function noteCommitted(ctx: Context, found: OrgImport) {
  const counts = { ...noOrgs, ...found.counts }
  await setOrgImport(ctx, found, { state: 'committed', committed_at: ctx.now })
  await dropOrgFile(ctx, found)
  ctx.record({
    countyCode: found.county_code,
    subject: `orgImport:${found.id}`,
    after: { 已入库: found.file_name, 新增党组织: counts.orgsNew, 退回行: counts.refused },
  })
  return counts
}

/** Takes an import back, the last batch first. @throws Problem where something later stands on it */
export const undoOrgsJob: JobKind<ImportJob> = {
  kind: 'party.undoOrgs',
  async run(job) {
    const found = await job.transaction((ctx) => findOrgImport(ctx, job.input.id))
    if (found.state !== 'undoing') return null
    try {
      // One transaction: half an import undone would leave branches without their parents.
      return await job.transaction(async (ctx) => {
        const now = await findOrgImport(ctx, found.id)
        for (const id of now.change_ids.toReversed()) {
          const written = await takeBack(ctx, now.county_code, id, now.undone_reason ?? '撤销导入')
          await retargetMembers(ctx, now.county_code, written)
        }
        await setOrgImport(ctx, now, { state: 'undone', undone_at: ctx.now, change_ids: [] })
        await dropOrgFile(ctx, now)
        ctx.record({
          countyCode: now.county_code,
          subject: `orgImport:${now.id}`,
          before: { 已入库: now.file_name },
          after: { 原因: now.undone_reason },
        })
        return { changes: now.change_ids.length }
      })
    } catch (error) {
      if (job.signal.aborted) throw error
      await job.transaction(async (ctx) =>
        setOrgImport(ctx, found, {
          state: 'committed',
          error:
            error instanceof Error && error.name === 'Problem'
              ? `没有撤销：${error.message}`
              : '没有撤销，请稍后再试。',
        }),
      )
      throw error
    }
  },
}
