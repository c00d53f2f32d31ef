import type { Model } from './model.ts'
import { probabilityOf } from './score.ts'
import { leadMin } from './settlement-run.ts'

/** A row that a code proves, weighed without it. */
export interface Tried {
  /** The likeliest unit, after the others are taken into account; in bits. */
  weight: number
  /** Bits by which it leads the second. */
  lead: number
  right: boolean
  /** Its unit is known from other rows. */
  isKnown: boolean
  /** How many rows it stands for. */
  counts: number
}

/** What becomes of rows that are weighed without their code. */
export interface Figures {
  /** Joined to their unit. */
  right: number
  /** Joined to another. */
  wrong: number
  /** Left to a person. */
  asked: number
  /** Made a unit of their own beside theirs. */
  missed: number
}

/** What would become of rows that were tried, under a model's limits. */
export function figuresOf(tried: readonly Tried[], model: Model): Figures {
  const figures: Figures = { right: 0, wrong: 0, asked: 0, missed: 0 }
  for (const one of tried) {
    const end = endOf(one, model)
    if (end) figures[end] += one.counts
  }
  const { right, wrong, asked, missed } = figures
  return { right: Math.round(right), wrong: Math.round(wrong), asked: Math.round(asked), missed: Math.round(missed) }
}

/** Null: it makes a unit of its own, and rightly. */
function endOf({ weight, lead, right, isKnown }: Tried, model: Model): keyof Figures | null {
  const probability = probabilityOf(weight, model)
  if (probability >= model.join && lead >= leadMin) return right ? 'right' : 'wrong'
  if (probability >= model.review) return 'asked'
  return isKnown ? 'missed' : null
}

/** Of rows joined by weights so many may be wrong: some two in ten links come by weights, and of all one in 1,000 may be. */
const wrongShareMax = 0.003
const missedShareMax = 0.001
const joins = [0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999]
const reviews = [0.02, 0.01, 0.005]

/**
 * The model with limits that its own rows bear out: a row joins by itself only from a probability on at which few enough were
 * wrong, and makes a unit of its own only below one at which few enough were missed. Limits are only ever made stricter.
 */
export function withLimits(tried: readonly Tried[], model: Model): Model {
  const wrongShare = (join: number) => {
    const { right, wrong } = figuresOf(tried, { ...model, join })
    return wrong / Math.max(1, right + wrong)
  }
  const missedShare = (review: number) => {
    const { right, wrong, asked, missed } = figuresOf(tried, { ...model, review })
    return missed / Math.max(1, right + wrong + asked + missed)
  }
  const join = stricter([model.join, ...joins.filter((one) => one > model.join)], wrongShare, wrongShareMax)
  const review = stricter([model.review, ...reviews.filter((one) => one < model.review)], missedShare, missedShareMax)
  return { ...model, join, review }
}

/** The first limit whose share is small enough; the last where none is. */
const stricter = (limits: readonly number[], shareOf: (limit: number) => number, most: number) =>
  limits.find((limit) => shareOf(limit) <= most) ?? limits.at(-1)!
