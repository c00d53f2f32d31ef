import { agrees } from './codes.ts'
import { type Comparison, comparisons, type Likeness } from './compare.ts'
import { type Figures, figuresOf, type Tried, withLimits } from './estimate-figures.ts'
import { Groups } from './groups.ts'
import { Linker } from './linker.ts'
import type { Model } from './model.ts'
import type { Rows } from './rows.ts'
import { oddsAmong, probabilityOf, type Shares, sharedLevels, weigh, type Weighed } from './score.ts'

/** What a person decided of two rows, given by their numbers. */
export interface Decided {
  left: number
  right: number
  same: boolean
}

/** What an estimate rests on. */
export interface EstimateReport {
  /** Rows whose code proves who they are, weighed with their code left out. */
  rows: number
  /** Units among them. */
  units: number
  decided: number
  /** Of pairs shown with a probability in a band, how many there are and how many are right. */
  bands: { from: number; to: number; pairs: number; right: number }[]
  /** What becomes of the same rows, weighed without their code, by the weights in use and by the new ones; early reports lack it. */
  figures?: { before: Figures; after: Figures }
}

/** How often each level was seen. */
type Tally = Record<Comparison, Map<string, number>>

const rowsMax = 40_000
const decidedWeight = 5
/** Of rows without a code, how many are of no unit that is known: what a ledger of all registers leaves. */
const unknownShare = 0.04
const bandBounds = [0, 0.05, 0.2, 0.5, 0.8, 0.93, 0.97, 0.99, 0.999, 1.000_001]

/**
 * Estimates weights from rows whose codes prove who they are: how often each level comes between a row and the rest of its
 * own unit, against how often between a row and any other unit (Fellegi and Sunter 1969). Of what people decided each pair
 * counts as several. Then every row is tried as if it had no code, and probabilities are set to what came out. Pure.
 */
export function estimateModel(
  rows: Rows,
  decided: readonly Decided[],
  before: Model,
): { model: Model; report: EstimateReport } {
  const trial = new Trial(rows, before)
  const bits = trial.bits(rows, decided)
  const start = -Math.log2(Math.max(2, trial.units))
  const weighing: Model = { ...before, start, bits }
  const tried = trial.tries(weighing)
  const model = withLimits(tried, { ...weighing, calibration: calibrate(tried) })
  const figures = { before: figuresOf(trial.tries(before), before), after: figuresOf(tried, model) }
  return {
    model,
    report: { rows: tried.length, units: trial.units, decided: decided.length, bands: bandsOf(tried, model), figures },
  }
}

class Trial {
  readonly units: number
  /** The rows that a code proves, without their codes. */
  private readonly bare: Rows
  private readonly linker: Linker

  constructor(rows: Rows, before: Model) {
    const proven = provenIn(rows)
    const coded = rows.pick(proven)
    this.bare = rows.pick(proven)
    for (let at = 0; at < proven.length; at += 1) this.bare.dropCode(at, true)
    this.linker = this.linkerOf(before)
    const byCode = Map.groupBy(proven.keys(), (at) => coded.codeOf(at))
    for (const members of byCode.values()) this.place(coded, members)
    this.units = byCode.size
  }

  private linkerOf(model: Model): Linker {
    // Each group is that of a code, though its rows carry it no longer.
    const linker = new Linker(this.bare, new Groups(this.bare.size), model, { counting: { has: () => true } })
    linker.ask(Array.from({ length: this.bare.size }, (_, at) => at))
    return linker
  }

  /** Rows of a code that agree with its first; the others may carry somebody else's. */
  private place(coded: Rows, members: readonly number[]): void {
    const { groups } = this.linker
    const group = groups.open()
    const [first = 0] = members
    for (const at of members) if (at === first || agrees(coded, at, first)) groups.put(at, group)
  }

  private others(at: number): number[] {
    const { groups } = this.linker
    return groups.rows(groups.of[at]!, 13).filter((other) => other !== at)
  }

