import './map.css'
import { type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react'
import { drawMap, type MapScene, type PlacedPoint } from './map-draw.ts'
import { useMapHand } from './map-hand.ts'
import {
  fitView,
  type MapGroup,
  type MapLabel,
  type MapPoint,
  type MapSize,
  type MapView,
  scaleBar,
  spreadPixels,
  spreadPoints,
  toScreen,
  zoomAt,
} from './map-view.ts'
import { MapLegend } from './map-legend.tsx'

export interface GroundMapProps {
  /** What is shown, e.g. `方案地图`: the map's accessible name. */
  name: string
  points: readonly MapPoint[]
  groups: readonly MapGroup[]
  labels: readonly MapLabel[]
  chosenPoint: string | null
  chosenGroup: string | null
  onChoose: (point: MapPoint | null) => void
  /** False where nothing on it is a distance: no mesh, no scale. */
  measured?: boolean | undefined
  /** What must be said of it, above the ground. */
  note?: string | undefined
  /** A point was dragged onto a group, or onto a point that is in none; without it points cannot be dragged. */
  onMove?: ((point: MapPoint, group: string) => void) | undefined
}

/**
 * A map of points and groups without a base map: nothing is fetched. Drag the ground to move, wheel or buttons to zoom, drag a
 * point onto a group. By keyboard: arrows step from point to point, Enter chooses, Shift with arrows moves the ground, + − 0 zoom.
 */
export function GroundMap(props: GroundMapProps) {
  const { points, groups, labels, chosenPoint, chosenGroup, measured = true, note } = props
  const ground = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const size = useSize(ground)
  const fitted = useMemo(() => fitView(points, size), [points, size])
  const [own, setOwn] = useState<MapView>()
  const view = own ?? fitted
  const hintId = useId()
  const offsets = useMemo(() => spreadPoints(points), [points])
  const placed = useMemo(() => placePoints(points, offsets, view, fitted, size), [points, offsets, view, fitted, size])
  const byId = useMemo(() => new Map(placed.map((point) => [point.id, point])), [placed])
  const chooseHere = useFollow(props, byId, size, (change) => setOwn(change(view)))

  const { hovered, carried, handlers, onKeyDown } = useMapHand({
    ground,
    placed,
    byId,
    view,
    size,
    chosenPoint,
    look: setOwn,
    onChoose: (point) => {
      chooseHere(point)
      props.onChoose(point)
    },
    onMove: props.onMove,
  })
  const scene = {
    view,
    points: placed,
    byId,
    groups,
    labels,
    chosenPoint,
    chosenGroup,
    hovered,
    measured,
    drag: carried,
  }
  useFrame(canvas, size, scene)
  const zoom = (factor: number) => setOwn(zoomAt(view, size, { x: size.width / 2, y: size.height / 2 }, factor))
  const bar = scaleBar(view, 120)
  const state = carried ? ' lx-map-drags' : hovered ? ' lx-map-picks' : ''
  return (
    <div className={`lx-map${state}`}>
      <div
        ref={ground}
        className="lx-map-ground"
        role="application"
        aria-label={props.name}
        aria-describedby={hintId}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} aria-hidden="true" {...handlers} />
      </div>
      <span id={hintId} className="lx-hidden">
        方向键逐个走到附近的单位，回车选中，Shift 加方向键移动画面，加减号缩放，0 看全部。
      </span>
      <span className="lx-hidden" aria-live="polite">
        {hovered === null ? '' : wordsOf(byId.get(hovered), groups)}
      </span>
      <div className="lx-map-acts">
        <button type="button" aria-label="放大" title="放大（+）" onClick={() => zoom(1.5)}>
          +
        </button>
        <button type="button" aria-label="缩小" title="缩小（-）" onClick={() => zoom(1 / 1.5)}>
          −
        </button>
        <button type="button" aria-label="看全部" title="看全部（0）" onClick={() => setOwn(undefined)}>
          ⤢
        </button>
      </div>
      <MapLegend points={points} groups={groups} />
      {note ? <p className="lx-map-note">{note}</p> : null}
      {measured ? (
        <div className="lx-map-scale" style={{ width: bar.pixels }}>
          {bar.words}
        </div>
      ) : null}
    </div>
  )
}

