// What becomes of a wish, in words: a plan keeps it among the units it places, and has nothing to do with others.
import { type ScopeReason, scopeReasons, type wishKinds } from './contract.ts'

/** A unit that a wish tells of: why a plan takes it in or leaves it out (`none`: no member is known), and who covers it. */
export interface WishSide {
  unitId: string
  name: string
  reason: ScopeReason | 'none'
  org: { id: string; name: string } | null
}

/** Why no plan places a unit: `“乙”已由“丙联合党支部”覆盖`. */
function outWords({ name, reason, org }: WishSide): string {
  if (org) return `“${name}”已由“${org.name}”覆盖`
  if (reason === 'none') return `“${name}”没有已知的党员`
  // It would be taken in, were the plan for the whole county.
  if (reason === 'joins') return `“${name}”不在这次编排的区划里`
  return `“${name}”${scopeReasons[reason]}`
}

const advice = (org: { name: string }, name: string) => `要让“${name}”加入，请到“${org.name}”的“覆盖单位”里登记`

/** What a plan says of a unit that it places and of the one it should be with and is not placed. */
export function unmetWords(placed: { name: string }, out: WishSide): string {
  const said = `应与“${out.name}”同组，没有照办：${outWords(out)}`
  return out.org ? `${said}；${advice(out.org, placed.name)}` : said
}

/** Whether plans made from now on keep a wish, and what stands in the way where they do not. */
export function wishNow(
  kind: keyof typeof wishKinds,
  unit: WishSide,
  other: WishSide | null,
): { followed: boolean; now: string } {
  const kept = { followed: true, now: kind === 'refused' ? '编排时不列入' : '列入编排时照办' }
  if (kind === 'refused')
    return unit.reason === 'proposed' || unit.org ? { followed: false, now: outWords(unit) } : kept
  const common = unit.org && unit.org.id === other?.org?.id ? unit.org : null
  if (common) return { followed: kind === 'together', now: `都已由“${common.name}”覆盖` }
  // Whom no plan places is with nobody.
  if (kind === 'apart') return kept
  const [out, ...more] = [unit, other].filter((side) => side !== null && side.reason !== 'joins') as WishSide[]
  if (!out) return kept
  const words = [out, ...more].map(outWords).join('，')
  const placed = out === unit ? other : unit
  const told = out.org && placed && more.length === 0 ? `；${advice(out.org, placed.name)}` : ''
  return { followed: false, now: `${words}${told}` }
}
