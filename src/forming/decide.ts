// What is proposed for a unit by its formal members and a few facts: rows of a table that a county may change, tried in order.

/** The actions a row can propose, in the words of the field. */
export const formingActions = {
  committee: '建立党委',
  generalBranch: '建立党总支',
  branchWithCommittee: '单独组建党支部（设支委会）',
  branch: '单独组建党支部（设书记）',
  split: '从现组织拆出，应单建',
  transferFirst: '先转接组织关系，或组建功能型党组织',
  joint: '联合组建',
  industry: '行业统建',
  regional: '区域统建',
  attached: '挂靠组建',
  instructor: '选派党建工作指导员，制定发展计划',
  fallback: '由群团、联络员或兜底组织覆盖',
  none: '已有党组织，无需新建',
} as const
/** The kind of organisation that an action founds of one unit; null where it founds none. */
export function kindOfAction(action: FormingAction): 'partyCommittee' | 'generalBranch' | 'branch' | null {
  if (action === 'committee') return 'partyCommittee'
  if (action === 'generalBranch') return action
  return action === 'branch' || action === 'branchWithCommittee' || action === 'split' ? 'branch' : null
}

/** The name of an action. */
export type FormingAction = keyof typeof formingActions

/** What the table looks at. `members` are formal members with their relation here, `membersKnown` all that are known of. */
export type UnitFacts = {
  members: number
  membersKnown: number
  /** Party organisation the unit has today; `joint` is any that it shares: joint, of its area or industry, or another unit's. */
  organisation: 'none' | 'joint' | 'branch' | 'generalBranch' | 'committee'
  staff: number | null
  /** Registered capital in yuan. */
  capital: number | null
  /** Units with one or two formal members in the same township; none where the newest plan found nobody to join this one with. */
  partners: number
  /** Whether an industry organisation, an organisation of its park, building or street, or one to attach to stands ready. */
  industryReady: boolean
  regionReady: boolean
  hostReady: boolean
}

/** A condition on a fact: numbers from `min` to `max` (both included), or one of the listed values. A fact not known fails it. */
export type DecisionCondition =
  | { fact: 'members' | 'membersKnown' | 'staff' | 'capital' | 'partners'; min?: number; max?: number }
  | { fact: 'organisation'; oneOf: readonly UnitFacts['organisation'][] }
  | { fact: 'industryReady' | 'regionReady' | 'hostReady'; is: boolean }

/** A row: all conditions hold (of `any`, at least one). `dueDays` counts from the request to the reply, null without a term. */
export type DecisionRow = {
  code: string
  all: readonly DecisionCondition[]
  any?: readonly DecisionCondition[]
  action: FormingAction
  dueDays: number | null
  source: string
  effectiveOn: string
  /** Day from which the row no longer holds, null while it does. */
  endsOn: string | null
}

const charter = '《中国共产党章程》第三十条'
const rules = '《中国共产党支部工作条例（试行）》第四条、第五条'
const local = '本地掌握'

function row(
  code: string,
  action: FormingAction,
  all: readonly DecisionCondition[],
  more: { any?: readonly DecisionCondition[]; dueDays?: number; source?: string } = {},
): DecisionRow {
  const { any, dueDays = null, source = rules } = more
  return {
    code,
    all,
    ...(any === undefined ? {} : { any }),
    action,
    dueDays,
    source,
    effectiveOn: '2018-10-28',
    endsOn: null,
  }
}

const members = (min: number, max?: number): DecisionCondition => ({
  fact: 'members',
  min,
  ...(max === undefined ? {} : { max }),
})
const without: DecisionCondition = { fact: 'organisation', oneOf: ['none'] }
const joint: DecisionCondition = { fact: 'organisation', oneOf: ['joint'] }

/** The built-in table; the first row whose conditions hold decides. Replies to requests come within a month as a rule. */
export const builtInDecisions: readonly DecisionRow[] = [
  row(
    'committee',
    'committee',
    [members(100), { fact: 'organisation', oneOf: ['none', 'joint', 'branch', 'generalBranch'] }],
    { dueDays: 30 },
  ),
  row(
    'general-branch',
    'generalBranch',
    [members(50, 99), { fact: 'organisation', oneOf: ['none', 'joint', 'branch'] }],
    { dueDays: 30 },
  ),
  row('split', 'split', [members(3), joint], { source: charter }),
  row('has-own', 'none', [{ fact: 'organisation', oneOf: ['branch', 'generalBranch', 'committee'] }]),
  row('branch-committee', 'branchWithCommittee', [members(7, 49), without], { dueDays: 30 }),
  row('branch', 'branch', [members(3, 6), without], { dueDays: 30, source: charter }),
  row(
    'transfer-first',
    'transferFirst',
    [members(0, 2), { fact: 'membersKnown', min: 3 }, { fact: 'organisation', oneOf: ['none', 'joint'] }],
    { source: charter },
  ),
  row('in-joint', 'none', [joint]),
  row('joint', 'joint', [members(1, 2), { fact: 'partners', min: 1 }]),
  row('industry', 'industry', [members(1, 2), { fact: 'industryReady', is: true }], { source: local }),
  row('regional', 'regional', [members(1, 2), { fact: 'regionReady', is: true }], { source: local }),
  row('attached', 'attached', [members(1, 2), { fact: 'hostReady', is: true }], { source: local }),
  row('instructor', 'instructor', [members(0, 0)], {
    any: [
      { fact: 'staff', min: 50 },
      { fact: 'capital', min: 10_000_000 },
    ],
    source: local,
  }),
  row('fallback', 'fallback', [], { source: local }),
]

/** A decision: the row that decided, and every earlier row of the table with the first of its conditions that failed. */
export type Decision = {
  row: DecisionRow
  action: FormingAction
  passed: { code: string; failed: DecisionCondition }[]
}

function holds(condition: DecisionCondition, facts: UnitFacts): boolean {
  if ('oneOf' in condition) return condition.oneOf.includes(facts.organisation)
  if ('is' in condition) return facts[condition.fact] === condition.is
  const value = facts[condition.fact]
  if (value === null) return false
  return value >= (condition.min ?? -Infinity) && value <= (condition.max ?? Infinity)
}

/** Decides for one unit by the rows in force on a day (YYYY-MM-DD); null when no row holds. */
export function decide(
  facts: UnitFacts,
  day: string,
  table: readonly DecisionRow[] = builtInDecisions,
): Decision | null {
  const passed: Decision['passed'] = []
  for (const one of table) {
    if (one.effectiveOn > day || (one.endsOn !== null && one.endsOn <= day)) continue
    const failed = one.all.find((condition) => !holds(condition, facts))
    if (failed !== undefined) passed.push({ code: one.code, failed })
    else if (one.any !== undefined && !one.any.some((condition) => holds(condition, facts)))
      passed.push({ code: one.code, failed: one.any[0]! })
    else return { row: one, action: one.action, passed }
  }
  return null
}
