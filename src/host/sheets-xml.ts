import { Problem } from '../base/problem.ts'

/** The refusal of a workbook whose inside does not hold together. `why` is a clause for the curious, in Chinese. */
export function broken(why: string): Problem {
  return new Problem('invalid', `文件已损坏（${why}）。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新上传。`)
}

/** Refuses a document type declaration: no spreadsheet program writes one, and entity bombs need it. */
export function refuseDoctype(head: string): void {
  if (/<!(?:doctype|entity)/i.test(head)) throw broken('含有不允许的文档类型声明')
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function entity(whole: string, decimal: string | undefined, hex: string | undefined, name: string | undefined): string {
  if (name !== undefined) return entities[name]!
  const point = decimal === undefined ? parseInt(hex!, 16) : parseInt(decimal, 10)
  return point <= 0x10ffff ? String.fromCodePoint(point) : whole
}

/** Text as XML holds it (entities, CDATA, line ends) to plain text. */
function unescapeXml(raw: string): string {
  let text = raw
  if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n')
  if (!text.includes('&') && !text.includes('<')) return text
  return text
    .split(/<!\[CDATA\[|\]\]>/)
    .map((part, at) =>
      at % 2 === 1 ? part : part.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi, entity),
    )
    .join('')
}

/** A string of the spreadsheet schema, where `_x000D_` stands for a character XML cannot carry. */
export function cellText(raw: string): string {
  const text = unescapeXml(raw)
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

/** All `<t>` of a string item joined: rich text in runs is one text, phonetic guides are left out. */
export function itemText(xml: string): string {
  let text = ''
  let at = 0
  for (;;) {
    const tag = xml.indexOf('<', at)
    if (tag < 0) return text
    if (xml.startsWith('<rPh', tag)) {
      const end = xml.indexOf('</rPh>', tag)
      if (end < 0) return text
      at = end
      continue
    }
    const open = xml.indexOf('>', tag)
    if (open < 0) return text
    at = open + 1
    const after = xml.charCodeAt(tag + 2)
    const isText = xml.charCodeAt(tag + 1) === 116 && (after === 62 || after <= 32)
    if (!isText || xml.charCodeAt(open - 1) === 47) continue
    const close = xml.indexOf('</t>', at)
    if (close < 0) return text
    text += cellText(xml.slice(at, close))
    at = close
  }
}

/** Attributes of one tag by name, prefixes kept. */
export function attributes(tag: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const match of tag.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    found.set(match[1]!, unescapeXml(match[2] ?? match[3]!))
  }
  return found
}

/** The attributes of every tag of this local name in a small part, in order. */
export function* tags(xml: string, name: string): Generator<Map<string, string>> {
  let at = 0
  for (;;) {
    const start = xml.indexOf('<', at)
    const end = start < 0 ? -1 : xml.indexOf('>', start)
    if (end < 0) return
    at = end + 1
    let from = start + 1
    const stop = from + name.length + 40
    for (let place = from; place < stop && place < end; place += 1) {
      const code = xml.charCodeAt(place)
      if (code === 58) from = place + 1
      else if (code <= 32 || code === 47) break
    }
    const after = xml.charCodeAt(from + name.length)
    if (xml.startsWith(name, from) && (after === 62 || after === 47 || after <= 32))
      yield attributes(xml.slice(from + name.length, end))
  }
}

/** What lies between the first `<name …>` and its end in a small part; empty if it is not there. */
export function inside(xml: string, name: string): string {
  const open = new RegExp(`<(?:[\\w.-]+:)?${name}(?=[\\s>/])`).exec(xml)
  if (!open) return ''
  const start = xml.indexOf('>', open.index)
  if (start < 0 || xml.charCodeAt(start - 1) === 47) return ''
  const end = xml.slice(start).search(new RegExp(`</(?:[\\w.-]+:)?${name}>`))
  return end < 0 ? '' : xml.slice(start + 1, start + end)
}

/** Receives one element: `text` from `start` (its `<`) up to `end`, without a namespace prefix. */
export type OnElement = (text: string, start: number, end: number) => void

/**
 * Cuts a big part that arrives in pieces into the elements of its container (`row` of `sheetData`, `si` of `sst`).
 * Holds no more than one element and one piece. Throws `Problem` on an element over `charsMax`, a document type, a cut end.
 */
