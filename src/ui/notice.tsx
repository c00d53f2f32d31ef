import CheckCircleFilled from '@ant-design/icons/CheckCircleFilled'
import CloseCircleFilled from '@ant-design/icons/CloseCircleFilled'
import { useSyncExternalStore } from 'react'
import { makeStore } from './store.ts'

/** What can still be done about what was said: `{ act: '撤回', run: () => … }`. */
export interface NoticeAct {
  act: string
  run: () => void
}

interface Notice {
  id: number
  tone: 'good' | 'bad'
  text: string
  more?: NoticeAct | undefined
}

const notices = makeStore<readonly Notice[]>([])
let count = 0

const close = (id: number) => notices.set(notices.get().filter((one) => one.id !== id))

function show(tone: Notice['tone'], text: string, ms: number, more?: NoticeAct): () => void {
  const id = ++count
  // The same words twice at once say no more than once.
  notices.set([...notices.get().filter((one) => one.text !== text), { id, tone, text, more }].slice(-3))
  setTimeout(() => close(id), ms)
  return () => close(id)
}

/** Says something in passing, at the top of the screen: `say.good('已保存')`, `say.bad('…，请重试')`. Answers what unsays it. */
export const say = {
  good: (text: string, more?: NoticeAct) => show('good', text, more ? 8000 : 3000, more),
  bad: (text: string) => show('bad', text, 8000),
}

/** Where the notices appear; stands once in the application. */
export function Notices() {
  const list = useSyncExternalStore(notices.subscribe, notices.get)
  return (
    <div className="lx-notices" role="status" aria-live="polite">
      {list.map(({ id, tone, text, more }) => (
        <p key={id} className={`lx-notice lx-notice-${tone}`}>
          {tone === 'good' ? <CheckCircleFilled /> : <CloseCircleFilled />} {text}
          {more ? (
            <button
              type="button"
              className="lx-notice-act"
              onClick={() => {
                close(id)
                more.run()
              }}
            >
              {more.act}
            </button>
          ) : null}
        </p>
      ))}
    </div>
  )
}
