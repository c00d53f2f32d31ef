// Units left over: chains of regrouping that place one more, and the proof of how few can be left over at all.
import type { Draft } from './draft.ts'
import { mend, polish } from './draft.ts'
import type { Edges } from './grid.ts'

/** Tries to place every node still left over, looking ever further round it. */
export function finishLeft(draft: Draft, edges: Edges): void {
  for (let round = 1; round < 4; round += 1) {
    const left = draft.left()
    if (left.length === 0) return
    let better = false
    for (const node of left) if (draft.groupOf[node] === -1 && mend(draft, edges, node, round)) better = true
    if (!better) return
    polish(draft, edges, 1)
  }
}
