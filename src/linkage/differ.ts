/** A run of characters that both texts have, or only this one. */
export interface Piece {
  text: string
  same: boolean
}

const charsMax = 400

/**
 * Two texts cut into what they share and what only one of them has, character by character (longest common subsequence,
 * code points). What is longer than 400 characters is compared as a whole.
 */
export function differences(left: string, right: string): { left: Piece[]; right: Piece[] } {
  const a = [...left]
  const b = [...right]
  if (left === right || a.length > charsMax || b.length > charsMax) {
    const whole = (text: string) => (text === '' ? [] : [{ text, same: left === right }])
    return { left: whole(left), right: whole(right) }
  }
  const lengths = commonLengths(a, b)
  const leftSame = new Set<number>()
  const rightSame = new Set<number>()
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      leftSame.add(i)
      rightSame.add(j)
      i += 1
      j += 1
    } else if (at(lengths, i + 1, j) >= at(lengths, i, j + 1)) i += 1
    else j += 1
  }
  return { left: pieces(a, leftSame), right: pieces(b, rightSame) }
}

const at = (lengths: Uint16Array[], i: number, j: number) => lengths[i]?.[j] ?? 0

/** `[i][j]`: length of the longest common subsequence of what follows from i and from j. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] =
        a[i] === b[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1))
    }
  }
  return lengths
}

function pieces(letters: readonly string[], same: ReadonlySet<number>): Piece[] {
  const found: Piece[] = []
  for (const [index, letter] of letters.entries()) {
    const last = found.at(-1)
    if (last && last.same === same.has(index)) last.text += letter
    else found.push({ text: letter, same: same.has(index) })
  }
  return found
}
