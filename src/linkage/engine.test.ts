import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LinkRecord, type Said, settle, type Settled } from './engine.ts'
import { featuresOf, type LinkFields } from './features.ts'
import { defaultModel } from './model.ts'
import { rowsOf } from './rows.ts'

const codes = ['91210204MA0XYZ12G5', '91210204MA0ABC97G5', '91210204716903882U']
const base: LinkFields = {
  department: 'marketRegulation',
  name: '大连恒达商贸有限公司',
  uscc: codes[0]!,
  legalRep: '王建国',
  phone: '13940001234',
  address: '大连市沙河口区黄河路206号',
}
/** A row of the tax office, without a code if not given one. */
const taxRow = (more: Partial<LinkFields>): LinkFields => {
  const { uscc: _, ...rest } = base
  return { ...rest, department: 'tax', ...more }
}

type Written = LinkRecord & { fields: LinkFields }
const recordOf = (id: string, fields: LinkFields, unit: string | null = null): Written => ({
  id,
  fields,
  entity: unit,
  fixed: unit !== null,
})
const nobody = new Map<string, Said>()
const settled = (records: readonly Written[], said: ReadonlyMap<string, Said> = nobody) =>
  settle({
    records,
    rows: rowsOf(records.map(({ fields }) => featuresOf(fields, '210204'))),
    said,
    model: defaultModel,
  })
const saidOf = (more: Partial<Said>): Said => ({ must: null, cannot: new Set(), dropCode: false, ...more })
const placeOf = (one: Settled | undefined) => (one && one.kind !== 'queue' ? one.entity : null)

test('rows of one code are one unit, named by the authority’s row', () => {
  const found = settled([recordOf('a', { ...base, department: 'tax', name: '恒达商贸' }), recordOf('b', base)])
  expect(found.get('b')).toEqual({ kind: 'new', entity: 'new:b' })
  expect(found.get('a')).toMatchObject({ kind: 'join', entity: 'new:b', by: 'uscc', probability: 1 })
})

test('a row without a code joins by what it says, with the reasons', () => {
  const found = settled([recordOf('a', base, 'unit'), recordOf('b', taxRow({ name: '恒达商贸' }))])
  expect(found.get('b')).toMatchObject({ kind: 'join', entity: 'unit', by: 'weights', runnerUp: null })
  const one = found.get('b')
  expect(one?.kind === 'join' && one.because.map((part) => part.title)).toContain('名称')
})

test('a row that is like two units alike waits for a person, with both', () => {
  const twin = { ...base, uscc: codes[1]!, name: '大连恒达商贸有限公司', legalRep: '李芳', phone: '13700001111' }
  const { legalRep: _, phone: __, ...bare } = taxRow({})
  const found = settled([recordOf('a', base, 'one'), recordOf('b', twin, 'two'), recordOf('c', bare)])
  const one = found.get('c')
  expect(one).toMatchObject({ kind: 'queue', reason: 'several' })
  expect(one?.kind === 'queue' && one.candidates.map((each) => each.entity).sort()).toEqual(['one', 'two'])
})

test('a branch does not join its parent', () => {
  const branch = taxRow({ name: '大连恒达商贸有限公司黄河路店', legalRep: '李芳', phone: '13700001111' })
  const found = settled([recordOf('a', base, 'unit'), recordOf('b', branch)])
  expect(placeOf(found.get('b'))).not.toBe('unit')
})

test('a code on a row that agrees with its unit in nothing waits', () => {
  const stranger = taxRow({ name: '大连鑫源建筑有限公司', uscc: codes[0]!, legalRep: '李芳', phone: '', address: '' })
  const found = settled([recordOf('a', base, 'unit'), recordOf('b', stranger)])
  expect(found.get('b')).toMatchObject({ kind: 'queue', reason: 'codeClaimed' })
})

