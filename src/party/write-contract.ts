import { z } from 'zod'
import { countyCodeShape, dateShape, doneOutput, idShape, regionCodeShape } from '../base/list.ts'
import { operations } from '../base/operation.ts'
import { orgPermissions } from './contract.ts'
import {
  baseKind,
  contactKind,
  coverMode,
  formingMode,
  linkKind,
  orgKind,
  orgLine,
  partyPost,
  secretarySource,
  termForming,
} from './words-contract.ts'

const operation = operations('党组织', orgPermissions)
const permission = 'party.org.write'

const text = (max: number) => z.string().trim().max(max)
const reason = z.string().trim().min(2, '请写明原因或依据').max(200).describe('原因或依据')
const from = dateShape.describe('从哪天起')
const changed = z.object({ changeId: idShape.describe('可凭此撤销') })

/** What an organisation is besides its name, kind and mode; wrong entries are corrected here. */
export const orgFacts = {
  code: text(40).nullable().default(null).describe('组织代码'),
  areaCode: regionCodeShape.describe('所在区划'),
  baseKind: baseKind.default('unit').describe('依托'),
  baseUnitId: idShape.nullable().default(null).describe('依托单位'),
  baseText: text(100).nullable().default(null).describe('依托名称'),
  foundedOn: dateShape.describe('成立日期'),
  approvalNo: text(60).nullable().default(null).describe('批准文号'),
  approvedOn: dateShape.nullable().default(null).describe('批准日期'),
  plannedEnd: dateShape.nullable().default(null).describe('计划撤销日期'),
  premises: text(150).nullable().default(null).describe('活动场所'),
  premisesAreaM2: z.number().min(0).max(1_000_000).nullable().default(null).describe('场所面积（平方米）'),
  remark: text(500).nullable().default(null).describe('备注'),
}

/** Name, kind and mode, which have a history. */
export const orgNaming = {
  name: z.string().trim().min(2, '请填写党组织名称').max(100).describe('党组织名称'),
  fullName: text(150).default('').describe('印章全称'),
  kind: orgKind.describe('类别'),
  formingMode: formingMode.describe('组建方式'),
}

const parent = {
  parentId: idShape.nullable().default(null).describe('上级党组织'),
  parentName: text(100).nullable().default(null).describe('上级党组织名称（不在本平台的）'),
}

export const createOrgInput = z.object({
  countyCode: countyCodeShape.describe('所属县（市、区）'),
  ...orgNaming,
  ...orgFacts,
  ...parent,
  unitIds: z.array(idShape).max(200).default([]).describe('覆盖单位'),
  coverMode: coverMode.optional().describe('覆盖方式；默认随组建方式'),
  secretary: text(40).nullable().default(null).describe('书记姓名'),
  electedOn: dateShape.nullable().default(null).describe('当选日期'),
  reason,
})
export const correctOrgInput = z.object({ id: idShape, ...orgFacts, reason })
export const renameOrgInput = z.object({ id: idShape, ...orgNaming, from, reason })
export const dissolveOrgInput = z.object({
  id: idShape,
  on: dateShape.describe('撤销日期'),
  reason,
  coverInto: idShape.nullable().default(null).describe('所覆盖单位转入哪个党组织；空则不转'),
})
export const mergeOrgsInput = z.object({
  id: idShape.describe('并入哪个党组织'),
  fromIds: z.array(idShape).min(1).max(50).describe('被合并的党组织'),
  on: dateShape.describe('合并日期'),
  reason,
})
export const splitOrgInput = z.object({
  id: idShape.describe('从哪个党组织拆出'),
  unitIds: z.array(idShape).min(1, '请选择拆出的单位').max(200).describe('拆出的单位'),
  ...orgNaming,
  on: dateShape.describe('拆分日期'),
  reason,
})
export const setParentInput = z.object({ id: idShape, line: orgLine.describe('关系'), ...parent, from, reason })
export const coverUnitsInput = z.object({
  id: idShape,
  unitIds: z.array(idShape).min(1, '请选择单位').max(200).describe('单位'),
  mode: coverMode.describe('覆盖方式'),
  from,
  move: z.boolean().default(true).describe('从原来的党组织转来：原来的覆盖到这一天为止'),
  reason,
})
export const addPostInput = z.object({
  id: idShape,
  post: partyPost.describe('职务'),
  name: z.string().trim().min(2, '请填写姓名').max(40).describe('姓名'),
  inManagement: z.boolean().default(false).describe('同时在单位管理层任职'),
  managementPosition: text(60).nullable().default(null).describe('管理职务'),
  secretarySource: secretarySource.nullable().default(null).describe('书记来源'),
  from: dateShape.describe('任职日期'),
  reason,
})
export const addTermInput = z.object({
  id: idShape,
  ordinal: z.number().int().min(1).max(99).nullable().default(null).describe('第几届'),
  formedBy: termForming.default('election').describe('产生方式'),
  electedOn: dateShape.describe('当选日期'),
  expiresOn: dateShape.nullable().default(null).describe('届满日期；空则按任期推算'),
  reason,
})
export const delayTermInput = z.object({
  id: idShape,
  delayedUntil: dateShape.describe('延期至'),
  approval: z.string().trim().min(2, '请填写批准文号').max(60).describe('批准文号'),
  reason,
})
export const addContactInput = z.object({
  unitId: idShape,
  kind: contactKind.describe('种类'),
  name: text(40).nullable().default(null).describe('姓名'),
  employer: text(80).nullable().default(null).describe('单位及职务'),
  phone: text(30).nullable().default(null).describe('电话'),
  source: text(80).nullable().default(null).describe('依据'),
  from,
})
export const setCharterInput = z.object({
  unitId: idShape,
  hasClause: z.boolean().describe('章程是否写入党建'),
  from: dateShape.describe('章程通过或核实日期'),
  fileId: idShape.nullable().default(null).describe('章程文件'),
  source: text(80).nullable().default(null).describe('依据'),
})
export const addLinkInput = z.object({
  id: idShape,
  kind: linkKind.describe('层次'),
  toOrgId: idShape.nullable().default(null).describe('党组织'),
  toUnitId: idShape.nullable().default(null).describe('单位'),
  from,
})
const endInput = z.object({ id: idShape, on: dateShape.describe('到哪天止，这一天不再是'), reason })

