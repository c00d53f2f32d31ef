/** What a plan's phase says while its gap is being worked out. */
export const measuringPhase = '编排完成，正在证明差距'

/** How far a plan can be from the best there is, as people read it; rounded up, so that it is never more than was proved. */
export function gapWords(bound: { percent: number } | null): string {
  if (bound === null) return '未算'
  return bound.percent === 0 ? '已证明最优' : `≤ ${(Math.ceil(bound.percent * 100) / 100).toFixed(2)} %`
}
