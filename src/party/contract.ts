import { z } from 'zod'
import {
  countyCodeShape,
  dateShape,
  doneOutput,
  idShape,
  momentShape,
  pageInput,
  pageOutput,
  purposeShape,
  regionCodeShape,
  sortOrder,
} from '../base/list.ts'
import { operations } from '../base/operation.ts'
import { partySettingKey } from './settings-contract.ts'
import {
  baseKind,
  changeKind,
  contactKind,
  coverMode,
  formingMode,
  orgKind,
  orgLine,
  partyPost,
  reminderKind,
  secretarySource,
  termForming,
  termState,
} from './words-contract.ts'

/** Permissions over party organisations. */
export const orgPermissions = {
  'party.org.read': '查看党组织',
  'party.org.write': '维护党组织',
  'party.org.import': '导入党组织',
  'party.org.export': '导出党组织',
  'party.org.reveal': '查看班子成员姓名',
  'party.org.settings': '修改党组织规则',
} as const
const operation = operations('党组织', orgPermissions)

/** What narrows the list, the tree's search and the export. */
export const orgFilter = z.object({
  text: z.string().trim().max(64).optional().describe('名称、拼音首字母、代码'),
  kinds: z.array(orgKind).max(20).optional().describe('类别'),
  modes: z.array(formingMode).max(20).optional().describe('组建方式'),
  region: regionCodeShape.optional().describe('区划，含其下级'),
  term: termState.optional().describe('届期'),
  parentId: idShape.optional().describe('上级党组织（隶属）'),
  unitId: idShape.optional().describe('覆盖哪家单位'),
  noSecretary: z.boolean().optional().describe('没有书记的'),
  noParent: z.boolean().optional().describe('没有上级的'),
  unitsOver: z.boolean().optional().describe('联合党支部超上限的'),
  noUnit: z.boolean().optional().describe('没有覆盖单位的'),
  dissolved: z.boolean().default(false).describe('已撤销的；默认不含'),
})
export type OrgFilter = z.infer<typeof orgFilter>
export const orgSort = z.enum(['name', 'founded', 'term', 'units', 'updated'])

export const orgRow = z.object({
  id: idShape,
  countyCode: countyCodeShape,
  name: z.string(),
  kind: orgKind,
  formingMode,
  code: z.string().nullable(),
  areaCode: regionCodeShape,
  areaName: z.string(),
  parentName: z.string().nullable().describe('隶属'),
  secretary: z.string().nullable().describe('书记，已脱敏'),
  units: z.number().int().describe('今天覆盖的单位'),
  formal: z.number().int().nullable().describe('正式党员；没有名册也没有填报时为空'),
  probationary: z.number().int().nullable(),
  foundedOn: dateShape,
  dissolvedOn: dateShape.nullable(),
  term: termState,
  termEndsOn: dateShape.nullable().describe('届满日，含批准延期'),
  updatedAt: momentShape,
})
export type OrgRow = z.infer<typeof orgRow>

const dated = { validFrom: dateShape.describe('从哪天起'), validTo: dateShape.nullable().describe('到哪天止，不含') }

export const orgLineRow = z.object({
  id: idShape,
  line: orgLine,
  parentId: idShape.nullable().describe('空：不在本平台，或不在查看范围'),
  parentName: z.string(),
  ...dated,
})
export const coverRow = z.object({
  id: idShape,
  unitId: idShape,
  unitName: z.string(),
  unitKind: z.string().describe('单位类型'),
  areaName: z.string(),
  mode: coverMode,
  formal: z.number().int().nullable().describe('单位的正式党员'),
  reason: z.string().nullable(),
  ...dated,
})
export const postRow = z.object({
  id: idShape,
  post: partyPost,
  name: z.string().describe('已脱敏'),
  inManagement: z.boolean().describe('同时在单位管理层任职'),
  managementPosition: z.string().nullable(),
  secretarySource: secretarySource.nullable(),
  ...dated,
})
export const termRow = z.object({
  id: idShape,
  ordinal: z.number().int().nullable(),
  formedBy: termForming,
  electedOn: dateShape,
  expiresOn: dateShape,
  delayedUntil: dateShape.nullable(),
  delayApproval: z.string().nullable(),
  delayReason: z.string().nullable(),
})
export const finding = z.object({
  code: z.string(),
  level: z.enum(['bad', 'warn', 'note']).describe('bad：应当纠正；warn：应当留意；note：规定提示'),
  text: z.string(),
  source: z.string().describe('依据'),
})
export type Finding = z.infer<typeof finding>

