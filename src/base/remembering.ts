/** A pure function of a text that finds each answer once; when it knows `most` of them it begins anew. None is undefined. */
export function remembering<T>(most: number, find: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const found = find(text)
    if (known.size >= most) known.clear()
    known.set(text, found)
    return found
  }
}
