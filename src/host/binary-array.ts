const headBytes = 20
const bigintOid = 20

export type BinaryType = 'integer' | 'text' | 'uuid'
type Value = string | number

/** How a type is sent. */
interface Sending {
  /** The number by which PostgreSQL knows it. */
  oid: number
  /** Of how many bytes a value is, or fewer. */
  room: (value: Value) => number
  /** Writes a value from a place on; answers of how many bytes it is. */
  put: (bytes: Buffer, at: number, value: Value) => number
}

const sendings: Record<BinaryType, Sending> = {
  integer: {
    oid: 23,
    room: () => 4,
    put(bytes, at, value) {
      if (!Number.isInteger(value)) throw new Error(`not a whole number: ${value}`)
      return bytes.writeInt32BE(Number(value), at) - at
    },
  },
  text: {
    oid: 25,
    // No sign takes more than three bytes a unit of its length.
    room: (value) => 3 * String(value).length,
    put: (bytes, at, value) => bytes.write(String(value), at),
  },
  uuid: { oid: 2950, room: () => 16, put: putUuid },
}

/**
 * Values as PostgreSQL is sent an array in binary: neither side writes or reads digits, quotes and commas. The parameter must
 * be cast to an array of the type, `${binaryArray('uuid', ids)}::uuid[]`. @throws Error where a value is not of the type.
 */
export function binaryArray(type: BinaryType, values: readonly (Value | null)[]): Buffer {
  const { oid, room, put } = sendings[type]
  if (values.length === 0) return emptyArray(oid)
  const bytes = Buffer.allocUnsafe(
    values.reduce<number>((sum, value) => sum + 4 + (value === null ? 0 : room(value)), headBytes),
  )
  let at = putHead(bytes, oid, values.length, values.includes(null))
  for (const value of values) {
    const size = value === null ? -1 : put(bytes, at + 4, value)
    at = bytes.writeInt32BE(size, at) + Math.max(0, size)
  }
  return bytes.subarray(0, at)
}

/** The same of many whole numbers as a `bigint[]`. */
export function bigintArray(numbers: Float64Array): Buffer {
  if (numbers.length === 0) return emptyArray(bigintOid)
  const bytes = Buffer.allocUnsafe(headBytes + numbers.length * 12)
  let at = putHead(bytes, bigintOid, numbers.length, false)
  for (const number of numbers) {
    const high = Math.floor(number / 2 ** 32)
    bytes.writeInt32BE(8, at)
    bytes.writeInt32BE(high, at + 4)
    bytes.writeUInt32BE(number - high * 2 ** 32, at + 8)
    at += 12
  }
  return bytes
}

function emptyArray(oid: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeInt32BE(oid, 8)
  return bytes
}

/** One dimension, counted from 1. */
function putHead(bytes: Buffer, oid: number, length: number, hasNull: boolean): number {
  let at = 0
  for (const number of [1, hasNull ? 1 : 0, oid, length, 1]) at = bytes.writeInt32BE(number, at)
  return at
}

function putUuid(bytes: Buffer, at: number, value: Value): number {
  const text = String(value)
  let put = 0
  let high = -1
  for (let i = 0; i < text.length; i += 1) {
    const sign = text.charCodeAt(i)
    if (sign === 45) continue
    const digit = sign < 58 ? sign - 48 : (sign | 32) - 87
    if (digit < 0 || digit > 15 || (sign >= 58 && digit < 10) || put === 16) throw new Error(`not a UUID: ${text}`)
    if (high < 0) high = digit
    else {
      bytes[at + put] = high * 16 + digit
      put += 1
      high = -1
    }
  }
  if (put !== 16 || high >= 0) throw new Error(`not a UUID: ${text}`)
  return 16
}
