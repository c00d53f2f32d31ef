// The arithmetic of the map: from metres to pixels and back, where points that share a place are drawn, what is under the pointer.

/** How well a place is known, surest first. */
export type MapAccuracy = 'exact' | 'building' | 'road' | 'street' | 'none'

/** A point: metres east (`x`) and north (`y`) of any origin, the group it belongs to (null for none). */
export interface MapPoint {
  id: string
  x: number
  y: number
  accuracy: MapAccuracy
  group: string | null
  name: string
}

/** A group on the map: its id, the point that lines go out from (or the place of a host that is no point), and how it stands. */
export interface MapGroup {
  id: string
  lead: string | null
  place: { x: number; y: number } | null
  tone: 'plain' | 'warn' | 'locked'
  name: string
}

/** A name on the ground, such as a street's at the middle of its units. */
export interface MapLabel {
  x: number
  y: number
  text: string
}

/** What of the plane is on screen: the metres in the middle and how many pixels a metre takes. */
export interface MapView {
  x: number
  y: number
  scale: number
}

/** Width and height of the map on screen, in pixels. */
export interface MapSize {
  width: number
  height: number
}

const scaleMost = 4
const scaleLeast = 1e-4

/** Where a place in metres stands on screen, in pixels from the upper left. */
export function toScreen(view: MapView, size: MapSize, at: { x: number; y: number }): { x: number; y: number } {
  return { x: size.width / 2 + (at.x - view.x) * view.scale, y: size.height / 2 - (at.y - view.y) * view.scale }
}

/** The view that holds all places with a margin of 8 %, or a kilometre around the only one. */
export function fitView(places: readonly { x: number; y: number }[], size: MapSize): MapView {
  if (places.length === 0) return { x: 0, y: 0, scale: 0.1 }
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const { x, y } of places) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    low = Math.min(low, y)
    high = Math.max(high, y)
  }
  const wide = Math.max(right - left, 600)
  const tall = Math.max(high - low, 600)
  const scale = 0.84 * Math.min(size.width / wide, size.height / tall)
  return { x: (left + right) / 2, y: (low + high) / 2, scale: Math.min(scale, scaleMost) }
}

/** Zooms by a factor and keeps the metre under a pixel where it is. */
export function zoomAt(view: MapView, size: MapSize, pixel: { x: number; y: number }, factor: number): MapView {
  const scale = Math.max(scaleLeast, Math.min(scaleMost, view.scale * factor))
  const dx = pixel.x - size.width / 2
  const dy = size.height / 2 - pixel.y
  return {
    x: view.x + dx / view.scale - dx / scale,
    y: view.y + dy / view.scale - dy / scale,
    scale,
  }
}

/** Moves the view by pixels. */
export function panBy(view: MapView, dx: number, dy: number): MapView {
  return { ...view, x: view.x - dx / view.scale, y: view.y + dy / view.scale }
}

/** A scale bar of a round length that takes at most `most` pixels. */
export function scaleBar(view: MapView, most: number): { metres: number; pixels: number; words: string } {
  const metresMost = most / view.scale
  const power = 10 ** Math.floor(Math.log10(metresMost))
  const metres = [5, 2, 1].map((digit) => digit * power).find((one) => one <= metresMost) ?? power
  const words = metres >= 1000 ? `${metres / 1000} 公里` : `${metres} 米`
  return { metres, pixels: metres * view.scale, words }
}

/**
 * Turns around a shared place, in units of the distance between neighbours: points of one place are drawn beside one another, in
 * the order of their groups, so that a group stays together. A point alone stands at 0, 0.
 */
export function spreadPoints(points: readonly MapPoint[]): Map<string, { dx: number; dy: number }> {
  const places = new Map<string, MapPoint[]>()
  for (const point of points) {
    const key = `${Math.round(point.x)} ${Math.round(point.y)}`
    const list = places.get(key)
    if (list === undefined) places.set(key, [point])
    else list.push(point)
  }
  const golden = Math.PI * (3 - Math.sqrt(5))
  const offsets = new Map<string, { dx: number; dy: number }>()
  for (const list of places.values()) {
    // Seats of a sunflower, taken by direction: points of one group then sit in one wedge.
    const seats = list
      .map((_, at) => ({ turn: (at * golden) % (2 * Math.PI), far: list.length === 1 ? 0 : Math.sqrt(at + 0.5) }))
      .sort((a, b) => a.turn - b.turn)
    const sorted = list.toSorted((a, b) => order(a.group ?? '', b.group ?? '') || order(a.id, b.id))
    for (const [at, { turn, far }] of seats.entries())
      offsets.set(sorted[at]?.id ?? '', { dx: far * Math.cos(turn), dy: far * Math.sin(turn) })
  }
  return offsets
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Pixels between points of one place: few when the whole county is on screen, room for a finger when near. */
export function spreadPixels(view: MapView, fitted: MapView): number {
  return Math.max(2.4, Math.min(11, 2.4 * Math.sqrt(view.scale / fitted.scale)))
}

/** The id of the placed point nearest to a pixel, within `reach` pixels; undefined when there is none. */
export function nearestPoint(
  placed: readonly { id: string; sx: number; sy: number }[],
  pixel: { x: number; y: number },
  reach: number,
): string | undefined {
  let best = reach * reach
  let found: string | undefined
  for (const { id, sx, sy } of placed) {
    const distance = (sx - pixel.x) ** 2 + (sy - pixel.y) ** 2
    if (distance > best) continue
    best = distance
    found = id
  }
  return found
}

/** The point nearest in one direction (90° wide) from a pixel: what an arrow key steps to. */
export function stepTo(
  placed: readonly { id: string; sx: number; sy: number }[],
  from: { x: number; y: number },
  way: { dx: number; dy: number },
): string | undefined {
  let best = Infinity
  let found: string | undefined
  for (const { id, sx, sy } of placed) {
    const [x, y] = [sx - from.x, sy - from.y]
    const along = x * way.dx + y * way.dy
    const across = Math.abs(x * way.dy - y * way.dx)
    if (along <= 0.5 || across > along) continue
    const cost = along + across * 2
    if (cost >= best) continue
    best = cost
    found = id
  }
  return found
}
