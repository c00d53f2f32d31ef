// The four documents of a case in the layout of an official one; what is not known is left as a line to be filled in.
import { writeFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { type OfficialDocument, writeDocument } from '../host/document.ts'
import { exportFile } from '../host/export-file.ts'
import { partyOrgs } from '../party/service.ts'
import { formingModes, type OrgKind, orgKinds } from '../party/words-contract.ts'
import { getCase } from './cases.ts'
import { type DocumentKind, documentKinds } from './contract.ts'
import { dossierItems } from './rules.ts'

const blank = '＿＿＿＿＿＿'

/** What a document is written from. */
export type DocumentFacts = Awaited<ReturnType<typeof getCase>> & { day: string; secretary: string | null }

/** 2026-11-24 → 2026年11月24日 */
function longDay(day: string | null | undefined): string {
  if (!day) return '＿＿＿＿年＿＿月＿＿日'
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

const stepOf = (facts: DocumentFacts, step: string) =>
  facts.stepList.findLast((one) => one.step === step && one.state === 'done' && one.takenBack === null)

const fullName = (facts: DocumentFacts) => (facts.orgName.startsWith('中共') ? facts.orgName : `中共${facts.orgName}`)

/** The committee that a meeting of members elects, and that elects the secretary; in a branch the meeting may elect them itself. */
const committees: Partial<Record<OrgKind, string>> = {
  partyCommittee: '党的委员会',
  generalBranch: '党总支部委员会',
}

/** What the reply says of how the leaders come about: those of a temporary branch are appointed (中国共产党支部工作条例). */
function leadersOf(facts: DocumentFacts): string {
  const { kind, formingMode } = facts
  if (kind === 'temporary' || formingMode === 'temporary')
    return `其书记、副书记和委员由我们指定；临时组建的机构撤销后，${fullName(facts)}自然撤销。`
  if (kind === 'functional' || kind === 'composite' || kind === 'industry')
    return '请按照有关规定产生书记和其他班子成员，并将结果报我们审批。'
  const meeting = kind === 'partyCommittee' ? '党员大会（党员代表大会）' : '党员大会'
  const committee = committees[kind]
  const elected = committee ? `${committee}，由委员会全体会议选举书记、副书记` : '党支部委员会或者书记'
  return `请按照有关规定召开${meeting}，选举产生${elected}，并将选举结果报我们审批。`
}

function unitTable(facts: DocumentFacts) {
  return {
    table: {
      columns: [
        { title: '序号', share: 10, align: 'right' },
        { title: '单位名称', share: 66 },
        { title: '正式党员', share: 24, align: 'right' },
      ],
      rows: facts.unitList.map((unit, at) => [String(at + 1), unit.name, String(unit.members)]),
    },
  } as const
}

function requestOf(facts: DocumentFacts): OfficialDocument {
  const members = facts.unitList.reduce((sum, unit) => sum + unit.members, 0)
  const joined = facts.form === 'join'
  const several = facts.unitList.length > 1
  const ground = several
    ? `我们 ${facts.unitList.length} 家单位共有正式党员 ${members} 名，单独成立党组织的条件尚不具备`
    : `我单位现有正式党员 ${members} 名`
  const wish = joined
    ? `申请加入${fullName(facts)}`
    : `申请以${formingModes[facts.formingMode]}的方式成立${fullName(facts)}（${orgKinds[facts.kind]}）`
  const rules = committees[facts.kind] && !joined ? '' : '和《中国共产党支部工作条例（试行）》'
  return {
    title: `关于${joined ? '加入' : '成立'}${fullName(facts)}的请示`,
    parts: [
      { addressee: `${facts.parentName ?? blank}：` },
      { paragraph: `${ground}。根据《中国共产党章程》${rules}的有关规定，${wish}。` },
      { paragraph: `单位及党员情况如下：` },
      unitTable(facts),
      ...(joined ? [] : [{ paragraph: `拟任书记人选：${blank}。活动场所：${blank}。` }]),
      { paragraph: '妥否，请批示。' },
      { attachments: [dossierItems.roster, dossierItems.membership, dossierItems.licence] },
      { signature: [facts.leadName, longDay(stepOf(facts, 'request')?.on)] },
    ],
  }
}

function replyOf(facts: DocumentFacts): OfficialDocument {
  const reply = stepOf(facts, 'reply')
  const joined = facts.form === 'join'
  return {
    title: `关于同意${joined ? '加入' : '成立'}${fullName(facts)}的批复`,
    parts: [
      ...(reply?.docNo ? [{ docNo: reply.docNo }] : []),
      { addressee: `${facts.leadName}${facts.unitList.length > 1 ? '等单位' : ''}：` },
      {
        paragraph: `你们报来的《关于${joined ? '加入' : '成立'}${fullName(facts)}的请示》收悉。经研究，同意${
          joined ? `下列单位加入${fullName(facts)}` : `成立${fullName(facts)}，隶属${facts.parentName ?? blank}`
        }。${joined ? '' : leadersOf(facts)}`,
      },
      unitTable(facts),
      { paragraph: '此复。' },
      { signature: [facts.parentName ?? blank, longDay(reply?.on)] },
    ],
  }
}

function resultOf(facts: DocumentFacts): OfficialDocument {
  const election = stepOf(facts, 'election')
  if (!election) throw new Problem('conflict', '选举（任职）结果还没有登记，登记后再生成报告。')
  const secretary = facts.secretary ?? blank
  const appointed = election.entitled === null
  const committee = committees[facts.kind]
  const elects = committee ? `选举产生${committee}，委员会全体会议选举` : '选举'
  const held = appointed
    ? `${longDay(election.on)}，经上级党组织任命，${secretary}同志任${fullName(facts)}书记。`
    : `${longDay(election.on)}召开党员大会，应到会有选举权的党员 ${election.entitled} 名，实到 ${election.present} 名，符合规定人数。大会以无记名投票方式${elects}${secretary}同志为书记。`
  return {
    title: `关于${fullName(facts)}${appointed ? '书记任职情况' : '选举结果'}的报告`,
    parts: [
      { addressee: `${facts.parentName ?? blank}：` },
      { paragraph: held },
      { paragraph: appointed ? '特此报告。' : '特此报告，请予审批。' },
      { signature: [fullName(facts), longDay(election.on)] },
    ],
  }
}

function filingOf(facts: DocumentFacts): OfficialDocument {
  const [reply, election] = [stepOf(facts, 'reply'), stepOf(facts, 'election')]
  const joined = facts.form === 'join'
  const lines: [string, string][] = [
    ['党组织名称', fullName(facts)],
    ['类别', orgKinds[facts.kind]],
    ['组建方式', formingModes[facts.formingMode]],
    ['上级党组织', facts.parentName ?? ''],
    ['所在乡镇街道', facts.areaName],
    ['覆盖单位', facts.unitList.map((unit) => unit.name).join('、')],
    ['正式党员', `${facts.unitList.reduce((sum, unit) => sum + unit.members, 0)} 名`],
    ['批复文号', reply?.docNo ?? ''],
    ['批复日期', reply ? longDay(reply.on) : ''],
    ...(joined
      ? []
      : ([
          ['选举（任命）日期', election ? longDay(election.on) : ''],
          ['应到、实到', election?.entitled ? `应到 ${election.entitled} 名，实到 ${election.present} 名` : ''],
          ['书记', facts.secretary ?? ''],
        ] as [string, string][])),
  ]
  const columns = [
    { title: '项目', share: 28 },
    { title: '内容', share: 72 },
  ] as const
  return {
    title: joined ? '单位加入党组织备案表' : '党组织成立备案表',
    parts: [{ table: { columns, rows: lines } }, { signature: [facts.parentName ?? blank, longDay(facts.day)] }],
  }
}

const writers: Readonly<Record<DocumentKind, (facts: DocumentFacts) => OfficialDocument>> = {
  request: requestOf,
  reply: replyOf,
  result: resultOf,
  filing: filingOf,
}

/** A document as text, before it is laid out. @throws Problem where what it tells of has not happened */
export function documentOf(kind: DocumentKind, facts: DocumentFacts): OfficialDocument {
  if (kind === 'result' && facts.form === 'join')
    throw new Problem('invalid', '并入现有党组织的不产生书记，没有选举（任职）报告，请选别的文书。')
  return writers[kind](facts)
}

async function gather(ctx: Context, id: string): Promise<DocumentFacts> {
  return { ...(await getCase({ id }, ctx)), day: today(ctx.now), secretary: null }
}

/** The secretary of the organisation that was founded, read out for a purpose to who may see the name. */
async function secretaryOf(ctx: Context, facts: DocumentFacts, purpose: string): Promise<string | null> {
  if (facts.form === 'join' || facts.orgId === null || !ctx.actor.permissions.has('party.org.reveal')) return null
  const { rows } = await sql<{ id: string }>`
    select id from party_post where county_code = ${facts.countyCode} and org_id = ${facts.orgId}::uuid
      and post = 'secretary' and valid_to is null limit 1`.execute(ctx.tx)
  return rows[0] ? (await partyOrgs.revealPost({ id: rows[0].id, purpose }, ctx)).value : null
}

interface DocumentJob {
  id: string
  kind: DocumentKind
  purpose: string
}

/** 生成文书: may name the secretary, so the purpose is kept. */
export async function requestDocument(input: DocumentJob, ctx: Context) {
  const facts = await gather(ctx, input.id)
  documentOf(input.kind, facts)
  ctx.record({
    countyCode: facts.countyCode,
    subject: `founding:${facts.id}`,
    purpose: input.purpose,
    after: { 生成: documentKinds[input.kind], 党组织: facts.orgName },
  })
  const jobId = await ctx.enqueue({
    kind: 'founding.document',
    title: `生成${documentKinds[input.kind]}：${facts.orgName}`,
    input,
    countyCode: facts.countyCode,
  })
  return { jobId }
}

export const documentJob: JobKind<DocumentJob> = {
  kind: 'founding.document',
  async run(job) {
    const { id, kind, purpose } = job.input
    const named = kind === 'result' || kind === 'filing'
    const facts = await job.transaction(async (ctx) => {
      const found = await gather(ctx, id)
      return named ? { ...found, secretary: await secretaryOf(ctx, found, purpose) } : found
    })
    const bytes = await writeDocument(documentOf(kind, facts))
    return exportFile(job, `${facts.orgName}${documentKinds[kind]}.docx`, (path) => writeFile(path, bytes))
  },
}
