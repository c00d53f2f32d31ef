import { useSyncExternalStore, type ComponentType, type ReactNode } from 'react'
import { say } from './notice.tsx'
import { toProblem } from './problem.ts'
import { makeStore } from './store.ts'

export interface Question {
  /** A question: `停用 3 个用户？` */
  title: string
  /** What will be lost or changed, and whether it can be undone. */
  lose: ReactNode
  /** The button that does it: `停用`. */
  act: string
  /** The button that does not; 取消 when left out. */
  keep?: string | undefined
  /** Asks for a reason, of at least `min` characters (2 when left out). */
  reason?: { label: string; min?: number; max?: number } | undefined
}

/** The person's yes, with the reason when one was asked for (else an empty string). */
export interface Yes {
  reason: string
}

export interface AskDialogProps {
  question: Question
  onAnswer: (yes: Yes | undefined) => void
}

const asked = makeStore<(AskDialogProps & { Dialog: ComponentType<AskDialogProps> }) | undefined>(undefined)

/**
 * Asks before something is lost. Resolves to undefined when the person thinks better of it.
 *
 * ```tsx
 * const ask = useConfirm()
 * const yes = await ask({ title: '撤销这次导入？', lose: '由它新建的 120 家将撤下。', act: '撤销导入', reason: { label: '撤销原因' } })
 * if (yes) await undo.run({ id, reason: yes.reason })
 * ```
 */
export function useConfirm(): (question: Question) => Promise<Yes | undefined> {
  return ask
}

async function ask(question: Question): Promise<Yes | undefined> {
  try {
    // The dialog comes with the first question: most visits ask none.
    const { AskDialog } = await import('./ask-dialog.tsx')
    // One question at a time: pressing Escape twice is not two questions.
    if (asked.get()) return undefined
    return await new Promise((resolve) => {
      const onAnswer = (yes: Yes | undefined) => {
        asked.set(undefined)
        resolve(yes)
      }
      asked.set({ question, onAnswer, Dialog: AskDialog })
    })
  } catch (error) {
    say.bad(toProblem(error).message)
    return undefined
  }
}

/** Where the question appears; stands once in the application. */
export function Asker() {
  const now = useSyncExternalStore(asked.subscribe, asked.get)
  return now ? <now.Dialog question={now.question} onAnswer={now.onAnswer} /> : null
}
