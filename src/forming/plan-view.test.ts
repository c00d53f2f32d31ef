import { describe, expect, test } from 'vitest'
import {
  effectLines,
  groupName,
  groupsNear,
  metresWords,
  movesBack,
  noteMove,
  planMap,
  planView,
  type ViewGroup,
  type ViewUnit,
} from './plan-view.ts'

const unit = (id: string, x: number, more: Partial<ViewUnit> = {}): ViewUnit => ({
  id,
  name: `${id}公司`,
  members: 1,
  street: '东街道',
  x,
  y: 0,
  accuracy: 'exact',
  accuracyMetres: 0,
  formal: 1,
  reported: false,
  operating: true,
  address: null,
  road: null,
  number: null,
  ...more,
})
const group = (leadId: string, unitIds: string[], more: Partial<ViewGroup> = {}): ViewGroup => ({
  leadId,
  unitIds,
  host: null,
  members: unitIds.length,
  metres: 0,
  flagged: false,
  locked: false,
  proposal: null,
  transfer: 0,
  verify: 0,
  idle: 0,
  ...more,
})
const units = [unit('a', 0), unit('b', 100), unit('c', 300), unit('d', 5000), unit('e', 5100), unit('f', 90_000)]
const groups = [
  group('a', ['a', 'b', 'c'], { locked: true }),
  group('h', ['d', 'e'], { host: { name: '园区党支部', x: 5000, y: 50 } }),
]

describe('the plan on screen', () => {
  const view = planView(units, groups)

  test('counts as left over what stands in no group', () => {
    expect(view.left.map((one) => one.id)).toEqual(['f'])
    expect(view.groupOf.get('e')?.leadId).toBe('h')
  })

  test('counts nobody as left over who refused', () => {
    expect(planView([...units, unit('g', 9)], groups, ['g']).left.map((one) => one.id)).toEqual(['f'])
  })

  test('names a group by its host or its leading unit', () => {
    expect([...view.groups.values()].map((one) => groupName(view, one))).toEqual(['a公司牵头', '园区党支部'])
  })

  test('draws lines from a leading unit, or from the place of a host that is no unit of the plan', () => {
    const map = planMap(view)
    expect(map.groups).toEqual([
      { id: 'a', lead: 'a', place: null, tone: 'locked', name: 'a公司牵头' },
      { id: 'h', lead: null, place: { name: '园区党支部', x: 5000, y: 50 }, tone: 'plain', name: '园区党支部' },
    ])
    expect(map.points.find((point) => point.id === 'f')?.group).toBeNull()
  })

  test('puts the name of a street where most of its units stand, whatever stands far out', () => {
    expect(planMap(view).labels).toEqual([{ text: '东街道', x: 5000, y: 0 }])
  })

  test('a unit of unknown place stands beside the map under the name of its road or street, not where others are', () => {
    const map = planMap(planView([unit('a', 0), unit('x', 9, { accuracy: 'none', street: '西街道' })], []))
    expect(map.scheme).toBe('some')
    expect(map.labels.map((one) => one.text)).toEqual(['东街道', '西街道'])
    expect(map.points.find((point) => point.id === 'x')!.x).toBeGreaterThan(100)
  })

  test('offers other groups, nearest first, never its own', () => {
    expect(groupsNear(view, 'b').map((one) => one.group.leadId)).toEqual(['h'])
    expect(groupsNear(view, 'f').map((one) => one.group.leadId)).toEqual(['h', 'a'])
  })

  test('says what a change does, worst first, and nothing when nothing changes', () => {
    expect(effectLines({ metres: 1530.4, flagged: 0, leftOver: -1 })).toEqual([
      { words: '未编组单位减少 1 家', better: true },
      { words: '到牵头单位的距离合计增加 1.5 公里', better: false },
    ])
    expect(effectLines({ metres: 0.2, flagged: 0, leftOver: 0 })).toEqual([])
    expect(metresWords(999.6)).toBe('1000 米')
  })

  test('takes a move back to those the unit stood with, even when it led them', () => {
    const back = (now: typeof view, made: ReturnType<typeof noteMove>) => movesBack(now, made).map(({ to }) => to)
    const after = planView(units, [group('b', ['b', 'c']), group('h', ['d', 'e', 'a'], { host: groups[1]!.host })])
    expect(back(after, noteMove(view, 'a', 'h'))).toEqual(['b'])
    expect(back(after, noteMove(view, 'd', null))).toEqual(['h'])
    expect(back(after, noteMove(view, 'f', 'h'))).toEqual([null])
    expect(back(after, noteMove(planView(units, [group('f', ['f'])]), 'f', 'a'))).toEqual(['new'])
  })

  test('takes a move onto a unit that was left over back for both, unless somebody parted them', () => {
    const made = noteMove(planView(units, [group('a', ['a', 'b', 'c'])]), 'e', 'd')
    const paired = planView(units, [group('a', ['a', 'b', 'c']), group('d', ['d', 'e'])])
    const out = { unitId: 'e', to: null }
    expect(movesBack(paired, made)).toEqual([out, { unitId: 'd', to: null }])
    const parted = planView(units, [group('a', ['a', 'b', 'c', 'd']), group('e', ['e'])])
    expect(movesBack(parted, made)).toEqual([out])
  })
})
