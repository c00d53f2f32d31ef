import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** SM3 (GB/T 32905-2016) of a text or bytes, 64 hexadecimal digits. */
export function sm3(data: string | Uint8Array): string {
  return createHash('sm3').update(data).digest('hex')
}

/** HMAC-SM3, 64 hexadecimal digits. `purpose` keeps digests made for different ends from being compared. */
export function hmacSm3(key: Buffer, purpose: string, data: string): string {
  return createHmac('sm3', key).update(`${purpose}\0`).update(data).digest('hex')
}

/** Whether two digests are the same, in time that does not depend on where they differ. */
export function sameDigest(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}

/** A key for one purpose, derived from the platform's key. */
function derived(key: Buffer, purpose: string): Buffer {
  return createHmac('sm3', key).update(`key\0${purpose}`).digest()
}

/**
 * Encrypts a short text with SM4-CTR and authenticates it with HMAC-SM3 (encrypt, then MAC).
 * Envelope: `1.` + base64url(iv 16 bytes) + `.` + base64url(ciphertext) + `.` + tag; `1` names this algorithm.
 */
export function seal(key: Buffer, purpose: string, text: string): string {
  const iv = randomBytes(16)
  const cipher = createCipheriv('sm4-ctr', derived(key, `${purpose}:sm4`).subarray(0, 16), iv)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  const head = `1.${iv.toString('base64url')}.${body.toString('base64url')}`
  return `${head}.${hmacSm3(derived(key, `${purpose}:mac`), purpose, head)}`
}

/** Opens what `seal` made; null when it was altered or sealed with another key or for another purpose. */
export function unseal(key: Buffer, purpose: string, envelope: string): string | null {
  const [version, iv, body, tag] = envelope.split('.')
  if (version !== '1' || !iv || body === undefined || !tag) return null
  if (!sameDigest(tag, hmacSm3(derived(key, `${purpose}:mac`), purpose, `1.${iv}.${body}`))) return null
  const decipher = createDecipheriv(
    'sm4-ctr',
    derived(key, `${purpose}:sm4`).subarray(0, 16),
    Buffer.from(iv, 'base64url'),
  )
  return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8')
}

const sm3OfAbc = '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'
const sm4OfKey = '681edf34d206965e86b3e94f536e4246'

/** Checks SM3 and SM4 against the standards' own vectors (GB/T 32905, GB/T 32907); the platform does not start without. */
export function selfTest(): void {
  const hash = sm3('abc')
  const key = Buffer.from('0123456789abcdeffedcba9876543210', 'hex')
  const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false)
  const block = Buffer.concat([cipher.update(key), cipher.final()]).toString('hex')
  if (hash !== sm3OfAbc || block !== sm4OfKey) {
    throw new Error('national cryptography self-test failed: SM3 or SM4 of this Node.js is not usable')
  }
}

/** A random token of 256 bits, base64url, for sessions and one-time links; only its SM3 is kept. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}
