import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import type { z } from 'zod'

/** Page, order and filters of a list. They live in the address, so a list can be reloaded, gone back to and sent to a colleague. */
export interface ListState<F extends object = Record<string, unknown>, S extends string = string> {
  page: number
  pageSize: number
  sort: S
  order: 'asc' | 'desc'
  filters: Partial<F>
  /** How many filters are set, the tab left out. */
  filtered: number
  /** Sets or (with undefined) clears filters and goes back to page 1. */
  filter: (change: Partial<{ [K in keyof F]: F[K] | undefined }>) => void
  /** Replaces all filters, and the order when given: what a saved view does. */
  replace: (filters: Partial<F>, order?: { sort: S; order: 'asc' | 'desc' }) => void
  clear: () => void
  turn: (page: number, pageSize: number) => void
  sortBy: (sort: S | undefined, order: 'asc' | 'desc') => void
}

/** A list's state wherever its filters do not matter to the one who holds it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyList = ListState<any, any>

/**
 * The state of one list, read from the address. `shape` says which filters there are; a value that does not fit is ignored.
 * `sorts` lists the server's sort fields (a zod enum's `.options`); without it the order stays as it is. `tab`: the filter that
 * the list's tabs are, which clearing the filters leaves alone.
 *
 * ```ts
 * const list = useListState(z.object({ text: z.string(), state: importState }).partial(), { sort: 'name', sorts: ['name', 'createdAt'] })
 * const query = useQuery(office.listUsers.queryOptions({ input: { ...list.filters, sort: list.sort, order: list.order, page: list.page, pageSize: list.pageSize } }))
 * ```
 */
export function useListState<F extends z.ZodObject, S extends string = string>(
  shape: F,
  initial: { sort?: S; sorts?: readonly S[]; order?: 'asc' | 'desc'; pageSize?: number; tab?: string } = {},
): ListState<z.output<F>, S> {
  type Filters = Partial<z.output<F>>
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const filters = useMemo(() => readFilters(shape, search) as Filters, [shape, search])
  const go = useCallback(
    (change: (now: Record<string, unknown>) => Record<string, unknown>) => {
      void navigate({ to: '.', search: (now: Record<string, unknown>) => tidy(change(now)), replace: true })
    },
    [navigate],
  )
  const names = Object.keys(shape.shape)
  const cleared = names.filter((name) => name !== initial.tab)
  const without = (gone: readonly string[]) => (now: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(now).filter(([key]) => !gone.includes(key) && key !== 'page'))
  return {
    page: positive(search.page) ?? 1,
    pageSize: positive(search.pageSize) ?? initial.pageSize ?? 20,
    sort: (initial.sorts?.includes(search.sort as S) ? search.sort : (initial.sort ?? '')) as S,
    order: search.order === 'asc' || search.order === 'desc' ? search.order : (initial.order ?? 'asc'),
    filters,
    filtered: cleared.filter((name) => name in filters).length,
    filter: (change) => go((now) => ({ ...now, ...change, page: undefined })),
    replace: (next, order) => go((now) => ({ ...without(names)(now), ...next, ...order })),
    clear: () => go(without(cleared)),
    turn: (page, pageSize) => go((now) => ({ ...now, page: page === 1 ? undefined : page, pageSize })),
    sortBy: (sort, order) => go((now) => ({ ...now, sort, order: sort ? order : undefined, page: undefined })),
  }
}

function readFilters(shape: z.ZodObject, search: Record<string, unknown>): Record<string, unknown> {
  const filters: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(shape.shape)) {
    if (search[name] === undefined) continue
    const read = (part as z.ZodType).safeParse(search[name])
    if (read.success && read.data !== undefined) filters[name] = read.data
  }
  return filters
}

function tidy(search: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(search).filter(
    ([, value]) =>
      value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(kept)
}

function positive(value: unknown): number | undefined {
  const number = Number(value)
  return Number.isInteger(number) && number > 0 ? number : undefined
}

/** A path parameter of the current route, e.g. the `id` of `/units/$id`. */
export function useParam(name: string): string {
  const params: Record<string, string | undefined> = useParams({ strict: false })
  return params[name] ?? ''
}

/** A value kept in this browser under `key` (columns, density, folded menu); never anything personal. */
export function useKept<T>(key: string, initial: T): [T, (next: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const text = localStorage.getItem(`lx.${key}`)
      return text === null ? initial : (JSON.parse(text) as T)
    } catch {
      return initial
    }
  })
  const keep = (next: T) => {
    setValue(next)
    try {
      localStorage.setItem(`lx.${key}`, JSON.stringify(next))
    } catch {
      // A full or forbidden store only means that the choice is not remembered.
    }
  }
  return [value, keep]
}
