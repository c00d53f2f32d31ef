import { expect, test } from 'vitest'
import { documentOfPlan } from './plan-document.ts'
import { type FormingPlan, settingsOf } from './plan-input.ts'
import type { KeptInput, KeptUnit, PlanRow } from './plan-kept.ts'

const place = { x: 0, y: 0, accuracyMetres: 0, street: '东街道', park: null, building: null, road: null, number: null }
const unit = (id: string, members: number, formal: number, more: Partial<KeptUnit> = {}): KeptUnit => ({
  id,
  name: `${id}公司`,
  members,
  formal,
  reported: false,
  operating: true,
  industry: null,
  address: null,
  source: 'exact',
  place,
  ...more,
})
const input: KeptInput = {
  units: [unit('甲', 2, 1), unit('乙', 1, 0, { reported: true }), unit('丙', 2, 0)],
  hosts: [{ id: 'h', name: '园区党支部', unitIds: ['x'], members: 3, industry: null, place }],
  refused: [],
  together: [],
  apart: [],
  settings: settingsOf(),
  kept: [],
}
const groups = [{ leadId: 'h', unitIds: ['甲', '乙'], locked: false, metres: 0, flagged: false }]
const plan: FormingPlan = { groups, leftOver: ['丙'], refused: [], metres: 0, flagged: 0 }
const row = { title: '试验方案', scope: {}, bound: null, guessed: 0, flagged: 0 } as unknown as PlanRow

test('members whose relation is elsewhere, or whom a department reports, are not called formal ones', () => {
  const tables = documentOfPlan(row, input, plan, '').parts.flatMap((part) => ('table' in part ? [part.table] : []))
  const told = tables.slice(0, 2).map(({ columns, rows }) => {
    const titles = columns.map(({ title }) => title)
    return [titles.indexOf('党员'), titles.indexOf('其中正式党员')].map((at) => rows[0]![at])
  })
  expect(told).toEqual([
    ['6', '4'],
    ['2', '0'],
  ])
  for (const { columns } of tables) expect(columns.reduce((sum, { share }) => sum + share, 0)).toBe(100)
})
