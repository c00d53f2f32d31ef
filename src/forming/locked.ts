// Groups fixed by hand, and everything that can be asked of a group by its ids: what it costs and which rule it breaks.
import { nearness, metresBetween, pairMetres, far, type Nearness } from './pair.ts'
import {
  settingsOf,
  type FormingSettings,
  type PlanGroup,
  type PlanHost,
  type PlanInput,
  type PlanUnit,
} from './plan-input.ts'

/** Rules a group can break, each with its Chinese words. */
export const ruleWords = {
  tooFewMembers: '正式党员不足规定人数',
  tooManyMembers: '党员人数超过支部上限',
  tooManyUnits: '单位数超过上限',
  tooFar: '与牵头单位既不相邻、也不同行业',
  apart: '有要求不得同组的单位',
  together: '要求同组的单位被分开',
  refused: '有明确不参加的单位',
  unknown: '有不在本次范围内的单位',
} as const
/** The name of a rule a group can break. */
export type BrokenRule = keyof typeof ruleWords

/** What a set of units led by one of them, or by a host, costs and breaks. `metres` counts what can be counted. */
export type GroupCheck = { metres: number; flagged: boolean; broken: BrokenRule[] }

/** An input looked up by id, made once for many questions. */
export class GroupRules {
  readonly units: Map<string, PlanUnit>
  readonly hosts: Map<string, PlanHost>
  readonly settings: FormingSettings
  readonly refused: Set<string>
  private readonly apart = new Map<string, Set<string>>()
  private readonly together = new Map<string, Set<string>>()
  constructor(input: PlanInput) {
    this.units = new Map(input.units.map((unit) => [unit.id, unit]))
    this.hosts = new Map((input.hosts ?? []).map((host) => [host.id, host]))
    this.settings = settingsOf(input.settings)
    this.refused = new Set(input.refused)
    for (const [a, b] of input.apart ?? []) link(this.apart, a, b)
    for (const [a, b] of input.together ?? []) link(this.together, a, b)
  }
  /** Checks one group; the cheapest way is not looked for: the lead is the one given. */
  check(leadId: string, unitIds: readonly string[]): GroupCheck {
    const { settings } = this
    const broken = new Set<BrokenRule>()
    const host = this.hosts.get(leadId)
    const lead = host ?? this.units.get(leadId)
    const units = unitIds.map((id) => this.units.get(id)).filter((unit) => unit !== undefined)
    if (lead === undefined || units.length < unitIds.length) broken.add('unknown')
    const members = units.reduce((sum, unit) => sum + unit.members, host?.members ?? 0)
    const count = units.length + (host?.unitIds.length ?? 0)
    if (host === undefined && members < settings.membersMin) broken.add('tooFewMembers')
    if (members > settings.membersMax) broken.add('tooManyMembers')
    if (count > settings.unitsMax) broken.add('tooManyUnits')
    if (unitIds.some((id) => this.refused.has(id))) broken.add('refused')
    const all = new Set([...unitIds, ...(host === undefined ? [] : [host.id, ...host.unitIds])])
    // Two that stand in the branch already are not brought together by this group.
    const before = new Set(host?.unitIds)
    for (const id of all) {
      for (const other of this.apart.get(id) ?? [])
        if (all.has(other) && !(before.has(id) && before.has(other))) broken.add('apart')
    }
    // A partner that refused is planned for by nobody, one that stands in a branch is placed already: the pair is void.
    for (const id of unitIds)
      for (const other of this.together.get(id) ?? [])
        if (!all.has(other) && this.units.has(other) && !this.refused.has(other)) broken.add('together')
    let metres = 0
    let flagged = count > settings.unitsNormal
    for (const unit of lead === undefined ? [] : units) {
      if (unit.id === leadId) continue
      const pair = pairMetres(lead!, unit, settings)
      const joined = this.joined(leadId, unit.id, all)
      if (pair === Infinity && !joined) broken.add('tooFar')
      metres += pair === Infinity ? metresBetween(lead!.place, unit.place, settings) : pair % far
      flagged ||= pair >= far
    }
    return { metres, flagged, broken: [...broken] }
  }

  /** Why a unit may stand in a group led by another: the rule met, the metres, and whether the place is a guess. */
  why(leadId: string, unitId: string): { nearness: Nearness | null; metres: number; measured: boolean } {
    const lead = this.hosts.get(leadId) ?? this.units.get(leadId)!
    const unit = this.units.get(unitId)!
    const measured = lead.place.accuracyMetres === 0 && unit.place.accuracyMetres === 0
    return {
      nearness: nearness(lead, unit, this.settings),
      metres: metresBetween(lead.place, unit.place, this.settings),
      measured,
    }
  }

  // Whether wishes of the office bind two units of a group, directly or over others in it.
  private joined(from: string, to: string, all: ReadonlySet<string>): boolean {
    const seen = new Set([from])
    for (const id of seen) for (const next of this.together.get(id) ?? []) if (all.has(next)) seen.add(next)
    return seen.has(to)
  }
}

function link(map: Map<string, Set<string>>, a: string, b: string): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const own = map.get(from)
    if (own === undefined) map.set(from, new Set([to]))
    else own.add(to)
  }
}

/** The locked groups of an input as groups of a plan, their cost counted like every other's. */
export function locked(input: PlanInput): PlanGroup[] {
  if ((input.locked ?? []).length === 0) return []
  const rules = new GroupRules(input)
  return input.locked!.map(({ leadId, unitIds }) => {
    const { metres, flagged } = rules.check(leadId, unitIds)
    return { leadId, unitIds: [...unitIds], locked: true, metres, flagged }
  })
}
