// Blanks, control characters, soft hyphen, zero-width and direction marks that come along when cells are copied.
// oxlint-disable-next-line no-control-regex
const invisible = /[\u0000-\u0020\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/g
const fullWidth = /[\uff01-\uff5e]/g

/** The text with full-width letters, digits and signs made half-width, and every kind of blank taken out. */
export function narrow(text: string): string {
  return text.replace(invisible, '').replace(fullWidth, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
}
