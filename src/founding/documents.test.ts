import { expect, test } from 'vitest'
import type { DocumentPart } from '../host/document.ts'
import { type DocumentFacts, documentOf } from './documents.ts'

const step = { id: '', state: 'done', docNo: null, entitled: null, present: null, author: '', at: '', takenBack: null }
const facts = {
  form: 'found',
  orgName: '甲公司联合党支部',
  kind: 'jointBranch',
  formingMode: 'joint',
  leadName: '甲公司',
  parentName: '某街道党工委',
  areaName: '某街道',
  unitList: [
    { unitId: '1', name: '甲公司', members: 2, covered: false },
    { unitId: '2', name: '乙公司', members: 1, covered: false },
  ],
  stepList: [],
  day: '2026-11-24',
  secretary: null,
} as unknown as DocumentFacts

const textOf = (parts: readonly DocumentPart[]) => JSON.stringify(parts)

test('a request names the units, their members and the way of forming, and leaves open what is not known', () => {
  const { title, parts } = documentOf('request', facts)
  expect(title).toBe('关于成立中共甲公司联合党支部的请示')
  expect(textOf(parts)).toContain('我们 2 家单位共有正式党员 3 名')
  expect(textOf(parts)).toContain('以联合组建的方式')
  expect(textOf(parts)).toContain('＿＿＿＿年＿＿月＿＿日')
})

test('a reply to units that join an organisation speaks of no election', () => {
  const joined = documentOf('reply', { ...facts, form: 'join' })
  expect(joined.title).toBe('关于同意加入中共甲公司联合党支部的批复')
  expect(textOf(joined.parts)).not.toContain('选举')
  expect(() => documentOf('result', { ...facts, form: 'join' })).toThrow('没有选举（任职）报告')
})

test('a reply asks for the election that the kind has, and for none where the leaders are appointed', () => {
  const replyTo = (kind: DocumentFacts['kind']) => textOf(documentOf('reply', { ...facts, kind }).parts)
  expect(replyTo('jointBranch')).toContain('选举产生党支部委员会或者书记')
  expect(replyTo('partyCommittee')).toContain('选举产生党的委员会，由委员会全体会议选举书记、副书记')
  expect(replyTo('generalBranch')).toContain('选举产生党总支部委员会，由委员会全体会议选举书记、副书记')
  expect(replyTo('temporary')).toContain('书记、副书记和委员由我们指定')
  expect(replyTo('temporary')).not.toContain('选举')
  expect(replyTo('composite')).not.toContain('党支部委员会')
})

test('a request to join an organisation proposes no secretary, and goes to the parent of the host', () => {
  const { parts } = documentOf('request', { ...facts, form: 'join' })
  expect(textOf(parts)).not.toContain('拟任书记人选')
  expect(textOf(parts)).toContain('某街道党工委：')
  expect(textOf(documentOf('request', { ...facts, form: 'join', parentName: null }).parts)).toContain('＿＿＿＿＿＿：')
  expect(textOf(documentOf('request', facts).parts)).toContain('拟任书记人选')
  expect(documentOf('filing', { ...facts, form: 'join' }).title).toBe('单位加入党组织备案表')
})

test('an appointment is reported as what it is', () => {
  const appointed = { ...step, step: 'election', on: '2026-11-20' } as never
  const { title, parts } = documentOf('result', { ...facts, stepList: [appointed], secretary: '张建国' })
  expect(title).toBe('关于中共甲公司联合党支部书记任职情况的报告')
  expect(textOf(parts)).toContain('经上级党组织任命，张建国同志任中共甲公司联合党支部书记')
  expect(textOf(parts)).not.toMatch(/选举|请予审批/)
})

test('a report of an election tells only what was registered, and not what was taken back', () => {
  const held = { ...step, step: 'election', on: '2026-11-20', entitled: 3, present: 3 } as never
  const takenBack = { ...step, step: 'election', on: '2026-11-21', takenBack: { at: '', by: '', reason: '' } } as never
  const { parts } = documentOf('result', { ...facts, stepList: [held, takenBack], secretary: '张建国' })
  expect(textOf(parts)).toContain('2026年11月20日召开党员大会，应到会有选举权的党员 3 名，实到 3 名')
  expect(textOf(parts)).toContain('选举张建国同志为书记')
  const committee = documentOf('result', { ...facts, kind: 'partyCommittee', stepList: [held], secretary: '张建国' })
  expect(textOf(committee.parts)).toContain('选举产生党的委员会，委员会全体会议选举张建国同志为书记')
  expect(() => documentOf('result', { ...facts, stepList: [takenBack] })).toThrow('还没有登记')
})
