import { z } from 'zod'
import {
  countyCodeShape,
  doneOutput,
  idShape,
  jobStarted,
  momentShape,
  pageInput,
  pageOutput,
  regionCodeShape,
  sortOrder,
} from '../base/list.ts'
import { operations } from '../base/operation.ts'

/** Permissions of the office room, in the words that the role screen shows. */
export const officePermissions = {
  'office.user.read': '查看用户',
  'office.user.write': '管理用户',
  'office.role.read': '查看角色',
  'office.role.write': '管理角色',
  'office.region.write': '维护区划',
  'office.place.read': '查看区域',
  'office.place.write': '维护区域',
  'office.job.readAll': '查看所有人的作业',
  'office.journal.read': '查看操作日志',
} as const

const operation = operations('机构', officePermissions)

/** Kinds of overlay area: they lie over the region tree and are never nodes of it (domain B.5). */
export const placeKinds = {
  park: '园区',
  building: '楼宇',
  businessCircle: '商圈',
  specializedMarket: '专业市场',
} as const
export const placeKind = z.enum(Object.keys(placeKinds) as [keyof typeof placeKinds])

export const regionLevels = {
  country: '全国',
  province: '省',
  city: '市',
  county: '县',
  township: '乡镇街道',
  village: '村社区',
} as const
const regionLevel = z.enum(Object.keys(regionLevels) as [keyof typeof regionLevels])

export const userStates = { active: '在用', suspended: '停用', invited: '待启用' } as const
export const jobStates = {
  queued: '排队',
  running: '进行中',
  done: '完成',
  failed: '失败',
  cancelled: '已取消',
} as const

const account = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9._-]{2,31}$/, '账号应为 3 至 32 位字母、数字、点、横线，以字母开头')
  .describe('账号')
const personName = z.string().trim().min(1, '请填写姓名').max(40, '姓名至多 40 个字').describe('姓名')
const password = z.string().min(10, '密码至少 10 位').max(128, '密码至多 128 位').describe('密码')
const code = z
  .string()
  .trim()
  .regex(/^\d{6}$/, '验证码为 6 位数字')
  .describe('动态验证码')

const codeOrRecovery = z
  .string()
  .trim()
  .regex(/^(\d{6}|[A-Za-z2-7]{5}-?[A-Za-z2-7]{5})$/, '请填写 6 位动态验证码，或一个备用码')
  .describe('动态验证码，或一个备用码')

const region = z.object({
  code: regionCodeShape,
  name: z.string(),
  level: regionLevel,
  parentCode: regionCodeShape.nullable(),
  fullName: z.string().describe('自省级起的全称'),
  selectable: z.boolean().describe('“市辖区”“县”等只为编码而设的层级为 false'),
  hasChildren: z.boolean(),
  yearFrom: z.number().int(),
  yearTo: z.number().int().nullable().describe('停用年份；在用为空'),
  successorCode: regionCodeShape.nullable().describe('停用后由哪个代码承接'),
})

const role = z.object({
  id: idShape,
  name: z.string(),
  description: z.string(),
  builtIn: z.boolean(),
  secondFactorRequired: z.boolean().describe('持此角色者须绑定动态验证码'),
  permissions: z.array(z.string()),
  userCount: z.number().int(),
})
const roleInput = z.object({
  name: z.string().trim().min(1, '请填写角色名称').max(40).describe('角色名称'),
  description: z.string().trim().max(200).default('').describe('说明'),
  secondFactorRequired: z.boolean().default(false).describe('须动态验证码'),
  permissions: z.array(z.string()).min(1, '请至少选择一项权限').describe('权限'),
})

const scopeInput = {
  regions: z.array(regionCodeShape).max(50).describe('管理的区划，含其下级；为空则看不到任何单位'),
  excludedRegions: z.array(regionCodeShape).max(200).default([]).describe('排除的下级区划'),
}

const user = z.object({
  id: idShape,
  account: z.string(),
  name: z.string(),
  phone: z.string().describe('联系电话，已脱敏').nullable(),
  state: z.enum(Object.keys(userStates) as [keyof typeof userStates]),
  lockedUntil: momentShape.nullable(),
  secondFactor: z.boolean(),
  roles: z.array(z.object({ id: idShape, name: z.string() })),
  regions: z.array(z.object({ code: regionCodeShape, name: z.string() })),
  excludedRegions: z.array(z.object({ code: regionCodeShape, name: z.string() })),
  lastSignInAt: momentShape.nullable(),
  createdAt: momentShape,
})
const userInput = z.object({
  account,
  name: personName,
  phone: z.string().trim().max(20).nullable().default(null).describe('联系电话'),
  roleIds: z.array(idShape).min(1, '请至少选择一个角色').describe('角色'),
  ...scopeInput,
})

