import type { Texts } from './texts.ts'

const lines = [new Uint8Array(256), new Uint8Array(256), new Uint8Array(256)] as const

/**
 * How many characters must be changed, put in, left out or swapped with their neighbour to make one text of the other;
 * counts no further than `most` and then answers `most` + 1.
 */
export function editDistance(texts: Texts, left: number, right: number, most: number): number {
  if (left === right) return 0
  const { signs } = texts
  let [a, b] = [texts.start(left), texts.start(right)]
  let [aTo, bTo] = [a + texts.length(left), b + texts.length(right)]
  if (Math.abs(aTo - a - bTo + b) > most || aTo - a > 250 || bTo - b > 250) return most + 1
  while (a < aTo && b < bTo && signs[a] === signs[b]) {
    a += 1
    b += 1
  }
  while (aTo > a && bTo > b && signs[aTo - 1] === signs[bTo - 1]) {
    aTo -= 1
    bTo -= 1
  }
  return most === 1 ? ofOne(signs, a, aTo, b, bTo) : between(signs, a, aTo, b, bTo, most)
}

/** The same, up to 1, of what is left of two texts that neither begins nor ends alike. */
function ofOne(signs: Uint16Array, a: number, aTo: number, b: number, bTo: number): number {
  const [ofA, ofB] = [aTo - a, bTo - b]
  if (ofA <= 1 && ofB <= 1) return Math.max(ofA, ofB)
  return ofA === 2 && ofB === 2 && signs[a] === signs[b + 1] && signs[a + 1] === signs[b] ? 1 : 2
}

function between(signs: Uint16Array, a: number, aTo: number, b: number, bTo: number, most: number): number {
  let [before, last, now] = lines
  const width = bTo - b
  for (let j = 0; j <= width; j += 1) last[j] = j
  for (let i = 1; i <= aTo - a; i += 1) {
    now[0] = i
    let least = i
    const x = signs[a + i - 1]!
    for (let j = 1; j <= width; j += 1) {
      const y = signs[b + j - 1]!
      let cost = Math.min(last[j]! + 1, now[j - 1]! + 1, last[j - 1]! + (x === y ? 0 : 1))
      const isSwap = i > 1 && j > 1 && x === signs[b + j - 2] && signs[a + i - 2] === y
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
export function codeDistance(texts: Texts, written: number, valid: number): number {
  const length = texts.length(written)
  if (length === texts.length(valid)) {
    const [a, b] = [texts.start(written), texts.start(valid)]
    let wrong = 0
    for (let at = 0; at < length && wrong < 3; at += 1) if (texts.signs[a + at] !== texts.signs[b + at]) wrong += 1
    if (wrong <= 1) return wrong
  }
  return editDistance(texts, written, valid, 1)
}

const used = new Uint8Array(256)

/** Share of common neighbouring pairs of characters (Dice), 0 to 1. */
export function shareOfPairs(texts: Texts, left: number, right: number): number {
  const { signs } = texts
  const [a, b] = [texts.start(left), texts.start(right)]
  const [ofA, ofB] = [texts.length(left) - 1, Math.min(used.length, texts.length(right) - 1)]
  if (ofA < 1 || ofB < 1) return 0
  let common = 0
  used.fill(0, 0, ofB)
  for (let i = 0; i < ofA; i += 1) {
    for (let j = 0; j < ofB; j += 1) {
      if (used[j] === 1 || signs[a + i] !== signs[b + j] || signs[a + i + 1] !== signs[b + j + 1]) continue
      used[j] = 1
      common += 1
      break
    }
  }
  return (2 * common) / (ofA + ofB)
}
