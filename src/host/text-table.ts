/** Columns that a Chinese character takes on a terminal. */
function width(text: string): number {
  let columns = 0
  for (const sign of text)
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      sign,
    )
      ? 2
      : 1
  return columns
}

/** A table of texts for a terminal: columns as wide as their widest cell, numbers to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(width(title), ...rows.map((row) => width(row[at] ?? ''))))
  const line = (cells: readonly string[]) =>
    widths
      .map((wide, at) => {
        const cell = cells[at] ?? ''
        const blanks = ' '.repeat(wide - width(cell))
        return /^[\d,.%-]+$/.test(cell) ? blanks + cell : cell + blanks
      })
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((wide) => '-'.repeat(wide))), ...rows.map(line)].join('\n')
}
