import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Input } from 'antd'
import { useEffect } from 'react'
import { z } from 'zod'
import { officeContract } from '../office/contract.ts'
import { connect, inputOf, sessionLost } from '../ui/client.ts'
import { Field, ZodForm } from '../ui/form.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { Front } from './front.tsx'

const office = connect(officeContract)
const accept = inputOf(officeContract.acceptLink).omit({ token: true })

const titles = { setUp: '初始设置', invite: '启用账号', reset: '重置密码' } as const
const twice = { repeat: z.string().describe('再输一次密码') }
const same = (values: { password: string; repeat: string }) => values.password === values.repeat
const differ = { path: ['repeat'], message: '两次输入的密码不同' }
const setUpShape = accept.required({ account: true, name: true }).extend(twice).refine(same, differ)
const passwordShape = accept.pick({ password: true }).extend(twice).refine(same, differ)

/** `/set-up?token=…`: the one-time link of the first administrator, of an invitation, or of a reset. */
export function SetUpScreen() {
  const { token }: { token?: unknown } = useSearch({ strict: false })
  const known = typeof token === 'string' ? token : ''
  const link = useQuery(office.linkState.queryOptions({ input: { token: known }, enabled: known !== '', retry: false }))
  const title = link.data ? titles[link.data.purpose] : '设置密码'
  useEffect(() => {
    document.title = `${title} · 两新党建`
  }, [title])
  return (
    <Front title={title}>
      {known ? (
        <Answered query={link} rows={4}>
          {(state) => <LinkForm token={known} purpose={state.purpose} account={state.account} name={state.name} />}
        </Answered>
      ) : (
        <Empty title="链接不完整" hint="请把收到的链接整条复制到地址栏。" action={<Link to="/sign-in">去登录</Link>} />
      )}
    </Front>
  )
}

function LinkForm(props: { token: string; purpose: keyof typeof titles; account: string | null; name: string | null }) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const send = async (values: { account?: string | undefined; name?: string | undefined; password: string }) => {
    const { account, name, password } = values
    const answer = await office.acceptLink.call({
      token: props.token,
      password,
      ...(account ? { account } : {}),
      ...(name ? { name } : {}),
    })
    client.clear()
    sessionLost.set(false)
    void navigate({ to: answer.status === 'signedIn' ? '/' : '/sign-in', replace: true })
  }
  const passwords = (
    <>
      <Field name="password" hint="至少 10 位，大写、小写、数字、符号取三种，例如几个词用横线连起来再加数字。">
        <Input.Password autoComplete="new-password" />
      </Field>
      <Field name="repeat">
        <Input.Password autoComplete="new-password" />
      </Field>
    </>
  )
  if (props.purpose === 'setUp') {
    return (
      <ZodForm shape={setUpShape} onSubmit={send} submitText="建立管理员账号" guard={false}>
        <p className="lx-front-note">这是平台的第一个账号，负责分配其他人的账号、角色和管理范围。</p>
        <Field name="account" hint="3 至 32 位字母、数字，以字母开头">
          <Input autoComplete="username" autoFocus />
        </Field>
        <Field name="name">
          <Input autoComplete="name" />
        </Field>
        {passwords}
      </ZodForm>
    )
  }
  return (
    <ZodForm shape={passwordShape} onSubmit={send} submitText="保存密码并登录" guard={false}>
      <p className="lx-front-note">
        {props.name}（账号 <b>{props.account}</b>）
      </p>
      {passwords}
    </ZodForm>
  )
}
