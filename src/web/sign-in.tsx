import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { officeContract } from '../office/contract.ts'
import { connect } from '../ui/client.ts'
import { Front } from './front.tsx'
import { SignInForm } from './sign-in-form.tsx'

const office = connect(officeContract)

/** `/sign-in?next=…`: after signing in goes on to `next`, when that is a path of this application. */
export function SignInScreen() {
  const { next }: { next?: unknown } = useSearch({ strict: false })
  const navigate = useNavigate()
  const client = useQueryClient()
  const setUp = useQuery(office.setUpState.queryOptions())
  useEffect(() => {
    document.title = '登录 · 两新党建'
  }, [])
  const onSignedIn = () => {
    client.clear()
    const path = typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
    void navigate({ href: path, replace: true })
  }
  return (
    <Front title="登录">
      {setUp.data?.needed ? (
        <p className="lx-front-note">平台还没有管理员。请在启动平台的窗口里找到“初始设置”链接，用浏览器打开它。</p>
      ) : null}
      <SignInForm onSignedIn={onSignedIn} />
      <p className="lx-front-help">忘记密码时，请本级管理员在“用户”中为您重置。</p>
    </Front>
  )
}
