// What the plan screen works on: groups and units looked up by id, made once from the server's answer.
import type { proposalStates } from './contract.ts'
import { schemeLayout, type SchemeLayout } from './plan-layout.ts'
import type { MapAccuracy, MapGroup, MapLabel, MapPoint } from '../ui/map-view.ts'

/** A unit on the plan screen; `x` and `y` in metres. */
export interface ViewUnit {
  id: string
  name: string
  members: number
  /** Formal members whose relation is here; `members` may count more. */
  formal: number
  reported: boolean
  operating: boolean
  address: string | null
  road: string | null
  number: number | null
  street: string | null
  x: number
  y: number
  accuracy: MapAccuracy
  accuracyMetres: number
}

/** A group on the plan screen. `host` names the organisation that leads it, null when one of its units does. */
export interface ViewGroup {
  leadId: string
  unitIds: readonly string[]
  host: { name: string; x: number; y: number } | null
  members: number
  metres: number
  flagged: boolean
  locked: boolean
  /** What became of it after it was approved, null before. */
  proposal: keyof typeof proposalStates | null
  /** Members whose relation must come first, members to be checked first, units not proven to be in operation. */
  transfer: number
  verify: number
  idle: number
}

/** A plan's units and groups, looked up. */
export interface PlanView {
  units: ReadonlyMap<string, ViewUnit>
  groups: ReadonlyMap<string, ViewGroup>
  groupOf: ReadonlyMap<string, ViewGroup>
  left: readonly ViewUnit[]
}

/** Looks up units and groups; units in no group are left over, but for those that refused. */
export function planView(
  units: readonly ViewUnit[],
  groups: readonly ViewGroup[],
  refused: readonly string[] = [],
): PlanView {
  const apart = new Set(refused)
  const groupOf = new Map<string, ViewGroup>()
  for (const group of groups) for (const id of group.unitIds) groupOf.set(id, group)
  return {
    units: new Map(units.map((unit) => [unit.id, unit])),
    groups: new Map(groups.map((group) => [group.leadId, group])),
    groupOf,
    left: units.filter((unit) => !groupOf.has(unit.id) && !apart.has(unit.id)),
  }
}

/** A group's name on screen: its host's, or its leading unit's with 牵头. */
export function groupName(view: PlanView, group: ViewGroup): string {
  return group.host?.name ?? `${view.units.get(group.leadId)?.name ?? '（单位已不在）'}牵头`
}

/** The plan as points, groups and names for the map; a street's name stands at the middle of its units. */
export function planMap(view: PlanView): {
  points: MapPoint[]
  groups: MapGroup[]
  labels: MapLabel[]
  /** Whether some or all of the points are drawn by address, not by place. */
  scheme: SchemeLayout['share']
} {
  const scheme = schemeLayout([...view.units.values()])
  const points = [...view.units.values()].map((unit) => ({
    id: unit.id,
    x: unit.x,
    y: unit.y,
    ...scheme.places.get(unit.id),
    accuracy: unit.accuracy,
    group: view.groupOf.get(unit.id)?.leadId ?? null,
    name: unit.name,
  }))
  const groups = [...view.groups.values()].map((group) => ({
    id: group.leadId,
    lead: group.host === null ? group.leadId : null,
    place: group.host,
    tone: group.locked ? ('locked' as const) : group.flagged ? ('warn' as const) : ('plain' as const),
    name: groupName(view, group),
  }))
  return { points, groups, labels: [...streetLabels(view), ...scheme.labels], scheme: scheme.share }
}

function streetLabels(view: PlanView): MapLabel[] {
  const streets = new Map<string, ViewUnit[]>()
  for (const unit of view.units.values()) {
    if (unit.street === null || unit.accuracy === 'none') continue
    const list = streets.get(unit.street)
    if (list === undefined) streets.set(unit.street, [unit])
    else list.push(unit)
  }
  const largest = [...streets].sort((a, b) => b[1].length - a[1].length)
  return largest.map(([text, units]) => ({ text, x: middle(units, 'x'), y: middle(units, 'y') }))
}

