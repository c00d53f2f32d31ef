// Why a group is as it is, line by line, in the words of the field.
import { GroupRules } from './locked.ts'
import type { Nearness } from './pair.ts'
import type { FormingPlan, PlanGroup, PlanInput, UnmetWish } from './plan-input.ts'

/** The words for what allows two units in one group. */
export const nearnessWords: Record<Nearness, string> = {
  building: '同一楼宇',
  park: '同一园区',
  road: '同一道路、门牌相邻',
  near: '地域相邻',
  industry: '行业相近',
  wide: '相距较远，需说明理由',
  guess: '同一街道，位置尚未核实',
}

/** A group explained: each unit with its metres and the rule met; `measured` is false where a place is a guess. */
export type GroupReasons = {
  leadId: string
  members: number
  units: number
  lines: {
    unitId: string
    members: number
    nearness: Nearness | null
    words: string
    metres: number
    measured: boolean
  }[]
  /** Why the group is flagged, and wishes it does not keep. */
  flags: string[]
}

/** Explains one group of a plan. */
export function explainGroup(input: PlanInput, group: PlanGroup, rules = new GroupRules(input)): GroupReasons {
  const host = rules.hosts.get(group.leadId)
  const lead = host ?? rules.units.get(group.leadId)
  const lines = group.unitIds
    .filter((id) => id !== group.leadId)
    .map((unitId) => {
      const { nearness, metres, measured } = rules.why(group.leadId, unitId)
      const floor = rules.units.get(unitId)!.place.floor
      const level = nearness === 'building' && floor != null && floor === lead?.place.floor ? '同层' : ''
      const words = nearness === null ? '按要求同组' : `${nearnessWords[nearness]}${level}`
      return { unitId, members: rules.units.get(unitId)!.members, nearness, words, metres, measured }
    })
  const members = group.unitIds.reduce((sum, id) => sum + (rules.units.get(id)?.members ?? 0), host?.members ?? 0)
  const units = group.unitIds.length + (host?.unitIds.length ?? 0)
  const flags = [
    ...(units > rules.settings.unitsNormal ? [`${units} 家单位，一般不超过 ${rules.settings.unitsNormal} 家`] : []),
    ...new Set(lines.filter((line) => line.nearness === 'wide' || line.nearness === 'guess').map((line) => line.words)),
    ...unmetIn(input, group).map((wish) => `“${nameOf(rules, wish.unitId)}”${wish.words}`),
  ]
  return { leadId: group.leadId, members, units, lines, flags }
}

const nameOf = (rules: GroupRules, id: string) => rules.units.get(id)?.name ?? id

/** Wishes for a common group that a group does not keep; one with a unit of the branch that leads it is kept by that. */
function unmetIn(input: PlanInput, { leadId, unitIds }: Pick<PlanGroup, 'leadId' | 'unitIds'>): UnmetWish[] {
  const wishes = (input.unmet ?? []).filter((wish) => unitIds.includes(wish.unitId))
  if (wishes.length === 0) return wishes
  const host = (input.hosts ?? []).find((one) => one.id === leadId)
  return wishes.filter((wish) => !host?.unitIds.includes(wish.otherId))
}

/** Every wish for a common group that a plan does not keep, in whole sentences. */
export function unmetOf(input: PlanInput, plan: FormingPlan) {
  if ((input.unmet ?? []).length === 0) return []
  const rules = new GroupRules(input)
  const groups = [...plan.groups, ...plan.leftOver.map((id) => ({ leadId: id, unitIds: [id] }))]
  return groups
    .flatMap((group) => unmetIn(input, group))
    .map(({ unitId, words }) => ({ unitId, words: `“${nameOf(rules, unitId)}”${words}。` }))
}

/** Why a unit was left over: how many units are within reach, their members together with its own, and the nearest of them. */
export type LeftReason = {
  unitId: string
  within: { unitId: string; metres: number }[]
  members: number
  words: string
}

/** Explains a unit that a plan leaves over, by the units it could be with. */
export function explainLeft(
  input: PlanInput,
  plan: FormingPlan,
  unitId: string,
  rules = new GroupRules(input),
): LeftReason {
  const own = rules.units.get(unitId)!
  const taken = new Set([
    ...rules.refused,
    ...plan.groups.filter((group) => group.locked).flatMap((group) => group.unitIds),
  ])
  const within = input.units
    .filter((unit) => unit.id !== unitId && !taken.has(unit.id))
    .map((unit) => ({ unitId: unit.id, ...rules.why(unitId, unit.id) }))
    .filter((one) => one.nearness !== null)
    .sort((a, b) => a.metres - b.metres || (a.unitId < b.unitId ? -1 : 1))
    .map((one) => ({ unitId: one.unitId, metres: one.metres }))
  const members = within.reduce((sum, one) => sum + rules.units.get(one.unitId)!.members, own.members)
  const short = members < rules.settings.membersMin
  const words = short
    ? `可联合范围内连同自身共 ${members} 名党员，不足 ${rules.settings.membersMin} 名`
    : '可联合的单位都已编组，改编会使别的单位剩下'
  const advised = `${words}，建议挂靠、区域统建或由兜底组织覆盖`
  const unmet = unmetIn(input, { leadId: unitId, unitIds: [unitId] }).map((wish) => wish.words)
  return { unitId, within: within.slice(0, 5), members, words: [advised, ...unmet].join('。') }
}