test('a row whose code people dropped is settled without it', () => {
  const stranger = taxRow({ name: '大连鑫源建筑有限公司', uscc: codes[0]!, legalRep: '李芳', phone: '', address: '' })
  const found = settled(
    [recordOf('a', base, 'unit'), recordOf('b', stranger)],
    new Map([['b', saidOf({ dropCode: true })]]),
  )
  expect(found.get('b')).toEqual({ kind: 'new', entity: 'new:b' })
})

// Few words, so that rows are often alike.
const someName = fc
  .tuple(
    fc.constantFrom('大连', '大连市', '沈阳', ''),
    fc.constantFrom('恒达', '恒大', '鑫源', '海之韵'),
    fc.constantFrom('商贸', '商贸发展', '餐饮'),
    fc.constantFrom('有限公司', '有限责任公司', ''),
    fc.constantFrom('', '', '', '黄河路店', '西安路店'),
  )
  .map((parts) => parts.join(''))
const someFields = fc
  .record({
    department: fc.constantFrom('marketRegulation', 'tax', 'socialInsurance'),
    name: someName,
    uscc: fc.constantFrom('', '', ...codes),
    legalRep: fc.constantFrom('', '王建国', '王建过', '李芳'),
    phone: fc.constantFrom('', '13940001234', '13700001111'),
    address: fc.constantFrom('', '黄河路206号', '大连市黄河路206号3楼', '西南路10号'),
  })
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as unknown as LinkFields)
/** Free rows, and standing rows of a unit a code. */
const someRecords = fc
  .tuple(fc.array(someFields, { maxLength: 12 }), fc.array(someFields, { maxLength: 4 }))
  .map(([free, fixed]) => [
    ...free.map((fields, at) => recordOf(`row ${at}`, fields)),
    ...fixed.map((fields, at) => recordOf(`standing ${at}`, fields, `unit ${fields.uscc ?? at}`)),
  ])
const units = [...codes.map((code) => `unit ${code}`), 'unit 0', 'unit 1']
const someSaid = fc
  .array(fc.tuple(fc.nat(11), fc.constantFrom(...units), fc.constantFrom('must', 'cannot', 'dropCode')))
  .map(
    (list) =>
      new Map(
        list.map(([at, unit, word]) => [
          `row ${at}`,
          saidOf(
            word === 'must' ? { must: unit } : word === 'cannot' ? { cannot: new Set([unit]) } : { dropCode: true },
          ),
        ]),
      ),
  )

test('every free record is settled, in whatever order they come; fixed ones are not', () => {
  fc.assert(
    fc.property(someRecords, someSaid, fc.infiniteStream(fc.nat()), (records, said, draws) => {
      const found = settled(records, said)
      expect([...found.keys()].sort()).toEqual(records.flatMap(({ id, fixed }) => (fixed ? [] : [id])).sort())
      const order = new Map(records.map(({ id }) => [id, draws.next().value]))
      const again = settled(
        records.toSorted((a, b) => order.get(a.id)! - order.get(b.id)!),
        said,
      )
      for (const [id, one] of found) expect(again.get(id)).toEqual(one)
    }),
    { numRuns: 150 },
  )
})

test('no unit is given two valid codes', () => {
  fc.assert(
    fc.property(someRecords, (records) => {
      const found = settled(records)
      const codesOf = new Map<string, Set<string>>()
      for (const { id, fields, entity, fixed } of records) {
        const unit = fixed ? entity : placeOf(found.get(id))
        if (unit === null || !fields.uscc) continue
        codesOf.set(unit, (codesOf.get(unit) ?? new Set()).add(fields.uscc))
      }
      for (const held of codesOf.values()) expect(held.size).toBe(1)
    }),
    { numRuns: 200 },
  )
})

test('what people said always wins', () => {
  fc.assert(
    fc.property(someRecords, someSaid, (records, said) => {
      const found = settled(records, said)
      const broken = [...said].filter(([id, { must, cannot }]) => {
        const place = placeOf(found.get(id))
        return found.has(id) && ((must !== null && place !== must) || (place !== null && cannot.has(place)))
      })
      expect(broken).toEqual([])
    }),
    { numRuns: 150 },
  )
})
