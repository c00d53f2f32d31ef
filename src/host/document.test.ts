import { promisify } from 'node:util'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import yauzl from 'yauzl'
import { writeDocument } from './document.ts'

/** The parts of a written document that are XML, by name. */
async function partsOf(bytes: Buffer): Promise<Map<string, string>> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(bytes, { lazyEntries: true, autoClose: false }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    ),
  )
  const open = promisify(zip.openReadStream.bind(zip)) as (entry: yauzl.Entry) => Promise<NodeJS.ReadableStream>
  const entries = await new Promise<yauzl.Entry[]>((resolve, reject) => {
    const found: yauzl.Entry[] = []
    zip.on('entry', (entry: yauzl.Entry) => {
      found.push(entry)
      zip.readEntry()
    })
    zip.on('end', () => resolve(found))
    zip.on('error', reject)
    zip.readEntry()
  })
  const parts = new Map<string, string>()
  for (const entry of entries) parts.set(entry.fileName, await text(await open(entry)))
  return parts
}

test('a document has the fonts, the paper and the page numbers of an official one, and texts stay texts', async () => {
  const bytes = await writeDocument({
    title: '关于联合组建的方案',
    parts: [
      { heading: '一、编排结果' },
      { paragraph: '共 3 家。' },
      { table: { columns: [{ title: '单位', share: 100 }], rows: [['=1+1<甲>\u0002公司']] } },
    ],
  })
  const parts = await partsOf(bytes)
  const body = parts.get('word/document.xml')!
  for (const font of ['方正小标宋简体', '黑体', '仿宋_GB2312']) expect(body).toContain(`w:eastAsia="${font}"`)
  expect(body).toContain('=1+1&lt;甲&gt;公司')
  expect(body).toContain('w:tblHeader')
  expect(body).not.toContain('\u0002')
  // A4 is 11906 by 16838 twentieths of a point; the upper margin is 37 mm.
  expect(body).toMatch(/w:pgSz w:w="11906" w:h="16838"/)
  expect(body).toMatch(/w:top="2098"/)
  const footer = [...parts].find(([name]) => /^word\/footer\d+\.xml$/.test(name))![1]
  expect(footer).toContain('PAGE')
})
