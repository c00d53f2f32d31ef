import { expect, test } from 'vitest'
import { placeUnits, type AddressParts, type UnplacedUnit } from './place.ts'

const centres = [{ street: 's', longitude: 121.6, latitude: 38.9, radiusMetres: 1500 }]
const nothing: AddressParts = {
  street: 's',
  community: null,
  road: null,
  number: null,
  building: null,
  tower: null,
  floor: null,
}
const unit = (id: string, address: Partial<AddressParts>, point: UnplacedUnit['point'] = null): UnplacedUnit => ({
  id,
  point,
  address: { ...nothing, ...address },
  park: null,
})
const at = (metresEast: number, accuracyMetres = 0) => {
  const degrees = metresEast / (111_320 * Math.cos((38.9 * Math.PI) / 180))
  return { longitude: 121.6 + degrees, latitude: 38.9, accuracyMetres }
}
const known = [
  unit('a', { road: 'r', number: 10 }, at(0)),
  unit('b', { road: 'r', number: 30 }, at(400)),
  unit('c', { road: 'r', number: 50, building: '1' }, at(1000, 20)),
]

test('a place comes from coordinates, building, road or street, in that order, and says how wrong it may be', () => {
  const units = [
    ...known,
    unit('same', { road: 'r', number: 50, building: '1' }),
    unit('between', { road: 'r', number: 20 }),
    unit('beyond', { road: 'r', number: 60 }),
    unit('tooFar', { road: 'r', number: 500 }),
    unit('street', {}),
    unit('nowhere', { street: 'other' }),
  ]
  const found = new Map(placeUnits(units, centres).map((one) => [one.id, one]))
  const read = (id: string) => {
    const { source, place } = found.get(id)!
    return [source, Math.round(place.x), place.accuracyMetres]
  }
  expect(read('b')).toEqual(['exact', 400, 0])
  expect(read('c')).toEqual(['exact', 1000, 20])
  expect(read('same')).toEqual(['building', 1000, 50])
  expect(read('between')).toEqual(['road', 200, 250])
  expect(read('beyond')).toEqual(['road', 1000, 170])
  expect(read('tooFar')).toEqual(['street', 0, 1500])
  expect(read('street')).toEqual(['street', 0, 1500])
  expect(read('nowhere')).toEqual(['none', 0, 50_000])
})

test('what is inferred serves nobody else: without coordinates on a road its units stand at the street', () => {
  const found = placeUnits([unit('a', { road: 'r', number: 1 }), unit('b', { road: 'r', number: 2 })], centres)
  expect(found.map((one) => one.source)).toEqual(['street', 'street'])
  expect(found.map((one) => one.place.road)).toEqual(['r', 'r'])
})
