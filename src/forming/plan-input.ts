// What the planner is given. Every number is a setting with its source: a county may rule otherwise.

/** A number the planner obeys: its value, what it means, where it comes from and since when. */
export type FormingSetting = { value: number; word: string; source: string; effectiveOn: string }

const branchRules = '《中国共产党支部工作条例（试行）》第四条、第五条'

/** The built-in numbers; a county stores its own rows of the same shape over them. */
export const builtInSettings = {
  membersMin: { value: 3, word: '正式党员人数下限', source: branchRules, effectiveOn: '2018-10-28' },
  membersMax: { value: 50, word: '支部党员人数上限', source: branchRules, effectiveOn: '2018-10-28' },
  unitsNormal: { value: 5, word: '联合党支部一般不超过的单位数', source: branchRules, effectiveOn: '2018-10-28' },
  unitsMax: { value: 8, word: '经说明理由可到的单位数', source: '本地掌握', effectiveOn: '2018-10-28' },
  nearMetres: {
    value: 1000,
    word: '地域相邻的距离（米）',
    source: '本地掌握，依“地域相邻”',
    effectiveOn: '2018-10-28',
  },
  industryMetres: {
    value: 3000,
    word: '同行业可放宽到的距离（米）',
    source: '本地掌握，依“行业相近”',
    effectiveOn: '2018-10-28',
  },
  otherStreetMetres: {
    value: 200,
    word: '跨街道折算的距离（米）',
    source: '本地掌握，依“便于管理”',
    effectiveOn: '2018-10-28',
  },
  roadNumbers: { value: 60, word: '同路相邻的门牌号差', source: '本地掌握', effectiveOn: '2018-10-28' },
} satisfies Record<string, FormingSetting>

/** The bare values of the settings, as the planner reads them. */
export type FormingSettings = Record<keyof typeof builtInSettings, number>

/** The values of settings, the built-in ones where none is given. */
export function settingsOf(own: Partial<FormingSettings> = {}): FormingSettings {
  const values = Object.fromEntries(Object.entries(builtInSettings).map(([name, { value }]) => [name, value]))
  return { ...(values as FormingSettings), ...own }
}

/** Where a unit stands: metres east and north of the county's origin, wrong by at most `accuracyMetres`, and what the address says. */
export type PlanPlace = {
  x: number
  y: number
  accuracyMetres: number
  street: string | null
  park: string | null
  building: string | null
  floor?: number | null
  road: string | null
  number: number | null
}

/** A unit to be placed in a group: it has too few formal members for a branch of its own. `name` is for what is said of it. */
export type PlanUnit = { id: string; name?: string; members: number; industry: string | null; place: PlanPlace }

/** An organisation that exists and may take units in: a joint branch with room, or a unit with its own branch (挂靠). */
export type PlanHost = {
  id: string
  /** Units already in it; they count towards the normal number. */
  unitIds: readonly string[]
  members: number
  industry: string | null
  place: PlanPlace
}

/** A group fixed by hand: the planner leaves it as it is and plans the rest. `leadId` is one of `unitIds`, or a host. */
export type LockedGroup = { leadId: string; unitIds: readonly string[] }

/** A unit of a plan that should be with one that no plan places, and in words what stands in the way. */
export type UnmetWish = { unitId: string; otherId: string; words: string }

/** Everything a plan depends on; the same input and seed give the same plan. */
export type PlanInput = {
  units: readonly PlanUnit[]
  hosts?: readonly PlanHost[]
  /** Units that refused: they are planned for by nobody and listed apart. */
  refused?: readonly string[]
  /** Pairs of units that must be in one group. */
  together?: readonly (readonly [string, string])[]
  /** Pairs of units or hosts that must not be in one group. */
  apart?: readonly (readonly [string, string])[]
  locked?: readonly LockedGroup[]
  /** Wishes for a common group that a plan cannot keep: only one of the two is planned for. */
  unmet?: readonly UnmetWish[]
  settings?: Partial<FormingSettings>
}

/** One group of a plan: the leading unit (or the host) and every unit in it, the leading one included. */
export type PlanGroup = { leadId: string; unitIds: string[]; locked: boolean; metres: number; flagged: boolean }

/** A plan: groups, units left over, and units that refused. `metres` is the sum of distances to the leading units. */
export type FormingPlan = {
  groups: PlanGroup[]
  leftOver: string[]
  refused: string[]
  metres: number
  /** Groups that are wider or larger than normal and need a reason. */
  flagged: number
}
