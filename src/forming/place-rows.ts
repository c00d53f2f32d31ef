// Rows of a table of coordinates.
import { nameKey } from '../base/chinese.ts'

/** A column that a table of coordinates can have. */
export type PlaceCell = 'code' | 'name' | 'longitude' | 'latitude' | 'accuracy'

const heads: Record<PlaceCell, RegExp> = {
  code: /信用代码/,
  name: /(?:单位|企业|组织|机构)名称|^名称$/,
  longitude: /^经度|lng|^lon/i,
  latitude: /^纬度|lat/i,
  accuracy: /误差|精度/,
}

/** Finds the columns by their heads; null while a row is not the head (it needs both coordinates and a code or a name). */
export function placeColumns(cells: readonly string[]): Map<PlaceCell, number> | null {
  const found = new Map<PlaceCell, number>()
  for (const [name, head] of Object.entries(heads)) {
    const at = cells.findIndex((cell) => head.test(cell))
    if (at >= 0) found.set(name as PlaceCell, at)
  }
  const whole = found.has('longitude') && found.has('latitude') && (found.has('code') || found.has('name'))
  return whole ? found : null
}

/** Reads a row, or says in a sentence what is wrong with it. Degrees within the country, metres up to a kilometre. */
export function readPlace(cells: readonly string[], columns: ReadonlyMap<PlaceCell, number>) {
  const cell = (name: PlaceCell) => cells[columns.get(name) ?? -1] ?? ''
  const degree = (name: PlaceCell) => (/^\d{1,3}(?:\.\d+)?$/.test(cell(name)) ? Number(cell(name)) : Number.NaN)
  const [longitude, latitude] = [degree('longitude'), degree('latitude')]
  const accuracyMetres = cell('accuracy') === '' ? 0 : Math.ceil(Number(cell('accuracy')))
  if (longitude >= 3 && longitude <= 54 && latitude >= 73 && latitude <= 136) return '经度和纬度似乎颠倒了，请核对。'
  if (!(longitude >= 73 && longitude <= 136)) return '经度应为 73 至 136 之间的度数。'
  if (!(latitude >= 3 && latitude <= 54)) return '纬度应为 3 至 54 之间的度数。'
  if (!(accuracyMetres >= 0 && accuracyMetres <= 1000)) return '误差应为 0 至 1000 米；误差更大的坐标不如不用。'
  const code = cell('code').toUpperCase()
  const name = nameKey(cell('name'))
  if (code === '' && name === '') return '没有统一社会信用代码，也没有单位名称。'
  return { point: { longitude, latitude, accuracyMetres }, code, name }
}
