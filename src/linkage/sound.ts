import { pinyin } from 'pinyin-pro'

// One number a character that has been asked for; 0: not asked yet.
const numbers = new Uint16Array(0x10000)

/** A stable number, 1 to 65535, of a character's sound without its tone; signs without a sound have one of their own. */
export function soundOf(code: number): number {
  const kept = numbers[code]!
  if (kept !== 0) return kept
  let number = 0x8000 | code
  if (code >= 0x4e00 && code <= 0x9fff) {
    number = 7
    const sound = pinyin(String.fromCharCode(code), { toneType: 'none', v: true })
    for (let at = 0; at < sound.length; at += 1) number = (number * 31 + sound.charCodeAt(at)) & 0x7fff
  }
  numbers[code] = number || 1
  return number || 1
}
