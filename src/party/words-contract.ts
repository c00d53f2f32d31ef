import { z } from 'zod'

// Words of the field that every file on party organisations shares; runs anywhere.

/** Kinds of party organisations. */
export const orgKinds = {
  partyCommittee: '党委',
  generalBranch: '党总支',
  branch: '党支部',
  jointBranch: '联合党支部',
  temporary: '临时党组织',
  floating: '流动党员党支部',
  functional: '功能型党组织',
  composite: '综合党委',
  industry: '行业党委',
} as const
export type OrgKind = keyof typeof orgKinds
export const orgKind = z.enum(Object.keys(orgKinds) as [OrgKind, ...OrgKind[]])

/** 组建方式: how an organisation was formed. */
export const formingModes = {
  solo: '单独组建',
  joint: '联合组建',
  regional: '区域统建',
  industry: '行业统建',
  attached: '挂靠组建',
  leadingEnterprise: '龙头带建',
  inMembers: '在会员中建',
  inCouncil: '在理事会中建',
  project: '项目组建',
  temporary: '临时组建',
  floating: '流动党员组建',
  functional: '功能型组建',
  fallback: '兜底组建',
} as const
export type FormingMode = keyof typeof formingModes
export const formingMode = z.enum(Object.keys(formingModes) as [FormingMode, ...FormingMode[]])

/** What an organisation rests on. */
export const baseKinds = {
  unit: '单位',
  place: '园区、楼宇、商圈、市场',
  industry: '行业',
  association: '协会商会',
  project: '项目',
  other: '其他',
} as const
export type BaseKind = keyof typeof baseKinds
export const baseKind = z.enum(Object.keys(baseKinds) as [BaseKind, ...BaseKind[]])

/** How an organisation covers a unit. */
export const coverModes = {
  own: '单独',
  joint: '联合',
  regional: '区域',
  industry: '行业',
  attached: '挂靠',
  fallback: '兜底',
} as const
export type CoverMode = keyof typeof coverModes
export const coverMode = z.enum(Object.keys(coverModes) as [CoverMode, ...CoverMode[]])

/** Lines to a parent; 业务指导 is kept apart from 隶属. */
export const orgLines = { leadership: '隶属', guidance: '业务指导' } as const
export type OrgLine = keyof typeof orgLines
export const orgLine = z.enum(['leadership', 'guidance'])

/** Posts of a committee, or of a branch that has none. */
export const partyPosts = {
  firstSecretary: '第一书记',
  secretary: '书记',
  deputySecretary: '副书记',
  organisationMember: '组织委员',
  publicityMember: '宣传委员',
  disciplineMember: '纪检委员',
  committeeMember: '委员',
} as const
export type PartyPost = keyof typeof partyPosts
export const partyPost = z.enum(Object.keys(partyPosts) as [PartyPost, ...PartyPost[]])

/** Where a secretary comes from. */
export const secretarySources = {
  owner: '出资人、法定代表人',
  manager: '中高层管理人员',
  staff: '业务骨干、职工',
  assigned: '上级选派',
  retired: '退休干部',
  other: '其他',
} as const
export type SecretarySource = keyof typeof secretarySources
export const secretarySource = z.enum(Object.keys(secretarySources) as [SecretarySource, ...SecretarySource[]])

export const termFormings = { election: '选举产生', appointment: '上级任命' } as const
export const termForming = z.enum(['election', 'appointment'])

/** Who reaches a unit that has no organisation (工作覆盖). */
export const contactKinds = {
  instructor: '党建工作指导员',
  liaison: '党建工作联络员',
  union: '工会',
  league: '共青团',
} as const
export type ContactKind = keyof typeof contactKinds
export const contactKind = z.enum(Object.keys(contactKinds) as [ContactKind, ...ContactKind[]])

/** Tiers of a network about an organisation. */
export const linkKinds = { core: '核心', key: '重点', base: '基点' } as const
export const linkKind = z.enum(['core', 'key', 'base'])

/** What the term of an organisation asks for. */
export const termStates = {
  ok: '届期内',
  soon: '即将届满',
  over: '已届满',
  none: '没有届次记录',
  exempt: '不换届',
} as const
export type TermState = keyof typeof termStates
export const termState = z.enum(Object.keys(termStates) as [TermState, ...TermState[]])

/** 换届与提醒 */
export const reminderKinds = {
  termOver: '已届满未换届',
  termSoon: '即将届满',
  electionDue: '应选举未选举',
  dissolveDue: '临时组织应撤销',
} as const
export type ReminderKind = keyof typeof reminderKinds
export const reminderKind = z.enum(Object.keys(reminderKinds) as [ReminderKind, ...ReminderKind[]])

/** Kinds of changes to organisations, as the history tells them. */
export const changeKinds = {
  create: '成立',
  correct: '更正',
  rename: '更名改类',
  dissolve: '撤销建制',
  merge: '合并',
  split: '拆分',
  parent: '上级关系',
  cover: '覆盖单位',
  post: '班子成员',
  term: '届次',
  contact: '工作覆盖',
  charter: '党建入章',
  link: '组织网络',
  import: '导入',
  unitMerge: '单位合并随迁',
} as const
export type ChangeKind = keyof typeof changeKinds
export const changeKind = z.enum(Object.keys(changeKinds) as [ChangeKind, ...ChangeKind[]])
