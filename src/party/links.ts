import type { z } from 'zod'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { partyTables } from './change-rows.ts'
import { startChange } from './change.ts'
import { unitOf } from './contacts.ts'
import { orgOf } from './org-page.ts'
import { refuse, requireStanding } from './org-shared.ts'
import { linkKinds } from './words-contract.ts'
import type { addLinkInput } from './write-contract.ts'

/** 加入组织网络: an organisation or a unit joins the network about an organisation, on a tier. */
export async function addLink(input: z.output<typeof addLinkInput>, ctx: Context) {
  const org = await orgOf(ctx, input.id)
  requireStanding(org, input.from, 'from')
  if ((input.toOrgId === null) === (input.toUnitId === null)) {
    throw refuse('toOrgId', '请选择一个党组织，或者一家单位，只能一个。')
  }
  if (input.toOrgId === org.id) throw refuse('toOrgId', '不能把党组织加入它自己的网络。')
  const to = input.toOrgId ? await orgOf(ctx, input.toOrgId) : await unitOf(ctx, input.toUnitId!)
  if (to.county_code !== org.county_code) throw new Problem('invalid', '组织网络只能连接同一个县的党组织和单位。')
  const same = await partyTables(ctx.tx)
    .selectFrom('org_link')
    .select('id')
    .where('county_code', '=', org.county_code)
    .where('org_id', '=', org.id)
    .where('valid_to', 'is', null)
    .where((eb) => (input.toOrgId ? eb('to_org_id', '=', input.toOrgId) : eb('to_unit_id', '=', input.toUnitId)))
    .executeTakeFirst()
  if (same) throw refuse(input.toOrgId ? 'toOrgId' : 'toUnitId', '已经在这个网络里了。')
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'link',
    title: `${org.name}：${to.name}列为${linkKinds[input.kind]}`,
    reason: null,
    effectiveOn: input.from,
  })
  await change.add('org_link', [
    {
      county_code: org.county_code,
      id: newId(ctx.now),
      org_id: org.id,
      kind: input.kind,
      to_org_id: input.toOrgId,
      to_unit_id: input.toUnitId,
      valid_from: input.from,
      valid_to: null,
    },
  ])
  return { changeId: await change.finish() }
}

/** 移出组织网络 */
export async function endLink(input: { id: string; on: string; reason: string }, ctx: Context) {
  const link = await partyTables(ctx.tx)
    .selectFrom('org_link')
    .selectAll()
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (!link) throw notFound('条网络关系')
  const org = await orgOf(ctx, link.org_id)
  if (input.on <= link.valid_from || (link.valid_to && input.on >= link.valid_to)) {
    throw refuse('on', '日期须在登记的期间；登记错了请撤销那次变动。')
  }
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'link',
    title: `${org.name}：移出一处网络关系`,
    reason: input.reason,
    effectiveOn: input.on,
  })
  await change.set('org_link', [link.id], { valid_to: input.on })
  return { changeId: await change.finish() }
}
