import { z } from 'zod'
import { unitKinds } from '../ledger/field-contract.ts'

/** What covers a unit, strongest first; a unit is counted once, by the strongest (domain A.10, practice 15). */
export const coverageStates = {
  own: '单独组建',
  joint: '联合组建',
  regional: '区域统建',
  industry: '行业统建',
  attached: '挂靠组建',
  fallback: '兜底管理',
  workOnly: '仅有工作覆盖',
  none: '未覆盖',
} as const
export type CoverageState = keyof typeof coverageStates
export const coverageState = z.enum(Object.keys(coverageStates) as [CoverageState, ...CoverageState[]])

/** What a unit without an organisation (fallback, workOnly, none) lacks; the rows of the statistics sheet (domain A.10). */
export const lacks = { dueNotBuilt: '应建未建', few: '仅有个别党员', zero: '没有党员' } as const
export type Lack = keyof typeof lacks

/** The kinds of a unit's own organisation that statistics tell apart. */
export const ownKinds = { committee: '党委', generalBranch: '党总支', branch: '党支部' } as const
export type OwnKind = keyof typeof ownKinds

/** The next right step of a unit, from the decision table of domain A.11. `basis`: what the step rests on. */
export const nextSteps = {
  keep: { title: '保持', basis: '已按要求建立党组织' },
  requestCommittee: { title: '申请成立基层党委', basis: '正式党员 100 名以上；上级党组织一般 1 个月内批复' },
  requestGeneralBranch: { title: '申请成立党总支', basis: '正式党员 50 至 99 名；上级党组织一般 1 个月内批复' },
  requestBranchCommittee: {
    title: '申请单独成立党支部，设支部委员会 3 至 5 人',
    basis: '正式党员 7 至 49 名；上级党组织一般 1 个月内批复',
  },
  requestBranch: { title: '申请单独成立党支部，设书记 1 人', basis: '正式党员 3 至 6 名；上级党组织一般 1 个月内批复' },
  split: { title: '应单建未单建：从现组织拆出，单独组建', basis: '正式党员达到单独组建的人数' },
  transferFirst: {
    title: '先转接组织关系，或成立功能型党组织',
    basis: '已知党员达到单独组建的人数，但组织关系未全部转入',
  },
  join: { title: '与地域相邻或行业相近的单位联合组建；不具备的由区域、行业统建', basis: '正式党员不足单独组建的人数' },
  instructRecruit: { title: '选派党建工作指导员，制定发展党员计划', basis: '没有党员，从业人员 50 人以上' },
  workCover: { title: '落实联络员或群团组织，纳入兜底管理', basis: '没有党员' },
} as const
export type NextStep = keyof typeof nextSteps

/** What a day's row of a unit holds that conditions may ask for; words and sources as the builder shows them. */
export const columns = {
  kind: { title: '单位类型', type: 'choice', choices: unitKinds },
  in_operation: { title: '在实体运营', type: 'yesNo', note: '排除僵尸、空挂、注销、吊销、迁出的单位' },
  is_target: { title: '属摸排对象', type: 'yesNo', note: '城市以上园区、三有企业、省级社会组织、30 人以上社会组织' },
  small_micro: { title: '小微企业', type: 'yesNo', note: '按《统计上大中小微型企业划分办法（2017）》的从业人员指标' },
  industry: { title: '行业', type: 'code', note: 'GB/T 4754-2017，门类字母或其后代码' },
  ownership: { title: '控股情况', type: 'code', note: '台账所记的控股情况代码' },
  staff: { title: '从业人数', type: 'count', unit: '人' },
  formal: { title: '正式党员', type: 'count', unit: '人', note: '组织关系在本单位党组织的' },
  probationary: { title: '预备党员', type: 'count', unit: '人' },
  members_over_staff: { title: '党员数多于从业人数（需核实）', type: 'yesNo' },
  known_elsewhere: { title: '组织关系未转入的党员', type: 'count', unit: '人' },
  state: { title: '覆盖方式', type: 'choice', choices: coverageStates },
  lack: { title: '未建情形', type: 'choice', choices: lacks, note: '没有党组织的单位按正式党员数分' },
  own_kind: { title: '单独组建的组织类别', type: 'choice', choices: ownKinds },
  due: { title: '应建党组织', type: 'yesNo', note: '正式党员达到人数，或列入组建计划' },
  joint_units: { title: '所在联合党组织覆盖的单位数', type: 'count', unit: '家' },
  joint_over: { title: '联合党组织覆盖单位超过上限', type: 'yesNo', note: '一般不超过 5 个单位' },
  has_instructor: { title: '有在任党建工作指导员', type: 'yesNo' },
  has_liaison: { title: '有在任党建工作联络员', type: 'yesNo' },
  has_union: { title: '有工会', type: 'yesNo' },
  has_league: { title: '有团组织', type: 'yesNo' },
  term_over: { title: '党组织届满', type: 'yesNo' },
  term_soon: { title: '党组织六个月内届满', type: 'yesNo' },
  charter: { title: '章程写入党建', type: 'yesNo' },
  secretary_in_management: { title: '书记由管理层人员担任', type: 'yesNo' },
  committee_posts: {
    title: '党组织班子职数',
    type: 'count',
    unit: '人',
    note: '单独组建的组织的在任书记、副书记、委员',
  },
  cross_posts: { title: '其中在管理层任职的', type: 'count', unit: '人' },
  in_base: { title: '列入党建基数', type: 'yesNo' },
  professional: { title: '实行党务工作者专业化管理', type: 'yesNo' },
  step: { title: '下一步', type: 'choice', choices: titlesOf(nextSteps) },
} as const satisfies Record<string, ColumnWords>

