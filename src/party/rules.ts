import { addMonths } from '../base/time.ts'
import type { Finding } from './contract.ts'
import type { PartySettings } from './settings-contract.ts'
import type { CoverMode, FormingMode, OrgKind, PartyPost, TermState } from './words-contract.ts'

/** From a day (inclusive) to a day (exclusive), `YYYY-MM-DD`; null: open. */
interface Dated {
  validFrom: string
  validTo: string | null
}

/** What the rules look at. Numbers of members are null where neither a roster nor a report tells them. */
export interface OrgFacts {
  kind: OrgKind
  formingMode: FormingMode
  foundedOn: string
  dissolvedOn: string | null
  plannedEnd: string | null
  formal: number | null
  probationary: number | null
  /** Units covered on the day, by mode. */
  covers: readonly { mode: CoverMode; formal: number | null }[]
  posts: readonly (Dated & { post: PartyPost })[]
  /** The latest term begun by the day. */
  term: TermFacts | null
  hasParent: boolean
}

interface TermFacts {
  electedOn: string
  expiresOn: string
  delayedUntil: string | null
  delayApproval: string | null
}

/** True where something dated holds on a day. */
export function holds(dated: Dated, day: string): boolean {
  return dated.validFrom <= day && (dated.validTo === null || day < dated.validTo)
}

/** What kind of body it is for size and term: committee 5 years, general branch and branch 3. */
export function rankOf(kind: OrgKind): 'committee' | 'generalBranch' | 'branch' {
  if (kind === 'partyCommittee' || kind === 'composite' || kind === 'industry') return 'committee'
  return kind === 'generalBranch' ? 'generalBranch' : 'branch'
}

/** Leaders of a temporary organisation are appointed; it holds no elections and is dissolved when its body ends. */
export function holdsElections(kind: OrgKind, formingMode: FormingMode): boolean {
  return kind !== 'temporary' && formingMode !== 'temporary'
}

/** The last day of a term that began on a day, by the years of its rank. */
export function termEnd(kind: OrgKind, electedOn: string, settings: PartySettings): string {
  const years = {
    committee: settings.committeeTermYears,
    generalBranch: settings.generalBranchTermYears,
    branch: settings.branchTermYears,
  }[rankOf(kind)]
  return addMonths(electedOn, years * 12)
}

/** What a term asks for on a day. `endsOn`: the last day, an approved delay counted. */
export function termStateOf(
  org: Pick<OrgFacts, 'kind' | 'formingMode' | 'dissolvedOn'>,
  endsOn: string | null,
  day: string,
  settings: PartySettings,
): TermState {
  if (!holdsElections(org.kind, org.formingMode)) return 'exempt'
  if (org.dissolvedOn !== null && org.dissolvedOn <= day) return 'exempt'
  if (endsOn === null) return 'none'
  if (endsOn < day) return 'over'
  return addMonths(day, settings.soonMonths) >= endsOn ? 'soon' : 'ok'
}

const sources = {
  charter: '《中国共产党章程》第三十条',
  branch: '《中国共产党支部工作条例（试行）》',
  election: '《中国共产党基层组织选举工作条例》',
  term: '《关于党的基层组织任期的意见》',
  setting: '《中国共产党章程》及基层组织设置规定',
} as const

/** What the rules have to say of an organisation on a day, the worst first. Pure. */
export function findingsOf(org: OrgFacts, day: string, settings: PartySettings): Finding[] {
  if (org.dissolvedOn !== null && org.dissolvedOn <= day) return []
  const found = [
    ...sizeFindings(org, settings),
    ...unitFindings(org, settings),
    ...committeeFindings(org, day, settings),
    ...termFindings(org, day, settings),
    ...projectFindings(org, settings),
  ]
  if (!org.hasParent) found.push(say('noParent', 'warn', '没有登记上级党组织（隶属）。', sources.setting))
  const order = { bad: 0, warn: 1, note: 2 }
  return found.toSorted((a, b) => order[a.level] - order[b.level])
}

const say = (code: string, level: Finding['level'], text: string, source: string): Finding => ({
  code,
  level,
  text,
  source,
})

