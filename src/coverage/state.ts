import { addDays, addMonths } from '../base/time.ts'
import type { CoverageState, Lack, NextStep, OwnKind } from './condition-contract.ts'
import type { Values } from './condition.ts'
import type { Settings } from './setting-words.ts'
import { smallMicro } from './small-micro.ts'

/** From a day (inclusive) to a day (exclusive), `YYYY-MM-DD`; null: open. */
export interface Dated {
  from: string
  to: string | null
}

/** An organisation's covering of the unit; a covering ends at the latest when its organisation does. */
export interface Cover extends Dated {
  orgId: string
  mode: 'own' | 'joint' | 'regional' | 'industry' | 'attached' | 'fallback'
  /** What kind of organisation it is, from day to day. */
  kinds: readonly (Dated & { kind: string })[]
  /** Terms of the committee; the end is the last day of the term. */
  terms: readonly { from: string; end: string }[]
  /** Who sits in the committee: secretary, deputies, members; one person may hold several posts. */
  posts: readonly (Dated & { person: string; secretary: boolean; inManagement: boolean })[]
  /** When which other units are covered by the same joint organisation; empty for other modes. */
  others: readonly (Dated & { unitId: string })[]
}

/** All that is known of a unit and bears on its coverage. */
export interface UnitFacts {
  kind: string
  /** In the ledger and neither withdrawn nor struck off: null when not. */
  listed: Dated | null
  inOperation: boolean
  isTarget: boolean
  staff: number | null
  industry: string | null
  ownership: string | null
  areaCode: string
  tallies: readonly (Dated & { formal: number; probationary: number; knownElsewhere: number })[]
  covers: readonly Cover[]
  contacts: readonly (Dated & { kind: string })[]
  charters: readonly (Dated & { hasClause: boolean })[]
  marks: readonly (Dated & { kind: string })[]
}

/** What coverage holds of a unit on a day. */
export interface UnitState extends Values {
  kind: string
  state: CoverageState
  lack: Lack | null
  own_kind: OwnKind | null
  step: NextStep
  formal: number
  probationary: number
  known_elsewhere: number
  staff: number | null
  joint_units: number | null
  due: boolean
}

const strength = ['own', 'joint', 'regional', 'industry', 'attached', 'fallback'] as const

/** True where something dated holds on a day. */
export function holds(dated: Dated, day: string): boolean {
  return dated.from <= day && (dated.to === null || day < dated.to)
}

/**
 * The one state of a unit on a day, from its facts: counted by the strongest that covers it (own > joint > regional >
 * industry > attached > fallback > work only). Null where the unit is not in scope on that day.
 */
export function stateOf(facts: UnitFacts, day: string, settings: Settings): UnitState | null {
  if (!facts.listed || !holds(facts.listed, day)) return null
  const now = <T extends Dated>(list: readonly T[]) => list.filter((one) => holds(one, day))
  const tally = now(facts.tallies)[0] ?? { formal: 0, probationary: 0, knownElsewhere: 0 }
  const covers = now(facts.covers)
  const mode = strength.find((one) => covers.some((cover) => cover.mode === one)) ?? null
  const cover = covers.filter((one) => one.mode === mode).toSorted((a, b) => (a.orgId < b.orgId ? -1 : 1))[0] ?? null
  const contacts = new Set(now(facts.contacts).map((one) => one.kind))
  const marks = new Set(now(facts.marks).map((one) => one.kind))
  const work = ['instructor', 'liaison', 'union', 'league'].some((kind) => contacts.has(kind))
  const state: CoverageState = mode ?? (work ? 'workOnly' : 'none')
  const built = mode !== null && mode !== 'fallback'
  const due = tally.formal >= settings.ownMin || marks.has('dueByPlan')
  const lack: Lack | null = built ? null : due ? 'dueNotBuilt' : tally.formal > 0 ? 'few' : 'zero'
  const counted = {
    kind: facts.kind,
    staff: facts.staff,
    formal: tally.formal,
    known_elsewhere: tally.knownElsewhere,
    state,
    lack,
    own_kind: mode === 'own' && cover ? ownKindOf(now(cover.kinds)[0]?.kind) : null,
    due,
  }
  return {
    ...counted,
    probationary: tally.probationary,
    in_operation: facts.inOperation,
    is_target: facts.isTarget,
    small_micro: smallMicro(facts.kind, facts.industry, facts.staff),
    industry: facts.industry,
    ownership: facts.ownership,
    members_over_staff: facts.staff === null ? null : tally.formal + tally.probationary > facts.staff,
    has_instructor: contacts.has('instructor'),
    has_liaison: contacts.has('liaison'),
    has_union: contacts.has('union'),
    has_league: contacts.has('league'),
    charter: now(facts.charters)[0]?.hasClause ?? null,
    in_base: marks.has('base'),
    professional: marks.has('professional'),
    ...organisation(built ? cover : null, day, settings),
    step: stepOf(counted, settings),
  }
}