/** The middle value, which one unit far out does not move. */
function middle(units: readonly ViewUnit[], axis: 'x' | 'y'): number {
  const sorted = units.map((unit) => unit[axis]).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

const guessed = (unit: ViewUnit | undefined) => unit?.accuracy === 'street' || unit?.accuracy === 'none'

/** Groups a unit could be moved to, nearest lead first, its own left out; `guess` where the metres rest on a guessed place. */
export function groupsNear(view: PlanView, unitId: string): { group: ViewGroup; metres: number; guess: boolean }[] {
  const unit = view.units.get(unitId)
  if (!unit) return []
  const own = view.groupOf.get(unitId)
  return [...view.groups.values()]
    .filter((group) => group !== own)
    .map((group) => {
      const lead = group.host === null ? view.units.get(group.leadId) : undefined
      const at = group.host ?? lead ?? unit
      const guess = guessed(unit) || guessed(lead)
      return { group, metres: Math.round(Math.hypot(at.x - unit.x, at.y - unit.y)), guess }
    })
    .sort((a, b) => a.metres - b.metres || (a.group.leadId < b.group.leadId ? -1 : 1))
}

// A place of which not even the street is known counts as wrong by so much: no distance to be shown.
const unknownMetres = 50_000

/** The metres of groups whose places are known at least by their address, and how many groups are left out of the sum. */
export function sureMetres(view: PlanView): { metres: number; unknown: number } {
  const sure = [...view.groups.values()].filter((group) => group.metres < unknownMetres)
  return { metres: sure.reduce((sum, group) => sum + group.metres, 0), unknown: view.groups.size - sure.length }
}

/** Metres from one place to another in words: `350 米`, `2.4 公里`. */
export function metresWords(metres: number): string {
  return Math.abs(metres) >= unknownMetres ? '位置不明' : lengthWords(metres)
}

/** Any length in words, such as a sum over many places. */
export function lengthWords(metres: number): string {
  return Math.abs(metres) < 1000 ? `${Math.round(metres)} 米` : `${(metres / 1000).toFixed(1)} 公里`
}

/** What a change does, line by line, each with whether it is for the better; empty lines are left out. */
export function effectLines(effect: {
  metres: number
  flagged: number
  leftOver: number
}): { words: string; better: boolean }[] {
  const { metres, flagged, leftOver } = effect
  const sign = (value: number, words: string) => `${value > 0 ? '增加' : '减少'} ${words}`
  return [
    ...(leftOver === 0
      ? []
      : [{ words: `未编组单位${sign(leftOver, `${Math.abs(leftOver)} 家`)}`, better: leftOver < 0 }]),
    ...(flagged === 0
      ? []
      : [{ words: `须说明理由的组${sign(flagged, `${Math.abs(flagged)} 个`)}`, better: flagged < 0 }]),
    ...(Math.round(metres) === 0
      ? []
      : Math.abs(metres) >= unknownMetres
        ? [{ words: `${metres > 0 ? '多了' : '少了'}位置不明的单位，距离合计不能比`, better: metres < 0 }]
        : [{ words: `到牵头单位的距离合计${sign(metres, lengthWords(Math.abs(metres)))}`, better: metres < 0 }]),
  ]
}

/**
 * A move as it was made, with what it takes to take it back: whom the unit stood with, or the host that led them, and
 * the unit that was left over before it was made its partner.
 */
export interface MadeMove {
  unitId: string
  partner: string | null
  from: { host: string | null; others: readonly string[] } | null
}

/** Notes where a unit stands before it is moved. */
export function noteMove(view: PlanView, unitId: string, to: string | null): MadeMove {
  const group = view.groupOf.get(unitId)
  const partner = to !== null && view.left.some((unit) => unit.id === to) ? to : null
  if (!group) return { unitId, partner, from: null }
  const others = group.unitIds.filter((id) => id !== unitId)
  return { unitId, partner, from: { host: group.host === null ? null : group.leadId, others } }
}

/** The moves that take a move back; a partner that the unit still stands with is left over again. */
export function movesBack(view: PlanView, made: MadeMove): { unitId: string; to: string | null }[] {
  const { unitId, partner } = made
  const group = view.groupOf.get(unitId)
  const out = partner !== null && group?.unitIds.includes(partner) ? [{ unitId: partner, to: null }] : []
  return [{ unitId, to: placeBack(view, made) }, ...out]
}

/** Where a unit stood: with those it stood with, wherever they are led from now. */
function placeBack(view: PlanView, { from }: MadeMove): string | null {
  if (from === null) return null
  const group = from.others.map((id) => view.groupOf.get(id)).find((one) => one !== undefined)
  return from.host ?? group?.leadId ?? 'new'
}
