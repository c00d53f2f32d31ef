import { useBlocker } from '@tanstack/react-router'
import { useConfirm } from './confirm.tsx'

/** Asks before the page is left while `unsaved()` is true: by a link, by the back button, or by closing the tab. */
export function useLeaveGuard(unsaved: () => boolean): void {
  const ask = useConfirm()
  useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (!unsaved() || current.pathname === next.pathname) return false
      return !(await ask(leaveWords))
    },
    enableBeforeUnload: unsaved,
  })
}

/** The words of the question asked before unsaved changes are dropped. */
export const leaveWords = {
  title: '离开并放弃修改？',
  lose: '刚才填写的内容还没有保存，离开后就没有了。',
  act: '放弃修改',
  keep: '继续填写',
}
