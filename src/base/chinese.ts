import { convert, customPinyin, pinyin, polyphonic } from 'pinyin-pro'
import { narrow } from './narrow.ts'

// Apart, so that what only narrows text does not bring the dictionary of sounds along.
export { narrow }

const openBrackets = /[[{〔【〈《「『〖﹝]/g
const closeBrackets = /[\]}〕】〉》」』〗﹞]/g
const edgeSigns = /^[.,;:'"*`~_|。，、；：·•“”‘’-]+|[.,;:'"*`~_|。，、；：·•“”‘’-]+$/g

/**
 * The key under which two spellings of one organisation's name are equal: width, kinds of brackets, blanks, letter
 * case, stray signs at either end, and 有限责任公司/有限公司. Empty where nothing is left. Traditional characters, short
 * names and typing errors are not folded here: that is linkage's work.
 */
export function nameKey(name: string): string {
  return narrow(name)
    .replace(openBrackets, '(')
    .replace(closeBrackets, ')')
    .replace(/[•・‧∙●]/g, '·')
    .replace(edgeSigns, '')
    .replaceAll('有限责任公司', '有限公司')
    .toUpperCase()
}

/** A pattern for `like` that finds a text anywhere in the keys of names, null where none is asked for. */
export function namePattern(text: string | undefined): string | null {
  return text ? `%${nameKey(text).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null
}

// Words of organisation names that the library reads by their more common sound.
customPinyin({
  分行: 'fēn háng',
  支行: 'zhī háng',
  总行: 'zǒng háng',
  商行: 'shāng háng',
  车行: 'chē háng',
  药行: 'yào háng',
  琴行: 'qín háng',
  花行: 'huā háng',
  茶行: 'chá háng',
  鞋行: 'xié háng',
  布行: 'bù háng',
  洋行: 'yáng háng',
  投行: 'tóu háng',
  行业: 'háng yè',
})

interface Reading {
  full: string
  initials: string
}

// A name is asked for twice (initials and sort key), and often again when a file is sent again.
const readingsMax = 20_000
const readings = new Map<string, Reading>()

function read(text: string): Reading {
  const known = readings.get(text)
  if (known) return known
  const words: string[] = []
  let initials = ''
  let joins = false
  const signs = [...narrow(text)]
  for (const [at, sign] of signs.entries()) {
    const isLatin = /^[0-9A-Za-z]$/.test(sign)
    const sound = isLatin ? sign.toLowerCase() : soundIn(signs, at)
    if (sound === '') {
      joins = false
      continue
    }
    if (isLatin && joins) words[words.length - 1] += sound
    else words.push(sound)
    initials += isLatin ? sound : sound.charAt(0)
    joins = isLatin
  }
  const reading = { full: words.join(' '), initials }
  if (readings.size >= readingsMax) readings.clear()
  readings.set(text, reading)
  return reading
}

// Eight of nine characters have one sound; which of several it is, three neighbours on each side tell as well as a whole name
// does (none of 7,014 registered names is read otherwise), and the same few signs come again and again.
const neighbours = 3
const soundsMax = 200_000
const sounds = new Map<string, string | null>()

/** The sound of a sign where it stands; empty for one that has none. */
function soundIn(signs: readonly string[], at: number): string {
  const sign = signs[at]!
  const only = remembered(sign, onlySound)
  if (only !== null) return only
  const from = Math.max(0, at - neighbours)
  const around = signs.slice(from, at + neighbours + 1).join('')
  return remembered(`${at - from}${around}`, () => readSigns(around)[at - from] ?? '') ?? ''
}

/** The sound of a sign that has one, without its tone; null where it has several, empty where it has none. */
function onlySound(sign: string): string | null {
  const [first = ''] = readSigns(sign)
  const all = new Set(polyphonic(sign, { type: 'array', toneType: 'none', v: true })[0])
  return first === '' || all.size <= 1 ? first : null
}

/** The sound of each sign; empty for one that has none, which the library answers as it is. */
function readSigns(text: string): string[] {
  const signs = [...text]
  return pinyin(text, { type: 'array' }).map((sound, at) => (sound === signs[at] ? '' : withoutTone(sound)))
}

// There are some two thousand, and the library takes ten patterns to each.
const toneless = new Map<string, string>()

function withoutTone(sound: string): string {
  const known = toneless.get(sound) ?? convert(sound, { format: 'toneNone' }).replaceAll('ü', 'v')
  toneless.set(sound, known)
  return known
}

function remembered(key: string, find: (key: string) => string | null): string | null {
  const known = sounds.get(key)
  if (known !== undefined) return known
  const found = find(key)
  if (sounds.size >= soundsMax) sounds.clear()
  sounds.set(key, found)
  return found
}

/** First letters of each character's sound, letters and digits kept, lower case: 重庆银行A座 → `cqyhaz`. */
export function pinyinInitials(text: string): string {
  return read(text).initials
}

/** Sort key of a name, stored beside it because the database sorts bytes: 重庆银行 → `chong qing yin hang`. */
export function pinyinFull(text: string): string {
  return read(text).full
}