export class ElementCutter {
  /** What came before the container. */
  head = ''
  /** What came after it, when asked for, up to `charsMax`. */
  tail = ''
  #phase: 'head' | 'inside' | 'tail' = 'head'
  #rest = ''
  #searchedTo = 0
  #prefix = ''
  readonly #container: string
  readonly #element: string
  readonly #charsMax: number
  readonly #keepTail: boolean

  constructor(container: string, element: string, charsMax: number, keepTail = false) {
    this.#container = container
    this.#element = element
    this.#charsMax = charsMax
    this.#keepTail = keepTail
  }

  push(piece: string, onElement: OnElement): void {
    if (this.#phase === 'tail') return this.#addTail(piece)
    const text = this.#rest + piece
    const from = this.#phase === 'head' ? this.#findContainer(text) : 0
    if (this.#phase === 'inside') this.#cut(text, from, onElement)
  }

  /** Call when the part has ended. */
  finish(): void {
    if (this.#phase !== 'tail') throw broken('内容不完整')
  }

  #addTail(piece: string): void {
    if (this.#keepTail && this.tail.length < this.#charsMax) this.tail += piece
  }

  #findContainer(text: string): number {
    const open = new RegExp(`<(?:([\\w.-]+):)?${this.#container}(?=[\\s>/])`).exec(text)
    const end = open ? text.indexOf('>', open.index) : -1
    if (!open || end < 0) {
      if (text.length > this.#charsMax) throw broken('找不到表格内容')
      this.#rest = text
      return 0
    }
    this.head = text.slice(0, open.index)
    refuseDoctype(this.head)
    const declared = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)/.exec(this.head)?.[1]
    if (declared && !/^utf-?(8|16)$/i.test(declared)) throw broken('内部编码不是 UTF-8')
    this.#prefix = open[1] === undefined ? '' : `${open[1]}:`
    this.#rest = ''
    this.#phase = text.charCodeAt(end - 1) === 47 ? 'tail' : 'inside'
    if (this.#phase === 'tail') this.#addTail(text.slice(end + 1))
    return end + 1
  }

  #cut(text: string, from: number, onElement: OnElement): void {
    const open = `<${this.#prefix}${this.#element}`
    const close = `</${this.#prefix}${this.#element}>`
    let at = from
    for (;;) {
      const start = text.indexOf('<', at)
      if (start < 0) return this.#keep('', 0)
      const tagEnd = text.indexOf('>', start)
      if (tagEnd < 0) return this.#keep(text.slice(start), 0)
      if (!text.startsWith(open, start)) {
        at = this.#other(text, start, tagEnd)
        if (this.#phase === 'tail') return
        if (at < 0) return this.#keep(text.slice(start), 0)
        continue
      }
      let end = tagEnd + 1
      if (text.charCodeAt(tagEnd - 1) !== 47) {
        const closing = text.indexOf(close, Math.max(end, start + (start === from ? this.#searchedTo : 0)))
        if (closing < 0) return this.#keep(text.slice(start), text.length - start - close.length)
        end = closing + close.length
      }
      this.#searchedTo = 0
      if (this.#prefix === '') onElement(text, start, end)
      else {
        const plain = text.slice(start, end).replaceAll(`<${this.#prefix}`, '<').replaceAll(`</${this.#prefix}`, '</')
        onElement(plain, 0, plain.length)
      }
      at = end
    }
  }

  /** The container's end, a comment, or a tag that means nothing to us: where to go on, or -1 when more text is needed. */
  #other(text: string, start: number, tagEnd: number): number {
    if (text.startsWith(`</${this.#prefix}${this.#container}`, start)) {
      this.#phase = 'tail'
      this.#rest = ''
      this.#addTail(text.slice(tagEnd + 1))
      return tagEnd + 1
    }
    if (!text.startsWith('<!--', start)) return tagEnd + 1
    const end = text.indexOf('-->', start)
    return end < 0 ? -1 : end + 3
  }

  #keep(rest: string, searchedTo: number): void {
    if (rest.length > this.#charsMax) {
      throw new Problem(
        'tooLarge',
        `文件里有一行内容超过 ${Math.floor(this.#charsMax / 2 ** 20)} MB，无法读取。请检查后重新上传。`,
      )
    }
    this.#rest = rest
    this.#searchedTo = Math.max(0, searchedTo)
  }
}
