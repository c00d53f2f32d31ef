// What a change by hand costs and breaks, and what differs between two plans; by ids only, so that a screen can ask at every move.
import { flagWeight, leftWeight } from './plan-model.ts'
import type { FormingPlan, PlanGroup, PlanInput } from './plan-input.ts'
import { GroupRules, type BrokenRule, type GroupCheck } from './locked.ts'

/** Takes a unit to the group with this lead, to a group of its own (`new`), or leaves it over (null). */
export type PlanMove = { unitId: string; to: string | null }

/** What a move changes: sums after less before, rules that the touched groups break afterwards, and those groups. */
export type MoveEffect = {
  metres: number
  flagged: number
  leftOver: number
  /** All of it in the planner's own weights, as `planCost` counts a plan. */
  cost: number
  broken: { leadId: string; rules: BrokenRule[] }[]
  plan: FormingPlan
}

/** The weighted cost of a plan: metres, flagged groups, units left over, each far above the one before. */
export function planCost(plan: Pick<FormingPlan, 'metres' | 'flagged' | 'leftOver'>): number {
  return plan.metres + plan.flagged * flagWeight + plan.leftOver.length * leftWeight
}

/** Rules that a plan breaks, group by group; empty for every plan the planner makes, locked groups aside. */
export function brokenRules(
  input: PlanInput,
  plan: FormingPlan,
): { leadId: string; locked: boolean; rules: BrokenRule[] }[] {
  const rules = new GroupRules(input)
  const found = plan.groups.map((group) => ({
    leadId: group.leadId,
    locked: group.locked,
    rules: rules.check(group.leadId, group.unitIds).broken,
  }))
  return found.filter((group) => group.rules.length > 0)
}

/** Evaluates moves on one plan; made once, asked often: a move looks at the two groups it touches only. */
export class MoveEvaluator {
  readonly plan: FormingPlan
  readonly rules: GroupRules
  private readonly groupOf = new Map<string, number>()
  private readonly byLead = new Map<string, number>()
  constructor(input: PlanInput, plan: FormingPlan) {
    this.plan = plan
    this.rules = new GroupRules(input)
    for (const [at, group] of plan.groups.entries()) {
      this.byLead.set(group.leadId, at)
      for (const id of group.unitIds) this.groupOf.set(id, at)
    }
  }

  /** What a move would change; the plan itself stays as it is, the changed one is in the answer. */
  evaluate(move: PlanMove): MoveEffect {
    const from = this.groupOf.get(move.unitId)
    const to = move.to === null || move.to === 'new' ? undefined : this.byLead.get(move.to)
    if (from !== undefined && from === to) return this.effect(new Map(), [], this.plan.leftOver)
    const changed = new Map<number, PlanGroup | null>()
    const added: PlanGroup[] = []
    const left = this.plan.leftOver.filter((id) => id !== move.unitId)
    if (from !== undefined) {
      const group = this.plan.groups[from]!
      const rest = group.unitIds.filter((id) => id !== move.unitId)
      changed.set(from, rest.length === 0 ? null : this.regroup(group, rest))
    }
    if (to !== undefined) {
      const group = this.plan.groups[to]!
      changed.set(to, this.regroup(group, [...group.unitIds, move.unitId]))
    } else if (move.to === null) {
      // Whoever refused is listed apart, not as left over.
      if (!this.rules.refused.has(move.unitId)) left.push(move.unitId)
    } else if (move.to === 'new') added.push(this.group(move.unitId, [move.unitId], false))
    // A host that led nobody yet is no group of the plan.
    else added.push(this.group(move.to, this.rules.hosts.has(move.to) ? [move.unitId] : [move.to, move.unitId], false))
    return this.effect(
      changed,
      added,
      move.to !== null && to === undefined && move.to !== 'new' ? left.filter((id) => id !== move.to) : left,
    )
  }

  private regroup(group: PlanGroup, unitIds: string[]): PlanGroup {
    if (this.rules.hosts.has(group.leadId) || (group.locked && unitIds.includes(group.leadId)))
      return this.group(group.leadId, unitIds, group.locked)
    const checks = unitIds.map((id) => ({ id, check: this.rules.check(id, unitIds) }))
    const weight = ({ broken, metres, flagged }: GroupCheck) =>
      broken.length * leftWeight + (flagged ? flagWeight : 0) + metres
    const best = checks.reduce((least, one) => (weight(one.check) < weight(least.check) ? one : least))
    return this.group(best.id, unitIds, group.locked)
  }

  private group(leadId: string, unitIds: string[], locked: boolean): PlanGroup {
    const { metres, flagged } = this.rules.check(leadId, unitIds)
    return { leadId, unitIds, locked, metres, flagged }
  }

  private effect(changed: Map<number, PlanGroup | null>, added: PlanGroup[], leftOver: string[]): MoveEffect {
    let metres = 0
    let flagged = 0
    for (const at of changed.keys()) {
      metres -= this.plan.groups[at]!.metres
      flagged -= Number(this.plan.groups[at]!.flagged)
    }
    const fresh = [...changed.values(), ...added].filter((group) => group !== null)
    for (const group of fresh) {
      metres += group.metres
      flagged += Number(group.flagged)
    }
    const groups = [
      ...this.plan.groups
        .map((group, at) => (changed.has(at) ? changed.get(at)! : group))
        .filter((group) => group !== null),
      ...added,
    ]
    const checks = fresh.map(({ leadId, unitIds }) => ({ leadId, rules: this.rules.check(leadId, unitIds).broken }))
    const over = leftOver.length - this.plan.leftOver.length
    return {
      metres,
      flagged,
      leftOver: over,
      cost: metres + flagged * flagWeight + over * leftWeight,
      broken: checks.filter((one) => one.rules.length > 0),
      plan: { ...this.plan, groups, leftOver, metres: this.plan.metres + metres, flagged: this.plan.flagged + flagged },
    }
  }
}

/** What stands in one plan and not in another: units by the company they keep, and the change of the sums. */
export type PlanDifference = {
  /** Units whose group has other units now, with the leads before and after (null: left over). */
  moved: { unitId: string; from: string | null; to: string | null }[]
  /** Leads of groups that are the same in both, whoever leads them. */
  same: number
  metres: number
  flagged: number
  leftOver: number
}

/** Compares two plans of the same units. */
export function comparePlans(before: FormingPlan, after: FormingPlan): PlanDifference {
  const keysOf = (plan: FormingPlan) => {
    const keys = new Map<string, { key: string; lead: string }>()
    for (const { leadId, unitIds } of plan.groups) {
      const key = unitIds.toSorted().join('\n')
      for (const id of unitIds) keys.set(id, { key, lead: leadId })
    }
    return keys
  }
  const [old, now] = [keysOf(before), keysOf(after)]
  const moved: PlanDifference['moved'] = []
  for (const unitId of new Set([...old.keys(), ...now.keys()])) {
    const [from, to] = [old.get(unitId), now.get(unitId)]
    if (from?.key !== to?.key) moved.push({ unitId, from: from?.lead ?? null, to: to?.lead ?? null })
  }
  const oldKeys = new Set([...old.values()].map(({ key }) => key))
  const same = new Set([...now.values()].map(({ key }) => key).filter((key) => oldKeys.has(key))).size
  return {
    moved,
    same,
    metres: after.metres - before.metres,
    flagged: after.flagged - before.flagged,
    leftOver: after.leftOver.length - before.leftOver.length,
  }
}
