// Estimates the weights that come with the platform from invented districts, as src/linkage/model.ts has them:
//   node tools/quality-estimate.ts
// Bits are the mean over four districts; probabilities are then set to what came out in eight others, linked as a county is.
import { bad, type Care, everyday, registers } from '../bench/registers.ts'
import { comparisons, type Comparison } from '../src/linkage/compare.ts'
import { estimateModel } from '../src/linkage/estimate-model.ts'
import { defaultModel, type Model } from '../src/linkage/model.ts'
import { type KnownRow, linkAll, type Shown, shownProbabilities, takeApart } from './quality-measure.ts'

interface District {
  seed: number
  rows: number
  care: Care
}

const teaching: District[] = [
  { seed: 1, rows: 6000, care: everyday },
  { seed: 2, rows: 6000, care: bad },
  { seed: 3, rows: 15_000, care: everyday },
  { seed: 4, rows: 15_000, care: bad },
]
const trying = [5, 6, 7, 8, 9, 10, 11, 12].map((seed): District => ({
  seed,
  rows: seed % 4 < 2 ? 6000 : 15_000,
  care: seed % 2 === 0 ? bad : everyday,
}))

function invent({ seed, rows, care }: District): KnownRow[] {
  return [...registers({ seed, rows, care, perCounty: rows })].map((row, at) => ({
    id: String(at),
    fields: row.fields,
    organisation: String(row.organisation),
    countyCode: row.countyCode,
  }))
}

const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits

/** The mean of weights, and the calibration of the last: it is set anew. */
function meanOf(models: readonly Model[]): Model {
  const mean = (pick: (model: Model) => number) =>
    rounded(models.reduce((sum, one) => sum + pick(one), 0) / models.length, 1)
  const bits = structuredClone(defaultModel.bits)
  for (const comparison of Object.keys(comparisons) as Comparison[]) {
    for (const level of Object.keys(bits[comparison])) {
      bits[comparison][level] = mean((model) => model.bits[comparison][level] ?? 0)
    }
  }
  return { ...models.at(-1)!, start: mean((model) => model.start), bits }
}

/** The share that was right, by the probability shown, rising. */
function rightBy(shown: readonly Shown[]): (probability: number) => number {
  const sorted = shown.toSorted((a, b) => a.probability - b.probability)
  const pools: { from: number; to: number; all: number; right: number }[] = []
  for (const { probability, right } of sorted) {
    pools.push({ from: probability, to: probability, all: 1, right: right ? 1 : 0 })
    for (let [prior, last] = pools.slice(-2); prior && last; [prior, last] = pools.slice(-2)) {
      if (last.right / last.all > prior.right / prior.all && prior.all >= 40 && prior.to < last.from) break
      pools.splice(-2, 2, { from: prior.from, to: last.to, all: prior.all + last.all, right: prior.right + last.right })
    }
  }
  const knots = pools.map(({ from, to, all, right }) => [(from + to) / 2, right / all] as const)
  return (probability) => {
    const above = knots.findIndex(([at]) => at > probability)
    if (above <= 0) return (above < 0 ? knots.at(-1) : knots[0])![1]
    const [x0, y0] = knots[above - 1]!
    const [x1, y1] = knots[above]!
    return y0 + ((y1 - y0) * (probability - x0)) / (x1 - x0)
  }
}

const estimated = teaching.map((district) => estimateModel(takeApart(invent(district)), [], defaultModel).model)
let model = meanOf(estimated)
for (let round = 1; round <= 2; round += 1) {
  const shown = trying.flatMap((district) => shownProbabilities(linkAll(invent(district), model)))
  const right = rightBy(shown)
  // A certainty that no number of tries proves.
  const calibration = model.calibration.map(
    ([weight, at]) => [weight, rounded(Math.min(0.9998, right(at)), 4)] as const,
  )
  model = { ...model, calibration }
}
process.stdout.write(
  `${JSON.stringify({ start: model.start, bits: model.bits, calibration: model.calibration }, null, 1)}\n`,
)
