import type { z } from 'zod'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { addMonths, today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { partyTables } from './change-rows.ts'
import { startChange } from './change.ts'
import { openName, storedName } from './member-person.ts'
import { orgOf } from './org-page.ts'
import { refuse, requireStanding } from './org-shared.ts'
import { termEnd } from './rules.ts'
import { loadPartySettings } from './settings.ts'
import { type OrgKind, type PartyPost, partyPosts } from './words-contract.ts'
import type { addPostInput, addTermInput, delayTermInput } from './write-contract.ts'

/** 任命班子成员; of secretaries there is one a day. */
export async function addPost(input: z.output<typeof addPostInput>, ctx: Context) {
  const org = await orgOf(ctx, input.id)
  requireStanding(org, input.from, 'from')
  const name = storedName(ctx.settings, input.name)
  const held = await partyTables(ctx.tx)
    .selectFrom('party_post')
    .select(['id', 'post', 'name_masked', 'name_digest', 'valid_from'])
    .where('county_code', '=', org.county_code)
    .where('org_id', '=', org.id)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', input.from)]))
    .execute()
  if (held.some((one) => one.post === input.post && one.name_digest === name.name_digest)) {
    throw refuse('name', '这个人已经登记了这个职务。')
  }
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'post',
    title: `${org.name}：${name.name_masked}任${partyPosts[input.post]}`,
    reason: input.reason,
    effectiveOn: input.from,
  })
  const former = input.post === 'secretary' ? held.filter((one) => one.post === 'secretary') : []
  if (former.some((one) => one.valid_from >= input.from)) {
    throw refuse('from', '这一天以后已经登记过书记，请先免去，或者换个日期。')
  }
  await change.set(
    'party_post',
    former.map((one) => one.id),
    { valid_to: input.from },
  )
  await change.add('party_post', [
    {
      county_code: org.county_code,
      id: newId(ctx.now),
      org_id: org.id,
      area_code: org.area_code,
      post: input.post,
      ...name,
      in_management: input.inManagement || Boolean(input.managementPosition),
      management_position: input.managementPosition || null,
      secretary_source: input.post === 'secretary' ? input.secretarySource : null,
      valid_from: input.from,
      valid_to: null,
    },
  ])
  return { changeId: await change.finish() }
}

async function postOf(ctx: Context, id: string) {
  const post = await partyTables(ctx.tx).selectFrom('party_post').selectAll().where('id', '=', id).executeTakeFirst()
  if (!post) throw notFound('名班子成员')
  return post
}

/** 免去班子成员 */
export async function endPost(input: { id: string; on: string; reason: string }, ctx: Context) {
  const post = await postOf(ctx, input.id)
  const org = await orgOf(ctx, post.org_id)
  if (input.on <= post.valid_from || (post.valid_to && input.on >= post.valid_to)) {
    throw refuse('on', '免职日期须在任职期间；登记错了请撤销那次变动。')
  }
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'post',
    title: `${org.name}：${post.name_masked}不再任${partyPosts[post.post as PartyPost]}`,
    reason: input.reason,
    effectiveOn: input.on,
  })
  await change.set('party_post', [post.id], { valid_to: input.on })
  return { changeId: await change.finish() }
}

/** 查看班子成员姓名, with its purpose in the journal. */
export async function revealPost(input: { id: string; purpose: string }, ctx: Context) {
  const post = await postOf(ctx, input.id)
  ctx.record({ countyCode: post.county_code, subject: `partyPost:${post.id}`, purpose: input.purpose })
  return { value: openName(ctx.settings, post.name_sealed) }
}

/** 登记换届 */
export async function addTerm(input: z.output<typeof addTermInput>, ctx: Context) {
  const org = await orgOf(ctx, input.id)
  requireStanding(org, input.electedOn, 'electedOn')
  if (input.electedOn > today(ctx.now)) throw refuse('electedOn', '当选日期不能晚于今天。')
  const settings = await loadPartySettings(ctx.tx, input.electedOn)
  const expiresOn = input.expiresOn ?? termEnd(org.kind as OrgKind, input.electedOn, settings)
  if (expiresOn <= input.electedOn) throw refuse('expiresOn', '届满日期须在当选日期之后。')
  const same = await partyTables(ctx.tx)
    .selectFrom('party_term')
    .select('id')
    .where('county_code', '=', org.county_code)
    .where('org_id', '=', org.id)
    .where('elected_on', '=', input.electedOn)
    .executeTakeFirst()
  if (same) throw refuse('electedOn', '已经登记过这一天当选的一届。')
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'term',
    title: `${org.name}换届，任期至 ${expiresOn}`,
    reason: input.reason,
    effectiveOn: input.electedOn,
  })
  await change.add('party_term', [
    {
      county_code: org.county_code,
      id: newId(ctx.now),
      org_id: org.id,
      area_code: org.area_code,
      ordinal: input.ordinal,
      formed_by: input.formedBy,
      elected_on: input.electedOn,
      expires_on: expiresOn,
      delayed_until: null,
      delay_approval: null,
      delay_reason: null,
    },
  ])
  return { changeId: await change.finish() }
}

/** 批准延期换届, at most as long as the rules allow. */
export async function delayTerm(input: z.output<typeof delayTermInput>, ctx: Context) {
  const term = await partyTables(ctx.tx)
    .selectFrom('party_term')
    .selectAll()
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (!term) throw notFound('届任期')
  const org = await orgOf(ctx, term.org_id)
  const { delayMonthsMax } = await loadPartySettings(ctx.tx, today(ctx.now))
  const most = addMonths(term.expires_on, delayMonthsMax)
  if (input.delayedUntil <= term.expires_on) throw refuse('delayedUntil', `延期须晚于届满日 ${term.expires_on}。`)
  if (input.delayedUntil > most) {
    throw new Problem('invalid', `延期一般不超过 ${delayMonthsMax} 个月，即不晚于 ${most}。`, {
      fields: [{ path: 'delayedUntil', message: `不晚于 ${most}` }],
    })
  }
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'term',
    title: `${org.name}延期换届至 ${input.delayedUntil}`,
    reason: input.reason,
    effectiveOn: input.delayedUntil,
  })
  await change.set('party_term', [term.id], {
    delayed_until: input.delayedUntil,
    delay_approval: input.approval,
    delay_reason: input.reason,
  })
  return { changeId: await change.finish() }
}
