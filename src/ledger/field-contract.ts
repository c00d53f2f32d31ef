import { z } from 'zod'

export { industryLetters, industryName, parseIndustry } from './industry.ts'

/** Kinds of unit, with the word on screen. Inferred from the first two characters of a code where possible (domain B.1). */
export const unitKinds = {
  enterprise: '企业',
  selfEmployed: '个体工商户',
  cooperative: '农民专业合作社',
  socialAssociation: '社会团体',
  privateNonEnterprise: '民办非企业单位',
  foundation: '基金会',
  lawFirm: '律师事务所',
  other: '其他单位',
} as const
export type UnitKind = keyof typeof unitKinds
export const unitKind = z.enum(Object.keys(unitKinds) as [UnitKind, ...UnitKind[]])

/** Registration status of a unit. */
export const unitStatuses = {
  active: '存续',
  abnormal: '经营异常',
  revoked: '吊销',
  cancelled: '注销',
  movedOut: '迁出',
  unknown: '未知',
} as const
export type UnitStatus = keyof typeof unitStatuses
export const unitStatus = z.enum(Object.keys(unitStatuses) as [UnitStatus, ...UnitStatus[]])

/** Who holds a unit (控股情况 of the enterprise statistics, domain B.8). */
export const ownerships = {
  stateOwned: '国有控股',
  collective: '集体控股',
  private: '私人控股',
  hongKong: '港澳台商控股',
  foreign: '外商控股',
  other: '其他控股',
} as const
export type Ownership = keyof typeof ownerships
export const ownership = z.enum(Object.keys(ownerships) as [Ownership, ...Ownership[]])

/** Departments that send files; `office` is what our own staff typed. */
export const departments = {
  marketRegulation: '市场监管',
  civilAffairs: '民政',
  tax: '税务',
  socialInsurance: '人社',
  justice: '司法行政',
  commerce: '商务',
  approval: '行政审批',
  townshipPark: '街道园区',
  office: '本单位填报',
  other: '其他部门',
} as const
export type Department = keyof typeof departments
export const department = z.enum(Object.keys(departments) as [Department, ...Department[]])

/** How a field's text is read and shown. `code`: the code rules of domain B.1 to B.4. */
export type FieldKind =
  | 'text'
  | 'name'
  | 'code'
  | 'count'
  | 'money'
  | 'date'
  | 'year'
  | 'yesNo'
  | 'ownership'
  | 'kind'
  | 'status'
  | 'region'
  | 'industry'
  | 'phone'
  | 'person'

export interface FieldWords {
  title: string
  kind: FieldKind
  /** Personal data: masked by default; shown only by a reveal that is journalled with its purpose (PIPL 6, 51). */
  personal?: true
  unit?: '人' | '元'
  /** What the field means, shown beside it. */
  note?: string
}

/** Every field a departmental file can fill, in the order in which screens and exports show them. */
export const unitFields = {
  name: { title: '单位名称', kind: 'name' },
  uscc: { title: '统一社会信用代码', kind: 'code', note: 'GB 32100-2015，18 位' },
  organisationCode: {
    title: '组织机构代码（9 位）',
    kind: 'text',
    note: 'GB 11714-1997；统一社会信用代码第 9 至 17 位',
  },
  registrationNumber: { title: '注册号（15 位）', kind: 'text', note: 'GS 15-2006，2015 年前的工商注册号' },
  kind: { title: '单位类型', kind: 'kind' },
  enterpriseType: { title: '企业类型', kind: 'text', note: '营业执照或统计登记上的类型，如有限责任公司(自然人独资)' },
  ownership: { title: '控股情况', kind: 'ownership', note: '没有填报的由企业类型、注册号推断' },
  status: { title: '登记状态', kind: 'status' },
  formerName: { title: '曾用名', kind: 'name' },
  shortName: { title: '简称', kind: 'text' },
  legalRep: { title: '法定代表人（负责人）', kind: 'person', personal: true },
  phone: { title: '联系电话', kind: 'phone', personal: true },
  address: { title: '地址', kind: 'text' },
  area: { title: '所属乡镇街道', kind: 'region' },
  place: { title: '所在园区楼宇', kind: 'text' },
  industry: { title: '行业', kind: 'industry', note: 'GB/T 4754-2017' },
  foundedOn: { title: '成立日期', kind: 'date' },
  capital: { title: '注册资本', kind: 'money', unit: '元', note: '社会组织为开办资金' },
  staffCount: { title: '从业人数', kind: 'count', unit: '人' },
  insuredCount: { title: '参保人数', kind: 'count', unit: '人' },
  taxStatus: { title: '纳税人状态', kind: 'text' },
  taxPaid: { title: '近 12 个月入库税额', kind: 'money', unit: '元' },
  annualReport: { title: '最近年报年度', kind: 'year', note: '企业每年 1 至 6 月报上一年度（企业信息公示暂行条例）' },
  hasPremises: { title: '有固定场所', kind: 'yesNo', note: '实地掌握的情况；没有填报的看是否登记了地址' },
  inOperation: { title: '是否实体运营', kind: 'yesNo', note: '实地掌握的情况；没有填报的由税务、人社、年报等推断' },
  registrationLevel: { title: '登记机关级别', kind: 'text' },
  supervisingBody: { title: '业务主管单位', kind: 'text' },
  memberCount: { title: '党员数', kind: 'count', unit: '人', note: '来源部门所报，未经党员信息核对' },
  hasPartyOrg: { title: '是否建立党组织', kind: 'yesNo', note: '来源部门所报' },
  remark: { title: '备注', kind: 'text' },
} as const satisfies Record<string, FieldWords>
export type UnitField = keyof typeof unitFields
export const unitField = z.enum(Object.keys(unitFields) as [UnitField, ...UnitField[]])

/** Fields whose values a screen may read as they are; the personal ones need a reveal. */
export function isPersonal(field: UnitField): boolean {
  return 'personal' in unitFields[field]
}