  /** Bits of every level; those of a comparison that was hardly seen stay as they were. */
  bits(all: Rows, decided: readonly Decided[]): Model['bits'] {
    const { model, groups } = this.linker
    const [matched, random, near] = [emptyTally(), emptyTally(), emptyTally()]
    for (let at = 0; at < this.bare.size; at += 1) {
      const own = groups.of[at]!
      const others = own < 0 ? [] : this.others(at)
      if (others.length > 0) count(matched, weigh(this.bare, at, others, {}, model).likeness, 1)
      for (const far of this.farFrom(at)) count(random, weigh(this.bare, at, far, {}, model).likeness, 1)
      for (const { group, likeness, shares } of this.linker.weighNear(at)) {
        if (group !== own) countShared(near, likeness, shares)
      }
    }
    for (const { left, right, same } of decided) {
      count(same ? matched : random, weigh(all, left, [right], {}, model).likeness, decidedWeight)
    }
    return bitsOf(matched, random, near, { pairs: this.bare.size * this.units, before: model.bits })
  }

  /** Three units taken as if at random; the same ones every time. */
  private farFrom(at: number): number[][] {
    const { groups } = this.linker
    return [7919, 104_729, 1_299_709].flatMap((step) => {
      const group = (at * 31 + step) % groups.count
      if (group === groups.of[at]) return []
      return [groups.rows(group, 12)]
    })
  }

  /** Every row tried as if it had no code. */
  tries(model: Model): Tried[] {
    const { groups } = this.linker
    const linker = this.linkerOf(model)
    for (const [at, group] of groups.of.entries()) {
      while (linker.groups.count < groups.count) linker.groups.open()
      if (group >= 0) linker.groups.put(at, group)
    }
    const tried: Tried[] = []
    let alone = 0
    for (let at = 0; at < this.bare.size; at += 1) {
      const own = groups.of[at]!
      if (own < 0) continue
      const others = this.others(at)
      const found = linker.weighNear(at).filter((one) => one.group !== own)
      const mine = others.length > 0 ? weigh(this.bare, at, others, linker.sharesOf(at), model) : null
      if (!mine) alone += 1
      const best = found.reduce<Weighed | null>((most, one) => (most && most.weight >= one.weight ? most : one), mine)
      if (!best) continue
      const all = [...found.map((one) => one.weight), ...(mine ? [mine.weight] : [])]
      const second = Math.max(-Infinity, ...all.filter((_, index) => index !== all.indexOf(best.weight)))
      tried.push({
        weight: oddsAmong(all)(best.weight),
        lead: best.weight - second,
        right: best === mine,
        isKnown: mine !== null,
        counts: mine ? 1 : 0,
      })
    }
    // Rows that are their unit's only one stand for those of units not known: there are fewer of these than here.
    const share = (unknownShare * (tried.length - alone)) / Math.max(1, alone)
    return tried.map((one) => (one.counts === 0 ? { ...one, counts: share } : one))
  }
}

/** Numbers of rows that carry a valid code; where there are too many, those of every so many codes. */
function provenIn(rows: Rows): number[] {
  const coded = Array.from({ length: rows.size }, (_, at) => at).filter((at) => rows.codeOf(at) > 0)
  const step = Math.max(1, Math.ceil(coded.length / rowsMax))
  if (step === 1) return coded
  const codes = [...new Set(coded.map((at) => rows.codeOf(at)))]
  const taken = new Set(codes.filter((_, at) => (at + 1) % step === 0))
  return coded.filter((at) => taken.has(rows.codeOf(at)))
}

function emptyTally(): Tally {
  return Object.fromEntries(Object.keys(comparisons).map((name) => [name, new Map()])) as unknown as Tally
}

function count(tally: Tally, likeness: Likeness, weight: number): void {
  for (const [comparison, level] of Object.entries(likeness) as [Comparison, string][]) {
    tally[comparison].set(level, (tally[comparison].get(level) ?? 0) + weight)
  }
}

const sumOf = (tally: Map<string, number>) => [...tally.values()].reduce((sum, one) => sum + one, 0)