/** What the covering organisation adds: size of a joint one, its term, its committee (of an own one). */
function organisation(cover: Cover | null, day: string, settings: Settings) {
  const joint = cover?.mode === 'joint'
  const others = joint ? new Set(cover.others.filter((one) => holds(one, day)).map((one) => one.unitId)) : null
  const jointUnits = others ? others.size + 1 : null
  const end = cover ? termEndOn(cover, day) : null
  const posts = cover?.mode === 'own' ? cover.posts.filter((post) => holds(post, day)) : null
  const secretaries = posts?.filter((post) => post.secretary) ?? []
  return {
    joint_units: jointUnits,
    joint_over: jointUnits !== null && jointUnits > settings.jointUnitsMax,
    term_over: end !== null && end < day,
    term_soon: end !== null && end >= day && addMonths(day, settings.soonMonths) >= end,
    secretary_in_management: secretaries.length === 0 ? null : secretaries.some((post) => post.inManagement),
    committee_posts: posts && new Set(posts.map((post) => post.person)).size,
    cross_posts: posts && new Set(posts.filter((post) => post.inManagement).map((post) => post.person)).size,
  }
}

function termEndOn(cover: Cover, day: string): string | null {
  const begun = cover.terms.filter((term) => term.from <= day).map((term) => term.end)
  return begun.sort().at(-1) ?? null
}

/** How statistics count an organisation of one unit: whatever is neither a committee nor a general branch is a branch. */
function ownKindOf(kind: string | undefined): OwnKind {
  if (kind === 'partyCommittee' || kind === 'composite' || kind === 'industry') return 'committee'
  return kind === 'generalBranch' ? 'generalBranch' : 'branch'
}

type Counted = Pick<UnitState, 'formal' | 'known_elsewhere' | 'staff' | 'state' | 'lack' | 'own_kind' | 'due'>

/** The next right step by the decision table of domain A.11. */
export function stepOf(unit: Counted, settings: Settings): NextStep {
  const { formal, state } = unit
  if (state === 'own') {
    if (formal >= settings.committeeMin && unit.own_kind !== 'committee') return 'requestCommittee'
    if (formal >= settings.generalBranchMin && unit.own_kind === 'branch') return 'requestGeneralBranch'
    return 'keep'
  }
  if (formal >= settings.ownMin || unit.due) {
    if (unit.lack === null) return 'split'
    if (formal >= settings.committeeMin) return 'requestCommittee'
    if (formal >= settings.generalBranchMin) return 'requestGeneralBranch'
    return formal >= settings.branchCommitteeMin ? 'requestBranchCommittee' : 'requestBranch'
  }
  if (formal + unit.known_elsewhere >= settings.ownMin) return 'transferFirst'
  if (unit.lack === null) return 'keep'
  if (formal > 0) return 'join'
  return unit.staff !== null && unit.staff >= settings.instructStaffMin ? 'instructRecruit' : 'workCover'
}

/**
 * The first day after `day` on which the state may differ because something dated begins or ends; null when nothing is
 * known to. Settings are dated too: the caller looks after them.
 */
export function nextTurn(facts: UnitFacts, day: string, settings: Settings): string | null {
  const turns: (string | null)[] = []
  const note = (dated: Dated) => turns.push(dated.from, dated.to)
  if (facts.listed) note(facts.listed)
  for (const list of [facts.tallies, facts.covers, facts.contacts, facts.charters, facts.marks]) list.forEach(note)
  for (const cover of facts.covers) {
    cover.others.forEach(note)
    cover.posts.forEach(note)
    cover.kinds.forEach(note)
    for (const { from, end } of cover.terms) {
      // Months differ in length: the day on which the last months of a term begin lies within these.
      const soon = addMonths(end, -settings.soonMonths)
      turns.push(from, soon, addDays(soon, 1), addDays(soon, 2), addDays(soon, 3), addDays(end, 1))
    }
  }
  return turns.filter((turn): turn is string => turn !== null && turn > day).sort()[0] ?? null
}

const ownWords = { committee: '党委', generalBranch: '党总支', branch: '党支部' } as const

/** Why a unit is in its state, in one sentence. */
export function reasonOf(unit: Counted & Pick<UnitState, 'joint_units'>): string {
  const members = unit.formal > 0 ? `正式党员 ${unit.formal} 名` : '没有正式党员'
  const elsewhere = unit.known_elsewhere > 0 ? `，另有 ${unit.known_elsewhere} 名党员组织关系未转入` : ''
  const lacking = unit.lack === 'dueNotBuilt' ? '，应建未建' : unit.lack === 'few' ? '，仅有个别党员' : ''
  const how: Record<CoverageState, string> = {
    own: `单独建有${ownWords[unit.own_kind ?? 'branch']}`,
    joint: `与其他单位联合组建，共 ${unit.joint_units ?? 1} 家`,
    regional: '由所在园区、楼宇、商圈等区域统一组建',
    industry: '由行业统一组建',
    attached: '挂靠在其他单位的党组织',
    fallback: '没有党组织，由兜底组织管理',
    workOnly: '没有党组织，有指导员、联络员或群团组织',
    none: '没有党组织，也没有工作覆盖',
  }
  return `${how[unit.state]}；${members}${elsewhere}${lacking}。`
}