const place = z.object({
  countyCode: countyCodeShape,
  id: idShape,
  kind: placeKind,
  name: z.string(),
  areaCode: regionCodeShape,
  areaName: z.string(),
  level: z.string().describe('级别，如 国家级、省级、市级').nullable(),
  address: z.string().nullable(),
  unitCount: z.number().int().describe('其中的单位数'),
})
const placeInput = z.object({
  countyCode: countyCodeShape,
  kind: placeKind.describe('类别'),
  name: z.string().trim().min(2, '名称至少 2 个字').max(80).describe('名称'),
  areaCode: regionCodeShape.describe('所在乡镇街道，跨街道的填县级代码'),
  level: z.string().trim().max(20).nullable().default(null).describe('级别'),
  address: z.string().trim().max(200).nullable().default(null).describe('地址'),
})

const job = z.object({
  id: idShape,
  kind: z.string(),
  title: z.string(),
  state: z.enum(Object.keys(jobStates) as [keyof typeof jobStates]),
  done: z.number(),
  total: z.number(),
  message: z.string().nullable(),
  error: z.string().nullable(),
  result: z.unknown().describe('作业结果；导出作业为 {fileName, bytes}').nullable(),
  downloadable: z.boolean(),
  ownerName: z.string(),
  createdAt: momentShape,
  startedAt: momentShape.nullable(),
  finishedAt: momentShape.nullable(),
})

const journalRow = z.object({
  countyCode: z.string(),
  sequence: z.number().int(),
  at: momentShape,
  actorName: z.string(),
  operation: z.string(),
  summary: z.string().describe('操作的中文名'),
  subject: z.string().nullable(),
  outcome: z.string(),
  address: z.string(),
  purpose: z.string().nullable(),
  detail: z.unknown(),
  hash: z.string(),
})

const signedIn = z.object({
  status: z.enum(['signedIn', 'secondFactor']).describe('secondFactor：密码正确，还需动态验证码'),
})

/** What the list of accounts is ordered by. */
export const userSort = z.enum(['account', 'name', 'lastSignInAt', 'createdAt'])

/** What the list of overlay areas is ordered by. */
export const placeSort = z.enum(['name', 'kind', 'unitCount'])

