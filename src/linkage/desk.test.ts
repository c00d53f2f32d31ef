import { beforeEach, expect, test } from 'vitest'
import type { Waterfall } from './contract.ts'
import { county, openDesk, somebody } from './testing.ts'

const codeA = '91350100M000100Y43'
const codeB = '91210204674070283P'
const header = '企业名称,统一社会信用代码,法定代表人,联系电话,从业人数'
const known = [header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`]

let desk: Awaited<ReturnType<typeof openDesk>>
let now: Date
beforeEach(async () => {
  now = new Date('2026-03-01T02:00:00Z')
  desk = await openDesk({ clock: () => now })
})

interface Item {
  reason: string
  candidateList: {
    unitId: string
    probability: number
    refused: { decisionId: string } | null
    dropsCode: boolean
    holdsCode: boolean
    comparisons: { field: string; row: string | null; unit: string | null; after: string | null; changes: boolean }[]
  }[]
  codeHolder: { name: string } | null
  unit: { unitId: string; name: string } | null
}

// Rows that carry a code which by all else is somebody else's.
const waiting = [header, `山间茶叶工作室,${codeA},李四,13812345678,3`, `城东灯具工作室,${codeA},赵六,13712345678,4`]

test('two people who ask for the next row at once get two rows, and a third finds none', async () => {
  await desk.imported(known)
  await desk.imported(waiting, 'townshipPark')
  const people = [desk.here, somebody('李雷'), somebody('韩梅梅')]
  const ids = await Promise.all(
    people.map((actor) => desk.call<{ id: string | null }>('linkage.nextQueueItem', {}, actor)),
  )
  const got = ids.flatMap((one) => one.id ?? [])
  expect(got).toHaveLength(2)
  expect(new Set(got).size).toBe(2)
})

test('who looks after several counties sees the waiting rows of one', async () => {
  const two = ['532502000000', county]
  const both = somebody('李雷', two)
  await desk.imported(known)
  await desk.imported(waiting, 'townshipPark')
  const totals = two.map(async (countyCode) => (await desk.queue({ countyCode }, both)).total)
  expect(await Promise.all(totals)).toEqual([0, 2])
})

test('a row that one person opened is held for some minutes, seen as held, and refused to others until then', async () => {
  await desk.imported(known)
  await desk.imported(waiting, 'townshipPark')
  const other = somebody('李雷')
  const [row] = (await desk.queue()).rows
  const id = row!.id
  expect(await desk.call('linkage.claimQueueItem', { id })).toMatchObject({ mine: true })
  expect(await desk.call('linkage.claimQueueItem', { id }, other)).toMatchObject({ mine: false, by: '张三' })
  const held = (await desk.queue({}, other)).rows.map((one) => [one.id === id, one.heldBy])
  expect(held).toContainEqual([true, '张三'])
  const decision = { id, decision: { kind: 'create' } }
  await expect(desk.call('linkage.decideQueueItem', decision, other)).rejects.toThrow('张三 正在核对')
  now = new Date(now.getTime() + 11 * 60_000)
  expect(await desk.call('linkage.claimQueueItem', { id }, other)).toMatchObject({ mine: true })
})

test('a row given back is free at once', async () => {
  await desk.imported(known)
  await desk.imported(waiting, 'townshipPark')
  const [row] = (await desk.queue()).rows
  await desk.call('linkage.claimQueueItem', { id: row!.id })
  await desk.call('linkage.releaseQueueItem', { id: row!.id })
  expect(await desk.call('linkage.claimQueueItem', { id: row!.id }, somebody('李雷'))).toMatchObject({ mine: true })
})

test('a unit that a person denied is not joined when the same row comes again with another head count', async () => {
  await desk.imported(known)
  const branch = (staff: number) => [header, `大连海风物流有限公司西山分公司,${codeA},王小二,13912345678,${staff}`]
  await desk.imported(branch(2), 'tax')
  const [row] = (await desk.queue()).rows
  const item = await desk.call<Item>('linkage.getQueueItem', { id: row!.id })
  const unitId = item.candidateList[0]!.unitId
  await desk.call('linkage.denyCandidate', { id: row!.id, unitId })
  const again = await desk.call<Item>('linkage.getQueueItem', { id: row!.id })
  expect(again.candidateList.find((one) => one.unitId === unitId)?.refused).not.toBeNull()
  await desk.call('linkage.decideQueueItem', { id: row!.id, decision: { kind: 'create' } })
  const { counts } = await desk.imported(branch(5), 'tax', '2026-02-01')
  expect(counts).toMatchObject({ joined: 1, queued: 0 })
  const units = await desk.units()
  expect(new Set(units.map((unit) => unit.uscc))).toEqual(new Set([codeA, null]))
})

test('a denial taken back is forgotten', async () => {
  await desk.imported(known)
  await desk.imported([header, `大连海风物流有限公司西山分公司,${codeA},王小二,13912345678,2`], 'tax')
  const [row] = (await desk.queue()).rows
  const { candidateList } = await desk.call<Item>('linkage.getQueueItem', { id: row!.id })
  const unitId = candidateList[0]!.unitId
  await desk.call('linkage.denyCandidate', { id: row!.id, unitId })
  const denied = await desk.call<Item>('linkage.getQueueItem', { id: row!.id })
  const decisionId = denied.candidateList.find((one) => one.unitId === unitId)!.refused!.decisionId
  await desk.call('linkage.undoDenial', { id: row!.id, decisionId })
  const { candidateList: after } = await desk.call<Item>('linkage.getQueueItem', { id: row!.id })
  expect(after.find((one) => one.unitId === unitId)?.refused).toBeNull()
})

test('the desk shows what joining would change, with personal values masked', async () => {
  await desk.imported(known)
  await desk.imported([header, `大连海风物流有限公司西山分公司,${codeA},王小三,13912345679,25`], 'townshipPark')
  const [row] = (await desk.queue()).rows
  const { candidateList } = await desk.call<Item>('linkage.getQueueItem', { id: row!.id })
  const comparisons = candidateList[0]!.comparisons
  expect(comparisons.find((one) => one.field === 'staffCount')).toMatchObject({
    row: '25 人',
    unit: '10 人',
    after: '25 人',
  })
  // Masked they look alike, and are not: the desk says that the value changes.
  expect(comparisons.find((one) => one.field === 'phone')).toMatchObject({ row: '139****5679', changes: true })
  expect(comparisons.find((one) => one.field === 'legalRep')).toMatchObject({ row: '王*', unit: '王*', same: false })
  expect(JSON.stringify(comparisons)).not.toMatch(/1391234567/)
})

test('the desk shows that a code which is another unit’s is not taken over, and deciding does what it showed', async () => {
  await desk.imported([...known, `大连斯达尔建筑有限公司,${codeB},李四,13812345678,20`])
  await desk.imported([header, `大连斯达尔建筑有限公司,${codeA},李四,13812345678,20`], 'tax')
  const [row] = (await desk.queue()).rows
  const item = await desk.call<Item>('linkage.getQueueItem', { id: row!.id })
  expect(item.codeHolder).toMatchObject({ name: '大连海风物流有限公司' })
  const [likeliest, holder] = item.candidateList
  expect(likeliest).toMatchObject({ dropsCode: true, holdsCode: false })
  expect(holder).toMatchObject({ dropsCode: false, holdsCode: true })
  const code = likeliest!.comparisons.find((one) => one.field === 'uscc')
  expect(code).toMatchObject({ unit: codeB, after: codeB, changes: false })
  await desk.call('linkage.decideQueueItem', { id: row!.id, decision: { kind: 'join', unitId: likeliest!.unitId } })
  expect(new Set((await desk.units()).map((one) => one.uscc))).toEqual(new Set([codeA, codeB]))
  const decided = await desk.call<Item>('linkage.getQueueItem', { id: row!.id })
  expect(decided.unit).toEqual({ unitId: likeliest!.unitId, name: '大连斯达尔建筑有限公司' })
})

test('a repeat of a row that waited gets its unit with the decision, and loses it when that is taken back', async () => {
  await desk.imported(known)
  await desk.imported(waiting.slice(0, 2), 'townshipPark')
  const { counts } = await desk.imported(waiting.slice(0, 2), 'townshipPark', '2026-02-01')
  expect(counts.repeated).toBe(1)
  const before = await desk.dump()
  const [row] = (await desk.queue()).rows
  await desk.call('linkage.decideQueueItem', { id: row!.id, decision: { kind: 'create' } })
  const unit = (await desk.units()).find((one) => one.uscc === null)
  const { rows } = await desk.call<{ rows: unknown[] }>('ledger.listSourceRows', { id: unit!.id })
  expect(rows).toHaveLength(2)
  await desk.call('linkage.undoDecision', { id: row!.id })
  expect(await desk.dump()).toEqual(before)
})

test('a code dropped by a decision is the row’s again when the decision is taken back', async () => {
  await desk.imported(known)
  await desk.imported([header, `大连海风物流有限公司西山分公司,${codeA},王小二,13912345678,2`], 'tax')
  const before = await desk.dump()
  const [row] = (await desk.queue()).rows
  await desk.call('linkage.decideQueueItem', { id: row!.id, decision: { kind: 'create' } })
  await desk.call('linkage.undoDecision', { id: row!.id })
  expect(await desk.dump()).toEqual(before)
})

const twoUnits = async () => {
  await desk.imported([
    header,
    `大连海风物流有限公司,${codeA},王小二,13912345678,10`,
    `山间茶叶工作室,,李四,13812345678,12`,
  ])
  await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,11`], 'tax', '2026-02-01')
  const units = await desk.units()
  const coded = units.find((unit) => unit.uscc === codeA)!
  const other = units.find((unit) => unit.uscc === null)!
  return { coded, other }
}

