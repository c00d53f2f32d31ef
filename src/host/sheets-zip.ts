import { Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import yauzl from 'yauzl'
import { Problem } from '../base/problem.ts'
import type { SheetLimits } from './sheets-shape.ts'
import { broken, refuseDoctype } from './sheets-xml.ts'

const smallPartMax = 64 * 2 ** 20
const ratioFrom = 10 * 2 ** 20

/** An open .xlsx package. Nothing was unpacked yet; every part is counted while it unpacks. */
export class Package {
  readonly #zip: yauzl.ZipFile
  readonly #entries: Map<string, yauzl.Entry>
  readonly #limits: SheetLimits

  constructor(zip: yauzl.ZipFile, entries: Map<string, yauzl.Entry>, limits: SheetLimits) {
    this.#zip = zip
    this.#entries = entries
    this.#limits = limits
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase())
  }

  /** A small part whole, as text without document type. */
  async text(name: string): Promise<string> {
    let text = ''
    for await (const piece of this.pieces(name, smallPartMax)) text += piece
    refuseDoctype(text)
    return text
  }

  /** A part as text in pieces. Refuses more bytes than `bytesMax` or than the directory says, and a wrong checksum. */
  async *pieces(name: string, bytesMax = this.#limits.inflatedBytesMax): AsyncGenerator<string> {
    const entry = this.#entries.get(name.toLowerCase())
    if (!entry) throw broken(`缺少 ${name}`)
    if (entry.uncompressedSize > bytesMax) throw tooMuch(name, bytesMax)
    let carry: Buffer = Buffer.alloc(0)
    let encoding: 'utf8' | 'utf16le' | null = null
    for await (const chunk of this.#bytes(entry)) {
      const first = encoding === null
      encoding ??= chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf16le' : 'utf8'
      const bytes = carry.length === 0 ? chunk : Buffer.concat([carry, chunk])
      const cut = encoding === 'utf8' ? wholeCharacters(bytes) : bytes.length & ~1
      // One go over whole characters: a StringDecoder takes three times as long.
      const text = bytes.toString(encoding, 0, cut)
      carry = Buffer.from(bytes.subarray(cut))
      yield first && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
    }
    if (carry.length > 0) throw broken('末尾的文字不完整')
  }

  async *#bytes(entry: yauzl.Entry): AsyncGenerator<Buffer> {
    let bytes = 0
    let sum = 0
    const packed = await this.#zip.openReadStreamPromise(entry, { decodeFileData: false }).catch(asBroken)
    try {
      const stream = entry.compressionMethod === 0 ? packed : inflated(packed)
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length
        if (bytes > entry.uncompressedSize) throw broken('实际大小与目录不符')
        sum = crc32(chunk, sum)
        yield chunk
      }
    } catch (error) {
      asBroken(error)
    } finally {
      packed.destroy()
    }
    if (bytes !== entry.uncompressedSize || sum !== entry.crc32) throw broken('校验不符')
  }

  close(): void {
    this.#zip.close()
  }
}

/** How many of the bytes are whole UTF-8 characters; the rest, at most three, waits for what follows. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return needs > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}

function inflated(packed: Readable): Readable {
  const inflate = createInflateRaw({ chunkSize: 2 ** 18 })
  packed.on('error', (error) => inflate.destroy(error))
  return packed.pipe(inflate)
}

function asBroken(error: unknown): never {
  if (error instanceof Problem) throw error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (/^E[A-Z]+$/.test(code)) throw error
  throw broken('压缩数据无法解开')
}

function tooMuch(what: string, bytesMax: number): Problem {
  return new Problem(
    'tooLarge',
    `${what} 展开后超过 ${Math.floor(bytesMax / 2 ** 20)} MB，无法读取。请拆分成几个文件分别上传。`,
  )
}

/**
 * Opens an .xlsx after reading only its directory. Throws `Problem` for too many or too big parts, a suspicious ratio,
 * parts that lie over each other, names that climb out, passwords and unknown compression.
 */
export async function openPackage(path: string, limits: SheetLimits): Promise<Package> {
  const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false }).catch(asBroken)
  try {
    return new Package(zip, await directory(zip, limits), limits)
  } catch (error) {
    zip.close()
    return asBroken(error)
  }
}

async function directory(zip: yauzl.ZipFile, limits: SheetLimits): Promise<Map<string, yauzl.Entry>> {
  if (zip.entryCount > limits.entriesMax) {
    throw new Problem(
      'tooLarge',
      `工作簿内部有 ${zip.entryCount} 个部件，超过 ${limits.entriesMax} 个。请删去不用的工作表和图片后重新上传。`,
    )
  }
  const entries = new Map<string, yauzl.Entry>()
  let packed = 0
  let unpacked = 0
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue
    refuseEntry(entry, limits)
    packed += entry.compressedSize
    unpacked += entry.uncompressedSize
    if (packed > zip.fileSize) throw broken('部件互相重叠')
    if (unpacked > limits.inflatedBytesMax) throw tooMuch('工作簿', limits.inflatedBytesMax)
    const name = entry.fileName.toLowerCase()
    if (entries.has(name)) throw broken('部件重名')
    entries.set(name, entry)
  }
  return entries
}

function refuseEntry(entry: yauzl.Entry, limits: SheetLimits): void {
  if (entry.isEncrypted()) throw new Problem('unsupported', '工作簿设有密码。请去掉密码，另存为 .xlsx 后重新上传。')
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) throw broken('压缩方式不支持')
  if (entry.uncompressedSize > ratioFrom && entry.uncompressedSize > entry.compressedSize * limits.ratioMax) {
    throw new Problem(
      'tooLarge',
      '工作簿的压缩比异常，可能是恶意文件，已拒绝读取。如确为正常表格，请另存为 .csv 后上传。',
    )
  }
}
