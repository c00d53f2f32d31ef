import { describe, expect, test } from 'vitest'
import {
  fitView,
  type MapPoint,
  nearestPoint,
  panBy,
  scaleBar,
  spreadPixels,
  spreadPoints,
  stepTo,
  toScreen,
  zoomAt,
} from './map-view.ts'

const size = { width: 600, height: 400 }
const point = (id: string, x: number, y: number, group: string | null = null): MapPoint => ({
  id,
  x,
  y,
  group,
  accuracy: 'exact',
  name: id,
})

describe('the map', () => {
  test('shows every place it is fitted to, north up', () => {
    const places = [point('a', -4000, 12_000), point('b', 9000, -3000), point('c', 100, 100)]
    const view = fitView(places, size)
    for (const place of places) {
      const { x, y } = toScreen(view, size, place)
      expect(x).toBeGreaterThan(0)
      expect(x).toBeLessThan(size.width)
      expect(y).toBeGreaterThan(0)
      expect(y).toBeLessThan(size.height)
    }
    expect(toScreen(view, size, places[0]).y).toBeLessThan(toScreen(view, size, places[1]).y)
  })

  test('keeps the place under the pointer when it zooms', () => {
    const view = { x: 500, y: -200, scale: 0.05 }
    const place = { x: 1700, y: 900 }
    const pixel = toScreen(view, size, place)
    const near = toScreen(zoomAt(view, size, pixel, 3), size, place)
    expect(near.x).toBeCloseTo(pixel.x)
    expect(near.y).toBeCloseTo(pixel.y)
  })

  test('moves the ground with the pointer', () => {
    const view = { x: 0, y: 0, scale: 0.1 }
    const place = { x: 300, y: 300 }
    const [before, after] = [toScreen(view, size, place), toScreen(panBy(view, 40, -25), size, place)]
    expect(after.x - before.x).toBeCloseTo(40)
    expect(after.y - before.y).toBeCloseTo(-25)
  })

  test('draws a scale bar of a round length that fits', () => {
    expect(scaleBar({ x: 0, y: 0, scale: 0.03 }, 120)).toEqual({ metres: 2000, pixels: 60, words: '2 公里' })
    expect(scaleBar({ x: 0, y: 0, scale: 1 }, 120).words).toBe('100 米')
  })

  test('draws points of one place apart, and a group of them side by side', () => {
    const points = Array.from({ length: 60 }, (_, at) => point(`p${at}`, 10, 10, `g${at % 6}`))
    const offsets = spreadPoints([...points, point('alone', 500, 500)])
    expect(offsets.get('alone')).toEqual({ dx: 0, dy: 0 })
    expect(new Set([...offsets.values()].map(({ dx, dy }) => `${dx.toFixed(3)} ${dy.toFixed(3)}`)).size).toBe(61)
    const turns = points
      .filter((one) => one.group === 'g2')
      .map(({ id }) => Math.atan2(offsets.get(id)!.dy, offsets.get(id)!.dx))
    const around = turns.map((turn) => (turn + 2 * Math.PI) % (2 * Math.PI))
    expect(Math.max(...around) - Math.min(...around)).toBeLessThan((2 * Math.PI) / 5)
  })

  test('finds what is under the pointer, and nothing where nothing is', () => {
    const placed = [
      { id: 'a', sx: 10, sy: 10 },
      { id: 'b', sx: 14, sy: 10 },
    ]
    expect(nearestPoint(placed, { x: 13, y: 11 }, 8)).toBe('b')
    expect(nearestPoint(placed, { x: 40, y: 40 }, 8)).toBeUndefined()
  })

  test('steps by arrow keys to the nearest point that way', () => {
    const placed = [
      { id: 'here', sx: 100, sy: 100 },
      { id: 'right', sx: 130, sy: 105 },
      { id: 'farRight', sx: 300, sy: 100 },
      { id: 'up', sx: 100, sy: 40 },
    ]
    expect(stepTo(placed, { x: 100, y: 100 }, { dx: 1, dy: 0 })).toBe('right')
    expect(stepTo(placed, { x: 100, y: 100 }, { dx: 0, dy: -1 })).toBe('up')
    expect(stepTo(placed, { x: 100, y: 100 }, { dx: -1, dy: 0 })).toBeUndefined()
  })

  test('gives points of one place more room the nearer one looks, within what a hand can use', () => {
    const fitted = { x: 0, y: 0, scale: 0.01 }
    const room = [0.01, 0.04, 4].map((scale) => spreadPixels({ ...fitted, scale }, fitted))
    expect(room[1]).toBeGreaterThan(room[0] ?? 0)
    expect(Math.max(...room)).toBeLessThanOrEqual(11)
  })
})
