import { grouped } from '../base/number.ts'
import type { ListOf } from './contract.ts'

/**
 * A part of a whole as `99.6 %`, null as a dash. What is not all is never shown as 100 %, what is not nothing never as 0 %:
 * 1,999 of 2,000 are 99.9 %.
 */
export function percent(value: number | null): string {
  if (value === null) return '—'
  const rounded = Math.round(value * 1000) / 10
  const shown = value < 1 && rounded >= 100 ? 99.9 : value > 0 && rounded <= 0 ? 0.1 : rounded
  return `${shown.toFixed(1)} %`
}

/** How a count changed, with its sign: `+12`, `−3`, `持平`. */
export function change(now: number, before: number): string {
  if (now === before) return '持平'
  return now > before ? `+${grouped(now - before)}` : `−${grouped(before - now)}`
}

/** Where and when a number was asked for: what a list behind it must be asked with. */
export interface Where {
  region?: string | undefined
  asOf?: string | undefined
}

/** The address parameters of the list of units behind a number. */
export function listSearch(of: ListOf, where: Where): Record<string, unknown> {
  const place = {
    ...(where.region ? { region: where.region } : {}),
    ...(where.asOf ? { asOf: where.asOf } : {}),
  }
  if ('condition' in of) return { ...place, condition: of.condition }
  return { ...place, of: 'figure' in of ? `figure.${of.figure}` : `ratio.${of.ratio}.${of.part}` }
}

const parts = ['numerator', 'denominator', 'gap'] as const

/** Reads what `listSearch` wrote; undefined for what is not the name of a list. */
export function readListOf(text: string): Exclude<ListOf, { condition: unknown }> | undefined {
  const [kind, key, part] = text.split('.')
  if (!key) return undefined
  if (kind === 'figure') return { figure: key }
  const known = parts.find((one) => one === part)
  return kind === 'ratio' && known ? { ratio: key, part: known } : undefined
}