interface ColumnWords {
  title: string
  type: 'choice' | 'yesNo' | 'count' | 'code'
  choices?: Record<string, string>
  unit?: string
  note?: string
}

function titlesOf<K extends string>(words: Record<K, { title: string }>): Record<K, string> {
  return Object.fromEntries(Object.entries<{ title: string }>(words).map(([key, { title }]) => [key, title])) as Record<
    K,
    string
  >
}

export type Column = keyof typeof columns
type ColumnOf<T extends ColumnWords['type']> = {
  [K in Column]: (typeof columns)[K]['type'] extends T ? K : never
}[Column]
export type CountColumn = ColumnOf<'count'>

function named<T extends ColumnWords['type']>(type: T): [ColumnOf<T>, ...ColumnOf<T>[]] {
  const names = (Object.keys(columns) as Column[]).filter((name) => columns[name].type === type)
  return names as [ColumnOf<T>, ...ColumnOf<T>[]]
}

export const countColumn = z.enum(named('count'))

/**
 * What must hold of a unit on a day. A value that is not known fulfils no comparison; `not` is the plain contrary, so that
 * 不是 includes what is not known.
 */
export type Condition =
  | { and: Condition[] }
  | { or: Condition[] }
  | { not: Condition }
  | { column: ColumnOf<'choice'>; in: string[] }
  | { column: ColumnOf<'yesNo'>; is: boolean }
  | { column: CountColumn; atLeast?: number | undefined; atMost?: number | undefined }
  | { column: ColumnOf<'code'>; startsWith: string[] }
  | { column: Column; known: boolean }

const choiceTest = z
  .strictObject({ column: z.enum(named('choice')), in: z.array(z.string()).min(1).max(20) })
  .refine((test) => test.in.every((value) => value in columns[test.column].choices), '取值不在可选范围内')
const countTest = z
  .strictObject({
    column: countColumn,
    atLeast: z.number().int().min(0).optional().describe('不少于'),
    atMost: z.number().int().min(0).optional().describe('不多于'),
  })
  .refine((test) => test.atLeast !== undefined || test.atMost !== undefined, '请填写下限或上限')
const codeTest = z.strictObject({
  column: z.enum(named('code')),
  startsWith: z
    .array(z.string().regex(/^[A-Za-z0-9]{1,20}$/, '应为代码'))
    .min(1)
    .max(20),
})

const anyCondition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(anyCondition).max(20) }).describe('同时满足；空的总是满足'),
    z.strictObject({ or: z.array(anyCondition).max(20) }).describe('满足其一；空的从不满足'),
    z.strictObject({ not: anyCondition }).describe('不满足'),
    choiceTest,
    z.strictObject({ column: z.enum(named('yesNo')), is: z.boolean() }),
    countTest,
    codeTest,
    z.strictObject({ column: z.enum(Object.keys(columns) as [Column, ...Column[]]), known: z.boolean() }),
  ]),
)

function deep(condition: unknown): number {
  if (Array.isArray(condition)) return Math.max(0, ...condition.map(deep))
  if (typeof condition !== 'object' || condition === null) return 0
  return 1 + Math.max(0, ...Object.values(condition).map(deep))
}

/** A condition over `columns`, at most eight deep. */
export const condition = z
  .unknown()
  .refine((value) => deep(value) <= 8, '条件至多八层')
  .pipe(anyCondition)
  .describe('条件：{and|or:[…]}、{not:…}、{column,in|is|atLeast/atMost|startsWith|known}')
