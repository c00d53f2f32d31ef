// What the linkage engine costs and is worth, on invented registers of four departments (bench/registers.ts): from the
// fields of rows to who is one organisation. Making the rows is not counted, nor is reading and writing a database.
//   node bench/linkage.ts               100,000 and 1,000,000 rows as one county each; 100,000 new rows against 2,000,000
//                                       standing ones; increments against a rebuild
//   node bench/linkage.ts 10000000      10,000,000 rows: counties of 500,000 linked one after the other, as the product does
//   node bench/linkage.ts increment 2000000 100000   or `street 2000000 100000`, `rebuild 100000`: only that
// Every line runs in a process of its own, so that its peak memory is its own.
import { spawnSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  answered,
  clusterOf,
  f1,
  type Judged,
  precision,
  recall,
  recallBy,
  scorePairs,
  withTwoCodes,
} from '../tools/quality-measure.ts'
import { type Features, featuresOf } from '../src/linkage/features.ts'
import { type Settled, Settling } from '../src/linkage/engine.ts'
import { defaultModel } from '../src/linkage/model.ts'
import { Rows, rowsOf } from '../src/linkage/rows.ts'
import { Standing } from './linkage-standing.ts'
import { type Noise, type RegisterRow, registers } from './registers.ts'

/** CPU seconds and MiB that a size may take. */
const bounds = new Map([
  [1_000_000, { seconds: 25, memory: 2048 }],
  [10_000_000, { seconds: 300, memory: 8192 }],
])
const incrementBound = 5
/** Of all rows those that may be elsewhere after increments than after a rebuild: decision 0013 says which they are. */
const rebuildBound = 1 / 100_000
const oneCounty = 1_000_000
const countyRows = 500_000

const line = (text = '') => process.stdout.write(`${text}\n`)
const percent = (value: number) => `${(value * 100).toFixed(2)} %`
const whole = (value: number) => value.toLocaleString('en')

/** CPU seconds of this process, of all its threads. */
function cpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

interface County {
  rows: Rows
  /** By row: number of its organisation. */
  organisations: Int32Array
  /** By row: what was done to it, a bit a kind of noise. */
  noise: Int32Array
  /** CPU seconds that taking the rows apart took. */
  seconds: number
}

/** Kinds of noise by their bits, in the order in which they came. */
const noises: Noise[] = []

function kindNumber(kind: Noise): number {
  const known = noises.indexOf(kind)
  return known >= 0 ? known : noises.push(kind) - 1
}

/** Invents a county and takes its rows apart, a part at a time: only the latter is counted. */
function countyOf(seed: number, rows: number): County {
  const county: County = {
    rows: new Rows(),
    organisations: new Int32Array(rows * 1.1),
    noise: new Int32Array(rows * 1.1),
    seconds: 0,
  }
  let count = 0
  let part: { fields: Parameters<typeof featuresOf>[0]; countyCode: string }[] = []
  const take = () => {
    const start = cpu()
    county.rows.addAll(part.values().map(({ fields, countyCode }) => featuresOf(fields, countyCode)))
    county.seconds += cpu() - start
    part = []
  }
  for (const { fields, countyCode, organisation, noise } of registers({ seed, rows, perCounty: rows })) {
    county.organisations[count] = organisation
    for (const kind of noise) county.noise[count]! |= 1 << kindNumber(kind)
    count += 1
    if (part.push({ fields, countyCode }) === 20_000) take()
  }
  take()
  return county
}

/** Links one county; answers how it came out, the unit of each row (null: it waits) and the CPU seconds it took. */
function linkCounty(rows: Rows) {
  const start = cpu()
  const records = Array.from({ length: rows.size }, (_, at) => ({ id: String(at), entity: null, fixed: false }))
  const settlement = new Settling({ records, rows, said: new Map(), model: defaultModel })
  const units: (string | null)[] = records.map(() => null)
  settlement.each(({ id }, settled) => (units[Number(id)] = settled.kind === 'queue' ? null : settled.entity))
  return { settlement, units, seconds: cpu() - start }
}

