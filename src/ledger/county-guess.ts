import { basename } from 'node:path'
import { checkCode } from '../base/codes.ts'
import { Problem } from '../base/problem.ts'
import type { Transaction } from '../host/context.ts'
import { describeFile } from '../host/sheets.ts'
import { ledgerTables } from './units.ts'

/**
 * The county that most of the files' first rows speak of: by its name in titles and addresses, by characters 3 to 8 of the
 * codes. @throws Problem when two counties are about equally likely, or none is named.
 */
export async function guessCounty(tx: Transaction, files: readonly string[]): Promise<string> {
  const cells = (await Promise.all(files.map(firstCells))).flat()
  const counties = await ledgerTables(tx)
    .selectFrom('region')
    .select(['code', 'name'])
    .where('level', '=', 'county')
    .execute()
  const text = cells.join('\n')
  const regions = new Map<string, number>()
  for (const cell of cells) {
    const reading = checkCode(cell)
    if (reading.kind === 'uscc') regions.set(reading.regionCode, (regions.get(reading.regionCode) ?? 0) + 1)
  }
  const cityOf = (code: string) =>
    [...regions].reduce((sum, [region, n]) => sum + (region.startsWith(code.slice(0, 4)) ? n : 0), 0)
  const scored = counties
    .filter(({ name }) => name.length >= 3)
    .map(({ code, name }) => {
      const named = text.split(name).length - 1
      return {
        code,
        name,
        points: named === 0 && !regions.has(code) ? 0 : named + 2 * (regions.get(code) ?? 0) + cityOf(code),
      }
    })
    .sort((a, b) => b.points - a.points)
  const [best, second] = scored
  if (best && best.points > 0 && best.points >= 1.3 * (second?.points ?? 0)) return best.code
  const likely = scored
    .slice(0, 3)
    .filter((one) => one.points > 0)
    .map((one) => `${one.name} ${one.code}`)
  const hint = likely.length > 0 ? `可能是：${likely.join('、')}` : '文件里没有写'
  throw new Problem('invalid', `看不出这些文件属于哪个县（${hint}）。请加 --county 12位县级代码。`)
}

async function firstCells(path: string): Promise<string[]> {
  const { sheets } = await describeFile(path, basename(path)).catch(() => ({ sheets: [] }))
  return sheets.flatMap((sheet) => sheet.firstRows.flatMap((row) => row.cells.flatMap((cell) => cell ?? [])))
}