/** Writing party organisations. Every answer names the change, which undoChange takes back. */
export const orgWriteContract = {
  createOrg: operation({ method: 'POST', path: '/party/orgs', summary: '成立党组织', permission })
    .input(createOrgInput)
    .output(z.object({ id: idShape, changeId: idShape })),
  correctOrg: operation({ method: 'PUT', path: '/party/orgs/{id}', summary: '更正党组织信息', permission })
    .input(correctOrgInput)
    .output(changed),
  renameOrg: operation({ method: 'POST', path: '/party/orgs/{id}/rename', summary: '党组织更名改类', permission })
    .input(renameOrgInput)
    .output(changed),
  dissolveOrg: operation({ method: 'POST', path: '/party/orgs/{id}/dissolve', summary: '撤销党组织建制', permission })
    .input(dissolveOrgInput)
    .output(changed),
  mergeOrgs: operation({ method: 'POST', path: '/party/orgs/{id}/merge', summary: '合并党组织', permission })
    .input(mergeOrgsInput)
    .output(changed),
  splitOrg: operation({ method: 'POST', path: '/party/orgs/{id}/split', summary: '拆分党组织', permission })
    .input(splitOrgInput)
    .output(z.object({ id: idShape, changeId: idShape })),
  setParent: operation({ method: 'POST', path: '/party/orgs/{id}/parent', summary: '设置上级党组织', permission })
    .input(setParentInput)
    .output(changed),
  endLine: operation({ method: 'POST', path: '/party/lines/{id}/end', summary: '结束上级关系', permission })
    .input(endInput)
    .output(changed),
  coverUnits: operation({ method: 'POST', path: '/party/orgs/{id}/units', summary: '党组织覆盖单位', permission })
    .input(coverUnitsInput)
    .output(changed),
  endCover: operation({ method: 'POST', path: '/party/covers/{id}/end', summary: '结束覆盖', permission })
    .input(endInput)
    .output(changed),
  addPost: operation({ method: 'POST', path: '/party/orgs/{id}/posts', summary: '任命班子成员', permission })
    .input(addPostInput)
    .output(changed),
  endPost: operation({ method: 'POST', path: '/party/posts/{id}/end', summary: '免去班子成员', permission })
    .input(endInput)
    .output(changed),
  addTerm: operation({ method: 'POST', path: '/party/orgs/{id}/terms', summary: '登记换届', permission })
    .input(addTermInput)
    .output(changed),
  delayTerm: operation({ method: 'POST', path: '/party/terms/{id}/delay', summary: '批准延期换届', permission })
    .input(delayTermInput)
    .output(changed),
  addContact: operation({ method: 'POST', path: '/party/contacts', summary: '登记工作覆盖', permission })
    .input(addContactInput)
    .output(changed),
  endContact: operation({ method: 'POST', path: '/party/contacts/{id}/end', summary: '结束工作覆盖', permission })
    .input(endInput)
    .output(changed),
  setCharter: operation({ method: 'POST', path: '/party/charters', summary: '登记党建入章', permission })
    .input(setCharterInput)
    .output(changed),
  downloadCharter: operation({
    method: 'POST',
    path: '/party/charters/{id}/download',
    summary: '下载章程',
    permission: 'party.org.read',
  })
    .input(z.object({ id: idShape }))
    .output(z.object({ url: z.string().describe('下载路径，一次有效') })),
  addLink: operation({ method: 'POST', path: '/party/orgs/{id}/links', summary: '加入组织网络', permission })
    .input(addLinkInput)
    .output(changed),
  endLink: operation({ method: 'POST', path: '/party/links/{id}/end', summary: '移出组织网络', permission })
    .input(endInput)
    .output(changed),
  undoChange: operation({ method: 'POST', path: '/party/changes/{id}/undo', summary: '撤销党组织变动', permission })
    .input(z.object({ id: idShape, reason }))
    .output(doneOutput),
}
