const headBytes = 20

/** Types that are sent in binary, with the numbers by which PostgreSQL knows them. */
const oids = { bigint: 20, integer: 23, text: 25, uuid: 2950 } as const
export type BinaryType = 'integer' | 'text' | 'uuid'
type Value = string | number
type Values = readonly (Value | null)[]

/**
 * Values as PostgreSQL is sent an array in binary: neither side writes or reads digits, quotes and commas. The parameter must
 * be cast to an array of the type, `${binaryArray('uuid', ids)}::uuid[]`. @throws Error where a value is not of the type.
 */
export function binaryArray(type: BinaryType, values: Values): Buffer {
  if (values.length === 0) return emptyArray(oids[type])
  const bytes = Buffer.allocUnsafe(headBytes + roomFor[type](values))
  let at = putHead(bytes, oids[type], values.length, values.includes(null))
  const put = putters[type]
  for (const value of values) {
    if (value === null) {
      at = bytes.writeInt32BE(-1, at)
      continue
    }
    const size = put(bytes, at + 4, value)
    bytes.writeInt32BE(size, at)
    at += 4 + size
  }
  return bytes.subarray(0, at)
}

/** The same of many whole numbers as a `bigint[]`. */
export function bigintArray(numbers: Float64Array): Buffer {
  if (numbers.length === 0) return emptyArray(oids.bigint)
  const bytes = Buffer.allocUnsafe(headBytes + numbers.length * 12)
  let at = putHead(bytes, oids.bigint, numbers.length, false)
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

const fixed = (size: number) => (values: Values) => values.length * (4 + size)

/** No sign of a text takes more than three bytes a unit of its length. */
const roomFor: Record<BinaryType, (values: Values) => number> = {
  integer: fixed(4),
  text: (values) => values.reduce<number>((sum, value) => sum + 4 + 3 * (value === null ? 0 : String(value).length), 0),
  uuid: fixed(16),
}

/** Write a value from a place on, and answer of how many bytes it is. */
const putters: Record<BinaryType, (bytes: Buffer, at: number, value: Value) => number> = {
  integer(bytes, at, value) {
    if (!Number.isInteger(value)) throw new Error(`not a whole number: ${value}`)
    return bytes.writeInt32BE(Number(value), at) - at
  },
  text: (bytes, at, value) => bytes.write(String(value), at),
  uuid(bytes, at, value) {
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
  },
}
