/**
 * The coordinates in a geocoder's answer: `{location: {lon, lat}}` (天地图), `{lon, lat}`, `{longitude, latitude}` or the first of a
 * list of those; null where there is none within the country.
 */
export function pointIn(answer: unknown): { longitude: number; latitude: number } | null {
  const first: unknown = Array.isArray(answer) ? answer[0] : answer
  if (typeof first !== 'object' || first === null) return null
  const told = first as Record<string, unknown>
  if (typeof told['location'] === 'object' && told['location'] !== null) return pointIn(told['location'])
  const longitude = Number(told['lon'] ?? told['lng'] ?? told['longitude'])
  const latitude = Number(told['lat'] ?? told['latitude'])
  const inside = longitude >= 73 && longitude <= 136 && latitude >= 3 && latitude <= 54
  return inside ? { longitude, latitude } : null
}
