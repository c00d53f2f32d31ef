const bigintOid = 20
const headBytes = 12

/**
 * Whole numbers as PostgreSQL is sent a `bigint[]` in binary: neither side writes or reads millions of digits. The parameter
 * must be cast, `${bigintArray(…)}::bigint[]`.
 */
export function bigintArray(numbers: Float64Array): Buffer {
  const one = numbers.length > 0
  const bytes = Buffer.allocUnsafe(headBytes + (one ? 8 : 0) + numbers.length * 12)
  bytes.writeInt32BE(one ? 1 : 0, 0)
  bytes.writeInt32BE(0, 4)
  bytes.writeInt32BE(bigintOid, 8)
  if (!one) return bytes
  bytes.writeInt32BE(numbers.length, 12)
  bytes.writeInt32BE(1, 16)
  let at = headBytes + 8
  for (const number of numbers) {
    const high = Math.floor(number / 2 ** 32)
    bytes.writeInt32BE(8, at)
    bytes.writeInt32BE(high, at + 4)
    bytes.writeUInt32BE(number - high * 2 ** 32, at + 8)
    at += 12
  }
  return bytes
}
