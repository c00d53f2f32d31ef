import { convert, customPinyin, pinyin, polyphonic } from 'pinyin-pro'
import { narrow } from './narrow.ts'
import { remembering } from './remembering.ts'

// Apart, so that what only narrows text does not bring the dictionary of sounds along.
export { narrow }

const openBrackets = /[[{〔【〈《「『〖﹝]/g
const closeBrackets = /[\]}〕】〉》」』〗﹞]/g
const slips = '.,;:*`~_|。，、；：·•-'
const edgeSigns = `${slips}'"“”‘’`

// A name is asked for several times while its row is read and linked, and often again when a file is sent again.
const namesMax = 20_000

/**
 * The key under which two spellings of one organisation's name are equal: width, kinds of brackets, blanks, letter
 * case, stray signs at either end, and 有限责任公司/有限公司. Empty where nothing is left. Traditional characters, short
 * names and typing errors are not folded here: that is linkage's work.
 */
export const nameKey = remembering(namesMax, (name) => {
  const folded = narrow(name)
    .replace(openBrackets, '(')
    .replace(closeBrackets, ')')
    .replace(/[•・‧∙●]/g, '·')
  const [from, to] = within(folded, edgeSigns)
  return folded.slice(from, to).replaceAll('有限责任公司', '有限公司').toUpperCase()
})

// A pattern would look through a long run of signs again and again.
/** From where to where a text stands without signs at either end. */
function within(text: string, signs: string): [from: number, to: number] {
  let from = 0
  let to = text.length
  while (from < to && signs.includes(text.charAt(from))) from += 1
  while (to > from && signs.includes(text.charAt(to - 1))) to -= 1
  return [from, to]
}

/** A name without signs that a slip of the hand left at either end; one that ends a Latin word stays: `Co., Ltd.`. */
export function withoutSlips(name: string): string {
  const [from, to] = within(name, slips)
  return name.slice(from, /[0-9A-Za-z]/.test(name.charAt(to - 1)) ? to + 1 : to)
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

const read = remembering(namesMax, (text): Reading => {
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
  return { full: words.join(' '), initials }
})

// Eight of nine characters have one sound; which of several it is, three neighbours on each side tell as well as a whole name
// does (none of 7,014 registered names is read otherwise), and the same few signs come again and again.
const neighbours = 3
const soundsMax = 100_000

/** The sound of a sign where it stands; empty for one that has none. */
function soundIn(signs: readonly string[], at: number): string {
  const only = onlySound(signs[at]!)
  if (only !== null) return only
  const from = Math.max(0, at - neighbours)
  return soundAmong(`${at - from}${signs.slice(from, at + neighbours + 1).join('')}`)
}

/** The sound of a sign that has one, without its tone; null where it has several, empty where it has none. */
const onlySound = remembering(soundsMax, (sign): string | null => {
  const [first = ''] = readSigns(sign)
  const all = new Set(polyphonic(sign, { type: 'array', toneType: 'none', v: true })[0])
  return first === '' || all.size <= 1 ? first : null
})

/** The sound of one of some signs; before them stands which. */
const soundAmong = remembering(soundsMax, (text) => readSigns(text.slice(1))[Number(text.charAt(0))] ?? '')

/** The sound of each sign; empty for one that has none, which the library answers as it is. */
function readSigns(text: string): string[] {
  const signs = [...text]
  return pinyin(text, { type: 'array' }).map((sound, at) => (sound === signs[at] ? '' : withoutTone(sound)))
}

// There are some two thousand, and the library takes ten patterns to each.
const withoutTone = remembering(soundsMax, (sound) => convert(sound, { format: 'toneNone' }).replaceAll('ü', 'v'))

/** First letters of each character's sound, letters and digits kept, lower case: 重庆银行A座 → `cqyhaz`. */
export function pinyinInitials(text: string): string {
  return read(text).initials
}

/** Sort key of a name, stored beside it because the database sorts bytes: 重庆银行 → `chong qing yin hang`. */
export function pinyinFull(text: string): string {
  return read(text).full
}
