const rows = [new Uint8Array(256), new Uint8Array(256), new Uint8Array(256)] as const

/**
 * How many characters must be changed, put in, left out or swapped with their neighbour to make one text of the other;
 * counts no further than `most` and then answers `most` + 1.
 */
export function editDistance(a: string, b: string, most: number): number {
  if (a === b) return 0
  if (Math.abs(a.length - b.length) > most || a.length > 250 || b.length > 250) return most + 1
  let from = 0
  while (from < a.length && from < b.length && a.charCodeAt(from) === b.charCodeAt(from)) from += 1
  let [enda, endb] = [a.length, b.length]
  while (enda > from && endb > from && a.charCodeAt(enda - 1) === b.charCodeAt(endb - 1)) {
    enda -= 1
    endb -= 1
  }
  return between(a, b, from, enda, endb, most)
}

function between(a: string, b: string, from: number, enda: number, endb: number, most: number): number {
  let [before, last, now] = rows
  const width = endb - from
  for (let j = 0; j <= width; j += 1) last[j] = j
  for (let i = 1; i <= enda - from; i += 1) {
    now[0] = i
    let least = i
    for (let j = 1; j <= width; j += 1) {
      const [x, y] = [a.charCodeAt(from + i - 1), b.charCodeAt(from + j - 1)]
      let cost = Math.min(last[j]! + 1, now[j - 1]! + 1, last[j - 1]! + (x === y ? 0 : 1))
      const isSwap = i > 1 && j > 1 && x === b.charCodeAt(from + j - 2) && a.charCodeAt(from + i - 2) === y
      if (isSwap) cost = Math.min(cost, before[j - 2]! + 1)
      now[j] = cost
      if (cost < least) least = cost
    }
    if (least > most) return most + 1
    ;[before, last, now] = [last, now, before]
  }
  return Math.min(last[width]!, most + 1)
}

/** How many signs of a code are wrong when it is meant for another; 2 stands for more than one. */
export function codeDistance(written: string, valid: string): number {
  if (written.length === valid.length) {
    let wrong = 0
    for (let at = 0; at < valid.length && wrong < 3; at += 1) if (written[at] !== valid[at]) wrong += 1
    if (wrong <= 1) return wrong
  }
  return editDistance(written, valid, 1)
}

/** Share of common neighbouring pairs of characters (Dice), 0 to 1. */
export function shareOfPairs(a: string, b: string): number {
  if (a.length < 2 || b.length < 2) return 0
  let common = 0
  const used = new Set<number>()
  for (let i = 0; i + 1 < a.length; i += 1) {
    for (let j = 0; j + 1 < b.length; j += 1) {
      if (used.has(j) || a.charCodeAt(i) !== b.charCodeAt(j) || a.charCodeAt(i + 1) !== b.charCodeAt(j + 1)) continue
      used.add(j)
      common += 1
      break
    }
  }
  return (2 * common) / (a.length + b.length - 2)
}
