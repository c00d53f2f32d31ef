import { useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { connect } from '../ui/client.ts'
import { Field, ZodForm } from '../ui/form.tsx'
import { officeContract } from './contract.ts'

const office = connect(officeContract)
const passwordShape = z.object({ password: z.string().min(1, '请填写密码').max(128).describe('密码') })
const codeShape = z.object({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, '验证码为 6 位数字')
    .describe('动态验证码'),
})
const removeShape = passwordShape.extend(codeShape.shape)

/** Binds or removes the second factor: any authenticator app that takes a TOTP secret. */
export function SecondFactor({ state }: { state: 'off' | 'on' | 'required' }) {
  const client = useQueryClient()
  const [secret, setSecret] = useState<{ secret: string; uri: string }>()
  const [recovery, setRecovery] = useState<string[]>()
  const refresh = () => client.invalidateQueries({ queryKey: office.me.key() })
  if (recovery) return <Recovery codes={recovery} onDone={() => void refresh().then(() => setRecovery(undefined))} />
  if (state === 'on') {
    const remove = async (values: z.output<typeof removeShape>) => {
      await office.removeSecondFactor.call(values)
      await refresh()
    }
    return (
      <ZodForm shape={removeShape} submitText="解除绑定" onSubmit={remove} guard={false}>
        <p className="lx-soft">已绑定。解除须同时填写密码和当前验证码。</p>
        <Field name="password">
          <Input.Password autoComplete="current-password" />
        </Field>
        <Field name="code">
          <Input inputMode="numeric" maxLength={6} autoComplete="one-time-code" />
        </Field>
      </ZodForm>
    )
  }
  if (secret) {
    const confirm = async (values: z.output<typeof codeShape>) => {
      const { recoveryCodes } = await office.confirmSecondFactor.call(values)
      setSecret(undefined)
      setRecovery(recoveryCodes)
    }
    return (
      <ZodForm
        shape={codeShape}
        submitText="完成绑定"
        onSubmit={confirm}
        onCancel={() => setSecret(undefined)}
        guard={false}
      >
        <p>在手机的验证器应用里选“手动输入密钥”，填入：</p>
        <p className="lx-secret lx-code">{secret.secret.replace(/(.{4})/g, '$1 ')}</p>
        <p className="lx-soft">类型选“基于时间”，6 位，30 秒。然后把应用上显示的 6 位数字填在下面。</p>
        <Field name="code">
          <Input inputMode="numeric" maxLength={6} autoComplete="one-time-code" autoFocus />
        </Field>
      </ZodForm>
    )
  }
  const start = async (values: z.output<typeof passwordShape>) => setSecret(await office.startSecondFactor.call(values))
  return (
    <ZodForm shape={passwordShape} submitText="开始绑定" onSubmit={start} guard={false}>
      <p className="lx-soft">绑定后，登录除密码外还要手机验证器上的 6 位数字；不需要联网，也不需要短信。</p>
      <Field name="password">
        <Input.Password autoComplete="current-password" />
      </Field>
    </ZodForm>
  )
}

function Recovery({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <div className="lx-stack">
      <p>绑定完成。手机不在身边时可用下面的备用码登录，每个只能用一次。请抄存在安全的地方，离开后不再显示。</p>
      <p className="lx-secret lx-code">{codes.join('  ')}</p>
      <Button type="primary" onClick={onDone}>
        我已抄存
      </Button>
    </div>
  )
}
