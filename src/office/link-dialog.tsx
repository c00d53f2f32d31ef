import { Button, Input, Modal } from 'antd'
import { say } from '../ui/notice.tsx'

/** A one-time link, shown once: it is to be handed to its owner, not kept. */
export function LinkDialog(props: { link: string; name: string; onClose: () => void }) {
  const { name, onClose } = props
  // The server may know only its own machine's name; here the platform goes by the name in the address bar.
  const made = new URL(props.link, location.origin)
  const link = `${location.origin}${made.pathname}${made.search}`
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link)
      say.good('已复制')
    } catch {
      say.bad('浏览器不允许自动复制，请选中后手动复制')
    }
  }
  return (
    <Modal
      open
      title={`${name}的一次性链接`}
      onCancel={onClose}
      footer={<Button onClick={onClose}>我已转交，关闭</Button>}
    >
      <p>请当面或经可靠渠道交给本人。打开后自设密码，用一次即失效；关闭后不再显示。</p>
      <div className="lx-form-line">
        <Input readOnly aria-label="一次性链接" value={link} onFocus={(event) => event.target.select()} />
        <Button type="primary" onClick={() => void copy()}>
          复制
        </Button>
      </div>
    </Modal>
  )
}
