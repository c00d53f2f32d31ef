/** What one committed row says of a person, with the day it speaks of and the order in which it came (later counts). */
export interface PersonRow<Content> {
  rowId: string
  importId: string
  asOf: string
  order: number
  content: Content
}

/** A roster of all members that does not name the person: who had been there has left by its day. */
export interface PersonEnd {
  asOf: string
  order: number
}

/** A row's content and from when to when it held; `to` is the first day that it no longer did. */
export interface Version<Content> {
  row: PersonRow<Content>
  from: string
  to: string | null
}

/**
 * A person's history out of all rows about them: a row that says nothing new prolongs the version before, one that differs
 * ends it; of two about one day the later told counts. The same rows always give the same versions, in whatever order read.
 */
export function versionsOf<Content>(
  rows: readonly PersonRow<Content>[],
  ends: readonly PersonEnd[],
  same: (a: Content, b: Content) => boolean,
): Version<Content>[] {
  const events = [
    ...rows.map((row) => ({ asOf: row.asOf, order: row.order, rowId: row.rowId, row })),
    ...ends.map((end) => ({ asOf: end.asOf, order: end.order, rowId: '', row: null })),
  ].toSorted((a, b) => compare(a.asOf, b.asOf) || a.order - b.order || compare(a.rowId, b.rowId))
  const versions: Version<Content>[] = []
  for (const { asOf, row } of events) {
    const last = versions.at(-1)
    const open = last?.to === null ? last : undefined
    if (row && open && same(open.row.content, row.content)) continue
    if (open && open.from === asOf) versions.pop()
    else if (open) open.to = asOf
    if (row) versions.push({ row, from: asOf, to: null })
  }
  return joined(versions, same)
}

/** Neighbours that say the same become one, which happens where what stood between them was replaced on its own day. */
function joined<Content>(versions: Version<Content>[], same: (a: Content, b: Content) => boolean): Version<Content>[] {
  const out: Version<Content>[] = []
  for (const version of versions) {
    const last = out.at(-1)
    if (last && last.to === version.from && same(last.row.content, version.row.content)) last.to = version.to
    else out.push({ ...version })
  }
  return out
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
