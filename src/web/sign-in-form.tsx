import { Button, Input, type InputRef } from 'antd'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { officeContract } from '../office/contract.ts'
import { connect, sessionLost } from '../ui/client.ts'
import { toProblem } from '../ui/problem.ts'

const office = connect(officeContract)

/** Account and password, then the dynamic code when the account has one. Calls `onSignedIn` when the session is there. */
export function SignInForm({ account: fixed, onSignedIn }: { account?: string; onSignedIn: () => void }) {
  const [account, setAccount] = useState(fixed ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const codeBox = useRef<InputRef>(null)
  const asksCode = code !== undefined
  useEffect(() => {
    if (asksCode) codeBox.current?.focus()
  }, [asksCode])

  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (!account.trim() || !password) return setWrong('请填写账号和密码')
    setBusy(true)
    setWrong('')
    try {
      const answer = await office.signIn.call({ account, password, ...(code ? { code } : {}) })
      if (answer.status === 'secondFactor') return setCode('')
      sessionLost.set(false)
      onSignedIn()
    } catch (error) {
      const problem = toProblem(error)
      if (problem.code === 'secondFactorRequired' && !asksCode) setCode('')
      else setWrong(problem.message)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="lx-sign-in" onSubmit={(event) => void send(event)} noValidate>
      <label htmlFor="account">账号</label>
      <Input
        id="account"
        autoComplete="username"
        autoFocus={!fixed}
        disabled={fixed !== undefined}
        value={account}
        maxLength={64}
        onChange={(event) => setAccount(event.target.value)}
      />
      <label htmlFor="password">密码</label>
      <Input.Password
        id="password"
        autoComplete="current-password"
        autoFocus={fixed !== undefined}
        value={password}
        maxLength={128}
        onChange={(event) => setPassword(event.target.value)}
      />
      {asksCode ? (
        <>
          <label htmlFor="code">动态验证码</label>
          <Input
            id="code"
            ref={codeBox}
            autoComplete="one-time-code"
            inputMode="numeric"
            placeholder="验证器上的 6 位数字，或一个备用码"
            value={code}
            maxLength={20}
            onChange={(event) => setCode(event.target.value)}
          />
        </>
      ) : null}
      {wrong ? (
        <p className="lx-bad" role="alert">
          {wrong}
        </p>
      ) : null}
      <Button type="primary" htmlType="submit" loading={busy} block>
        登录
      </Button>
    </form>
  )
}
