// What the ledger's units are worth after a district's registers were imported, beside what linking all rows at once finds.
//   node tools/quality-ledger.ts <DATA_DIR> <district folder with truth.csv.gz> [rows]   rows: those that lie elsewhere
import { sql } from 'kysely'
import { asOwner, openDatabase } from '../src/host/database.ts'
import { defaultModel } from '../src/linkage/model.ts'
import {
  answered,
  clusterOf,
  f1,
  type Judged,
  judged,
  linkAll,
  type LinkedRow,
  precision,
  recall,
  scorePairs,
  takeApart,
  withTwoCodes,
} from './quality-measure.ts'
import { readDistrict } from './quality-rows.ts'

interface Place {
  id: string
  unit_id: string | null
  outcome: string
}

/** Where every row of the ledger's imports lies, by file, sheet and row. */
async function placesOf(dataDir: string): Promise<Map<string, Place>> {
  const database = await openDatabase({ dataDir, databaseUrl: null })
  try {
    const { rows } = await asOwner(database, (tx) =>
      sql<Place>`
        select i.file_name || '#' || r.sheet || ':' || r.row_number as id, r.unit_id, r.outcome
        from source_row r join import i on i.county_code = r.county_code and i.id = r.import_id
        where i.state = 'committed'`.execute(tx),
    )
    return new Map(rows.map((row) => [row.id, row]))
  } finally {
    await database.close()
  }
}

function print(name: string, rows: readonly Judged[], waiting: number): void {
  const automatic = scorePairs(rows, clusterOf)
  const asked = scorePairs(rows, answered(rows))
  console.log(
    `${name.padEnd(10)} precision ${precision(automatic).toFixed(5)}  recall ${recall(automatic).toFixed(5)}` +
      `  F1 ${f1(automatic).toFixed(5)}  with queue ${recall(asked).toFixed(5)}` +
      `  waiting ${waiting} (${((waiting / rows.length) * 100).toFixed(2)} %)  units with two valid codes ${withTwoCodes(rows)}`,
  )
}

/** By row: the rows that it lies with, as text that is the same wherever they lie. */
function companions(rows: readonly LinkedRow[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const [cluster, members] of Map.groupBy(rows, clusterOf)) {
    const said =
      cluster === null
        ? 'waits'
        : members
            .map((row) => row.id)
            .sort()
            .join(' + ')
    for (const { id } of members) found.set(id, said)
  }
  return found
}

const [dataDir, folder, word] = process.argv.slice(2)
if (!dataDir || !folder) throw new Error('node tools/quality-ledger.ts <DATA_DIR> <district folder> [rows]')
const places = await placesOf(dataDir)
const known = await readDistrict(folder)
const ledger = judged(known, takeApart(known), (row) => {
  const entity = places.get(row.id)?.unit_id
  return entity ? { kind: 'new', entity } : { kind: 'queue', reason: 'doubtful', candidates: [] }
})
const outcomes = Map.groupBy(known, (row) => places.get(row.id)?.outcome ?? 'missing')
console.log([...outcomes].map(([outcome, { length }]) => `${outcome} ${length}`).join(', '))
print('ledger', ledger, outcomes.get('queued')?.length ?? 0)

// Rows that the ledger refuses never come to linking; both are compared over the others.
const isLinked = (row: { id: string }) => !['refused', 'missing'].includes(places.get(row.id)?.outcome ?? 'missing')
const linked = ledger.filter(isLinked)
const atOnce = linkAll(known.filter(isLinked), defaultModel)
const waiting = (rows: readonly LinkedRow[]) => rows.filter((row) => clusterOf(row) === null).length
print('linked', linked, waiting(linked))
print('at once', atOnce, waiting(atOnce))
const [here, there] = [companions(linked), companions(atOnce)]
const elsewhere = linked.filter((row) => here.get(row.id) !== there.get(row.id))
console.log(`rows that lie with others than when linked at once: ${elsewhere.length}`)
if (word === 'rows') {
  for (const { id, fields, organisation } of elsewhere) {
    console.log(`${organisation} ${places.get(id)?.outcome} ${fields.uscc ?? ''} ${fields.name} | ${id}`)
    console.log(`  ledger: ${here.get(id)}\n  at once: ${there.get(id)}`)
  }
}
