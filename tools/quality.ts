// What linking is worth. `npm run quality` reads every district under SHARED_DATA (default ../shared/data) that has a
// truth.csv.gz, links its registers and says how many pairs of rows are right, by stage and by what the rows differ in.
//   node tools/quality.ts              every district found; exit 1 when one is under its bounds
//   node tools/quality.ts invented [seeds] [rows]   invented districts of everyday and of bad noise
//   node tools/quality.ts wrong        also the rows of every wrong cluster and of every organisation that was torn apart
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { bad, everyday, type Noise, registers } from '../bench/registers.ts'
import { defaultModel } from '../src/linkage/model.ts'
import {
  answered,
  clusterOf,
  f1,
  type KnownRow,
  linkAll,
  type LinkedRow,
  precision,
  recall,
  recallBy,
  recallByDifference,
  scorePairs,
  type Shown,
  shownProbabilities,
  stageOf,
  withTwoCodes,
} from './quality-measure.ts'
import { readDistrict } from './quality-rows.ts'
import { type Merges, wrongMerges } from './quality-wrong.ts'

/** What must be reached: everyday noise, and bad noise. */
const bounds = {
  everyday: { precision: 0.999, f1: 0.993, queue: 0.007, withQueue: 0.997 },
  bad: { precision: 0.997, f1: 0.98, queue: 0.04, withQueue: 0.99 },
}
type Level = keyof typeof bounds

const percent = (value: number, digits = 2) => `${(value * 100).toFixed(digits)} %`
const line = (text = '') => process.stdout.write(`${text}\n`)

/** Prints all that is measured of one district; answers what is under its bound. */
function report({ name, level, noise }: District, rows: readonly LinkedRow[]): string[] {
  const automatic = scorePairs(rows, clusterOf)
  const asked = scorePairs(rows, answered(rows))
  const waiting = rows.filter((row) => clusterOf(row) === null).length
  const twoCodes = withTwoCodes(rows)
  const bound = bounds[level]
  line(`\n== ${name}: ${rows.length} rows, ${level} noise`)
  line(
    `automatic     precision ${precision(automatic).toFixed(5)}  recall ${recall(automatic).toFixed(5)}  F1 ${f1(automatic).toFixed(5)}` +
      `  wrong pairs ${automatic.joined - automatic.right} of ${automatic.joined}`,
  )
  line(`queue         ${waiting} rows, ${percent(waiting / rows.length)}`)
  line(
    `with queue    precision ${precision(asked).toFixed(5)}  recall ${recall(asked).toFixed(5)}  F1 ${f1(asked).toFixed(5)}`,
  )
  line(`units with two valid codes: ${twoCodes}`)
  stages(rows)
  merges(wrongMerges(rows, noise))
  differences(rows)
  if (noise) noises(rows, noise)
  calibration(shownProbabilities(rows))
  return [
    [precision(automatic) >= bound.precision, `precision ${precision(automatic).toFixed(5)} < ${bound.precision}`],
    [f1(automatic) >= bound.f1, `F1 ${f1(automatic).toFixed(5)} < ${bound.f1}`],
    [waiting / rows.length <= bound.queue, `queue ${percent(waiting / rows.length)} > ${percent(bound.queue)}`],
    [recall(asked) >= bound.withQueue, `recall with the queue ${recall(asked).toFixed(5)} < ${bound.withQueue}`],
    [twoCodes === 0, `${twoCodes} units with two valid codes`],
  ].flatMap(([isMet, words]) => (isMet ? [] : [`${name}: ${String(words)}`]))
}

/** By how rows came to their places: how many, and how many of them lie in a cluster that is mostly another's. */
function stages(rows: readonly LinkedRow[]): void {
  const mostOf = new Map<string | null, string>()
  for (const [cluster, members] of Map.groupBy(rows, clusterOf)) {
    const [most] = [...Map.groupBy(members, (row) => row.organisation)].sort(([, a], [, b]) => b.length - a.length)
    if (most) mostOf.set(cluster, most[0])
  }
  line('stage                        rows   wrong place')
  for (const [stage, members] of [...Map.groupBy(rows, stageOf)].sort(([, a], [, b]) => b.length - a.length)) {
    const wrong = members.filter((row) => clusterOf(row) !== null && mostOf.get(clusterOf(row)) !== row.organisation)
    line(`${stage.padEnd(26)}${String(members.length).padStart(7)}${String(wrong.length).padStart(14)}`)
  }
}

/** Rows that were joined to another organisation's, by how they came there and by what is wrong with them. */
function merges(found: Merges): void {
  line(`wrong merges, by stage and by kind of noise                ${found.size > 0 ? 'rows' : 'none'}`)
  for (const [kind, count] of [...found].sort(([, a], [, b]) => b - a))
    line(`${kind.padEnd(52)}${String(count).padStart(11)}`)
}

function differences(rows: readonly LinkedRow[]): void {
  line('pairs of one organisation, by what they differ in       pairs   found   with queue')
  pairTable(recallByDifference(rows))
}

/** Of invented rows it is known what was done to them. */
function noises(rows: readonly LinkedRow[], noise: NoiseOf): void {
  line('pairs of which a row has this noise                      pairs   found   with queue')
  pairTable(recallBy(rows, (a, b) => new Set([...(noise.get(a.id) ?? []), ...(noise.get(b.id) ?? [])])))
}

