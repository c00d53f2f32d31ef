import { today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { type Fact, loadFacts } from './apply.ts'
import { type DerivingWith, judgeUnit } from './derive.ts'
import { factText } from './fact-text.ts'
import type { UnitField } from './field-contract.ts'
import { requireCounty } from './rederive.ts'
import { rulesInForce, withDefaults } from './rules-in-force.ts'
import { lastSaid } from './said.ts'
import { dropReasons, type FunnelSettings, funnelDefaults } from './standing-contract.ts'
import type { RulesPreview, SurvivorshipRules } from './survivorship-contract.ts'
import { saidTogether, survivors } from './survive.ts'
import { maskField } from './unit-page.ts'
import { ledgerTables } from './units.ts'

const batchUnits = 500
const examplesMax = 20

interface Proposal {
  countyCode: string
  /** Left out: as now. */
  survivorship?: SurvivorshipRules
  funnel?: Partial<FunnelSettings>
}

/** 试算: what would come out otherwise, counted over every unit of the county, with examples. Writes nothing. */
export const previewJob: JobKind<Proposal> = {
  kind: 'ledger.preview',
  async run(job) {
    const { countyCode } = job.input
    const tally = new Tally()
    const total = await job.transaction(async (ctx) => {
      requireCounty(ctx, countyCode)
      const { n } = await unitsIn(ctx, countyCode, '')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      return n
    })
    for (let after: string | null = ''; after !== null;) {
      job.signal.throwIfAborted()
      const start: string = after
      after = await job.transaction((ctx) => lookAt(ctx, job.input, start, tally))
      await job.progress(Math.min(tally.looked, total), total, `已试算 ${tally.looked} 家，${tally.units} 家会有变化`)
    }
    return tally.result()
  },
}

const unitsIn = (ctx: Context, countyCode: string, after: string) =>
  ledgerTables(ctx.tx)
    .selectFrom('unit')
    .where('county_code', '=', countyCode)
    .where('withdrawn_at', 'is', null)
    .where('id', '>', after || '00000000-0000-0000-0000-000000000000')

/** Looks at one batch of units under both rules; answers where the next begins, null after the last. */
async function lookAt(ctx: Context, proposal: Proposal, after: string, tally: Tally): Promise<string | null> {
  const { countyCode } = proposal
  const now = await rulesInForce(ctx.tx, countyCode, today(ctx.now))
  const then: DerivingWith = {
    hand: now.hand,
    survivorship: proposal.survivorship ? withDefaults(proposal.survivorship) : now.survivorship,
    funnel: proposal.funnel ? { ...funnelDefaults, ...proposal.funnel } : now.funnel,
  }
  const units = await unitsIn(ctx, countyCode, after).select(['id', 'name']).orderBy('id').limit(batchUnits).execute()
  const ids = units.map((unit) => unit.id)
  if (ids.length === 0) return null
  const facts = await loadFacts(ctx.tx, countyCode, ids)
  const said = await lastSaid(ctx.tx, countyCode, ids)
  for (const { id, name } of units) {
    const list = (facts.get(id) ?? []).map((fact) => saidTogether(fact, said.get(id) ?? {}))
    tally.add({ id, name }, differences(list, now, then, said.get(id)))
  }
  return ids.length < batchUnits ? null : (ids.at(-1) ?? null)
}

interface Differences {
  values: { field: UnitField; before: Fact; after: Fact }[]
  standing: [before: keyof typeof dropReasons | null, after: keyof typeof dropReasons | null]
}

function differences(
  facts: readonly (Fact & { saidOn: string })[],
  now: DerivingWith,
  then: DerivingWith,
  said: Parameters<typeof judgeUnit>[2],
): Differences {
  const { day } = now.hand
  const [had, has] = [survivors(facts, day, now.survivorship), survivors(facts, day, then.survivorship)]
  const values: Differences['values'] = []
  for (const [field, [before]] of had) {
    const [after] = has.get(field) ?? []
    if (before && after && before.value !== after.value) values.push({ field, before, after })
  }
  return {
    values,
    standing: [judgeUnit(had, now, said).standing.dropReason, judgeUnit(has, then, said).standing.dropReason],
  }
}

/** Adds up what would change. */
class Tally {
  looked = 0
  units = 0
  private values = 0
  private readonly fields = new Map<UnitField, number>()
  private readonly moves = new Map<string, RulesPreview['moves'][number]>()
  private readonly examples: RulesPreview['examples'] = []

  add(unit: { id: string; name: string }, { values, standing: [from, to] }: Differences): void {
    this.looked += 1
    if (values.length === 0 && from === to) return
    this.units += 1
    this.values += values.length
    for (const { field } of values) this.fields.set(field, (this.fields.get(field) ?? 0) + 1)
    if (from !== to) {
      const move = this.moves.get(`${from}>${to}`) ?? { from, to, units: 0 }
      move.units += 1
      this.moves.set(`${from}>${to}`, move)
    }
    this.exemplify(unit, values, from, to)
  }

  private exemplify(
    unit: { id: string; name: string },
    values: Differences['values'],
    from: keyof typeof dropReasons | null,
    to: keyof typeof dropReasons | null,
  ): void {
    if (this.examples.length >= examplesMax) return
    const about = { unitId: unit.id, name: unit.name }
    const [first] = values
    if (first) {
      const { field, before, after } = first
      this.examples.push({
        ...about,
        field,
        before: factText(field, maskField(field, before.value)),
        beforeFrom: before.department,
        after: factText(field, maskField(field, after.value)),
        afterFrom: after.department,
      })
    } else {
      const words = (reason: keyof typeof dropReasons | null) => (reason ? dropReasons[reason] : '列入摸排对象')
      this.examples.push({
        ...about,
        field: null,
        before: words(from),
        beforeFrom: null,
        after: words(to),
        afterFrom: null,
      })
    }
  }

  result(): RulesPreview {
    const { looked, units, values, examples } = this
    const fields = [...this.fields].map(([field, n]) => ({ field, units: n })).sort((a, b) => b.units - a.units)
    const moves = [...this.moves.values()].sort((a, b) => b.units - a.units)
    return { looked, units, values, fields, moves, examples }
  }
}
