import { nameKey } from '../base/chinese.ts'
import { innerOrganisationCode } from '../base/codes.ts'
import { newId } from '../base/ids.ts'
import { isBranchName } from '../ledger/rules.ts'
import { decide, type LinkRow, type LinkUnit, UnitIndex } from './link.ts'
import type { Standing } from './decisions.ts'
import type { Keying, Neighbourhood } from './neighbourhood.ts'
import type { KnownRow } from './neighbours.ts'
import { linkedBy } from './contract.ts'
import type { Outcome } from './settlement.ts'

function hash(text: string): bigint {
  let h = 0xcbf29ce484222325n
  for (const c of text) h = BigInt.asUintN(64, (h ^ BigInt(c.codePointAt(0)!)) * 0x100000001b3n)
  return BigInt.asIntN(64, h)
}

export const keying: Keying = {
  holdersMax: 200,
  mayMove: (row) => row.outcome !== 'typed' && row.linkedBy !== linkedBy.manual && row.linkedBy !== linkedBy.remembered,
  keysOf({ fields }) {
    return [
      fields.uscc && `c${fields.uscc}`,
      fields.uscc && `i${innerOrganisationCode(fields.uscc)}`,
      fields.organisationCode && `i${fields.organisationCode}`,
      fields.registrationNumber && `r${fields.registrationNumber}`,
      fields.name && `n${nameKey(fields.name)}`,
      fields.formerName && `n${nameKey(fields.formerName)}`,
      fields.phone && `p${fields.phone.replace(/\D/g, '')}`,
      fields.legalRep && fields.address && `a${fields.legalRep}${nameKey(fields.address).slice(-8)}`,
    ].flatMap((text) => (text ? [hash(text)] : []))
  },
}

function linkRowOf(row: KnownRow): LinkRow {
  const { fields } = row
  const name = fields.name ?? ''
  return {
    department: row.department,
    name,
    uscc: fields.uscc ?? null,
    organisationCode: fields.uscc ? null : (fields.organisationCode ?? null),
    registrationNumber: fields.registrationNumber ?? null,
    legalRep: fields.legalRep ?? null,
    address: fields.address ?? null,
    isBranch: isBranchName(name),
  }
}

const trust: string[] = ['marketRegulation', 'civilAffairs', 'justice', 'approval', 'tax', 'socialInsurance']

/** What people said first, then valid codes, then other numbers, then names: the same order whichever file came first. */
function inOrder(near: Neighbourhood): KnownRow[] {
  const rank = ({ id, fields }: KnownRow) =>
    near.said.get(id)?.must ? 0 : fields.uscc ? 1 : fields.organisationCode || fields.registrationNumber ? 2 : 3
  const own = (row: KnownRow) =>
    [row.fields.uscc, String(trust.indexOf(row.department) + 1 || 9), row.asOf, row.fields.name, row.digest]
      .map((text) => text ?? '')
      .join('\n')
  return [...near.free].sort((a, b) => rank(a) - rank(b) || (own(a) < own(b) ? -1 : 1))
}

/** Units that are known to be apart from others, since a row in them is known not to be of those. */
class Foes {
  private readonly apart = new Map<string, Set<string>>()

  note(unitId: string, said: Standing | undefined): void {
    if (!said || said.cannot.size === 0) return
    const known = this.apart.get(unitId) ?? new Set()
    for (const other of said.cannot) known.add(other)
    this.apart.set(unitId, known)
  }

  /** The units that a row cannot go to: those that people denied, and those that cannot be with the unit it comes from. */
  notFor(row: KnownRow, said: Standing | undefined): Set<string> {
    const found = new Set(said?.cannot)
    if (row.unitId !== null) for (const [unitId, foes] of this.apart) if (foes.has(row.unitId)) found.add(unitId)
    return found
  }
}

/** What is to become of the free rows, given the members that stay. */
export function settle(near: Neighbourhood, now: Date): Map<string, Outcome> {
  const index = new UnitIndex([])
  const foes = new Foes()
  for (const row of near.members) addTo(index, row.unitId!, linkRowOf(row))
  const outcomes = new Map<string, Outcome>()
  for (const row of inOrder(near)) {
    const said = near.said.get(row.id)
    const known = linkRowOf(row)
    index.without = foes.notFor(row, said)
    const outcome = outcomeOf(known, said, index, now)
    outcomes.set(row.id, outcome)
    if (outcome.kind === 'queue') continue
    addTo(index, outcome.unitId, said?.dropCode ? { ...known, uscc: null } : known)
    foes.note(outcome.unitId, said)
  }
  return outcomes
}

function outcomeOf(row: LinkRow, said: Standing | undefined, index: UnitIndex, now: Date): Outcome {
  if (said?.must) return { kind: 'join', unitId: said.must, by: 'remembered', waterfall: null, dropCode: said.dropCode }
  const decision = decide(row, index)
  if (decision.kind === 'queue') return { ...decision, probability: null }
  if (decision.kind === 'join') return { kind: 'join', unitId: decision.unitId, by: decision.by, waterfall: null }
  return { kind: 'new', unitId: newId(now), by: 'created', waterfall: null }
}

function addTo(index: UnitIndex, unitId: string, row: LinkRow): void {
  const before: LinkUnit | undefined = index.byId.get(unitId)
  const uscc = before?.uscc ?? row.uscc
  index.add({
    id: unitId,
    name: before?.name ?? row.name,
    formerName: before && nameKey(before.name) !== nameKey(row.name) ? row.name : (before?.formerName ?? null),
    uscc,
    organisationCode: uscc ? innerOrganisationCode(uscc) : (before?.organisationCode ?? row.organisationCode),
    registrationNumber: before?.registrationNumber ?? row.registrationNumber,
    legalRep: before?.legalRep ?? row.legalRep,
    address: before?.address ?? row.address,
    isBranch: before?.isBranch ?? row.isBranch,
  })
}
