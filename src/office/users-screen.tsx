import PlusOutlined from '@ant-design/icons/PlusOutlined'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { officeContract, userSort, userStates } from './contract.ts'
import { LinkDialog } from './link-dialog.tsx'
import { UserDrawer } from './user-drawer.tsx'

const office = connect(officeContract)
export type User = Awaited<ReturnType<typeof office.listUsers.call>>['rows'][number]
const states = Object.keys(userStates) as [keyof typeof userStates]
const shape = z.object({ text: z.string(), state: z.enum(states) }).partial()

const columns: readonly Column<User>[] = [
  {
    key: 'account',
    title: '账号',
    width: 150,
    sort: 'account',
    required: true,
    render: (user) => <span className="lx-code">{user.account}</span>,
  },
  { key: 'name', title: '姓名', width: 110, sort: 'name' },
  { key: 'roles', title: '角色', width: 200, render: (user) => user.roles.map((role) => role.name).join('、') },
  {
    key: 'regions',
    title: '管理范围',
    width: 240,
    render: (user) => {
      const excluded = user.excludedRegions.length
        ? `（除 ${user.excludedRegions.map((one) => one.name).join('、')}）`
        : ''
      return user.regions.length ? (
        user.regions.map((one) => one.name).join('、') + excluded
      ) : (
        <span className="lx-faint">未分配，看不到单位</span>
      )
    },
  },
  { key: 'state', title: '状态', width: 110, render: (user) => <UserMark user={user} /> },
  {
    key: 'secondFactor',
    title: '动态验证码',
    width: 100,
    render: (user) => (user.secondFactor ? '已绑定' : <span className="lx-faint">未绑定</span>),
  },
  {
    key: 'lastSignInAt',
    title: '最近登录',
    width: 148,
    sort: 'lastSignInAt',
    render: (user) =>
      user.lastSignInAt ? formatDateTime(new Date(user.lastSignInAt)) : <span className="lx-faint">从未</span>,
  },
  {
    key: 'createdAt',
    title: '建立时间',
    width: 148,
    sort: 'createdAt',
    hidden: true,
    render: (user) => formatDateTime(new Date(user.createdAt)),
  },
]

/** An account's state; a lock after wrong passwords shows before everything else. */
function UserMark({ user }: { user: User }) {
  if (user.lockedUntil && new Date(user.lockedUntil) > new Date()) return <Mark tone="bad">密码错误锁定</Mark>
  return (
    <Mark tone={user.state === 'active' ? 'good' : user.state === 'invited' ? 'warn' : 'plain'}>
      {userStates[user.state]}
    </Mark>
  )
}

/** The accounts inside the person's own scope. */
export function UsersScreen() {
  const list = useListState(shape, { sort: 'account', sorts: userSort.options })
  const can = useCan()
  const [open, setOpen] = useState<User | 'new'>()
  const [link, setLink] = useState<{ link: string; name: string }>()
  const query = useQuery(
    office.listUsers.queryOptions({
      input: {
        ...(list.filters as z.infer<typeof shape>),
        sort: list.sort,
        order: list.order,
        page: list.page,
        pageSize: list.pageSize,
      },
    }),
  )
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>
      新建用户
    </Button>
  )
  return (
    <Page
      title="用户"
      description="一人一号。谁能办什么事看角色，能看哪里看管理范围。"
      actions={can('office.user.write') ? add : undefined}
    >
      <SearchTable
        name="用户"
        unit="人"
        columns={columns}
        rowKey={(user) => user.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            search={{ name: 'text', placeholder: '账号、姓名' }}
            fields={[{ kind: 'one', name: 'state', label: '状态', options: options(userStates) }]}
          />
        }
        onOpen={setOpen}
        empty={{ title: '还没有用户', ...(can('office.user.write') ? { action: add } : {}) }}
      />
      {open ? (
        <UserDrawer
          user={open === 'new' ? undefined : open}
          onClose={() => setOpen(undefined)}
          onLink={(made) => {
            setOpen(undefined)
            setLink(made)
          }}
        />
      ) : null}
      {link ? <LinkDialog {...link} onClose={() => setLink(undefined)} /> : null}
    </Page>
  )
}
