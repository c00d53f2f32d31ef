import { sql } from 'kysely'
import { maskPhone } from '../base/mask.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { unseal } from '../host/crypto.ts'
import { partyTables } from './change-rows.ts'
import { phonePurpose, unitOf } from './contacts.ts'
import { changeRowOf } from './org-page.ts'
import { termEndsOn } from './orgs.ts'
import { termStateOf } from './rules.ts'
import { loadPartySettings } from './settings.ts'
import type { ContactKind, CoverMode, FormingMode, OrgKind } from './words-contract.ts'

/** 单位的党组织: who covers it, who reaches it, what its charter says; of all times, the newest first. */
export async function unitParty(input: { unitId: string }, ctx: Context) {
  const day = today(ctx.now)
  const settings = await loadPartySettings(ctx.tx, day)
  const unit = await unitOf(ctx, input.unitId)
  const { rows: covers } = await sql<{
    id: string
    org_id: string
    org_name: string
    org_kind: OrgKind
    forming_mode: FormingMode
    dissolved_on: string | null
    mode: CoverMode
    ends_on: string | null
    valid_from: string
    valid_to: string | null
  }>`
    select c.id, c.org_id, o.name as org_name, o.kind as org_kind, o.forming_mode, o.dissolved_on, c.mode,
      ${termEndsOn(day)} as ends_on, c.valid_from, c.valid_to
    from party_cover c
    join party_org o on o.county_code = c.county_code and o.id = c.org_id
    where c.county_code = ${unit.county_code} and c.unit_id = ${unit.id}
    order by (c.valid_to is not null), c.valid_from desc, c.id`.execute(ctx.tx)
  return {
    covers: covers.map((row) => ({
      id: row.id,
      orgId: row.org_id,
      orgName: row.org_name,
      orgKind: row.org_kind,
      mode: row.mode,
      term: termStateOf(
        { kind: row.org_kind, formingMode: row.forming_mode, dissolvedOn: row.dissolved_on },
        row.ends_on,
        day,
        settings,
      ),
      termEndsOn: row.ends_on,
      validFrom: row.valid_from,
      validTo: row.valid_to,
    })),
    contacts: await contactsOf(ctx, unit),
    charters: await chartersOf(ctx, unit),
    changes: await changesOf(ctx, unit),
  }
}

type Unit = Awaited<ReturnType<typeof unitOf>>

async function contactsOf(ctx: Context, unit: Unit) {
  const rows = await partyTables(ctx.tx)
    .selectFrom('work_contact')
    .selectAll()
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .orderBy('valid_from', 'desc')
    .orderBy('id')
    .execute()
  return rows.map((row) => {
    const phone = row.phone_sealed && unseal(ctx.settings.secretKey, phonePurpose, row.phone_sealed)
    return {
      id: row.id,
      kind: row.kind as ContactKind,
      name: row.name_masked,
      employer: row.employer,
      phone: phone ? maskPhone(phone) : null,
      source: row.source,
      reason: row.reason,
      validFrom: row.valid_from,
      validTo: row.valid_to,
    }
  })
}

async function chartersOf(ctx: Context, unit: Unit) {
  const rows = await partyTables(ctx.tx)
    .selectFrom('charter_clause')
    .selectAll()
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .orderBy('valid_from', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    hasClause: row.has_clause,
    fileName: row.file_name,
    source: row.source,
    validFrom: row.valid_from,
    validTo: row.valid_to,
  }))
}

/** The last twenty changes that wrote a row about a unit. */
async function changesOf(ctx: Context, unit: Unit) {
  const own = sql<string>`
    select id from party_cover where county_code = ${unit.county_code} and unit_id = ${unit.id}
    union all select id from work_contact where county_code = ${unit.county_code} and unit_id = ${unit.id}
    union all select id from charter_clause where county_code = ${unit.county_code} and unit_id = ${unit.id}`
  const rows = await partyTables(ctx.tx)
    .selectFrom('party_change')
    .selectAll()
    .where('county_code', '=', unit.county_code)
    .where(
      sql<boolean>`id in (select change_id from party_change_row
        where county_code = ${unit.county_code} and row_id in (${own}))`,
    )
    .orderBy('id', 'desc')
    .limit(20)
    .execute()
  return rows.map(changeRowOf)
}