/** A value that many have comes in many pairs: each counts as one of them, since the weight is lowered by their number. */
function countShared(tally: Tally, likeness: Likeness, shares: Shares): void {
  for (const [comparison, level] of Object.entries(likeness) as [Comparison, string][]) {
    const share = sharedLevels[comparison]?.has(level) ? (shares[comparison] ?? 1) : 1
    tally[comparison].set(level, (tally[comparison].get(level) ?? 0) + 1 / share)
  }
}

function bitsOf(
  matched: Tally,
  random: Tally,
  near: Tally,
  { pairs, before }: { pairs: number; before: Model['bits'] },
): Model['bits'] {
  const found = structuredClone(before)
  const allRandom = sumOf(random.name)
  for (const comparison of Object.keys(comparisons) as Comparison[]) {
    const [m, u] = [matched[comparison], random[comparison]]
    const [ofM, ofU] = [sumOf(m), sumOf(u)]
    // What the code itself says was left out of the pairs.
    if (comparison === 'code' || ofM < 200 || ofU < 200) continue
    const levels = Object.keys(comparisons[comparison].levels)
    for (const level of levels) {
      const among = ((m.get(level) ?? 0) + 0.5) / (ofM + levels.length / 2)
      // A value in common is too rare for pairs at random: of all pairs there are, those that share a key can have it.
      const byChance = isValue(comparison, level)
        ? ((near[comparison].get(level) ?? 0) + 1) / ((pairs * ofU) / allRandom)
        : ((u.get(level) ?? 0) + 0.5) / (ofU + levels.length / 2)
      const bits = Math.min(mostBits[comparison] ?? Infinity, Math.log2(among / byChance))
      found[comparison][level] = Math.round(bits * 100) / 100
    }
  }
  return found
}

const isValue = (comparison: Comparison, level: string) =>
  (sharedLevels[comparison]?.has(level) ?? false) || (comparison === 'person' && level === 'near')

/** What the name has said already is not counted again; a date is given by two registers only. */
const mostBits: Partial<Record<Comparison, number>> = { branch: 1.5, region: 0.5, founded: 8 }

/** Weights and the share that is right there, rising: pool adjacent violators, over steps of half a bit. */
function calibrate(tried: readonly Tried[]): Model['calibration'] {
  const steps = new Map<number, { all: number; right: number }>()
  for (const { weight, right, counts } of tried) {
    const at = Math.max(-20, Math.min(30, Math.round(weight * 2) / 2))
    const step = steps.get(at) ?? { all: 0, right: 0 }
    steps.set(at, { all: step.all + counts, right: step.right + (right ? counts : 0) })
  }
  const pools: { from: number; to: number; all: number; right: number }[] = []
  for (const [at, { all, right }] of [...steps].sort(([a], [b]) => a - b)) {
    pools.push({ from: at, to: at, all, right })
    for (
      let last = pools.at(-1)!, prior = pools.at(-2);
      prior && isBelow(last, prior);
      last = pools.at(-1)!, prior = pools.at(-2)
    ) {
      pools.splice(-2, 2, { from: prior.from, to: last.to, all: prior.all + last.all, right: prior.right + last.right })
    }
  }
  return pools.map(
    ({ from, to, all, right }) => [(from + to) / 2, round(Math.min(0.9999, (right + 0.02) / (all + 0.04)))] as const,
  )
}

const fewest = 60
const isBelow = (last: { all: number; right: number }, prior: { all: number; right: number }) =>
  last.right / last.all <= prior.right / prior.all || prior.all < fewest

const round = (value: number) => Math.round(value * 10_000) / 10_000

function bandsOf(tried: readonly Tried[], model: Model): EstimateReport['bands'] {
  return bandBounds.slice(1).map((to, at) => {
    const from = bandBounds[at]!
    const inBand = tried.filter(({ weight }) => {
      const probability = probabilityOf(weight, model)
      return probability >= from && probability < to
    })
    const sum = (list: readonly Tried[]) => list.reduce((total, { counts }) => total + counts, 0)
    return { from, to: Math.min(1, to), pairs: sum(inBand), right: sum(inBand.filter(({ right }) => right)) }
  })
}
