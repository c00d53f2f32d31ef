import { useQueryClient } from '@tanstack/react-query'
import { Modal } from 'antd'
import { officeContract } from '../office/contract.ts'
import { connect } from '../ui/client.ts'
import { SignInForm } from './sign-in-form.tsx'

const office = connect(officeContract)

/** When the session has ended in the middle of work: asks for the password over the page, which stays as it is. */
export function SignInAgain({ account, userId }: { account: string; userId: string }) {
  const client = useQueryClient()
  const onSignedIn = async () => {
    const now = await office.me.call()
    if (now.id !== userId) return location.assign('/')
    await client.invalidateQueries()
  }
  return (
    <Modal
      open
      title="登录已超时"
      width={400}
      footer={null}
      mask={{ closable: false }}
      keyboard={false}
      onCancel={() => location.assign('/sign-in')}
    >
      <p className="lx-soft">为保证安全，长时间没有操作会自动退出。重新登录后接着办理，页面上填写的内容还在。</p>
      <SignInForm account={account} onSignedIn={() => void onSignedIn()} />
    </Modal>
  )
}
