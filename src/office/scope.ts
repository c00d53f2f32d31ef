import { countyOf, isCounty, level, prefixOf } from '../base/region.ts'

/** One region given to an account with all that lies below it, or taken out of one that was given. */
export interface Grant {
  code: string
  excluded: boolean
}

/** Rows an account may see; the same shape as the host's `Scope`. */
export interface ResolvedScope {
  counties: string[]
  areas: '*' | string[]
  nation?: boolean
}

/** Whether the grants give a region: of those that it lies in, the narrowest decides; none gives nothing. */
export function isGranted(grants: readonly Grant[], code: string): boolean {
  let length = -1
  let given = false
  for (const grant of grants) {
    const prefix = prefixOf(grant.code)
    if (prefix.length > length && code.startsWith(prefix)) {
      length = prefix.length
      given = !grant.excluded
    }
  }
  return given
}

/**
 * Whether everything that `asked` gives is also given by `own`. What is given changes only at the codes named in either,
 * so those are looked at and no others.
 */
export function coversGrants(own: readonly Grant[], asked: readonly Grant[]): boolean {
  return [...asked, ...own].every(({ code }) => !isGranted(asked, code) || isGranted(own, code))
}

/** Whether the grants give the whole country, with nothing taken out. */
export function coversCountry(own: readonly Grant[]): boolean {
  return coversGrants(own, [{ code: '000000000000', excluded: false }])
}

/** Counties of which only a part is given or taken: their townships are needed to resolve the grants. */
export function dividedCounties(grants: readonly Grant[]): string[] {
  const below = grants.filter(({ code }) => level(code) === 'township' || level(code) === 'village')
  return [...new Set(below.flatMap(({ code }) => countyOf(code) ?? []))].sort()
}

/**
 * What grants mean for rows. `counties` are all codes that stand as a county; `townshipsOf` gives a county's townships and
 * is asked only when some county is given in part: then every area of every county given is listed, the county's own code
 * (for rows that name no township) only where the county as such is given.
 */
export function resolveScope(
  grants: readonly Grant[],
  counties: readonly string[],
  townshipsOf: (county: string) => readonly string[],
): ResolvedScope {
  const divided = new Set(dividedCounties(grants))
  const whole = counties.filter((county) => isCounty(county) && isGranted(grants, county))
  if (divided.size === 0) return { counties: whole, areas: '*', ...(coversCountry(grants) ? { nation: true } : {}) }
  const areas: string[] = []
  const seen = new Set<string>()
  for (const county of new Set([...whole, ...divided])) {
    const own = [county, ...townshipsOf(county)].filter((area) => isGranted(grants, area))
    if (own.length === 0) continue
    seen.add(county)
    areas.push(...own)
  }
  return { counties: counties.filter((county) => seen.has(county)), areas }
}
