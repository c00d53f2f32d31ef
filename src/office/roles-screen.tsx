import PlusOutlined from '@ant-design/icons/PlusOutlined'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Input, Table } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { Mark, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { officeContract } from './contract.ts'

const office = connect(officeContract)
type Roles = Awaited<ReturnType<typeof office.listRoles.call>>
type Role = Roles['rows'][number]

const shape = z.object({
  name: z.string().trim().min(1, '请填写角色名称').max(40).describe('角色名称'),
  description: z.string().trim().max(200).default('').describe('说明'),
  secondFactorRequired: z.boolean().default(false),
  permissions: z.array(z.string()).min(1, '请至少选择一项权限').describe('权限'),
})

/** What each role may do. */
export function RolesScreen() {
  const query = useQuery(office.listRoles.queryOptions())
  const can = useCan()
  const [open, setOpen] = useState<Role | 'new'>()
  return (
    <Page
      title="角色"
      description="角色是一组权限；系统、安全、审计三类管理分开设，互不代办。"
      actions={
        can('office.role.write') ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>
            新建角色
          </Button>
        ) : undefined
      }
    >
      <Answered query={query}>
        {(roles) => (
          <>
            <RoleTable roles={roles} onOpen={setOpen} />
            {open ? (
              <RoleDrawer roles={roles} role={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />
            ) : null}
          </>
        )}
      </Answered>
    </Page>
  )
}

function RoleTable({ roles, onOpen }: { roles: Roles; onOpen: (role: Role) => void }) {
  const titles = new Map(roles.permissions.map((one) => [one.name, one.title]))
  return (
    <Table<Role>
      size="small"
      rowKey={(role) => role.id}
      dataSource={roles.rows}
      pagination={false}
      columns={[
        {
          title: '角色',
          width: 170,
          render: (_v, role) => (
            <Button type="link" size="small" onClick={() => onOpen(role)}>
              {role.name}
            </Button>
          ),
        },
        { title: '说明', width: 260, render: (_v, role) => role.description },
        { title: '权限', render: (_v, role) => role.permissions.map((one) => titles.get(one) ?? one).join('、') },
        {
          title: '动态验证码',
          width: 110,
          render: (_v, role) => (role.secondFactorRequired ? <Mark tone="warn">必须</Mark> : '不限'),
        },
        { title: '人数', width: 70, align: 'right', render: (_v, role) => role.userCount },
      ]}
    />
  )
}

function RoleDrawer({ roles, role, onClose }: { roles: Roles; role: Role | undefined; onClose: () => void }) {
  const client = useQueryClient()
  const can = useCan()
  const ask = useConfirm()
  const remove = useCommand(office.removeRole.mutationOptions(), {
    done: '角色已删除',
    refresh: [office.listRoles.key()],
  })
  const save = async (values: z.output<typeof shape>) => {
    await (role ? office.updateRole.call({ id: role.id, ...values }) : office.createRole.call(values))
    await client.invalidateQueries({ queryKey: office.listRoles.key() })
  }
  const doRemove = async () => {
    if (!role) return
    const yes = await ask({
      title: `删除角色“${role.name}”？`,
      lose: '没有人持有它时才能删除，删除后不能恢复。',
      act: '删除',
    })
    if (yes && (await remove.run({ id: role.id }))) onClose()
  }
  return (
    <DrawerForm
      open
      title={role ? role.name : '新建角色'}
      shape={shape}
      initial={role ?? {}}
      onClose={onClose}
      onSubmit={save}
    >
      {role && !role.builtIn && can('office.role.write') ? (
        <Button danger onClick={() => void doRemove()} loading={remove.busy}>
          删除角色
        </Button>
      ) : null}
      <Field name="name">
        <Input disabled={role?.builtIn ?? false} maxLength={40} />
      </Field>
      <Field name="description" />
      <Field name="secondFactorRequired" label="" valuePropName="checked">
        <Checkbox>持此角色者须绑定动态验证码</Checkbox>
      </Field>
      <Field name="permissions">
        <PermissionBoxes permissions={roles.permissions} />
      </Field>
    </DrawerForm>
  )
}

interface PermissionBoxesProps {
  permissions: Roles['permissions']
  value?: string[]
  onChange?: (names: string[]) => void
}

/** Every permission as a box, room by room. */
function PermissionBoxes({ permissions, value = [], onChange }: PermissionBoxesProps) {
  const rooms = [...new Set(permissions.map((one) => one.room))]
  return (
    <Checkbox.Group className="lx-check-rooms" value={value} onChange={(next) => onChange?.(next)}>
      {rooms.map((room) => (
        <fieldset key={room}>
          <legend>{room}</legend>
          {permissions
            .filter((one) => one.room === room)
            .map((one) => (
              <Checkbox key={one.name} value={one.name}>
                {one.title}
              </Checkbox>
            ))}
        </fieldset>
      ))}
    </Checkbox.Group>
  )
}
