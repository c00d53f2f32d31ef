import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Table } from 'antd'
import { z } from 'zod'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { Facts } from '../ui/facts.tsx'
import { Field, ZodForm } from '../ui/form.tsx'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { Answered } from '../ui/states.tsx'
import { officeContract } from './contract.ts'
import { SecondFactor } from './second-factor-form.tsx'

const office = connect(officeContract)

const passwordShape = z
  .object({
    current: z.string().min(1, '请填写原密码').max(128).describe('原密码'),
    next: z.string().min(10, '密码至少 10 位').max(128).describe('新密码'),
    again: z.string().min(1, '请再填一遍新密码').describe('再填一遍'),
  })
  .refine((values) => values.next === values.again, { path: ['again'], message: '两次填写的新密码不一样' })

/** One's own account: range, password, second factor, places signed in. */
export function AccountScreen() {
  const me = useQuery(office.me.queryOptions())
  return (
    <Page title="我的账号">
      <Answered query={me}>
        {(who) => (
          <>
            {who.passwordExpired ? (
              <p className="lx-warn-line" role="alert">
                密码已超过 90 天，修改后才能办理业务。
              </p>
            ) : null}
            {who.secondFactor === 'required' ? (
              <p className="lx-warn-line" role="alert">
                您的角色要求绑定动态验证码，绑定后才能办理业务。
              </p>
            ) : null}
            <Facts
              columns={3}
              items={[
                { label: '姓名', value: who.name },
                { label: '账号', value: <span className="lx-code">{who.account}</span> },
                { label: '管理范围', value: who.regions.map((one) => one.name).join('、') || '未分配' },
              ]}
            />
            <Section title="修改密码">
              <PasswordForm />
            </Section>
            <Section title="动态验证码">
              <SecondFactor state={who.secondFactor} />
            </Section>
            <Section title="登录在哪里">
              <Sessions />
            </Section>
          </>
        )}
      </Answered>
    </Page>
  )
}

function PasswordForm() {
  const client = useQueryClient()
  const change = useCommand(office.changePassword.mutationOptions(), { done: '密码已修改，其他地方的登录已退出' })
  const save = async ({ current, next }: z.output<typeof passwordShape>) => {
    await office.changePassword.call({ current, next })
    await client.invalidateQueries({ queryKey: office.me.key() })
  }
  return (
    <ZodForm shape={passwordShape} onSubmit={save} submitText={change.busy ? '正在修改' : '修改密码'} guard={false}>
      <Field name="current">
        <Input.Password autoComplete="current-password" />
      </Field>
      <Field name="next" hint="至少 10 位，大写、小写、数字、符号取三种；不用常见密码和最近 5 次用过的。">
        <Input.Password autoComplete="new-password" />
      </Field>
      <Field name="again">
        <Input.Password autoComplete="new-password" />
      </Field>
    </ZodForm>
  )
}

function Sessions() {
  const query = useQuery(office.listSessions.queryOptions())
  const end = useCommand(office.endSession.mutationOptions(), {
    done: '已退出那一处',
    refresh: [office.listSessions.key()],
  })
  return (
    <Answered query={query} rows={3}>
      {({ rows }) => (
        <Table
          size="small"
          rowKey={(row) => row.id}
          dataSource={rows}
          pagination={false}
          columns={[
            { title: '地址', width: 160, render: (_v, row) => <span className="lx-code">{row.address}</span> },
            { title: '浏览器', ellipsis: true, render: (_v, row) => row.userAgent },
            { title: '登录时间', width: 170, render: (_v, row) => formatDateTime(new Date(row.createdAt)) },
            { title: '最近使用', width: 170, render: (_v, row) => formatDateTime(new Date(row.lastSeenAt)) },
            {
              title: '',
              width: 100,
              render: (_v, row) =>
                row.current ? (
                  <Mark tone="good">本机</Mark>
                ) : (
                  <Button type="link" size="small" danger onClick={() => void end.run({ id: row.id })}>
                    退出
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Answered>
  )
}