function sizeFindings(org: OrgFacts, settings: PartySettings): Finding[] {
  if (org.formal === null) return []
  const all = org.formal + (org.probationary ?? 0)
  const rank = rankOf(org.kind)
  if (org.kind === 'composite' || org.kind === 'industry' || org.kind === 'functional') return []
  if (rank === 'committee' && all < settings.committeeMin)
    return [
      say(
        'committeeSmall',
        'note',
        `党员 ${all} 名，设基层党委一般应有 ${settings.committeeMin} 名以上；不足的须经批准。`,
        sources.setting,
      ),
    ]
  if (rank === 'generalBranch') {
    if (all >= settings.committeeMin)
      return [say('committeeDue', 'warn', `党员 ${all} 名，可以申请设立基层党委。`, sources.setting)]
    if (all < settings.generalBranchMin)
      return [
        say(
          'generalBranchSmall',
          'note',
          `党员 ${all} 名，设党总支一般应有 ${settings.generalBranchMin} 名以上；不足的须经批准。`,
          sources.setting,
        ),
      ]
    return []
  }
  if (rank !== 'branch') return []
  if (all > settings.branchMax)
    return [
      say(
        'branchLarge',
        'warn',
        `党员 ${all} 名，党支部一般不超过 ${settings.branchMax} 名，应考虑设党总支或分设支部。`,
        `${sources.branch}第四条`,
      ),
    ]
  if (org.kind === 'branch' && org.formingMode === 'solo' && org.formal < settings.ownMin)
    return [
      say(
        'branchSmall',
        'warn',
        `正式党员 ${org.formal} 名，不足 ${settings.ownMin} 名，不具备单独成立党支部的条件。`,
        sources.charter,
      ),
    ]
  return []
}

function unitFindings(org: OrgFacts, settings: PartySettings): Finding[] {
  const found: Finding[] = []
  const joint = org.covers.filter((one) => one.mode === 'joint')
  if (joint.length > settings.jointUnitsMax)
    found.push(
      say(
        'jointUnits',
        'bad',
        `联合覆盖 ${joint.length} 家单位，一般不超过 ${settings.jointUnitsMax} 家，应当拆分。`,
        `${sources.branch}第五条`,
      ),
    )
  if (org.kind === 'jointBranch' && joint.length === 1)
    found.push(say('jointOne', 'warn', '联合党支部只覆盖 1 家单位。', `${sources.branch}第五条`))
  const ripe = joint.filter((one) => (one.formal ?? 0) >= settings.ownMin).length
  if (ripe > 0)
    found.push(
      say(
        'jointRipe',
        'bad',
        `联合覆盖的单位中有 ${ripe} 家正式党员满 ${settings.ownMin} 名，应当单独组建。`,
        sources.charter,
      ),
    )
  if (org.covers.length === 0 && org.kind !== 'floating')
    found.push(say('noUnit', 'note', '没有登记覆盖的单位。', sources.setting))
  return found
}

function committeeFindings(org: OrgFacts, day: string, settings: PartySettings): Finding[] {
  const found: Finding[] = []
  const now = org.posts.filter((post) => holds(post, day))
  const count = (...posts: PartyPost[]) => now.filter((one) => posts.includes(one.post)).length
  const secretaries = count('secretary')
  if (secretaries === 0) found.push(say('noSecretary', 'bad', '没有书记。', `${sources.branch}第二十条`))
  if (secretaries > 1) found.push(say('twoSecretaries', 'bad', `同时登记了 ${secretaries} 名书记。`, sources.election))
  if (rankOf(org.kind) !== 'branch' || org.formal === null || org.kind === 'temporary') return found
  const seats = now.filter((one) => one.post !== 'firstSecretary').length
  const members = count('organisationMember', 'publicityMember', 'disciplineMember', 'committeeMember')
  const rule = `${sources.branch}第二十条`
  if (org.formal < settings.branchCommitteeMin) {
    if (members > 0)
      found.push(
        say(
          'committeeNone',
          'warn',
          `正式党员 ${org.formal} 名，不足 ${settings.branchCommitteeMin} 名，只设书记 1 名，必要时设副书记 1 名，不设委员。`,
          rule,
        ),
      )
    return found
  }
  if (seats < 3)
    found.push(
      say('committeeMissing', 'warn', `正式党员 ${org.formal} 名，应设支部委员会 3 至 5 人，现有 ${seats} 人。`, rule),
    )
  if (seats > 7) found.push(say('committeeLarge', 'bad', `支部委员会 ${seats} 人，一般不超过 7 人。`, rule))
  if (seats === 6 || seats === 7)
    found.push(say('committeeWide', 'note', `支部委员会 ${seats} 人，一般 3 至 5 人，最多不超过 7 人。`, rule))
  return found
}

