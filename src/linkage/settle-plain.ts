import { nameKey } from '../base/chinese.ts'
import { innerOrganisationCode } from '../base/codes.ts'
import { newId } from '../base/ids.ts'
import { isBranchName } from '../ledger/rules.ts'
import { decide, likeness, type LinkRow, type LinkUnit, UnitIndex } from './link.ts'
import type { Keying, Neighbourhood } from './neighbourhood.ts'
import type { KnownRow } from './neighbours.ts'
import type { UnitField } from '../ledger/field-contract.ts'
import type { Waterfall } from './contract.ts'
import type { Outcome } from './settlement.ts'

function hash(text: string): bigint {
  let h = 0xcbf29ce484222325n
  for (const c of text) h = BigInt.asUintN(64, (h ^ BigInt(c.codePointAt(0)!)) * 0x100000001b3n)
  return BigInt.asIntN(64, h)
}

export const keying: Keying = {
  holdersMax: 200,
  mayMove: () => false,
  keysOf({ fields }) {
    return [
      fields.uscc && `c${fields.uscc}`,
      fields.uscc && `i${innerOrganisationCode(fields.uscc)}`,
      fields.organisationCode && `i${fields.organisationCode}`,
      fields.registrationNumber && `r${fields.registrationNumber}`,
      fields.name && `n${nameKey(fields.name)}`,
      fields.formerName && `n${nameKey(fields.formerName)}`,
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

export function settle(near: Neighbourhood, now: Date): Map<string, Outcome> {
  const index = new UnitIndex([])
  const add = (unitId: string, row: LinkRow) => {
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
  for (const row of near.members) add(row.unitId!, linkRowOf(row))
  const outcomes = new Map<string, Outcome>()
  for (const row of [...near.free].sort(
    (a, b) => Number(!near.said.get(a.id)?.must) - Number(!near.said.get(b.id)?.must),
  )) {
    const said = near.said.get(row.id)
    const known = linkRowOf(row)
    if (said?.must) {
      add(said.must, said.dropCode ? { ...known, uscc: null } : known)
      outcomes.set(row.id, {
        kind: 'join',
        unitId: said.must,
        by: 'remembered',
        waterfall: null,
        dropCode: said.dropCode,
      })
      continue
    }
    const decision = decide(known, index)
    if (decision.kind === 'queue' || (decision.kind === 'join' && said?.cannot.has(decision.unitId))) {
      outcomes.set(row.id, {
        kind: 'queue',
        reason: decision.kind === 'queue' ? decision.reason : 'decidedOtherwise',
        candidates: decision.kind === 'queue' ? decision.candidates : [],
        probability: null,
      })
      continue
    }
    const unitId = decision.kind === 'join' ? decision.unitId : newId(now)
    add(unitId, known)
    outcomes.set(row.id, {
      kind: decision.kind === 'join' ? 'join' : 'new',
      unitId,
      by: decision.kind === 'join' ? decision.by : 'created',
      waterfall: null,
    })
  }
  return outcomes
}

export function weigh(row: KnownRow, members: readonly KnownRow[]): Waterfall {
  let best: Waterfall | null = null
  for (const one of members) {
    const found = weighPair(row, one)
    if (!best || found.weight > best.weight) best = found
  }
  return best ?? { parts: [], weight: -20, probability: 0, rule: null }
}

function weighPair(row: KnownRow, one: KnownRow): Waterfall {
  const parts: Waterfall['parts'] = [
    { title: '起点', words: '随便两行是同一家的机会', bits: -12, left: null, right: null },
  ]
  const add = (title: string, field: UnitField, same: number, other: number) => {
    const left = row.fields[field]
    const right = one.fields[field]
    if (!left || !right) return
    const equal = nameKey(left) === nameKey(right)
    parts.push({ title, words: equal ? '相同' : '不同', bits: equal ? same : other, left: null, right: null })
  }
  const like = likeness(row.fields.name ?? '', one.fields.name ?? '')
  parts.push({
    title: '名称',
    words: like === 1 ? '相同' : like >= 0.5 ? '相近' : '不同',
    bits: like === 1 ? 14 : like >= 0.5 ? 5 : -8,
    left: null,
    right: null,
  })
  add('统一社会信用代码', 'uscc', 20, -14)
  add('法定代表人', 'legalRep', 6, -3)
  add('电话', 'phone', 5, -1)
  add('地址', 'address', 5, -2)
  const weight = parts.reduce((sum, part) => sum + part.bits, 0)
  return { parts, weight, probability: 1 / (1 + 2 ** -weight), rule: null }
}