export const officeContract = {
  setUpState: operation({ method: 'GET', path: '/set-up', summary: '是否需要初始设置', permission: 'public' }).output(
    z.object({ needed: z.boolean() }),
  ),
  acceptLink: operation({
    method: 'POST',
    path: '/links/accept',
    summary: '用一次性链接设置账号密码',
    permission: 'public',
    secretAnswer: true,
  })
    .input(
      z.object({
        token: z.string().min(20).max(200).describe('链接中的一次性令牌'),
        account: account.optional().describe('账号；初始设置时填写'),
        name: personName.optional().describe('姓名；初始设置时填写'),
        password,
      }),
    )
    .output(signedIn),
  linkState: operation({ method: 'GET', path: '/links/{token}', summary: '查看一次性链接', permission: 'public' })
    .input(z.object({ token: z.string().min(20).max(200) }))
    .output(
      z.object({
        purpose: z.enum(['setUp', 'invite', 'reset']),
        account: z.string().nullable(),
        name: z.string().nullable(),
        expiresAt: momentShape,
      }),
    ),
  signIn: operation({ method: 'POST', path: '/sign-in', summary: '登录', permission: 'public', secretAnswer: true })
    .input(
      z.object({
        account: z.string().trim().min(1, '请填写账号').max(64).describe('账号'),
        password: z.string().min(1, '请填写密码').max(128).describe('密码'),
        code: codeOrRecovery.optional(),
      }),
    )
    .output(signedIn),
  signOut: operation({
    method: 'POST',
    path: '/sign-out',
    summary: '退出登录',
    permission: 'signedIn',
    whileOwing: true,
  }).output(doneOutput),
  me: operation({ method: 'GET', path: '/me', summary: '当前账号', permission: 'signedIn', whileOwing: true }).output(
    z.object({
      id: idShape,
      account: z.string(),
      name: z.string(),
      permissions: z.array(z.string()),
      regions: z.array(z.object({ code: regionCodeShape, name: z.string(), level: regionLevel })),
      excludedRegions: z.array(z.object({ code: regionCodeShape, name: z.string() })),
      counties: z
        .array(z.object({ code: countyCodeShape, name: z.string() }))
        .describe('范围内的县；多于 200 个时只给前 200 个'),
      secondFactor: z.enum(['off', 'on', 'required']).describe('required：角色要求绑定而尚未绑定，绑定前不能办理业务'),
      passwordExpired: z.boolean().describe('密码超过 90 天，须修改后才能办理业务'),
      ownerOffice: z.string().describe('主管单位名称，如 县委组织部、县委社会工作部'),
    }),
  ),
  changePassword: operation({
    method: 'POST',
    path: '/me/password',
    summary: '修改密码',
    permission: 'signedIn',
    whileOwing: true,
    secretAnswer: true,
  })
    .input(
      z.object({
        current: z.string().min(1, '请填写原密码').max(128).describe('原密码'),
        next: password.describe('新密码'),
      }),
    )
    .output(doneOutput),
  listSessions: operation({
    method: 'GET',
    path: '/me/sessions',
    summary: '我的登录',
    permission: 'signedIn',
    whileOwing: true,
  }).output(
    z.object({
      rows: z.array(
        z.object({
          id: idShape,
          current: z.boolean(),
          address: z.string(),
          userAgent: z.string(),
          createdAt: momentShape,
          lastSeenAt: momentShape,
        }),
      ),
    }),
  ),
  endSession: operation({
    method: 'DELETE',
    path: '/me/sessions/{id}',
    summary: '结束一处登录',
    permission: 'signedIn',
    whileOwing: true,
  })
    .input(z.object({ id: idShape }))
    .output(doneOutput),
  startSecondFactor: operation({
    method: 'POST',
    path: '/me/second-factor',
    summary: '开始绑定动态验证码',
    permission: 'signedIn',
    whileOwing: true,
    secretAnswer: true,
  })
    .input(z.object({ password: z.string().min(1, '请填写密码').max(128).describe('密码') }))
    .output(z.object({ secret: z.string(), uri: z.string() })),
  confirmSecondFactor: operation({
    method: 'POST',
    path: '/me/second-factor/confirm',
    summary: '完成绑定动态验证码',
    permission: 'signedIn',
    whileOwing: true,
    secretAnswer: true,
  })
    .input(z.object({ code }))
    .output(z.object({ recoveryCodes: z.array(z.string()).describe('各用一次的备用码，只显示这一次') })),
  removeSecondFactor: operation({
    method: 'POST',
    path: '/me/second-factor/remove',
    summary: '解除动态验证码',
    permission: 'signedIn',
    whileOwing: true,
  })
    .input(z.object({ password: z.string().min(1, '请填写密码').max(128).describe('密码'), code: codeOrRecovery }))
    .output(doneOutput),

  listUsers: operation({ method: 'GET', path: '/users', summary: '用户列表', permission: 'office.user.read' })
    .input(
      z.object({
        text: z.string().trim().max(64).optional().describe('账号、姓名'),
        state: z.enum(Object.keys(userStates) as [keyof typeof userStates]).optional(),
        roleId: idShape.optional(),
        sort: userSort.default('account'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(pageOutput(user)),
  getUser: operation({ method: 'GET', path: '/users/{id}', summary: '查看用户', permission: 'office.user.read' })
    .input(z.object({ id: idShape }))
    .output(user),
  createUser: operation({
    method: 'POST',
    path: '/users',
    summary: '新建用户',
    permission: 'office.user.write',
    secretAnswer: true,
  })
    .input(userInput)
    .output(z.object({ id: idShape, link: z.string().describe('设置密码的一次性链接，72 小时内有效，只显示这一次') })),
  updateUser: operation({ method: 'PUT', path: '/users/{id}', summary: '修改用户', permission: 'office.user.write' })
    .input(userInput.omit({ account: true }).extend({ id: idShape }))
    .output(doneOutput),
  resetUser: operation({
    method: 'POST',
    path: '/users/{id}/reset',
    summary: '重置用户密码',
    permission: 'office.user.write',
    secretAnswer: true,
  })
    .input(z.object({ id: idShape, secondFactor: z.boolean().default(false).describe('同时解除动态验证码') }))
    .output(z.object({ link: z.string() })),
  suspendUser: operation({
    method: 'POST',
    path: '/users/{id}/suspend',
    summary: '停用用户',
    permission: 'office.user.write',
  })
    .input(z.object({ id: idShape, reason: z.string().trim().min(2, '请写明停用原因').max(200).describe('原因') }))
    .output(doneOutput),
  resumeUser: operation({
    method: 'POST',
    path: '/users/{id}/resume',
    summary: '恢复用户',
    permission: 'office.user.write',
  })
    .input(z.object({ id: idShape }))
    .output(doneOutput),

  listRoles: operation({ method: 'GET', path: '/roles', summary: '角色列表', permission: 'signedIn' }).output(
    z.object({
      rows: z.array(role),
      permissions: z.array(z.object({ name: z.string(), title: z.string(), room: z.string() })),
    }),
  ),
  createRole: operation({ method: 'POST', path: '/roles', summary: '新建角色', permission: 'office.role.write' })
    .input(roleInput)
    .output(z.object({ id: idShape })),
  updateRole: operation({ method: 'PUT', path: '/roles/{id}', summary: '修改角色', permission: 'office.role.write' })
    .input(roleInput.extend({ id: idShape }))
    .output(doneOutput),
  removeRole: operation({ method: 'DELETE', path: '/roles/{id}', summary: '删除角色', permission: 'office.role.write' })
    .input(z.object({ id: idShape }))
    .output(doneOutput),

  listRegions: operation({ method: 'GET', path: '/regions', summary: '区划列表', permission: 'signedIn' })
    .input(
      z.object({
        parent: regionCodeShape.default('000000000000').describe('上级代码'),
        text: z.string().trim().max(40).optional().describe('名称、代码、拼音首字母；填了则在上级之下搜索'),
        asOfYear: z.coerce.number().int().min(1980).max(2100).optional().describe('哪一年的区划；默认当前'),
        limit: z.coerce.number().int().min(1).max(500).default(200),
      }),
    )
    .output(z.object({ rows: z.array(region) })),
  getRegion: operation({ method: 'GET', path: '/regions/{code}', summary: '查看区划', permission: 'signedIn' })
    .input(z.object({ code: regionCodeShape }))
    .output(region.extend({ ancestors: z.array(z.object({ code: regionCodeShape, name: z.string() })) })),
  loadRegions: operation({
    method: 'POST',
    path: '/regions/load',
    summary: '载入区划文件',
    permission: 'office.region.write',
  })
    .input(
      z.object({
        fileId: idShape.describe('CSV：代码,名称[,停用年份,承接代码]；村级也从这里载入'),
        year: z.number().int().min(1980).max(2100).describe('区划年份'),
      }),
    )
    .output(z.object({ added: z.number().int(), renamed: z.number().int(), retired: z.number().int() })),

  listPlaces: operation({ method: 'GET', path: '/places', summary: '区域列表', permission: 'office.place.read' })
    .input(
      z.object({
        text: z.string().trim().max(40).optional(),
        kind: placeKind.optional(),
        countyCode: countyCodeShape.optional(),
        sort: placeSort.default('name'),
        order: sortOrder,
        ...pageInput,
      }),
    )
    .output(pageOutput(place)),
  createPlace: operation({ method: 'POST', path: '/places', summary: '新建区域', permission: 'office.place.write' })
    .input(placeInput)
    .output(z.object({ id: idShape })),
  updatePlace: operation({ method: 'PUT', path: '/places/{id}', summary: '修改区域', permission: 'office.place.write' })
    .input(placeInput.extend({ id: idShape }))
    .output(doneOutput),
  removePlace: operation({
    method: 'DELETE',
    path: '/places/{id}',
    summary: '删除区域',
    permission: 'office.place.write',
  })
    .input(z.object({ id: idShape }))
    .output(doneOutput),

  listJobs: operation({ method: 'GET', path: '/jobs', summary: '作业列表', permission: 'signedIn' })
    .input(
      z.object({
        state: z.enum(Object.keys(jobStates) as [keyof typeof jobStates]).optional(),
        everyone: z.stringbool().default(false).describe('所有人的作业，需相应权限'),
        ...pageInput,
      }),
    )
    .output(pageOutput(job)),
  getJob: operation({ method: 'GET', path: '/jobs/{id}', summary: '查看作业', permission: 'signedIn' })
    .input(z.object({ id: idShape }))
    .output(job),
  cancelJob: operation({ method: 'POST', path: '/jobs/{id}/cancel', summary: '取消作业', permission: 'signedIn' })
    .input(z.object({ id: idShape }))
    .output(doneOutput),
  downloadJob: operation({
    method: 'POST',
    path: '/jobs/{id}/download',
    summary: '下载作业结果',
    permission: 'signedIn',
  })
    .input(z.object({ id: idShape }))
    .output(z.object({ url: z.string().describe('5 分钟内有效的一次性下载地址') })),

  listJournal: operation({ method: 'GET', path: '/journal', summary: '操作日志', permission: 'office.journal.read' })
    .input(
      z.object({
        text: z.string().trim().max(64).optional().describe('操作人、操作、对象'),
        countyCode: z
          .string()
          .regex(/^\d{12}$/)
          .optional(),
        from: z.iso.date().optional(),
        to: z.iso.date().optional(),
        outcome: z.enum(['done', 'refused', 'failed']).optional(),
        ...pageInput,
      }),
    )
    .output(pageOutput(journalRow)),
  verifyJournal: operation({
    method: 'POST',
    path: '/journal/verify',
    summary: '校验操作日志',
    permission: 'office.journal.read',
  }).output(jobStarted),
}
