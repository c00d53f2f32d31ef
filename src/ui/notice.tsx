import CheckCircleFilled from '@ant-design/icons/CheckCircleFilled'
import CloseCircleFilled from '@ant-design/icons/CloseCircleFilled'
import { useSyncExternalStore } from 'react'
import { makeStore } from './store.ts'

interface Notice {
  id: number
  tone: 'good' | 'bad'
  text: string
}

const notices = makeStore<readonly Notice[]>([])
let count = 0

function show(tone: Notice['tone'], text: string, ms: number): void {
  const id = ++count
  // The same words twice at once say no more than once.
  notices.set([...notices.get().filter((one) => one.text !== text), { id, tone, text }].slice(-3))
  setTimeout(() => notices.set(notices.get().filter((one) => one.id !== id)), ms)
}

/** Says something in passing, at the top of the screen: `say.good('已保存')`, `say.bad('…，请重试')`. */
export const say = {
  good: (text: string) => show('good', text, 3000),
  bad: (text: string) => show('bad', text, 8000),
}

/** Where the notices appear; stands once in the application. */
export function Notices() {
  const list = useSyncExternalStore(notices.subscribe, notices.get)
  return (
    <div className="lx-notices" role="status" aria-live="polite">
      {list.map(({ id, tone, text }) => (
        <p key={id} className={`lx-notice lx-notice-${tone}`}>
          {tone === 'good' ? <CheckCircleFilled /> : <CloseCircleFilled />} {text}
        </p>
      ))}
    </div>
  )
}