test('a row taken out becomes a unit of its own, and taking that back restores units, facts and rows exactly', async () => {
  await desk.imported(known)
  await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,11`], 'tax', '2026-02-01')
  const [unit] = await desk.units()
  const before = await desk.dump()
  const links = await desk.call<{ rows: { id: string; department: string }[] }>('linkage.listUnitLinks', {
    id: unit!.id,
  })
  const row = links.rows.find((one) => one.department === 'tax')!
  const reason = '税务抄错了代码'
  const split = { unitId: unit!.id, sourceRowId: row.id, intoId: null, reason }
  const { unitId } = await desk.call<{ unitId: string }>('linkage.splitRow', split)
  expect(new Set((await desk.units()).map((one) => one.uscc))).toEqual(new Set([codeA, null]))
  const { events } = await desk.call<{ events: { id: string; cause: string }[] }>('linkage.listUnitLinks', {
    id: unitId,
  })
  const event = events.find((one) => one.cause === 'unmerge')!
  await desk.call('linkage.undoSplit', { eventId: event.id })
  expect(await desk.dump()).toEqual(before)
})

test('a row that was taken out stays out when the same row comes again', async () => {
  await desk.imported(known)
  const tax = (staff: number) => [header, `大连海风物流有限公司,${codeA},王小二,13912345678,${staff}`]
  await desk.imported(tax(11), 'tax', '2026-02-01')
  const [unit] = await desk.units()
  const links = await desk.call<{ rows: { id: string; department: string }[] }>('linkage.listUnitLinks', {
    id: unit!.id,
  })
  const row = links.rows.find((one) => one.department === 'tax')!
  const split = { unitId: unit!.id, sourceRowId: row.id, intoId: null, reason: '抄错' }
  const { unitId } = await desk.call<{ unitId: string }>('linkage.splitRow', split)
  await desk.imported(tax(12), 'tax', '2026-03-01')
  const { rows } = await desk.call<{ rows: unknown[] }>('ledger.listSourceRows', { id: unitId })
  expect(rows).toHaveLength(2)
})

test('merging sends whoever asks for the old unit to the new one, and taking it back restores everything exactly', async () => {
  const { coded, other } = await twoUnits()
  const before = await desk.dump()
  await desk.call('linkage.mergeUnits', { id: other.id, intoId: coded.id, reason: '同一家的两种写法' })
  expect(await desk.units()).toHaveLength(1)
  const old = await desk.call<{ mergedInto: { unitId: string } }>('linkage.listUnitLinks', { id: other.id })
  expect(old.mergedInto.unitId).toBe(coded.id)
  await desk.call('linkage.undoMerge', { id: other.id })
  expect(await desk.dump()).toEqual(before)
})

test('what people typed of a merged unit goes along where the other has nothing typed, and comes back', async () => {
  const { coded, other } = await twoUnits()
  await desk.call('ledger.correctUnit', { id: other.id, values: { remark: '在三楼' }, reason: '走访' })
  const before = await desk.dump()
  await desk.call('linkage.mergeUnits', { id: other.id, intoId: coded.id, reason: '同一家' })
  const page = await desk.call<{ fields: { field: string; current: { value: string } | null }[] }>('ledger.getUnit', {
    id: coded.id,
  })
  expect(page.fields.find((one) => one.field === 'remark')?.current?.value).toBe('在三楼')
  await desk.call('linkage.undoMerge', { id: other.id })
  expect(await desk.dump()).toEqual(before)
})

test('two units with two valid codes cannot be merged', async () => {
  await desk.imported([...known, `大连海枫物流有限公司,${codeB},李四,13812345678,3`])
  const [one, two] = await desk.units()
  const merge = desk.call('linkage.mergeUnits', { id: one!.id, intoId: two!.id, reason: '看着像' })
  await expect(merge).rejects.toThrow('两家各有有效的统一社会信用代码')
})

test('every link is an event, and events of a unit outlive the unit', async () => {
  const { coded, other } = await twoUnits()
  const links = async (id: string) => desk.call<{ events: { cause: string }[] }>('linkage.listUnitLinks', { id })
  expect((await links(coded.id)).events.map((event) => event.cause)).toEqual(['import', 'import'])
  await desk.call('linkage.mergeUnits', { id: other.id, intoId: coded.id, reason: '同一家' })
  expect((await links(other.id)).events.map((event) => event.cause)).toEqual(['merge', 'merge', 'import'])
})

test('who has another county sees no link, no row and no unit to merge', async () => {
  const { coded, other } = await twoUnits()
  const elsewhere = somebody('外县', ['210203000000'])
  const tries: [string, object][] = [
    ['listUnitLinks', { id: coded.id }],
    ['mergeUnits', { id: other.id, intoId: coded.id, reason: '试试' }],
    ['undoMerge', { id: other.id }],
  ]
  for (const [name, input] of tries) {
    await expect(desk.call(`linkage.${name}`, input, elsewhere)).rejects.toMatchObject({ code: 'notFound' })
  }
  expect(await desk.call('linkage.nextQueueItem', {}, elsewhere)).toEqual({ id: null })
})

test('a link that was made by itself says what spoke for it, and a waiting row how likely its best unit is', async () => {
  await desk.imported(known)
  await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,11`], 'tax', '2026-02-01')
  const [unit] = await desk.units()
  const { rows } = await desk.call<{ rows: { department: string; why: { waterfall: Waterfall | null } | null }[] }>(
    'linkage.listUnitLinks',
    { id: unit!.id },
  )
  const { waterfall } = rows.find((row) => row.department === 'tax')!.why!
  expect(waterfall?.rule).toBe('统一社会信用代码相同')
  expect(waterfall?.probability).toBeGreaterThan(0.99)
  await desk.imported([header, `大连海风物流有限公司西山分公司,${codeA},李四,13812345678,2`], 'tax')
  const waits = await desk.queue({ band: 'middle' })
  const all = await desk.queue()
  expect(all.rows.map((row) => row.probability !== null)).toEqual([true])
  expect(waits.total + (await desk.queue({ band: 'high' })).total + (await desk.queue({ band: 'low' })).total).toBe(1)
})

