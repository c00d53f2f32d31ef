import { open } from 'node:fs/promises'
import { TextDecoder } from 'node:util'
import { Problem } from '../base/problem.ts'
import type { SheetLimits, TextEncoding } from './sheets-shape.ts'

const pieceBytes = 2 ** 18
const newline = 10

/** Thrown after the last good line before bytes that the encoding does not know. */
export class BadBytes extends Error {}

async function* fileChunks(path: string): AsyncGenerator<Buffer> {
  const file = await open(path)
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/**
 * A text file in pieces, decoded strictly: at a wrong byte everything up to the line before it comes first, then `BadBytes`.
 * Cuts at line ends, which no byte of a longer character can be in UTF-8 and GB18030. Throws `Problem` for an endless line.
 */
export async function* decodedText(path: string, encoding: TextEncoding, limits: SheetLimits): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    yield* streamed(path, decoder)
    return
  }
  let carry: Buffer = Buffer.alloc(0)
  for await (const chunk of fileChunks(path)) {
    const cut = chunk.lastIndexOf(newline) + 1
    if (cut > 0) {
      yield* strictly(
        decoder,
        carry.length === 0 ? chunk.subarray(0, cut) : Buffer.concat([carry, chunk.subarray(0, cut)]),
      )
      carry = chunk.subarray(cut)
    } else carry = Buffer.concat([carry, chunk])
    if (carry.length > limits.rowCharsMax) throw endless(limits)
  }
  yield* strictly(decoder, carry)
}

/** The refusal of a record with no end in sight. */
export function endless(limits: SheetLimits): Problem {
  return new Problem(
    'tooLarge',
    `文件里有一行超过 ${Math.floor(limits.rowCharsMax / 2 ** 20)} MB，无法读取。请检查换行和引号后重新上传。`,
  )
}

async function* streamed(path: string, decoder: TextDecoder): AsyncGenerator<string> {
  try {
    for await (const chunk of fileChunks(path)) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (error) {
    throw isBadBytes(error) ? new BadBytes() : error
  }
}

function* strictly(decoder: TextDecoder, bytes: Buffer): Generator<string> {
  const whole = attempt(decoder, bytes)
  if (whole !== null) {
    yield whole
    return
  }
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf(newline, at)
    const line = attempt(decoder, bytes.subarray(at, end < 0 ? bytes.length : end + 1))
    if (line === null || end < 0) throw new BadBytes()
    yield line
    at = end + 1
  }
}

function attempt(decoder: TextDecoder, bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes)
  } catch (error) {
    if (isBadBytes(error)) return null
    throw error
  }
}

const isBadBytes = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA'

// Text in another encoding does not look like this many Chinese characters of UTF-8 by accident.
const surely = 30

/**
 * The encoding of a text file: its byte order mark, else UTF-8 if all of it decodes, else GB18030. Where neither fits, the one
 * that fits longer, so that reading it stops at the row where it breaks.
 */
export async function detectEncoding(path: string, limits: SheetLimits): Promise<TextEncoding> {
  const mark = await byteOrderMark(path)
  if (mark !== null) return mark
  const utf8 = await tryEncoding(path, 'utf-8', limits)
  if (utf8.whole || utf8.wide >= surely) return 'utf-8'
  const gb = await tryEncoding(path, 'gb18030', limits)
  return gb.whole || gb.chars > utf8.chars ? 'gb18030' : 'utf-8'
}

async function byteOrderMark(path: string): Promise<TextEncoding | null> {
  for await (const chunk of fileChunks(path)) {
    if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) return 'utf-8'
    if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
    if (chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be'
    break
  }
  return null
}

async function tryEncoding(path: string, encoding: TextEncoding, limits: SheetLimits) {
  const seen = { whole: true, chars: 0, wide: 0 }
  try {
    for await (const text of decodedText(path, encoding, limits)) {
      seen.chars += text.length
      if (seen.wide < surely) seen.wide += text.match(/[\u0800-\uffff]/g)?.length ?? 0
    }
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error
    seen.whole = false
  }
  return seen
}
