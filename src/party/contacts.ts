import type { z } from 'zod'
import { newId } from '../base/ids.ts'
import { notFound } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { seal, unseal } from '../host/crypto.ts'
import { uploadOf } from '../host/uploads.ts'
import { partyTables } from './change-rows.ts'
import { startChange } from './change.ts'
import { openName, storedName } from './member-person.ts'
import { refuse } from './org-shared.ts'
import { type ContactKind, contactKinds } from './words-contract.ts'
import type { addContactInput, setCharterInput } from './write-contract.ts'

/** What a contact's telephone number is sealed for. */
export const phonePurpose = 'work-contact-phone'

/** A unit in scope, by id alone. @throws Problem('notFound') */
export async function unitOf(ctx: Context, id: string) {
  const unit = await partyTables(ctx.tx)
    .selectFrom('unit')
    .select(['county_code', 'id', 'name', 'area_code'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!unit) throw notFound('家单位')
  return unit
}

/** 登记工作覆盖: an instructor, a liaison person, a trade union or a youth league of a unit. */
export async function addContact(input: z.output<typeof addContactInput>, ctx: Context) {
  const unit = await unitOf(ctx, input.unitId)
  const isPerson = input.kind === 'instructor' || input.kind === 'liaison'
  if (isPerson && !input.name) throw refuse('name', `请填写${contactKinds[input.kind]}的姓名。`)
  const name = input.name
    ? storedName(ctx.settings, input.name)
    : { name_sealed: null, name_masked: null, name_digest: null }
  const held = await partyTables(ctx.tx)
    .selectFrom('work_contact')
    .select(['kind', 'name_digest'])
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', input.from)]))
    .execute()
  if (held.some((one) => one.kind === input.kind && one.name_digest === name.name_digest)) {
    throw refuse('kind', '已经登记过，不必重复。')
  }
  const change = startChange(ctx, {
    countyCode: unit.county_code,
    kind: 'contact',
    title: `${unit.name}：${contactKinds[input.kind]}${name.name_masked ?? ''}`,
    reason: input.source,
    effectiveOn: input.from,
  })
  await change.add('work_contact', [
    {
      county_code: unit.county_code,
      id: newId(ctx.now),
      unit_id: unit.id,
      kind: input.kind,
      ...name,
      employer: input.employer || null,
      phone_sealed: input.phone ? seal(ctx.settings.secretKey, phonePurpose, input.phone) : null,
      source: input.source || null,
      valid_from: input.from,
      valid_to: null,
      reason: null,
    },
  ])
  return { changeId: await change.finish() }
}

/** The row of a contact and its unit, which guards it. */
async function contactOf(ctx: Context, id: string) {
  const contact = await partyTables(ctx.tx)
    .selectFrom('work_contact')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!contact) throw notFound('条工作覆盖')
  return { contact, unit: await unitOf(ctx, contact.unit_id) }
}

/** 结束工作覆盖 */
export async function endContact(input: { id: string; on: string; reason: string }, ctx: Context) {
  const { contact, unit } = await contactOf(ctx, input.id)
  if (input.on <= contact.valid_from || (contact.valid_to && input.on >= contact.valid_to)) {
    throw refuse('on', '结束日期须在登记的期间；登记错了请撤销那次变动。')
  }
  const change = startChange(ctx, {
    countyCode: unit.county_code,
    kind: 'contact',
    title: `${unit.name}：${contactKinds[contact.kind as ContactKind]}${contact.name_masked ?? ''}结束`,
    reason: input.reason,
    effectiveOn: input.on,
  })
  await change.set('work_contact', [contact.id], { valid_to: input.on, reason: input.reason })
  return { changeId: await change.finish() }
}

/** 查看联络人员信息, with its purpose in the journal. */
export async function revealContact(input: { id: string; field: 'name' | 'phone'; purpose: string }, ctx: Context) {
  const { contact, unit } = await contactOf(ctx, input.id)
  ctx.record({
    countyCode: unit.county_code,
    subject: `workContact:${contact.id}`,
    after: { 查看: input.field === 'name' ? '姓名' : '电话' },
    purpose: input.purpose,
  })
  if (input.field === 'name') return { value: contact.name_sealed && openName(ctx.settings, contact.name_sealed) }
  return { value: contact.phone_sealed && unseal(ctx.settings.secretKey, phonePurpose, contact.phone_sealed) }
}

/** 登记党建入章: what was so before stays so until the day. */
export async function setCharter(input: z.output<typeof setCharterInput>, ctx: Context) {
  const unit = await unitOf(ctx, input.unitId)
  if (input.from > today(ctx.now)) throw refuse('from', '日期不能晚于今天。')
  const upload = input.fileId ? await uploadOf(ctx, input.fileId) : null
  const rows = await partyTables(ctx.tx)
    .selectFrom('charter_clause')
    .select(['id', 'valid_from', 'valid_to', 'has_clause'])
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', input.from)]))
    .execute()
  if (rows.some((row) => row.valid_from >= input.from)) {
    throw refuse('from', '这一天或以后已经登记过，请先撤销那次变动，或者换个日期。')
  }
  const change = startChange(ctx, {
    countyCode: unit.county_code,
    kind: 'charter',
    title: `${unit.name}：章程${input.hasClause ? '写入党建' : '没有写入党建'}`,
    reason: input.source,
    effectiveOn: input.from,
  })
  await change.set(
    'charter_clause',
    rows.map((row) => row.id),
    { valid_to: input.from },
  )
  await change.add('charter_clause', [
    {
      county_code: unit.county_code,
      id: newId(ctx.now),
      unit_id: unit.id,
      has_clause: input.hasClause,
      valid_from: input.from,
      valid_to: null,
      file_id: upload?.file_id ?? null,
      file_name: upload?.file_name ?? null,
      source: input.source || null,
    },
  ])
  return { changeId: await change.finish() }
}

/** 下载章程 */
export async function downloadCharter(input: { id: string }, ctx: Context) {
  const row = await partyTables(ctx.tx)
    .selectFrom('charter_clause')
    .selectAll()
    .where('id', '=', input.id)
    .executeTakeFirst()
  const unit = row ? await unitOf(ctx, row.unit_id) : null
  if (!row?.file_id || !unit) throw notFound('份章程')
  ctx.record({ countyCode: unit.county_code, subject: `unit:${unit.id}`, after: { 下载章程: row.file_name } })
  return { url: ctx.downloadPath({ fileId: row.file_id, fileName: row.file_name ?? '章程' }) }
}
