import { open } from 'node:fs/promises'
import { Problem } from '../base/problem.ts'
import type { SheetLimits } from './sheets-shape.ts'

const saveAs = '请用 Excel 或 WPS 打开，另存为 .xlsx 后重新上传。'
const otherBooks = /\.(?:xls|xlsm|xlsb|xlt|xltx|xltm|et|ett|ods|numbers)$/i

/** Tells workbook from text by name and first bytes, which must agree. Throws `Problem` with the way out for anything else. */
export async function recognise(path: string, fileName: string, limits: SheetLimits): Promise<'xlsx' | 'text'> {
  const { bytes, head } = await start(path)
  if (otherBooks.test(fileName)) throw new Problem('unsupported', `“${fileName}”不是 .xlsx 格式。${saveAs}`)
  const book = /\.xlsx$/i.test(fileName)
  if (!book && !/\.(?:csv|tsv|txt)$/i.test(fileName)) {
    throw new Problem('unsupported', `不能读取“${fileName}”。请上传 .xlsx、.csv 或 .tsv 文件。`)
  }
  if (bytes === 0) throw new Problem('invalid', `“${fileName}”是空文件，请检查后重新上传。`)
  if (bytes > limits.bytesMax) {
    const most = Math.floor(limits.bytesMax / 2 ** 20)
    throw new Problem('tooLarge', `“${fileName}”超过 ${most} MB。请拆分成几个文件分别上传。`)
  }
  const magic = head.toString('latin1')
  const zip = magic.startsWith('PK\x03\x04')
  const compound = magic.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')
  if (book && compound) {
    throw new Problem(
      'unsupported',
      `“${fileName}”设有打开密码，或是改了扩展名的旧版 .xls。请去掉密码，另存为 .xlsx 后重新上传。`,
    )
  }
  if (book && !zip) throw new Problem('unsupported', `“${fileName}”的内容不是 .xlsx 工作簿。${saveAs}`)
  if (!book) refuseNotText(fileName, head, zip || compound)
  return book ? 'xlsx' : 'text'
}

async function start(path: string): Promise<{ bytes: number; head: Buffer }> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
    return { bytes: (await file.stat()).size, head: buffer.subarray(0, bytesRead) }
  } finally {
    await file.close()
  }
}

function refuseNotText(fileName: string, head: Buffer, workbook: boolean): void {
  if (workbook) throw new Problem('unsupported', `“${fileName}”的内容是 Excel 工作簿，不是文本。${saveAs}`)
  const wide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  if (!wide && head.includes(0)) throw new Problem('unsupported', `“${fileName}”的内容不是文本表格。${saveAs}`)
  if (/^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml)|^%PDF-/i.test(head.toString('latin1'))) {
    throw new Problem('unsupported', `“${fileName}”的内容是网页或文档，不是文本表格。${saveAs}`)
  }
}
