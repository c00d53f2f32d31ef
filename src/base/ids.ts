// RFC 9562 UUIDv7: 48 bits of milliseconds, then a 26-bit counter (12 bits rand_a + 14 bits of rand_b), then 48 random
// bits. The counter starts at random in the lower half, so 33 million ids of one millisecond stay in order.
const counterMax = 2 ** 26
const pool = new Uint8Array(6 * 512)
let poolAt = pool.length
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
let lastMs = -1
/** How ids of that millisecond begin. */
let start = ''
let counter = 0

function randomHex12(): string {
  if (poolAt >= pool.length) {
    crypto.getRandomValues(pool)
    poolAt = 0
  }
  let hex = ''
  for (let end = poolAt + 6; poolAt < end; poolAt++) hex += hexOfByte[pool[poolAt]!]
  return hex
}

/**
 * A fresh UUIDv7 in lower case. Ids made for the same millisecond sort in the order they were made; `now` is the clock
 * (the host's own when left out).
 */
export function newId(now: Date = new Date()): string {
  const ms = now.getTime()
  if (ms !== lastMs || counter + 1 >= counterMax) {
    const time = ms.toString(16).padStart(12, '0')
    start = `${time.slice(0, 8)}-${time.slice(8)}-7`
    lastMs = ms
    counter = parseInt(randomHex12().slice(0, 7), 16) & (counterMax / 2 - 1)
  } else counter++
  const high = (counter >>> 14).toString(16).padStart(3, '0')
  const low = (0x8000 | (counter & 0x3fff)).toString(16)
  return `${start}${high}-${low}-${randomHex12()}`
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** True for a lower-case UUIDv7, the only form of id the platform makes. */
export function isId(text: string): boolean {
  return idPattern.test(text)
}