test('a row that brings the first code to a unit is not said to have come by an equal one', async () => {
  await desk.imported([header, '大连海风物流有限公司,,王小二,13912345678,10'], 'socialInsurance')
  await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`], 'townshipPark')
  const units = await desk.units()
  expect(units).toMatchObject([{ uscc: codeA }])
  const { rows } = await desk.call<{ rows: { department: string; linkedBy: string }[] }>('linkage.listUnitLinks', {
    id: units[0]!.id,
  })
  expect(rows.find((row) => row.department === 'townshipPark')).toMatchObject({ linkedBy: '各项比对合计足以认定' })
})

test('a unit that was typed in and brings nothing of its own is merged too, and stands again when that is undone', async () => {
  const values = { name: '大连海风物流有限公司' }
  const [stays, goes] = await Promise.all(
    [1, 2].map(() => desk.call<{ id: string }>('ledger.createUnit', { countyCode: county, values })),
  )
  const before = await desk.dump()
  await desk.call('linkage.mergeUnits', { id: goes!.id, intoId: stays!.id, reason: '同一家' })
  expect((await desk.units()).map((unit) => unit.id)).toEqual([stays!.id])
  await desk.call('linkage.undoMerge', { id: goes!.id })
  expect(await desk.dump()).toEqual(before)
})

test('a row that a person sent back is sent back when it comes again word for word, until that is taken back', async () => {
  await desk.imported(known)
  await desk.imported(waiting.slice(0, 2), 'townshipPark')
  const [row] = (await desk.queue()).rows
  await desk.call('linkage.decideQueueItem', { id: row!.id, decision: { kind: 'refuse', reason: '代码抄错，请核对' } })
  const again = await desk.imported(waiting.slice(0, 2), 'townshipPark', '2026-02-01')
  expect(again.counts).toMatchObject({ refused: 1, queued: 0 })
  interface Rows {
    rows: { reason: string | null }[]
  }
  const { rows } = await desk.call<Rows>('ledger.listImportRows', { id: again.id })
  expect(rows).toMatchObject([{ reason: '按此前的人工认定退回：代码抄错，请核对' }])
  expect((await desk.queue()).total).toBe(0)
  await desk.call('linkage.undoDecision', { id: row!.id })
  const third = await desk.imported(
    [...waiting.slice(0, 1), waiting[1]!.replace(/3$/, '9')],
    'townshipPark',
    '2026-02-20',
  )
  expect(third.counts).toMatchObject({ refused: 0, queued: 1 })
})

test('a wrong code that a department repeats every month never takes the code from the unit that holds it', async () => {
  await desk.imported(known)
  const [unit] = await desk.units()
  for (const month of ['2026-01-01', '2026-02-01', '2026-02-20']) {
    const lines = [header, `山间茶叶工作室,${codeA},李四,13812345678,${month.slice(6).replace('-', '')}`]
    expect((await desk.imported(lines, 'townshipPark', month)).counts).toMatchObject({ queued: 1 })
  }
  expect(await desk.units()).toMatchObject([{ id: unit!.id, uscc: codeA }])
})
