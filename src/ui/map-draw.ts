// Draws the map on a canvas: lines from each group's leading point, points by how well their place is known, names of streets.
import type { MapAccuracy, MapGroup, MapLabel, MapPoint, MapView } from './map-view.ts'
import { scaleBar, toScreen } from './map-view.ts'
import { palette } from './theme.ts'

/** A point with its pixel; worked out once for each view. */
export interface PlacedPoint extends MapPoint {
  sx: number
  sy: number
}

/** Everything one frame shows. */
export interface MapScene {
  width: number
  height: number
  view: MapView
  points: readonly PlacedPoint[]
  byId: ReadonlyMap<string, PlacedPoint>
  groups: readonly MapGroup[]
  labels: readonly MapLabel[]
  chosenPoint: string | null
  chosenGroup: string | null
  /** The point under the pointer or the keyboard's place. */
  hovered: string | null
  /** Whether distances on it mean anything. */
  measured: boolean
  /** A point on its way: its pixel, and the group (or the point in no group) that it would land on. */
  drag: { id: string; x: number; y: number; group: string | null } | null
}

const groupColours = ['#355a76', '#3a6b45', '#6b4a7d', '#7a5a2a', '#2f6b6b', '#84433d', '#565a8a', '#5f6437'] as const

/** The colour of a group, the same wherever it is drawn; colour is never the only sign of belonging. */
export function groupColour(id: string): string {
  let mixed = 0
  for (let at = 0; at < id.length; at += 1) mixed = (Math.imul(mixed, 31) + id.charCodeAt(at)) >>> 0
  return groupColours[mixed % groupColours.length] ?? groupColours[0]
}

/** Draws one frame; the canvas is already scaled to its pixels. */
export function drawMap(brush: CanvasRenderingContext2D, scene: MapScene): void {
  brush.clearRect(0, 0, scene.width, scene.height)
  brush.fillStyle = palette.sheet
  brush.fillRect(0, 0, scene.width, scene.height)
  if (scene.measured) drawMesh(brush, scene)
  drawLines(brush, scene)
  drawHosts(brush, scene)
  drawPoints(brush, scene)
  drawLabels(brush, scene)
  drawChosen(brush, scene)
  drawDrag(brush, scene)
}

/** Lines of a round number of metres, so that distance can be read without a base map. */
function drawMesh(brush: CanvasRenderingContext2D, scene: MapScene): void {
  const step = scaleBar(scene.view, 220).metres * scene.view.scale
  const origin = toScreen(scene.view, scene, { x: 0, y: 0 })
  brush.strokeStyle = '#f1ece1'
  brush.lineWidth = 1
  brush.beginPath()
  for (let x = origin.x % step; x < scene.width; x += step) line(brush, Math.round(x) + 0.5, 0, 0, scene.height)
  for (let y = origin.y % step; y < scene.height; y += step) line(brush, 0, Math.round(y) + 0.5, scene.width, 0)
  brush.stroke()
}

function line(brush: CanvasRenderingContext2D, x: number, y: number, dx: number, dy: number): void {
  brush.moveTo(x, y)
  brush.lineTo(x + dx, y + dy)
}

function leadPixel(scene: MapScene, group: MapGroup): { x: number; y: number } | null {
  const lead = group.lead === null ? undefined : scene.byId.get(group.lead)
  if (lead) return { x: lead.sx, y: lead.sy }
  return group.place === null ? null : toScreen(scene.view, scene, group.place)
}

