// What a linking is worth against the truth: pairs of rows, by how they were joined and by what the two rows differ in.
import { compareRows } from '../src/linkage/compare.ts'
import type { Settled } from '../src/linkage/engine.ts'
import { featuresOf, type LinkFields } from '../src/linkage/features.ts'
import { type Rows, rowsOf } from '../src/linkage/rows.ts'
import type { Model } from '../src/linkage/model.ts'
import { settle } from '../src/linkage/engine.ts'

/** A row with whose it truly is. */
export interface KnownRow {
  id: string
  fields: LinkFields
  organisation: string
  countyCode: string
}

/** What linking sees of a row, what became of it, and whose it truly is. */
export interface Judged {
  organisation: string
  /** The valid code that the row carries, or empty. */
  code: string
  settled: Settled
}

/** A row with what became of it. */
export interface LinkedRow extends KnownRow, Judged {
  /** All rows taken apart, and which of them it is. */
  all: Rows
  at: number
}

/** Pairs of rows: how many of those put together are right, how many of those that belong together are. */
export interface PairScore {
  right: number
  joined: number
  truth: number
}

export const precision = ({ right, joined }: PairScore) => (joined === 0 ? 1 : right / joined)
export const recall = ({ right, truth }: PairScore) => (truth === 0 ? 1 : right / truth)
export const f1 = (score: PairScore) => {
  const [p, r] = [precision(score), recall(score)]
  return (2 * p * r) / (p + r)
}

/** Links rows as one county's. */
export function linkAll(rows: readonly KnownRow[], model: Model): LinkedRow[] {
  const all = takeApart(rows)
  const records = rows.map((row) => ({ id: row.id, entity: null, fixed: false }))
  const outcomes = settle({ records, rows: all, said: new Map(), model })
  return judged(rows, all, (row) => outcomes.get(row.id)!)
}

/** What linking sees of rows. */
export const takeApart = (rows: readonly KnownRow[]) =>
  rowsOf(rows.map((row) => featuresOf(row.fields, row.countyCode)))

/** Rows with what became of them. */
export function judged(rows: readonly KnownRow[], all: Rows, settledOf: (row: KnownRow) => Settled): LinkedRow[] {
  return rows.map((row, at) => ({ ...row, code: row.fields.uscc ?? '', settled: settledOf(row), all, at }))
}

/** The cluster that a row was put into; null for a row that waits for a person. */
export const clusterOf = ({ settled }: Judged) => (settled.kind === 'queue' ? null : settled.entity)

const pairsIn = (n: number) => (n * (n - 1)) / 2

/** Counts pairs; rows whose cluster is null are alone. */
export function scorePairs(rows: readonly Judged[], cluster: (row: Judged) => string | null): PairScore {
  const score = { right: 0, joined: 0, truth: 0 }
  for (const members of Map.groupBy(rows, (row) => row.organisation).values()) score.truth += pairsIn(members.length)
  for (const [name, members] of Map.groupBy(rows, cluster)) {
    if (name === null) continue
    score.joined += pairsIn(members.length)
    for (const same of Map.groupBy(members, (row) => row.organisation).values()) score.right += pairsIn(same.length)
  }
  return score
}

/** Where a person who knows would put each waiting row: with most of the rows of its organisation. */
export function answered(rows: readonly Judged[]): (row: Judged) => string {
  const places = new Map<string, string>()
  for (const [organisation, members] of Map.groupBy(rows, (row) => row.organisation)) {
    const clusters = Map.groupBy(
      members.filter((row) => clusterOf(row) !== null),
      (row) => clusterOf(row) ?? '',
    )
    const [most] = [...clusters].sort(([, a], [, b]) => b.length - a.length)
    places.set(organisation, most?.[0] ?? `asked:${organisation}`)
  }
  return (row) => clusterOf(row) ?? places.get(row.organisation)!
}

/** Clusters that hold two valid codes. */
export function withTwoCodes(rows: readonly Judged[]): number {
  const clusters = Map.groupBy(
    rows.filter((row) => clusterOf(row) !== null && row.code !== ''),
    (row) => clusterOf(row),
  )
  return [...clusters.values()].filter((members) => new Set(members.map((row) => row.code)).size > 1).length
}

