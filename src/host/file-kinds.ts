const zip = (head: Buffer) => head.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))
const text = (head: Buffer) => !head.includes(0) && !zip(head) && !head.subarray(0, 5).equals(Buffer.from('%PDF-'))
const jpeg = (head: Buffer) => head.subarray(0, 3).toString('hex') === 'ffd8ff'

/** What may be uploaded, and how its first bytes must look. */
const kinds: Record<string, (head: Buffer) => boolean> = {
  csv: text,
  tsv: text,
  txt: text,
  xlsx: zip,
  docx: zip,
  pdf: (head) => head.subarray(0, 5).toString('latin1') === '%PDF-',
  jpg: jpeg,
  jpeg,
  png: (head) => head.subarray(0, 8).toString('hex') === '89504e470d0a1a0a',
}

/**
 * Why a file is not accepted, as a Chinese sentence that says what to do; null when it is. The extension must be known and
 * the first bytes (4 KB are enough) must fit it.
 */
export function refusalOfContent(fileName: string, head: Buffer): string | null {
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
  const fits = Object.hasOwn(kinds, extension) ? kinds[extension] : undefined
  if (head.length === 0) return '这是空文件，请检查后重新选择。'
  if (extension === 'xls') return '这是旧版 Excel 文件（.xls），请另存为 .xlsx 后再上传。'
  if (!fits)
    return `不接收${extension ? ` .${extension} ` : '没有扩展名的'}文件，请上传 ${Object.keys(kinds).join('、')} 文件。`
  if (!fits(head)) return `文件内容与扩展名 .${extension} 不符，请用原来的软件重新保存后再上传。`
  return null
}
