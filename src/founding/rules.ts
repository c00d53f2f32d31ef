// The way from the first talk with a unit to an organisation: its steps, their terms, and the papers that belong to it.
import { addDays, addMonths } from '../base/time.ts'
import type { FormingMode, OrgKind } from '../party/words-contract.ts'

/** Whether an organisation is founded, or units are taken into one that exists. */
export const foundingForms = { found: '新成立', join: '并入现有党组织' } as const
export type FoundingForm = keyof typeof foundingForms

/** The steps in order. The first four and 组建, which is made up of the rest, are the five of 五步工作法 (大连沙河口). */
export const foundingSteps = {
  contact: '沟通',
  screen: '筛选',
  survey: '摸排',
  verify: '核对',
  request: '请示',
  reply: '批复',
  election: '选举',
  filing: '报备',
} as const
export type FoundingStep = keyof typeof foundingSteps

/** What each step asks for, in one line. */
export const stepHints: Readonly<Record<FoundingStep, string>> = {
  contact: '与单位负责人、党员沟通，说明为什么建、怎样建。',
  screen: '核实是否在实体运营、有没有正式党员，符合条件的留下。',
  survey: '上门摸清党员人数、组织关系所在、活动场所、书记人选。',
  verify: '与党员信息、人社、税务的数据核对，确认党员人数和组建方式。',
  request: '由单位向上级党组织报送成立党组织的请示。',
  reply: '上级党组织研究并批复；登记批复后党组织即在平台成立。',
  election: '召开党员大会选举，或由上级任命；登记书记和届期。',
  filing: '批复和选举结果报上级党委组织部门备案，材料齐全后办结。',
}

const all = Object.keys(foundingSteps) as FoundingStep[]

/** The steps of a case: who joins an organisation that exists elects nobody. */
export function stepsOf(form: FoundingForm): readonly FoundingStep[] {
  return form === 'found' ? all : all.filter((step) => step !== 'election')
}

/** The step after one, null after the last. */
export function stepAfter(form: FoundingForm, step: FoundingStep): FoundingStep | null {
  const steps = stepsOf(form)
  return steps[steps.indexOf(step) + 1] ?? null
}

/** Steps that can be left out with a reason; without a reply and a report no organisation stands. */
export function isSkippable(step: FoundingStep): boolean {
  return step !== 'reply' && step !== 'election' && step !== 'filing'
}

/** Terms of the steps, each counted from the step before. */
export type FoundingSettings = Record<`${FoundingStep}Term`, number> & { quorumPercent: number }

const local = { source: '本地掌握', effectiveOn: '2018-10-28' }
const branchRules = { source: '《中国共产党支部工作条例（试行）》第六条', effectiveOn: '2018-10-28' }
const electionRules = { source: '《中国共产党基层组织选举工作条例》', effectiveOn: '2020-07-13' }

/** The built-in numbers with unit, source and day of effect. */
export const builtInFounding: Readonly<
  Record<
    keyof FoundingSettings,
    { word: string; unit: '天' | '个月' | '%'; value: number; source: string; effectiveOn: string }
  >
> = {
  contactTerm: { word: '沟通期限，自开办起', unit: '天', value: 15, ...local },
  screenTerm: { word: '筛选期限', unit: '天', value: 15, ...local },
  surveyTerm: { word: '摸排期限', unit: '天', value: 30, ...local },
  verifyTerm: { word: '核对期限', unit: '天', value: 15, ...local },
  requestTerm: { word: '报送请示期限', unit: '天', value: 15, ...local },
  replyTerm: { word: '批复期限，自请示起', unit: '个月', value: 1, ...branchRules },
  electionTerm: { word: '选举期限，自批复起', unit: '天', value: 30, ...local },
  filingTerm: { word: '报备期限', unit: '天', value: 15, ...local },
  quorumPercent: { word: '选举大会到会有选举权党员的最低比例', unit: '%', value: 80, ...electionRules },
}

/** The last day of a step that begins on a day. */
export function dueOf(step: FoundingStep, from: string, settings: FoundingSettings): string {
  const key = `${step}Term` as const
  return builtInFounding[key].unit === '个月' ? addMonths(from, settings[key]) : addDays(from, settings[key])
}

/** Papers of the dossier; the list of a county's organisation department (domain A.1, 办理流程). */
export const dossierItems = {
  application: '组建申请（请示）',
  register: '党组织登记表',
  roster: '党员名册',
  membership: '党员身份和组织关系证明',
  licence: '营业执照或登记证书复印件',
  pledge: '挂靠承诺书',
  reply: '批复',
  result: '选举（任职）报告',
  filing: '备案表',
} as const
export type DossierItem = keyof typeof dossierItems

/** Which papers a case must have. */
export function dossierOf(form: FoundingForm, mode: FormingMode): DossierItem[] {
  const out: DossierItem[] = [
    ...(mode === 'attached' ? [] : (['pledge'] as const)),
    ...(form === 'found' ? [] : (['register', 'result'] as const)),
  ]
  return (Object.keys(dossierItems) as DossierItem[]).filter((item) => !out.includes(item))
}

const nameEnds: Partial<Record<OrgKind, string>> = {
  partyCommittee: '党委',
  generalBranch: '党总支',
  jointBranch: '联合党支部',
  temporary: '临时党支部',
  floating: '流动党员党支部',
  functional: '功能型党支部',
}

/** What an organisation is usually called: the leading unit's name and the kind; it can be changed until the reply. */
export function usualName(leadName: string, kind: OrgKind): string {
  return `${leadName}${nameEnds[kind] ?? '党支部'}`
}