const orgPage = orgRow.extend({
  fullName: z.string().describe('印章全称'),
  baseKind,
  baseUnit: z.object({ id: idShape, name: z.string() }).nullable(),
  baseText: z.string().nullable(),
  approvalNo: z.string().nullable(),
  approvedOn: dateShape.nullable(),
  plannedEnd: dateShape.nullable(),
  dissolvedReason: z.string().nullable(),
  premises: z.string().nullable(),
  premisesAreaM2: z.number().nullable(),
  remark: z.string().nullable(),
  membersFrom: z.enum(['roster', 'report']).nullable().describe('党员数来自名册还是填报'),
  membersAsOf: dateShape.nullable(),
  children: z.number().int().describe('下级党组织（隶属）'),
  lines: z.array(orgLineRow).describe('从后到先'),
  posts: z.array(postRow).describe('从后到先'),
  terms: z.array(termRow).describe('从后到先'),
  versions: z.array(
    z.object({
      id: idShape,
      name: z.string(),
      fullName: z.string(),
      kind: orgKind,
      formingMode,
      reason: z.string().nullable(),
      ...dated,
    }),
  ),
  findings: z.array(finding),
})
export type OrgPage = z.infer<typeof orgPage>

export const changeRow = z.object({
  id: idShape,
  kind: changeKind,
  title: z.string(),
  reason: z.string().nullable(),
  effectiveOn: dateShape.nullable(),
  author: z.string(),
  at: momentShape,
  undoneAt: momentShape.nullable(),
  undoneBy: z.string().nullable(),
  undoneReason: z.string().nullable(),
})

export const treeNode = z.object({
  id: idShape,
  name: z.string(),
  kind: orgKind,
  areaName: z.string(),
  children: z.number().int(),
  units: z.number().int(),
  term: termState,
})
export type TreeNode = z.infer<typeof treeNode>

export const networkNode = z.object({
  key: z.string().describe('org:… 或 unit:… 或 name:…'),
  id: idShape.nullable(),
  kind: z.enum(['org', 'unit', 'outside']),
  name: z.string(),
  tier: z.enum(['self', 'parent', 'child', 'core', 'key', 'base', 'unit']),
})
const networkEdge = z.object({
  from: z.string(),
  to: z.string(),
  relation: z.enum(['leadership', 'guidance', 'core', 'key', 'base', 'cover']),
})
export type OrgNetwork = { nodes: z.infer<typeof networkNode>[]; edges: z.infer<typeof networkEdge>[]; cut: number }

export const contactRow = z.object({
  id: idShape,
  kind: contactKind,
  name: z.string().nullable().describe('已脱敏'),
  employer: z.string().nullable().describe('单位及职务'),
  phone: z.string().nullable().describe('已脱敏'),
  source: z.string().nullable(),
  reason: z.string().nullable(),
  ...dated,
})

const reminder = z.object({
  orgId: idShape,
  name: z.string(),
  kind: orgKind,
  areaName: z.string(),
  reminder: reminderKind,
  dueOn: dateShape.describe('届满日、应选举日或应撤销日'),
  days: z.number().int().describe('离期限的天数，过期为负'),
  secretary: z.string().nullable(),
})
export type Reminder = z.infer<typeof reminder>

const onOrg = { id: idShape }