function drawLines(brush: CanvasRenderingContext2D, scene: MapScene): void {
  const leads = new Map(scene.groups.map((group) => [group.id, leadPixel(scene, group)]))
  const faint = scene.chosenGroup !== null
  for (const point of scene.points) {
    const from = point.group === null ? null : leads.get(point.group)
    if (!from || (from.x === point.sx && from.y === point.sy)) continue
    const chosen = point.group === scene.chosenGroup
    brush.globalAlpha = chosen ? 1 : faint ? 0.25 : 0.55
    brush.strokeStyle = groupColour(point.group!)
    brush.lineWidth = chosen ? 2 : 1
    brush.setLineDash(point.accuracy === 'street' || point.accuracy === 'none' ? [3, 3] : [])
    brush.beginPath()
    brush.moveTo(from.x, from.y)
    brush.lineTo(point.sx, point.sy)
    brush.stroke()
  }
  brush.setLineDash([])
  brush.globalAlpha = 1
}

function drawPoints(brush: CanvasRenderingContext2D, scene: MapScene): void {
  const radius = Math.max(2, Math.min(4.5, 2.2 + 0.7 * Math.log2(scene.view.scale / 0.01)))
  const faint = scene.chosenGroup !== null
  const tones = new Map(scene.groups.map((group) => [group.id, group]))
  for (const point of scene.points) {
    if (point.sx < -10 || point.sy < -10 || point.sx > scene.width + 10 || point.sy > scene.height + 10) continue
    const group = point.group === null ? undefined : tones.get(point.group)
    brush.globalAlpha = faint && point.group !== scene.chosenGroup ? 0.4 : 1
    const lead = group?.lead === point.id
    const colour = point.group === null ? palette.fault : groupColour(point.group)
    drawMark(brush, point.sx, point.sy, lead ? radius + 1 : radius, { accuracy: point.accuracy, colour })
    if (lead && group.tone !== 'plain') drawRing(brush, point, radius + 4, group.tone)
    if (point.group === null) drawCross(brush, point, radius + 2)
  }
  brush.globalAlpha = 1
}

/** What leads a group and is no point itself: a triangle at its place. */
function drawHosts(brush: CanvasRenderingContext2D, scene: MapScene): void {
  for (const group of scene.groups) {
    const at = group.lead === null ? leadPixel(scene, group) : null
    if (at === null) continue
    brush.globalAlpha = scene.chosenGroup === null || scene.chosenGroup === group.id ? 1 : 0.4
    brush.fillStyle = groupColour(group.id)
    brush.strokeStyle = palette.sheet
    brush.lineWidth = 1
    brush.beginPath()
    brush.moveTo(at.x, at.y - 7)
    brush.lineTo(at.x + 6, at.y + 5)
    brush.lineTo(at.x - 6, at.y + 5)
    brush.closePath()
    brush.fill()
    brush.stroke()
  }
  brush.globalAlpha = 1
}

/** The sign of a place: full where it is known, hollow where it is a guess, a square or a diamond where the address says it. */
export function drawMark(
  brush: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  { accuracy, colour }: { accuracy: MapAccuracy; colour: string },
): void {
  brush.beginPath()
  if (accuracy === 'building') brush.rect(x - radius, y - radius, 2 * radius, 2 * radius)
  else if (accuracy === 'road') {
    brush.moveTo(x, y - radius - 1)
    brush.lineTo(x + radius + 1, y)
    brush.lineTo(x, y + radius + 1)
    brush.lineTo(x - radius - 1, y)
    brush.closePath()
  } else brush.arc(x, y, radius, 0, 2 * Math.PI)
  const guess = accuracy === 'street' || accuracy === 'none'
  brush.fillStyle = guess ? palette.sheet : colour
  brush.fill()
  brush.strokeStyle = guess ? colour : palette.sheet
  brush.lineWidth = guess ? 1.5 : 1
  brush.stroke()
}

function drawRing(brush: CanvasRenderingContext2D, at: PlacedPoint, radius: number, tone: 'warn' | 'locked'): void {
  brush.strokeStyle = tone === 'warn' ? palette.ochre : palette.ink
  brush.lineWidth = 1.5
  brush.beginPath()
  if (tone === 'locked') brush.rect(at.sx - radius, at.sy - radius, 2 * radius, 2 * radius)
  else brush.arc(at.sx, at.sy, radius, 0, 2 * Math.PI)
  brush.stroke()
}

