// What of a plan is looked at, kept in the address.
import { z } from 'zod'
import { useListState } from '../ui/list-state.ts'

/** Which groups are listed. */
export const groupKinds = {
  all: '全部',
  flagged: '须说明',
  pending: '待转接核对',
  locked: '已锁定',
  open: '未批准',
  approved: '已批准',
} as const
export type GroupKind = keyof typeof groupKinds

/** Which units are listed. */
export const unitKinds = {
  all: '全部单位',
  guessed: '位置为推定',
  transfer: '须先转接',
  reported: '部门所报',
  idle: '未证实在营',
  refused: '明确不参加',
} as const
export type UnitKind = keyof typeof unitKinds

/** What of a plan is looked at. */
export interface BoardState {
  tab: 'groups' | 'left' | 'units'
  kind: GroupKind
  of: UnitKind
  group: string | null
  unit: string | null
}

const keysOf = <K extends string>(words: Record<K, string>) => z.enum(Object.keys(words) as [K, ...K[]])

const boardShape = z
  .object({
    tab: z.enum(['groups', 'left', 'units']),
    kind: keysOf(groupKinds),
    of: keysOf(unitKinds),
    group: z.string(),
    unit: z.string(),
  })
  .partial()

/** The state of a plan's board, and a way to change some of it. */
export function useBoard(): { state: BoardState; onState: (change: Partial<BoardState>) => void } {
  const address = useListState(boardShape)
  const { tab = 'groups', kind = 'all', of = 'all', group = null, unit = null } = address.filters
  const onState = (change: Partial<BoardState>) => {
    const { group: nextGroup, unit: nextUnit, ...rest } = change
    address.filter({
      ...rest,
      ...(nextGroup === undefined ? {} : { group: nextGroup ?? undefined }),
      ...(nextUnit === undefined ? {} : { unit: nextUnit ?? undefined }),
    })
  }
  return { state: { tab, kind, of, group, unit }, onState }
}