/** Reading party organisations; what writes is in write-contract.ts, files are in org-import-contract.ts. */
export const orgContract = {
  orgSummary: operation({
    method: 'GET',
    path: '/party/orgs/summary',
    summary: '党组织概况',
    permission: 'party.org.read',
  })
    .input(z.object({ region: regionCodeShape.optional() }))
    .output(
      z.object({
        asOf: dateShape,
        total: z.number().int(),
        kinds: z.record(orgKind, z.number().int()),
        reminders: z.record(reminderKind, z.number().int()),
      }),
    ),
  searchOrgs: operation({
    method: 'POST',
    path: '/party/orgs/search',
    summary: '查询党组织',
    permission: 'party.org.read',
    effect: 'query',
  })
    .input(
      z.object({
        filter: orgFilter,
        sort: orgSort.default('name'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(pageOutput(orgRow)),
  getOrg: operation({
    method: 'GET',
    path: '/party/orgs/{id}',
    summary: '查看党组织',
    permission: 'party.org.read',
  })
    .input(z.object(onOrg))
    .output(orgPage),
  listOrgUnits: operation({
    method: 'GET',
    path: '/party/orgs/{id}/units',
    summary: '党组织覆盖的单位',
    permission: 'party.org.read',
  })
    .input(
      z.object({ ...onOrg, which: z.enum(['now', 'all']).default('now').describe('all 含已结束的'), ...pageInput }),
    )
    .output(pageOutput(coverRow)),
  listOrgChanges: operation({
    method: 'GET',
    path: '/party/orgs/{id}/changes',
    summary: '党组织变动记录',
    permission: 'party.org.read',
  })
    .input(z.object({ ...onOrg, ...pageInput }))
    .output(pageOutput(changeRow)),
  orgTree: operation({
    method: 'GET',
    path: '/party/tree',
    summary: '党组织树',
    permission: 'party.org.read',
  })
    .input(
      z.object({
        parentId: idShape.optional().describe('展开哪个党组织；空为最上一级'),
        region: regionCodeShape.optional(),
        ...pageInput,
      }),
    )
    .output(pageOutput(treeNode)),
  orgPath: operation({
    method: 'GET',
    path: '/party/orgs/{id}/path',
    summary: '党组织的各级上级',
    permission: 'party.org.read',
  })
    .input(z.object(onOrg))
    .output(z.object({ path: z.array(treeNode).describe('从上到下，末尾是它自己') })),
  orgNetwork: operation({
    method: 'GET',
    path: '/party/orgs/{id}/network',
    summary: '组织网络',
    permission: 'party.org.read',
  })
    .input(z.object(onOrg))
    .output(
      z.object({
        nodes: z.array(networkNode),
        edges: z.array(networkEdge),
        cut: z.number().int().describe('太多而没有列出的'),
      }),
    ),
  listReminders: operation({
    method: 'GET',
    path: '/party/reminders',
    summary: '换届与提醒',
    permission: 'party.org.read',
  })
    .input(
      z.object({
        kind: reminderKind.optional().describe('提醒种类'),
        region: regionCodeShape.optional(),
        text: z.string().trim().max(64).optional(),
        ...pageInput,
      }),
    )
    .output(pageOutput(reminder)),
  unitParty: operation({
    method: 'GET',
    path: '/party/units/{unitId}',
    summary: '单位的党组织',
    permission: 'party.org.read',
  })
    .input(z.object({ unitId: idShape }))
    .output(
      z.object({
        covers: z.array(
          z.object({
            id: idShape,
            orgId: idShape,
            orgName: z.string(),
            orgKind,
            mode: coverMode,
            term: termState,
            termEndsOn: dateShape.nullable(),
            ...dated,
          }),
        ),
        contacts: z.array(contactRow),
        charters: z.array(
          z.object({
            id: idShape,
            hasClause: z.boolean(),
            fileName: z.string().nullable(),
            source: z.string().nullable(),
            ...dated,
          }),
        ),
        changes: z.array(changeRow).describe('最近的变动'),
      }),
    ),
  revealPost: operation({
    method: 'POST',
    path: '/party/posts/{id}/reveal',
    summary: '查看班子成员姓名',
    permission: 'party.org.reveal',
    secretAnswer: true,
  })
    .input(z.object({ id: idShape, purpose: purposeShape }))
    .output(z.object({ value: z.string().nullable() })),
  revealContact: operation({
    method: 'POST',
    path: '/party/contacts/{id}/reveal',
    summary: '查看联络人员信息',
    permission: 'party.org.reveal',
    secretAnswer: true,
  })
    .input(z.object({ id: idShape, field: z.enum(['name', 'phone']), purpose: purposeShape }))
    .output(z.object({ value: z.string().nullable() })),
  getPartySettings: operation({
    method: 'GET',
    path: '/party/settings',
    summary: '党组织规则',
    permission: 'party.org.read',
  }).output(
    z.object({
      settings: z.array(
        z.object({
          key: partySettingKey,
          title: z.string(),
          unit: z.string(),
          value: z.number().int(),
          effectiveFrom: dateShape,
          source: z.string(),
          author: z.string().nullable().describe('空：平台默认'),
          current: z.boolean(),
        }),
      ),
    }),
  ),
  changePartySetting: operation({
    method: 'POST',
    path: '/party/settings',
    summary: '修改党组织规则',
    permission: 'party.org.settings',
  })
    .input(
      z.object({
        key: partySettingKey,
        value: z.number().int().min(1).max(1000).describe('数值'),
        effectiveFrom: dateShape.describe('从哪天起'),
        source: z.string().trim().min(2, '请写明依据').max(200).describe('依据'),
      }),
    )
    .output(doneOutput),
}
