import { grouped } from '../base/number.ts'
import type { DocumentPart, OfficialDocument } from '../host/document.ts'
import { scopeReasons } from './contract.ts'
import { explainGroup, explainLeft } from './explain.ts'
import { GroupRules } from './locked.ts'
import type { FormingPlan, PlanGroup } from './plan-input.ts'
import { pendingOf, pendingWords } from './pending.ts'
import type { KeptInput, PlanRow } from './plan-kept.ts'
import { gapWords } from './gap-words.ts'

/** Rows that a document for a meeting may have; more is a table's business. */
export const documentRowsMax = 1000

/** A plan as a document for the meeting: what came out, the groups with why, units left over, numbers with their sources. */
export function documentOfPlan(row: PlanRow, input: KeptInput, plan: FormingPlan, note: string): OfficialDocument {
  const rules = new GroupRules(input)
  return {
    title: row.title,
    parts: [
      { heading: '一、编排结果' },
      { paragraph: summaryOf(row, input, plan) },
      ...scopeOf(row),
      { heading: '二、建议编组' },
      groupsOf(input, plan, rules),
      ...leftOf(input, plan, rules),
      { heading: plan.leftOver.length + plan.refused.length > 0 ? '四、所用规则' : '三、所用规则' },
      {
        table: {
          columns: [
            { title: '规则', share: 34 },
            { title: '数值', share: 12, align: 'right' },
            { title: '依据', share: 36 },
            { title: '施行', share: 18 },
          ],
          rows: input.kept.map((one) => [one.word, grouped(one.value), one.source, one.effectiveOn]),
        },
      },
      { note },
    ],
  }
}

/** Which units with members were taken in, and how many were not for which reason. */
function scopeOf({ scope: { counts = [] } }: PlanRow): DocumentPart[] {
  const out = counts.filter((one) => one.reason !== 'joins' && one.units > 0)
  if (out.length === 0) return []
  const words = out.map(({ reason, units }) => `${scopeReasons[reason]} ${grouped(units)} 家`)
  return [{ paragraph: `有党员而未列入编排的单位：${words.join('；')}。` }]
}

function summaryOf({ bound, guessed, flagged }: PlanRow, input: KeptInput, plan: FormingPlan): string {
  const refused = new Set(plan.refused)
  const joined = input.units.filter((unit) => !refused.has(unit.id))
  const members = joined.reduce((sum, unit) => sum + unit.members, 0)
  const units = new Map(joined.map((unit) => [unit.id, unit]))
  const pending = pendingWords(pendingOf(units, { unitIds: [...units.keys()] }))
  return [
    `参加编排的单位 ${grouped(joined.length)} 家，计党员 ${grouped(members)} 名`,
    pending.length > 0 ? `（其中${pending.join('，')}）` : '',
    '。',
    `建议编成 ${grouped(plan.groups.length)} 个组，未编组 ${grouped(plan.leftOver.length)} 家`,
    bound?.leftProved ? '（已证明不能更少）' : '',
    plan.refused.length > 0 ? `，明确不参加 ${grouped(plan.refused.length)} 家` : '',
    '。',
    flagged > 0 ? `其中 ${grouped(flagged)} 个组超出一般标准，须说明理由。` : '',
    guessed > 0 ? `有 ${grouped(guessed)} 家的位置由地址推定，相距米数仅供参考，组建前应实地核实。` : '',
    bound ? bestWords(bound) : '',
  ].join('')
}

function bestWords(bound: { percent: number }): string {
  if (bound.percent === 0) return '已证明在同样的剩余家数和须说明理由的组数下，没有距离总和更小的方案。'
  return `距离总和与任何可能的方案相比，差距${gapWords(bound).replace('≤ ', '不超过 ')}。`
}

function groupsOf(input: KeptInput, plan: FormingPlan, rules: GroupRules): DocumentPart {
  const units = new Map(input.units.map((unit) => [unit.id, unit]))
  const hosts = new Map(input.hosts.map((host) => [host.id, host]))
  const formalOf = ({ leadId, unitIds }: PlanGroup) =>
    unitIds.reduce((sum, id) => sum + units.get(id)!.formal, hosts.get(leadId)?.members ?? 0)
  const rows = plan.groups.map((group, at) => {
    const { lines, flags, members } = explainGroup(input, group, rules)
    const others = group.unitIds.filter((id) => id !== group.leadId).map((id) => units.get(id)!.name)
    return [
      String(at + 1),
      hosts.get(group.leadId)?.name ?? units.get(group.leadId)!.name,
      others.join('、'),
      grouped(members),
      grouped(formalOf(group)),
      [...new Set(lines.map((line) => line.words))].join('、'),
      [...flags, ...pendingWords(pendingOf(units, group))].join('；'),
    ]
  })
  const columns = [
    { title: '组号', share: 7, align: 'right' },
    { title: '牵头', share: 21 },
    { title: '成员单位', share: 27 },
    { title: '党员', share: 7, align: 'right' },
    { title: '其中正式党员', share: 8, align: 'right' },
    { title: '编组理由', share: 15 },
    { title: '须说明', share: 15 },
  ] as const
  return { table: { columns, rows } }
}

function leftOf(input: KeptInput, plan: FormingPlan, rules: GroupRules): DocumentPart[] {
  if (plan.leftOver.length + plan.refused.length === 0) return []
  const units = new Map(input.units.map((unit) => [unit.id, unit]))
  const row = (id: string, words: string) => {
    const unit = units.get(id)
    return unit ? [[unit.name, grouped(unit.members), grouped(unit.formal), unit.place.street ?? '', words]] : []
  }
  const rows = [
    ...plan.leftOver.flatMap((id) => row(id, explainLeft(input, plan, id, rules).words)),
    ...plan.refused.flatMap((id) => row(id, '明确不参加')),
  ]
  const columns = [
    { title: '单位', share: 34 },
    { title: '党员', share: 8, align: 'right' },
    { title: '其中正式党员', share: 8, align: 'right' },
    { title: '乡镇街道', share: 14 },
    { title: '未编组原因和建议', share: 36 },
  ] as const
  return [{ heading: '三、未编组单位' }, { table: { columns, rows } }]
}
