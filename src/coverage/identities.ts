import type { ListOf } from './contract.ts'
import { figures } from './definitions.ts'

/** What must hold between figures: `left` equals (or is at least) the sum of `right`. Source: domain A.10, identity checks. */
interface Identity {
  key: string
  title: string
  kind: 'identity' | 'data'
  left: string
  right: readonly string[]
  relation: 'equal' | 'atLeast' | 'none'
  list: ListOf | null
}

export const identities: readonly Identity[] = [
  {
    key: 'unitsByState',
    title: '实体运营单位 = 单独 + 联合 + 区域 + 行业 + 挂靠 + 兜底 + 仅有工作覆盖 + 未覆盖',
    kind: 'identity',
    left: 'units',
    right: ['own', 'joint', 'regional', 'industry', 'attached', 'fallback', 'workOnly', 'none'],
    relation: 'equal',
    list: { figure: 'units' },
  },
  {
    key: 'unitsByBuilt',
    title: '实体运营单位 = 单独组建 + 联合组建（合计） + 未建党组织',
    kind: 'identity',
    left: 'units',
    right: ['own', 'jointAll', 'unbuilt'],
    relation: 'equal',
    list: { figure: 'units' },
  },
  {
    key: 'jointByMode',
    title: '联合组建（合计） = 联合 + 区域 + 行业 + 挂靠',
    kind: 'identity',
    left: 'jointAll',
    right: ['joint', 'regional', 'industry', 'attached'],
    relation: 'equal',
    list: { figure: 'jointAll' },
  },
  {
    key: 'unbuiltByLack',
    title: '未建党组织 = 应建未建 + 仅有个别党员 + 没有党员',
    kind: 'identity',
    left: 'unbuilt',
    right: ['dueNotBuilt', 'few', 'zero'],
    relation: 'equal',
    list: { figure: 'unbuilt' },
  },
  {
    key: 'ownByKind',
    title: '单独组建 = 党委 + 党总支 + 党支部',
    kind: 'identity',
    left: 'own',
    right: ['ownCommittee', 'ownGeneralBranch', 'ownBranch'],
    relation: 'equal',
    list: { figure: 'own' },
  },
  {
    key: 'allUnits',
    title: '统计范围内单位 = 实体运营 + 非实体运营',
    kind: 'identity',
    left: 'allUnits',
    right: ['units', 'notOperating'],
    relation: 'equal',
    list: { figure: 'allUnits' },
  },
  {
    key: 'jointWithThree',
    title: '联合组建（合计） ≥ 其中 3 名以上正式党员的',
    kind: 'identity',
    left: 'jointAll',
    right: ['jointWithThree'],
    relation: 'atLeast',
    list: { figure: 'jointWithThree' },
  },
  {
    key: 'instructorSent',
    title: '未建党组织 ≥ 其中已派指导员的',
    kind: 'identity',
    left: 'unbuilt',
    right: ['instructorSent'],
    relation: 'atLeast',
    list: { figure: 'instructorSent' },
  },
  {
    key: 'membersOverStaff',
    title: '党员数不多于从业人数（0 家需核实）',
    kind: 'data',
    left: 'membersOverStaff',
    right: [],
    relation: 'none',
    list: { figure: 'membersOverStaff' },
  },
]

const slotOf = new Map(figures.map((one) => [one.key, one.measure.slot]))

/** Both sides of an identity in one set of sums. */
export function weigh(identity: Identity, sums: ReadonlyMap<number, number>) {
  const of = (key: string) => sums.get(slotOf.get(key)!) ?? 0
  const left = of(identity.left)
  const right = identity.right.reduce((sum, key) => sum + of(key), 0)
  const holds =
    identity.relation === 'equal' ? left === right : identity.relation === 'none' ? left === 0 : left >= right
  return { left, right, holds }
}

/** Which identities do not hold in a row of sums, by key. */
export function brokenIn(counts: readonly number[]): string[] {
  const sums = new Map(counts.map((sum, at) => [at + 1, sum]))
  return identities.flatMap((one) => (one.kind === 'identity' && !weigh(one, sums).holds ? [one.key] : []))
}
