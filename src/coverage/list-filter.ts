import { z } from 'zod'
import { dateShape, regionCodeShape } from '../base/list.ts'
import { unitKinds } from '../ledger/field-contract.ts'
import { columns, type Condition, condition, coverageStates, lacks, nextSteps } from './condition-contract.ts'
import type { ListOf } from './contract.ts'
import { readListOf } from './words.ts'

const keysOf = <K extends string>(words: Readonly<Record<K, unknown>>) => z.array(z.enum(Object.keys(words) as [K]))
const bound = z.coerce.number().int().min(0)

/** What the list of units keeps in its address. */
export const listShape = z
  .object({
    of: z.string(),
    condition: z.unknown(),
    region: regionCodeShape,
    unplaced: z.boolean(),
    asOf: dateShape,
    text: z.string(),
    states: keysOf(coverageStates),
    lacks: keysOf(lacks),
    kinds: keysOf(unitKinds),
    steps: keysOf(nextSteps),
    due: z.boolean(),
    target: z.boolean(),
    formalMin: bound,
    formalMax: bound,
    staffMin: bound,
    staffMax: bound,
    elsewhere: z.boolean(),
  })
  .partial()
export type ListFilters = z.output<typeof listShape>

/** What the list is of; the units in real operation unless the address says otherwise. */
export function listOfFilters(filters: ListFilters): ListOf {
  const own = condition.safeParse(filters.condition)
  if (filters.condition !== undefined && own.success) return { condition: own.data }
  return readListOf(filters.of ?? '') ?? { figure: 'units' }
}

/** What the filters ask for beside what the list is of; undefined when nothing. */
export function whereOf(filters: ListFilters): Condition | undefined {
  const tests: Condition[] = []
  if (filters.states) tests.push({ column: 'state', in: filters.states })
  if (filters.lacks) tests.push({ column: 'lack', in: filters.lacks })
  if (filters.kinds) tests.push({ column: 'kind', in: filters.kinds })
  if (filters.steps) tests.push({ column: 'step', in: filters.steps })
  if (filters.due) tests.push({ column: 'due', is: true })
  if (filters.target) tests.push({ column: 'is_target', is: true })
  if (filters.elsewhere) tests.push({ column: 'known_elsewhere', atLeast: 1 })
  tests.push(...between('formal', filters.formalMin, filters.formalMax))
  tests.push(...between('staff', filters.staffMin, filters.staffMax))
  return tests.length > 0 ? { and: tests } : undefined
}

function between(column: 'formal' | 'staff', atLeast: number | undefined, atMost: number | undefined): Condition[] {
  return atLeast === undefined && atMost === undefined ? [] : [{ column, atLeast, atMost }]
}

/** The words of a step of the decision table, for a filter. */
export const stepWords = columns.step.choices
