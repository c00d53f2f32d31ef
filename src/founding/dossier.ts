import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { caseOf, foundingTables, keepFile, refuse } from './case.ts'
import { type DossierItem, dossierItems, dossierOf, type FoundingStep } from './rules.ts'
import type { CaseTable } from './tables.ts'

/** The papers and notes of a case, without those that were removed; earliest first. */
export function evidenceOf(ctx: Context, row: CaseTable) {
  return foundingTables(ctx.tx)
    .selectFrom('founding_evidence')
    .selectAll()
    .where('county_code', '=', row.county_code)
    .where('case_id', '=', row.id)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .execute()
}

/** The check-list of a case. A paper is there when it was noted, with its file or as handed over on paper. */
export async function checkList(ctx: Context, row: CaseTable) {
  const papers = await evidenceOf(ctx, row)
  return dossierOf(row.form, row.forming_mode).map((item) => {
    const of = papers.filter((paper) => paper.item === item)
    const state = of.some((paper) => !paper.waived) ? 'there' : of.length > 0 ? 'waived' : 'missing'
    return { item, state } as const
  })
}

/** Papers that are neither there nor said to be needless. */
export async function missingItems(ctx: Context, row: CaseTable): Promise<DossierItem[]> {
  return (await checkList(ctx, row)).filter((one) => one.state === 'missing').map((one) => one.item)
}

/** 登记材料 */
export async function addEvidence(
  input: {
    id: string
    step: FoundingStep
    item?: DossierItem | undefined
    on: string
    note: string
    fileId?: string | undefined
    waived: boolean
  },
  ctx: Context,
) {
  const row = await caseOf(ctx, input.id)
  if (row.state === 'closed') throw new Problem('conflict', '已终止的不能再登记材料。')
  if (input.on > today(ctx.now)) throw refuse('on', '日期不能晚于今天。')
  if (input.waived && !input.item) throw refuse('item', '请选择不需要的是哪一份材料。')
  if (input.waived && input.fileId) throw refuse('fileId', '不需要的材料不用上传文件。')
  if (input.item && !dossierOf(row.form, row.forming_mode).includes(input.item))
    throw refuse('item', `这一件不需要“${dossierItems[input.item]}”。`)
  const { step, item = null, on, note, fileId, waived } = input
  const id = await keepFile(ctx, row, { step, item, on, note, fileId, waived })
  ctx.record({
    countyCode: row.county_code,
    subject: `founding:${row.id}`,
    after: { [waived ? '不需要' : '材料']: item ? dossierItems[item] : '其他材料', 说明: note },
  })
  return { id }
}

async function paperOf(ctx: Context, id: string) {
  const paper = await foundingTables(ctx.tx)
    .selectFrom('founding_evidence')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!paper) throw notFound('份材料')
  return paper
}

/** 撤下材料: it stays in the record, with who took it down and why. */
export async function removeEvidence(input: { id: string; reason: string }, ctx: Context) {
  const paper = await paperOf(ctx, input.id)
  const row = await caseOf(ctx, paper.case_id)
  if (row.state === 'done' && paper.item) throw new Problem('conflict', '已办结的材料不能撤下；登记错了请先撤回报备。')
  await foundingTables(ctx.tx)
    .updateTable('founding_evidence')
    .set({ removed_at: ctx.now, removed_by: ctx.actor.name, removed_reason: input.reason })
    .where('county_code', '=', paper.county_code)
    .where('id', '=', paper.id)
    .execute()
  ctx.record({
    countyCode: paper.county_code,
    subject: `founding:${paper.case_id}`,
    before: { 材料: paper.item ? dossierItems[paper.item] : '其他材料', 说明: paper.note },
    after: { 撤下原因: input.reason },
  })
  return { done: true as const }
}

/** 下载材料: papers may name persons, so the purpose is kept. */
export async function downloadEvidence(input: { id: string; purpose: string }, ctx: Context) {
  const paper = await paperOf(ctx, input.id)
  if (!paper.file_id) throw notFound('个文件')
  ctx.record({
    countyCode: paper.county_code,
    subject: `founding:${paper.case_id}`,
    after: { 下载: paper.file_name },
    purpose: input.purpose,
  })
  return { url: ctx.downloadPath({ fileId: paper.file_id, fileName: paper.file_name ?? '材料' }) }
}
