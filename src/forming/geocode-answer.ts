/** A place that a geocoder found, or why its answer is none. */
export type Geocoded = { longitude: number; latitude: number } | { said: string }

/** Levels of match that name an area or a whole road: their coordinates are a middle of something, not a place. */
const coarse = /国|省|市$|县|区$|乡|镇|街道|村|道路|路$|商圈|行政/

/** What a service is less sure of than this many hundredths is not taken. */
const scoreMin = 60

/**
 * The place in a geocoder's answer: `{location: {lon, lat, level, score}}` (天地图), `{lon, lat}`, `{longitude, latitude}` or the
 * first of a list of those. A match of a whole road or an area is no place: the unit stays where its address puts it.
 */
export function placeIn(answer: unknown): Geocoded {
  const first: unknown = Array.isArray(answer) ? answer[0] : answer
  if (typeof first !== 'object' || first === null) return { said: '没有查到。' }
  const told = first as Record<string, unknown>
  if (typeof told['location'] === 'object' && told['location'] !== null) return placeIn(told['location'])
  const longitude = Number(told['lon'] ?? told['lng'] ?? told['longitude'])
  const latitude = Number(told['lat'] ?? told['latitude'])
  const inside = longitude >= 73 && longitude <= 136 && latitude >= 3 && latitude <= 54
  if (!inside) return { said: `应答里没有国内的经纬度（lon、lat）${saidBy(told)}` }
  const { level } = told
  const score = Number(told['score'] ?? 100)
  if (typeof level === 'string' && coarse.test(level)) return { said: `只查到“${level}”一级，太粗，不作单位坐标。` }
  if (score < scoreMin) return { said: `服务对结果没有把握（${score} 分），不作单位坐标。` }
  return { longitude: round(longitude), latitude: round(latitude) }
}

/** To a tenth of a metre, more than any service knows. */
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6

/** What the service itself says is wrong, e.g. with the key. */
function saidBy(told: Record<string, unknown>): string {
  const said = told['msg'] ?? told['message'] ?? told['info']
  return typeof said === 'string' && said !== '' ? `；服务说：${said.slice(0, 60)}。` : '。'
}

/**
 * An address as a service has to be asked for it: with its province and city, without which the same road of another city may be
 * found.
 */
export function wholeAddress(address: string, county: { name: string; fullName: string }): string {
  const above = county.fullName.endsWith(county.name) ? county.fullName.slice(0, -county.name.length) : county.fullName
  if (address.startsWith(county.name)) return above + address
  const known = [county.name, ...(above.match(/.+?(?:自治区|自治州|地区|省|市|盟)/g) ?? [])]
  return known.some((name) => address.includes(name)) ? address : above + county.name + address
}