/** How a row came to where it is, for a table of stages. */
export function stageOf({ settled }: LinkedRow): string {
  if (settled.kind === 'queue') return `waits: ${settled.reason}`
  return settled.kind === 'new' ? 'new' : settled.by
}

/** In what two rows of one organisation differ: the first that tells, of what makes rows hard to join. */
function differenceOf(a: LinkedRow, b: LinkedRow): string {
  const alike = compareRows(a.all, a.at, b.at)
  if (a.code && b.code && a.code !== b.code) return 'code of another'
  if (a.fields.rawCode || b.fields.rawCode) return 'code mistyped'
  if (alike.branch === 'one' || alike.branch === 'other') return 'branch words'
  if (alike.name === 'trade' || alike.name === 'other' || alike.name === 'brand' || alike.name === 'kin')
    return 'renamed'
  if (alike.name === 'part' || alike.name === 'near') return 'short name'
  if (alike.name === 'typo' || alike.name === 'sound') return 'name mistyped'
  if (alike.name === 'core') return 'form or place of the name'
  if (alike.person === 'other' && alike.address === 'other') return 'person and address'
  if (alike.person === 'other') return 'person'
  if (alike.address === 'other' || alike.address === 'road') return 'address'
  if (!alike.person && !alike.address) return 'nothing to compare but the name'
  return 'nothing much'
}

/** Of pairs of one organisation: how many there are, were found, are found with the queue. */
export interface FoundPairs {
  pairs: number
  found: number
  withQueue: number
}

/** Pairs of one organisation by what they differ in and whether a code is missing. */
export function recallByDifference(rows: readonly LinkedRow[]): Map<string, FoundPairs> {
  return recallBy(rows, (a, b) => {
    const bothCoded = a.code !== '' && a.code === b.code
    return [`${bothCoded ? 'same code' : 'no code'}: ${differenceOf(a, b)}`]
  })
}

/** Pairs of one organisation by whatever kinds a pair is of; a pair of several kinds counts in each. */
export function recallBy<Row extends Judged>(
  rows: readonly Row[],
  kindsOf: (a: Row, b: Row) => Iterable<string>,
): Map<string, FoundPairs> {
  const table = new Map<string, FoundPairs>()
  const asked = answered(rows)
  for (const members of Map.groupBy(rows, (row) => row.organisation).values()) {
    for (const [at, a] of members.entries()) {
      for (const b of members.slice(at + 1)) {
        for (const kind of kindsOf(a, b)) {
          const line = table.get(kind) ?? { pairs: 0, found: 0, withQueue: 0 }
          line.pairs += 1
          if (clusterOf(a) !== null && clusterOf(a) === clusterOf(b)) line.found += 1
          if (asked(a) === asked(b)) line.withQueue += 1
          table.set(kind, line)
        }
      }
    }
  }
  return table
}

/** A candidate that was shown with a probability, and whether it was right. */
export interface Shown {
  probability: number
  right: boolean
}

/** Every likeliest candidate of a row that the weights decided, with whether it was right. */
export function shownProbabilities(rows: readonly Judged[]): Shown[] {
  const asked = answered(rows)
  const mostOf = new Map<string, string>()
  for (const [name, members] of Map.groupBy(rows, clusterOf)) {
    if (name === null) continue
    const [most] = [...Map.groupBy(members, (row) => row.organisation)].sort(([, a], [, b]) => b.length - a.length)
    if (most) mostOf.set(name, most[0])
  }
  return rows.flatMap((row): Shown[] => {
    const { settled } = row
    if (settled.kind === 'join' && settled.by === 'weights' && settled.because.length > 0) {
      return [{ probability: settled.probability, right: mostOf.get(settled.entity) === row.organisation }]
    }
    const [best] = settled.kind === 'queue' && row.code === '' ? settled.candidates : []
    return best ? [{ probability: best.probability, right: asked(row) === best.entity }] : []
  })
}
