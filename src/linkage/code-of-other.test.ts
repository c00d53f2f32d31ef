import { expect, test } from 'vitest'
import { openDesk } from './testing.ts'

const codes = ['91350100M000100Y43', '91210204MA0P5CJJ37', '91210200MA0UXL4K66']
const names = ['大连云栖纺织有限公司', '大连照影电子有限公司', '大连听雨包装有限公司']
const persons = ['钱望舒', '孙照影', '李听雨']
const header = '企业名称,统一社会信用代码,法定代表人,联系电话'
const row = (at: number, of = at) => `${names[at]},${codes[of]},${persons[at]},1381234567${at}`

test.each(['marketRegulation', 'tax'])(
  'rows of %s with the code of another leave that one its code',
  async (department) => {
    const desk = await openDesk()
    await desk.imported([header, row(0), row(1), row(2)])
    await desk.imported([header, row(0, 2), row(1, 2)], department, '2026-02-01')
    const units = (await desk.units()).map((one) => `${one.name} ${one.uscc}`)
    expect(units.toSorted()).toEqual(names.map((name, at) => `${name} ${codes[at]}`).toSorted())
    expect((await desk.queue()).rows.map((one) => one.name).toSorted()).toEqual(names.slice(0, 2).toSorted())
  },
)