function drawCross(brush: CanvasRenderingContext2D, at: PlacedPoint, arm: number): void {
  brush.strokeStyle = palette.fault
  brush.lineWidth = 1.5
  brush.beginPath()
  line(brush, at.sx - arm, at.sy - arm, 2 * arm, 2 * arm)
  line(brush, at.sx - arm, at.sy + arm, 2 * arm, -2 * arm)
  brush.stroke()
}

function drawLabels(brush: CanvasRenderingContext2D, scene: MapScene): void {
  brush.font = '600 12px sans-serif'
  brush.textAlign = 'center'
  brush.textBaseline = 'middle'
  brush.lineJoin = 'round'
  const taken: { left: number; right: number; y: number }[] = []
  for (const label of scene.labels) {
    const { x, y } = toScreen(scene.view, scene, label)
    if (x < 0 || y < 0 || x > scene.width || y > scene.height) continue
    const half = brush.measureText(label.text).width / 2 + 3
    const [left, right] = [x - half, x + half]
    // Where names would lie over one another, the first stays: they come the most important first.
    if (taken.some((one) => Math.abs(one.y - y) < 14 && one.left < right && left < one.right)) continue
    taken.push({ left, right, y })
    words(brush, label.text, x, y, palette.inkSoft)
  }
}

function words(brush: CanvasRenderingContext2D, text: string, x: number, y: number, colour: string): void {
  brush.strokeStyle = 'rgba(255, 254, 251, 0.9)'
  brush.lineWidth = 4
  brush.strokeText(text, x, y)
  brush.fillStyle = colour
  brush.fillText(text, x, y)
}

function drawChosen(brush: CanvasRenderingContext2D, scene: MapScene): void {
  for (const id of new Set([scene.chosenPoint, scene.hovered])) {
    const point = id === null ? undefined : scene.byId.get(id)
    if (!point) continue
    brush.strokeStyle = id === scene.chosenPoint ? palette.red : palette.ink
    brush.lineWidth = 2
    brush.beginPath()
    brush.arc(point.sx, point.sy, 9, 0, 2 * Math.PI)
    brush.stroke()
    brush.font = '12px sans-serif'
    brush.textAlign = 'left'
    brush.textBaseline = 'middle'
    const left = point.sx + 14 + brush.measureText(point.name).width < scene.width
    if (!left) brush.textAlign = 'right'
    words(brush, point.name, point.sx + (left ? 14 : -14), point.sy, palette.ink)
  }
}

function drawDrag(brush: CanvasRenderingContext2D, scene: MapScene): void {
  const { drag } = scene
  if (!drag) return
  const target = scene.groups.find((group) => group.id === drag.group)
  const alone = target || drag.group === null ? undefined : scene.byId.get(drag.group)
  const lead = target ? leadPixel(scene, target) : alone ? { x: alone.sx, y: alone.sy } : null
  if (lead) {
    brush.strokeStyle = palette.red
    brush.lineWidth = 2
    brush.setLineDash([5, 4])
    brush.beginPath()
    brush.moveTo(lead.x, lead.y)
    brush.lineTo(drag.x, drag.y)
    brush.stroke()
    brush.setLineDash([])
    brush.beginPath()
    brush.arc(lead.x, lead.y, 12, 0, 2 * Math.PI)
    brush.stroke()
  }
  drawMark(brush, drag.x, drag.y, 6, { accuracy: 'exact', colour: palette.red })
  brush.font = '12px sans-serif'
  brush.textAlign = 'left'
  brush.textBaseline = 'bottom'
  const said = target ? `移到 ${target.name}` : alone ? `与 ${alone.name} 成一组` : '移到一个组上再松开'
  words(brush, said, drag.x + 10, drag.y - 8, palette.ink)
}
