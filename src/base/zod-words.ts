import { z } from 'zod'

/** Chinese sentences for what a zod shape refuses, where the shape has none of its own. */
export function speakChinese(): void {
  z.config({ localeError: chineseIssue })
}

/** The sentence for one issue: for `z.config`, and for `safeParse(value, { error: chineseIssue })`. */
export const chineseIssue: z.core.$ZodErrorMap = (issue) => sentence(issue)

interface Issue {
  code: string
  origin?: string
  minimum?: number | bigint
  maximum?: number | bigint
  format?: string
  input?: unknown
}

function sentence(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined || issue.input === null ? '请填写' : '填写的内容类型不对'
    case 'too_small':
      if (issue.origin === 'string') return Number(issue.minimum) <= 1 ? '请填写' : `至少 ${issue.minimum} 个字`
      if (issue.origin === 'array') return `请至少选择 ${issue.minimum} 项`
      return `不能小于 ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'string') return `至多 ${issue.maximum} 个字`
      if (issue.origin === 'array') return `至多选择 ${issue.maximum} 项`
      return `不能大于 ${issue.maximum}`
    case 'invalid_format':
      return issue.format === 'date' ? '请填写日期，如 2026-01-31' : '格式不对'
    case 'invalid_value':
      return '请从列表中选择'
    default:
      return '内容不符合要求'
  }
}

/** The part of an object shape that a form field is about: `['columns', 0, 'title']` or `'name'`. */
export function partOf(shape: z.ZodType, name: string | readonly (string | number)[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = shape
  for (const step of typeof name === 'string' ? [name] : name) {
    while (at && 'unwrap' in at && !('element' in at)) at = (at as z.ZodOptional<z.ZodType>).unwrap()
    if (at instanceof z.ZodObject) at = at.shape[step] as z.ZodType | undefined
    else if (at instanceof z.ZodArray) at = at.element as z.ZodType
    else return undefined
  }
  return at
}

/** An emptied input as the shape understands it: left out where that is allowed, else null where that is, else as it is. */
export function emptied(part: z.ZodType, value: unknown): unknown {
  const blank = value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
  if (!blank) return value
  if (part.safeParse(undefined).success) return undefined
  return part.safeParse(null).success ? null : (value ?? undefined)
}

/** What a form holds, with emptied inputs made right; ready to be parsed by the shape. */
export function tidied(shape: z.ZodObject, values: Record<string, unknown>): Record<string, unknown> {
  const next: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(shape.shape)) {
    const value = emptied(part as z.ZodType, values[name])
    if (value !== undefined) next[name] = value
  }
  return next
}

/** The Chinese name of a field: its description up to the first stop, e.g. `用途，至少 4 个字` → `用途`. */
export function wordOf(part: z.ZodType | undefined): string | undefined {
  for (let at = part; at; at = 'unwrap' in at ? (at as z.ZodOptional<z.ZodType>).unwrap() : undefined) {
    if (at.description) return at.description.split(/[，；：。（]/)[0]
  }
  return undefined
}
