// Pointer, wheel and keyboard on the map.
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { PlacedPoint } from './map-draw.ts'
import { type MapPoint, type MapSize, type MapView, nearestPoint, panBy, stepTo, zoomAt } from './map-view.ts'

/** What the hand works on: the placed points, what is on screen, and what is told of it. */
export interface MapHandInput {
  ground: RefObject<HTMLDivElement | null>
  placed: readonly PlacedPoint[]
  byId: ReadonlyMap<string, PlacedPoint>
  view: MapView
  size: MapSize
  chosenPoint: string | null
  /** Sets the view; undefined goes back to the whole. */
  look: (view: MapView | undefined) => void
  onChoose: (point: MapPoint | null) => void
  onMove?: ((point: MapPoint, group: string) => void) | undefined
}

interface Carried {
  id: string
  x: number
  y: number
  group: string | null
}

type Pixel = { x: number; y: number }

const reach = 14
const edge = 20
const ways: Record<string, { dx: number; dy: number }> = {
  ArrowLeft: { dx: -1, dy: 0 },
  ArrowRight: { dx: 1, dy: 0 },
  ArrowUp: { dx: 0, dy: -1 },
  ArrowDown: { dx: 0, dy: 1 },
}

/**
 * What a point would land on at a pixel: the group of the nearest other point, or that point where it is in none; null over open
 * ground or its own group.
 */
function groupUnder({ placed, byId }: MapHandInput, id: string, pixel: Pixel): string | null {
  const others = placed.filter((point) => point.id !== id)
  const under = nearestPoint(others, pixel, reach * 2)
  if (under === undefined) return null
  const group = byId.get(under)?.group ?? null
  if (group === null) return under
  return group === byId.get(id)?.group ? null : group
}

/** Drags the ground or a point, chooses on a press; `hovered` is the point under the pointer or the keyboard's place. */
export function useMapHand(input: MapHandInput) {
  const { ground, placed, byId, view, size, look } = input
  const [hovered, setHovered] = useState<string | null>(null)
  const [carried, setCarried] = useState<Carried | null>(null)
  const drag = useRef<{ id: string | null; start: Pixel; last: Pixel; moved: boolean }>(undefined)
  const pixelOf = (event: { clientX: number; clientY: number }): Pixel => {
    const box = ground.current?.getBoundingClientRect()
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
  }
  useWheel(ground, (event) => look(zoomAt(view, size, pixelOf(event), event.deltaY < 0 ? 1.25 : 0.8)))
  const letGo = () => {
    drag.current = undefined
    setCarried(null)
  }
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    const pixel = pixelOf(event)
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { id: nearestPoint(placed, pixel, reach) ?? null, start: pixel, last: pixel, moved: false }
  }
  const onPointerMove = (event: PointerEvent) => {
    const pixel = pixelOf(event)
    const now = drag.current
    if (!now) return setHovered(nearestPoint(placed, pixel, reach) ?? null)
    now.moved ||= Math.hypot(pixel.x - now.start.x, pixel.y - now.start.y) > 4
    if (!now.moved) return
    if (now.id !== null && input.onMove) setCarried({ id: now.id, ...pixel, group: groupUnder(input, now.id, pixel) })
    else look(panBy(view, pixel.x - now.last.x, pixel.y - now.last.y))
    now.last = pixel
  }
  const onPointerUp = () => {
    const now = drag.current
    letGo()
    const point = now?.id == null ? undefined : byId.get(now.id)
    if (now && !now.moved) input.onChoose(point ?? null)
    else if (point && carried !== null && carried.group !== null) input.onMove?.(point, carried.group)
  }
  return {
    hovered,
    carried,
    onKeyDown: mapKeys(input, hovered, setHovered),
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: letGo,
      onPointerLeave: () => setHovered(null),
    },
  }
}

/** Arrows step from point to point, Enter chooses, Shift with arrows moves the ground, + − 0 zoom. */
function mapKeys(input: MapHandInput, hovered: string | null, hover: (id: string | null) => void) {
  const { placed, byId, view, size, look } = input
  const middle = { x: size.width / 2, y: size.height / 2 }
  const at = byId.get(hovered ?? input.chosenPoint ?? '')
  const zoom = (factor: number) => look(zoomAt(view, size, at ? { x: at.sx, y: at.sy } : middle, factor))
  const step = (way: { dx: number; dy: number }) => {
    const next = at ? stepTo(placed, { x: at.sx, y: at.sy }, way) : nearestPoint(placed, middle, Infinity)
    const to = next === undefined ? undefined : byId.get(next)
    if (!to) return
    hover(to.id)
    if (to.sx < edge || to.sy < edge || to.sx > size.width - edge || to.sy > size.height - edge)
      look(panBy(view, middle.x - to.sx, middle.y - to.sy))
  }
  return (event: KeyboardEvent) => {
    const way = ways[event.key]
    if (way && event.shiftKey) look(panBy(view, -way.dx * 60, -way.dy * 60))
    else if (way) step(way)
    else if (event.key === '+' || event.key === '=') zoom(1.5)
    else if (event.key === '-') zoom(1 / 1.5)
    else if (event.key === '0') look(undefined)
    else if (event.key === 'Enter' && hovered !== null) input.onChoose(byId.get(hovered) ?? null)
    else if (event.key === 'Escape') input.onChoose(null)
    else return
    event.preventDefault()
  }
}

/** The wheel zooms and does not scroll the page; React's own handler could not hold the page back. */
function useWheel(box: RefObject<HTMLDivElement | null>, onWheel: (event: WheelEvent) => void): void {
  const latest = useRef(onWheel)
  useEffect(() => {
    latest.current = onWheel
  })
  useEffect(() => {
    const element = box.current
    const hold = (event: WheelEvent) => {
      event.preventDefault()
      latest.current(event)
    }
    element?.addEventListener('wheel', hold, { passive: false })
    return () => element?.removeEventListener('wheel', hold)
  }, [box])
}
