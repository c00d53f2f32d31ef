// What a group still wants before it can be founded: members whose relation must come first, numbers that must be checked first.
import type { PlanGroup } from './plan-input.ts'
import type { KeptUnit } from './plan-kept.ts'

/** Members of a group by what must be done about them first. */
export interface Pending {
  /** Their relation is elsewhere. */
  transfer: number
  /** A department reported them, no roster has them. */
  verify: number
  /** Units that are not proven to be in operation. */
  idle: number
}

/** What a group of a plan still wants. */
export function pendingOf(units: ReadonlyMap<string, KeptUnit>, group: Pick<PlanGroup, 'unitIds'>): Pending {
  const found: Pending = { transfer: 0, verify: 0, idle: 0 }
  for (const id of group.unitIds) {
    const unit = units.get(id)
    if (!unit) continue
    if (unit.reported) found.verify += unit.members
    else found.transfer += unit.members - unit.formal
    if (!unit.operating) found.idle += 1
  }
  return found
}

/** The same in words, one a line; empty where nothing is wanted. */
export function pendingWords({ transfer, verify, idle }: Pending): string[] {
  return [
    ...(transfer > 0 ? [`${transfer} 名党员的组织关系须先转入`] : []),
    ...(verify > 0 ? [`${verify} 名党员为来源部门所报，须先核对`] : []),
    ...(idle > 0 ? [`${idle} 家没有证实在实体运营，须先核实`] : []),
  ]
}