function runSize(rows: number): void {
  const counties = rows <= oneCounty ? [rows] : Array.from({ length: rows / countyRows }, () => countyRows)
  const total = { rows: 0, apart: 0, settle: 0, units: 0, joined: 0, right: 0, truth: 0 }
  let peak = 0
  for (const [at, size] of counties.entries()) {
    const county = countyOf(1000 + at, size)
    const { settlement, units, seconds } = linkCounty(county.rows)
    // The peak so far is linking's, or that of looking at the county before: nobody looks at those that come later.
    if (at === 0 || counties.length > 1) peak = process.resourceUsage().maxRSS / 1024
    total.rows += units.length
    total.apart += county.seconds
    total.settle += seconds
    total.units += new Set(units.filter((unit) => unit !== null)).size
    if (at === 0) quality(county, settlement)
  }
  const seconds = total.apart + total.settle
  const bound = bounds.get(rows)
  line(
    `${whole(total.rows)} rows in ${counties.length === 1 ? 'one county' : `${counties.length} counties`}, ${whole(total.units)} units: ` +
      `CPU ${seconds.toFixed(1)} s (taking apart ${total.apart.toFixed(1)}, settling ${total.settle.toFixed(1)}), ` +
      `${((seconds / total.rows) * 1e6).toFixed(1)} µs a row; peak ${peak.toFixed(0)} MiB` +
      (bound
        ? `; bound ${bound.seconds} s and ${bound.memory} MiB: ${(seconds / bound.seconds).toFixed(2)} x, ${(peak / bound.memory).toFixed(2)} x`
        : ''),
  )
}

/** Precision, recall and the queue of a county; recall by kind of noise. */
function quality({ rows: all, organisations, noise }: County, settlement: Settling): void {
  const outcomes: Settled[] = []
  settlement.each(({ id }, settled) => (outcomes[Number(id)] = settled))
  const rows = outcomes.map((one, at): Judged & { noise: Noise[] } => ({
    organisation: String(organisations[at]),
    code: all.texts.text(all.codeOf(at)),
    settled: one,
    noise: noises.filter((_, kind) => (noise[at]! & (1 << kind)) !== 0),
  }))
  const automatic = scorePairs(rows, clusterOf)
  const asked = scorePairs(rows, answered(rows))
  const waiting = rows.filter((row) => clusterOf(row) === null).length
  line(
    `\n${whole(rows.length)} rows: precision ${precision(automatic).toFixed(5)}  recall ${recall(automatic).toFixed(5)}  ` +
      `F1 ${f1(automatic).toFixed(5)}  queue ${percent(waiting / rows.length)}  ` +
      `recall with the queue ${recall(asked).toFixed(5)}  units with two codes ${withTwoCodes(rows)}`,
  )
  const kinds = recallBy(rows, (a, b) => {
    const both = new Set([...a.noise, ...b.noise])
    return both.size > 0 ? both : ['none']
  })
  line('pairs of which a row has this noise        pairs       found   with queue')
  for (const [kind, { pairs, found, withQueue }] of [...kinds].sort(([, a], [, b]) => b.pairs - a.pairs)) {
    line(
      `${kind.padEnd(36)}${whole(pairs).padStart(12)}${percent(found / pairs).padStart(12)}${percent(withQueue / pairs).padStart(13)}`,
    )
  }
}

/**
 * New rows against a standing county, of all registers alike or, `ofOne`, of the one that comes last, the streets' lists, of
 * which nearly half carries no code. The standing rows and the index of their keys are there before, as in the product.
 */