function wordsOf(point: MapPoint | undefined, groups: readonly MapGroup[]): string {
  if (!point) return ''
  return `${point.name}，${groups.find((group) => group.id === point.group)?.name ?? '未编组'}`
}

function placePoints(
  points: readonly MapPoint[],
  offsets: ReadonlyMap<string, { dx: number; dy: number }>,
  view: MapView,
  fitted: MapView,
  size: MapSize,
): PlacedPoint[] {
  const each = spreadPixels(view, fitted)
  return points.map((point) => {
    const { x, y } = toScreen(view, size, point)
    const { dx, dy } = offsets.get(point.id)!
    return { ...point, sx: x + dx * each, sy: y + dy * each }
  })
}

type Frame = Omit<MapScene, 'width' | 'height'>

/** Draws a frame whenever something of it has changed, sharp on any screen. */
function useFrame(canvas: RefObject<HTMLCanvasElement | null>, size: MapSize, frame: Frame): void {
  useEffect(() => {
    const element = canvas.current
    const brush = element?.getContext('2d')
    if (!element || !brush || size.width === 0) return
    const ratio = globalThis.devicePixelRatio || 1
    element.width = Math.round(size.width * ratio)
    element.height = Math.round(size.height * ratio)
    brush.setTransform(ratio, 0, 0, ratio, 0, 0)
    drawMap(brush, { ...size, ...frame })
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [canvas, size, ...Object.values(frame)])
}

function useSize(box: RefObject<HTMLDivElement | null>): MapSize {
  const [size, setSize] = useState<MapSize>({ width: 0, height: 0 })
  useEffect(() => {
    const element = box.current!
    const watch = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }))
    watch.observe(element)
    return () => watch.disconnect()
  }, [box])
  return size
}

/** What is chosen elsewhere, in the table, is brought on screen: a group with what stands around it, a point when it is off. */
function useFollow(
  props: Pick<GroundMapProps, 'points' | 'chosenPoint' | 'chosenGroup'>,
  byId: ReadonlyMap<string, PlacedPoint>,
  size: MapSize,
  go: (view: (now: MapView) => MapView) => void,
): (point: MapPoint | null) => void {
  const here = useRef<{ point: string | null; group: string | null }>({ point: null, group: null })
  const { points, chosenPoint, chosenGroup } = props
  useEffect(() => {
    const before = here.current
    here.current = { point: chosenPoint, group: chosenGroup }
    if (size.width === 0 || (before.point === chosenPoint && before.group === chosenGroup)) return
    const group = points.filter((point) => point.group === chosenGroup && chosenGroup !== null)
    if (group.length > 0 && before.group !== chosenGroup) return go((now) => aroundGroup(group, size, now))
    const point = chosenPoint === null ? undefined : byId.get(chosenPoint)
    if (point && (point.sx < 0 || point.sy < 0 || point.sx > size.width || point.sy > size.height))
      go((now) => ({ ...now, x: point.x, y: point.y }))
    // Only a new choice moves the map: afterwards it is the person's to move.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [chosenPoint, chosenGroup, size.width === 0])
  return (point) => (here.current = { point: point?.id ?? null, group: point?.group ?? null })
}

/** A view wide enough for a group and its neighbours: never farther than the present one unless the group needs it. */
function aroundGroup(group: readonly MapPoint[], size: MapSize, now: MapView): MapView {
  const fit = fitView(group, size)
  const scale = Math.min(fit.scale * 0.6, Math.max(now.scale, 0.25))
  return { ...fit, scale }
}