function termFindings(org: OrgFacts, day: string, settings: PartySettings): Finding[] {
  if (!holdsElections(org.kind, org.formingMode)) return endFindings(org, day)
  const found = endFindings(org, day)
  const { term } = org
  const endsOn = term ? (term.delayedUntil ?? term.expiresOn) : null
  const state = termStateOf(org, endsOn, day, settings)
  if (state === 'none') {
    const due = addMonths(org.foundedOn, settings.firstElectionMonths)
    if (due < day) found.push(say('electionDue', 'warn', `${due} 前应完成首次选举，还没有届次记录。`, sources.election))
    return found
  }
  if (state === 'over') found.push(say('termOver', 'bad', `已于 ${endsOn} 届满，还没有换届。`, sources.term))
  if (state === 'soon') found.push(say('termSoon', 'warn', `将于 ${endsOn} 届满，请筹备换届。`, sources.term))
  if (!term) return found
  const by = termEnd(org.kind, term.electedOn, settings)
  if (term.expiresOn > by)
    found.push(say('termLong', 'warn', `登记的届满日 ${term.expiresOn} 晚于按任期推算的 ${by}。`, sources.term))
  if (term.delayedUntil && !term.delayApproval)
    found.push(say('delayUnapproved', 'bad', '延期换届没有批准文号。', sources.election))
  if (term.delayedUntil && term.delayedUntil > addMonths(term.expiresOn, settings.delayMonthsMax))
    found.push(
      say(
        'delayLong',
        'bad',
        `延期至 ${term.delayedUntil}，超过一般上限 ${settings.delayMonthsMax} 个月。`,
        sources.election,
      ),
    )
  return found
}

/** A project that is too short for a branch of its own. */
function projectFindings(org: OrgFacts, settings: PartySettings): Finding[] {
  const least = addMonths(org.foundedOn, settings.projectMonthsMin)
  if (org.formingMode !== 'project' || !org.plannedEnd || org.plannedEnd >= least) return []
  const text = `项目工期不足 ${settings.projectMonthsMin} 个月，一般不单独成立党支部。`
  return [say('projectShort', 'note', text, `${sources.branch}第五条`)]
}

/** A temporary or project organisation goes with its body. */
function endFindings(org: OrgFacts, day: string): Finding[] {
  if (!org.plannedEnd || org.plannedEnd > day) return []
  return [
    say(
      'dissolveDue',
      'bad',
      `计划 ${org.plannedEnd} 撤销，组建它的项目或临时机构已结束，应当撤销。`,
      `${sources.branch}第八条`,
    ),
  ]
}

/** Rules on elections that the platform shows and cannot check: quorum, candidates, majority, ballots. */
export const electionRules: readonly { text: string; source: string }[] = [
  { text: '有选举权的到会人数不少于应到会人数的五分之四，会议有效。', source: sources.election },
  { text: '委员候选人的差额不少于应选人数的 20%。', source: sources.election },
  {
    text: '被选举人获得的赞成票超过应到会有选举权人数的一半，始得当选；不足应选名额的另行选举。',
    source: sources.election,
  },
  { text: '收回的选票等于或少于发出的选票，选举有效；多于发出的，选举无效，重新选举。', source: sources.election },
  { text: '预备党员、留党察看期间的党员没有表决权、选举权和被选举权。', source: '《中国共产党章程》' },
  { text: '党员 500 名以上或所辖党组织驻地分散的，经批准可以召开党员代表大会选举。', source: sources.election },
]

const fullTails: Partial<Record<OrgKind, string>> = {
  partyCommittee: '委员会',
  composite: '综合委员会',
  industry: '行业委员会',
  generalBranch: '总支部委员会',
  jointBranch: '联合支部委员会',
  temporary: '临时支部委员会',
  floating: '流动党员支部委员会',
}

/**
 * The name on the seal, where nobody gave it: 中共 + the unit's name + the kind of organisation (the national collection's
 * rule for organisations without a seal). 大连海风有限公司党支部 → 中共大连海风有限公司支部委员会.
 */
export function fullNameOf(name: string, kind: OrgKind): string {
  const bare = name.trim()
  if (/^(中共|中国共产党)/.test(bare)) return bare
  const core = bare.replace(
    /(联合|流动党员|临时|功能型|综合|行业)?(党支部委员会|支部委员会|党支部|总支部委员会|党总支部|党总支|党委员会|党委)$/,
    '',
  )
  return `中共${core}${fullTails[kind] ?? '支部委员会'}`
}

const coverOf: Partial<Record<FormingMode, CoverMode>> = {
  joint: 'joint',
  regional: 'regional',
  industry: 'industry',
  inMembers: 'industry',
  inCouncil: 'industry',
  leadingEnterprise: 'attached',
  attached: 'attached',
  floating: 'regional',
  fallback: 'fallback',
}

/** How an organisation covers a unit when nobody says otherwise. */
export function coverModeOf(kind: OrgKind, formingMode: FormingMode): CoverMode {
  if (kind === 'jointBranch') return 'joint'
  if (kind === 'composite') return 'fallback'
  return coverOf[formingMode] ?? (kind === 'industry' ? 'industry' : 'own')
}
