import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { z } from 'zod'
import { idShape, regionCodeShape } from '../base/list.ts'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { officeContract } from './contract.ts'
import { RegionList } from './region-list.tsx'
import type { User } from './users-screen.tsx'

const office = connect(officeContract)

const shape = z.object({
  account: z
    .string()
    .trim()
    .regex(/^[A-Za-z][A-Za-z0-9._-]{2,31}$/, '账号应为 3 至 32 位字母、数字、点、横线，以字母开头')
    .describe('账号'),
  name: z.string().trim().min(1, '请填写姓名').max(40, '姓名至多 40 个字').describe('姓名'),
  phone: z.string().trim().max(20).nullable().default(null).describe('联系电话'),
  roleIds: z.array(idShape).min(1, '请至少选择一个角色').describe('角色'),
  regions: z.array(regionCodeShape).max(50).default([]).describe('管理的区划'),
  excludedRegions: z.array(regionCodeShape).max(200).default([]).describe('其中排除'),
})

interface UserDrawerProps {
  /** Undefined for a new account. */
  user: User | undefined
  onClose: () => void
  /** Told of the one-time link of a new or reset account. */
  onLink: (made: { link: string; name: string }) => void
}

/** Makes or changes an account. */
export function UserDrawer({ user, onClose, onLink }: UserDrawerProps) {
  const client = useQueryClient()
  const roles = useQuery(office.listRoles.queryOptions())
  const can = useCan()
  const save = async (values: z.output<typeof shape>) => {
    if (user) {
      const { account: _same, ...rest } = values
      await office.updateUser.call({ id: user.id, ...rest, phone: rest.phone ?? null })
    } else {
      const { link } = await office.createUser.call(values)
      onLink({ link, name: values.name })
    }
    await client.invalidateQueries({ queryKey: office.listUsers.key() })
  }
  const initial = user
    ? {
        account: user.account,
        name: user.name,
        phone: null,
        roleIds: user.roles.map((role) => role.id),
        regions: user.regions.map((one) => one.code),
        excludedRegions: user.excludedRegions.map((one) => one.code),
      }
    : { roleIds: [], regions: [], excludedRegions: [] }
  return (
    <DrawerForm
      open
      title={user ? `${user.name}（${user.account}）` : '新建用户'}
      width={560}
      shape={shape}
      initial={initial}
      submitText={user ? '保存' : '新建并取得链接'}
      onClose={onClose}
      onSubmit={save}
    >
      {user && can('office.user.write') ? <UserActs user={user} onClose={onClose} onLink={onLink} /> : null}
      <Field name="account" hint="登录用，建后不能改。">
        <Input disabled={user !== undefined} maxLength={32} autoComplete="off" />
      </Field>
      <Field name="name" />
      <Field name="phone" hint={user?.phone ? `现为 ${user.phone}；留空不改` : undefined} />
      <Field name="roleIds" hint="只能授予您自己也有的权限。">
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          options={(roles.data?.rows ?? []).map((role) => ({ value: role.id, label: role.name }))}
        />
      </Field>
      <Field name="regions" hint="含其下级。不选则看不到任何单位。">
        <RegionList label="管理的区划" names={user?.regions} />
      </Field>
      <Field name="excludedRegions">
        <RegionList label="其中排除" names={user?.excludedRegions} />
      </Field>
    </DrawerForm>
  )
}

function UserActs({ user, onClose, onLink }: { user: User; onClose: () => void; onLink: UserDrawerProps['onLink'] }) {
  const ask = useConfirm()
  const refresh = [office.listUsers.key()]
  const reset = useCommand(office.resetUser.mutationOptions(), { refresh })
  const suspend = useCommand(office.suspendUser.mutationOptions(), { done: '已停用，其登录立即失效', refresh })
  const resume = useCommand(office.resumeUser.mutationOptions(), { done: '已恢复', refresh })
  const doReset = async () => {
    const yes = await ask({
      title: `重置“${user.name}”的密码？`,
      lose: user.secondFactor
        ? '原密码和动态验证码都失效，本人用新链接重新设置。'
        : '原密码失效，本人用新链接重新设置。',
      act: '重置',
    })
    const made = yes && (await reset.run({ id: user.id, secondFactor: user.secondFactor }))
    if (made) onLink({ link: made.link, name: user.name })
  }
  const doSuspend = async () => {
    const yes = await ask({
      title: `停用“${user.name}”？`,
      lose: '其所有登录立即失效；经手的记录都保留，可以恢复。',
      act: '停用',
      reason: { label: '停用原因' },
    })
    if (yes && (await suspend.run({ id: user.id, reason: yes.reason }))) onClose()
  }
  return (
    <div className="lx-form-line">
      <Button onClick={() => void doReset()} loading={reset.busy}>
        {user.state === 'invited' ? '重新取得链接' : '重置密码'}
      </Button>
      {user.state === 'suspended' ? (
        <Button
          onClick={() => void resume.run({ id: user.id }).then((done) => done && onClose())}
          loading={resume.busy}
        >
          恢复
        </Button>
      ) : (
        <Button danger onClick={() => void doSuspend()} loading={suspend.busy}>
          停用
        </Button>
      )}
    </div>
  )
}