function pairTable(table: ReturnType<typeof recallByDifference>): void {
  for (const [kind, { pairs, found, withQueue }] of [...table].sort(([, a], [, b]) => b.pairs - a.pairs)) {
    line(
      `${kind.padEnd(52)}${String(pairs).padStart(9)}${percent(found / pairs, 1).padStart(9)}${percent(withQueue / pairs, 1).padStart(12)}`,
    )
  }
}

/** Of fewer candidates no share can be told to two in a hundred. */
const enoughShown = 200
const bandBounds = [0, 0.2, 0.5, 0.8, 0.93, 0.97, 0.99, 0.999, 1.001]

/** Prints how many of the candidates shown in each band of probability are right; answers that share about 95 %, null for too few. */
function calibration(shown: readonly Shown[]): number | null {
  line('shown probability    candidates   mean shown   right')
  let about95: number | null = null
  for (const [at, to] of bandBounds.slice(1).entries()) {
    const from = bandBounds[at]!
    const inBand = shown.filter(({ probability }) => probability >= from && probability < to)
    if (inBand.length === 0) continue
    const mean = inBand.reduce((sum, { probability }) => sum + probability, 0) / inBand.length
    const right = inBand.filter((one) => one.right).length / inBand.length
    if (from === 0.93 && inBand.length >= enoughShown) about95 = right
    line(
      `${`${percent(from, 1)} to ${percent(Math.min(1, to), 1)}`.padEnd(20)}${String(inBand.length).padStart(11)}${percent(mean).padStart(13)}${percent(right).padStart(10)}`,
    )
  }
  return about95
}

/** The rows of clusters that mix organisations, and of organisations that were torn apart. */
function wrongRows(rows: readonly LinkedRow[]): void {
  const show = (members: readonly LinkedRow[]) => {
    for (const { organisation, fields, settled, id } of members) {
      const { uscc, rawCode, name, legalRep, phone, address } = fields
      const how = settled.kind === 'queue' ? settled.reason : settled.kind === 'join' ? settled.by : 'new'
      line(
        `  ${organisation} ${how} | ${[uscc ?? `-${rawCode ?? ''}`, name, legalRep, phone, address, id].join(' | ')}`,
      )
    }
    line()
  }
  line('\n-- clusters of several organisations')
  for (const [cluster, members] of Map.groupBy(rows, clusterOf)) {
    if (cluster !== null && new Set(members.map((row) => row.organisation)).size > 1) show(members)
  }
  line('-- organisations in several clusters')
  for (const members of Map.groupBy(rows, (row) => row.organisation).values()) {
    if (new Set(members.map(clusterOf).filter((one) => one !== null)).size > 1) show(members)
  }
}

/** What was done to rows, by their ids. */
type NoiseOf = ReadonlyMap<string, readonly Noise[]>

interface District {
  name: string
  level: Level
  rows: KnownRow[]
  /** Known of invented districts only. */
  noise?: NoiseOf
}

function invented(seed: number, rows: number, level: Level): District {
  const care = level === 'bad' ? bad : everyday
  const found = [...registers({ seed, rows, care, perCounty: Math.ceil(rows * 0.41) })]
  const known = found.map(({ fields, organisation, countyCode }, at) => ({
    id: String(at),
    fields,
    organisation: String(organisation),
    countyCode,
  }))
  return {
    name: `invented ${seed}`,
    level,
    rows: known,
    noise: new Map(found.map((row, at) => [String(at), row.noise])),
  }
}

async function districts(): Promise<District[]> {
  const folder = process.env['SHARED_DATA'] ?? '../shared/data'
  const found = existsSync(folder)
    ? readdirSync(folder).filter((one) => existsSync(join(folder, one, 'truth.csv.gz')))
    : []
  if (found.length === 0) throw new Error(`no district with a truth.csv.gz in ${folder}; set SHARED_DATA`)
  return Promise.all(
    found.map(async (name): Promise<District> => {
      const rows = await readDistrict(join(folder, name))
      const coded = rows.filter((row) => row.fields.uscc).length / rows.length
      // Where one row in six has no code, nobody looked after the registers.
      return { name, level: coded > 0.84 ? 'everyday' : 'bad', rows }
    }),
  )
}

const [word, ...numbers] = process.argv.slice(2)
const [seeds = 8, rows = 15_000] = numbers.map(Number)
const all: District[] =
  word === 'invented'
    ? Array.from({ length: seeds }, (_, at) => at + 101).flatMap((seed) =>
        (['everyday', 'bad'] as const).map((level) => invented(seed, rows, level)),
      )
    : await districts()
const failed: string[] = []
const shown: Shown[] = []
const wrong: Merges = new Map()
for (const district of all) {
  const linked = linkAll(district.rows, defaultModel)
  failed.push(...report(district, linked))
  shown.push(...shownProbabilities(linked))
  for (const [kind, count] of wrongMerges(linked, district.noise)) wrong.set(kind, (wrong.get(kind) ?? 0) + count)
  if (process.argv.includes('wrong')) wrongRows(linked)
}
line(`\n== all ${all.length} together`)
merges(wrong)
const about95 = calibration(shown)
if (word === 'invented' && about95 !== null && (about95 < 0.93 || about95 > 0.97)) {
  failed.push(`of candidates shown as about 95 %, ${percent(about95)} are right`)
}
line(failed.length === 0 ? '\nall bounds are met' : `\nunder the bounds:\n${failed.join('\n')}`)
process.exitCode = failed.length === 0 ? 0 : 1