function runIncrement(standing: number, added: number, ofOne: boolean): void {
  const there: Features[] = []
  const fresh: RegisterRow[] = []
  const all = standing + added
  let at = 0
  for (const row of registers({ seed: 2000, rows: all, perCounty: all })) {
    const isFresh = ofOne ? at >= standing : Math.floor(((at + 1) * added) / all) > Math.floor((at * added) / all)
    if (isFresh) fresh.push(row)
    else there.push(featuresOf(row.fields, row.countyCode))
    at += 1
  }
  const ledger = new Standing(there)
  const before = there.length
  there.length = 0
  // What making the rows has left behind is not the increment's.
  globalThis.gc?.()
  const begun = cpu()
  const { settled, moved } = ledger.add(fresh.values().map(({ fields, countyCode }) => featuresOf(fields, countyCode)))
  const seconds = cpu() - begun
  const uncoded = fresh.filter(({ fields }) => !fields.uscc).length
  line(
    `\n${whole(fresh.length)} new rows of ${ofOne ? 'one register' : 'all registers'}, ${percent(uncoded / fresh.length)} without a code, ` +
      `against ${whole(before)} standing (their keys indexed before): ` +
      `${whole(settled)} rows settled, ${whole(moved)} standing rows moved, CPU ${seconds.toFixed(1)} s; ` +
      `bound ${incrementBound} s: ${(seconds / incrementBound).toFixed(2)} x; ` +
      `peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`,
  )
}

/** Half a county at once and the rest in ten increments, beside all of it at once; twelve counties. */
function runRebuild(rows: number): void {
  const counties = Array.from({ length: 12 }, (_, at) => rebuilt(3000 + at, rows))
  const [all, different] = [counties.map((one) => one.rows), counties.map((one) => one.different)].map((list) =>
    list.reduce((sum, one) => sum + one, 0),
  ) as [number, number]
  line(
    `\n${counties.length} counties of ${whole(rows)} rows, half of them in ten increments: of ${whole(all)} rows ${whole(different)} ` +
      `are with others than after a full rebuild (by county ${counties.map((one) => one.different).join(', ')}); ` +
      `bound ${whole(all * rebuildBound)}: ${(different / (all * rebuildBound)).toFixed(2)} x`,
  )
  process.exitCode = different <= all * rebuildBound ? 0 : 1
}

function rebuilt(seed: number, rows: number): { rows: number; different: number } {
  const all = [...registers({ seed, rows, perCounty: rows })].map((row) => featuresOf(row.fields, row.countyCode))
  const half = Math.floor(all.length / 2)
  const ledger = new Standing(all.slice(0, half))
  const step = Math.ceil(half / 10)
  for (let from = half; from < all.length; from += step) ledger.add(all.slice(from, from + step))
  return { rows: all.length, different: differing(ledger.units(), linkCounty(rowsOf(all)).units) }
}

/** Rows that are with others in one than in the other; rows that wait are with nobody. */
function differing(units: Int32Array, others: readonly (string | null)[]): number {
  const [of, to] = [new Map<number, string>(), new Map<string, number>()]
  let different = 0
  for (const [at, other] of others.entries()) {
    const [unit, entity] = [units[at]!, other ?? '']
    if (unit < 0 || entity === '') {
      if (unit >= 0 || entity !== '') different += 1
      continue
    }
    if (!of.has(unit)) of.set(unit, entity)
    if (!to.has(entity)) to.set(entity, unit)
    if (of.get(unit) !== entity || to.get(entity) !== unit) different += 1
  }
  return different
}

/** Runs this file with arguments in a process of its own. */
function apart(...words: (string | number)[]): boolean {
  const file = fileURLToPath(import.meta.url)
  const run = spawnSync(
    process.execPath,
    ['--max-old-space-size=8000', '--expose-gc', file, 'here', ...words.map(String)],
    {
      stdio: 'inherit',
    },
  )
  return run.status === 0
}

const [first = 'all', ...more] = process.argv.slice(2)
if (first === 'here') {
  const [what, ...numbers] = more
  const [a = 0, b = 0] = numbers.map(Number)
  if (what === 'increment' || what === 'street') runIncrement(a, b, what === 'street')
  else if (what === 'rebuild') runRebuild(a)
  else runSize(Number(what))
} else {
  line(`machine load ${loadavg()[0]?.toFixed(1)}; CPU seconds are the number to compare`)
  const increments = ['increment', 'street'].map((kind) => [kind, 2_000_000, 100_000])
  const runs = first === 'all' ? [[100_000], [1_000_000], ...increments, ['rebuild', 100_000]] : []
  if (first !== 'all') runs.push([first, ...more])
  if (!runs.map((words) => apart(...words)).every(Boolean)) process.exitCode = 1
}
