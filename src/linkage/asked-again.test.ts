import { expect, test } from 'vitest'
import { openDesk } from './testing.ts'

const header = '企业名称,统一社会信用代码,法定代表人,成立日期'
const codes = ['91350100M000100Y43', '91210204MA0P5CJJ37']

test('a waiting row is looked at again when its unit learns something that it shares no key with', async () => {
  const desk = await openDesk()
  await desk.imported([header, `大连云栖纺织有限公司,${codes[0]},钱望舒,`, `大连云栖纺织有限公司,${codes[1]},孙照影,`])
  const asked = await desk.imported([header, '大连云栖纺织有限公司,,,2003-02-18'], 'tax')
  expect(asked.counts.queued).toBe(1)
  // Renamed, and known by its code and its person alone: nothing by which the waiting row would find it.
  await desk.imported([header, `大连听雨包装有限公司,${codes[0]},钱望舒,2003-02-18`], 'approval', '2026-02-01')
  expect((await desk.queue()).total).toBe(0)
})

test('a row that had just enough for its unit is asked about when the unit turns out to be elsewhere', async () => {
  const desk = await openDesk()
  const columns = '企业名称,统一社会信用代码,住所'
  await desk.imported([columns, `大连云栖纺织有限公司,${codes[0]},`])
  const joined = await desk.imported([columns, '大连云栖纺织有限公司,,大连市沙河口区黄河路620号'], 'tax')
  expect(joined.counts.joined).toBe(1)
  const elsewhere = `大连云栖纺织有限公司,${codes[0]},大连市沙河口区中山路15号`
  await desk.imported([columns, elsewhere], 'approval', '2026-02-01')
  expect((await desk.queue()).rows.map((row) => row.name)).toEqual(['大连云栖纺织有限公司'])
})
