import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { openFiles } from './files.ts'
import { openLog } from './log.ts'
import { rateLimit } from './rate.ts'
import { textTable } from './text-table.ts'
import { makeTicket, ticketGate } from './tickets.ts'

const directory = mkdtempSync(join(tmpdir(), 'lx-files-'))
const files = openFiles(directory)
afterAll(() => {
  for (const one of [directory, `${directory}-aside`]) rmSync(one, { recursive: true, force: true })
})
const kept = () => readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'))

test('a stored stream comes back as it was, with its size and SM3', async () => {
  const stored = await files.put(Readable.from([Buffer.from('a'), Buffer.from('bc')]), 3)
  expect(stored).toMatchObject({ bytes: 3, sm3: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0' })
  expect(await text(files.read(stored.id))).toBe('abc')
  expect(readFileSync(files.path(stored.id), 'utf8')).toBe('abc')
  await files.remove(stored.id)
  expect(kept()).toEqual([])
})

test('a stream that is too long, or breaks off, leaves nothing behind', async () => {
  await expect(files.put(Readable.from([Buffer.alloc(3), Buffer.alloc(2)]), 4)).rejects.toThrow('请拆成几个文件')
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('half')
      throw new Error('gone')
    })(),
  )
  await expect(files.put(broken, 100)).rejects.toThrow('gone')
  expect(kept()).toEqual([])
})

test('a file put aside is read as before but lies outside what is kept, and goes when removed or forgotten', async () => {
  const [used, forgotten] = [await files.put(Buffer.from('ab'), 9), await files.put(Buffer.from('cd'), 9)]
  for (const { id } of [used, forgotten]) await files.putAside(id)
  expect(kept()).toEqual([])
  expect(await text(files.read(used.id))).toBe('ab')
  await files.remove(used.id)
  expect(await files.sweepAside(new Date(Date.now() - 60_000))).toBe(0)
  expect(await files.sweepAside(new Date(Date.now() + 60_000))).toBe(1)
  expect(readdirSync(`${directory}-aside`)).toEqual([])
})

test('an id that is no id reaches no file', () => {
  for (const id of [
    '../../etc/passwd',
    '',
    'a',
    '808b14c2-68b1-489b-a189-96a22ab1e06f/../x',
    '808B14C2-68B1-489B-A189-96A22AB1E06F',
  ]) {
    expect(() => files.path(id)).toThrow('not the id of a stored file')
  }
})

test('a download ticket is good for one account, once, for five minutes, and cannot be made without the key', () => {
  const key = Buffer.alloc(32, 'k')
  const gate = ticketGate(key)
  const now = new Date('2026-03-02T01:00:00Z')
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  const file = { fileId: '808b14c2-68b1-489b-a189-96a22ab1e06f', fileName: '台账.csv' }
  const ticket = makeTicket(key, file, 'user-1', now)
  expect(() => gate(ticket, 'user-2', now)).toThrow('已失效')
  expect(() => gate(makeTicket(Buffer.alloc(32, 'x'), file, 'user-1', now), 'user-1', now)).toThrow('已失效')
  expect(gate(ticket, 'user-1', later(4))).toEqual(file)
  expect(() => gate(ticket, 'user-1', later(4))).toThrow('已失效')
  expect(() => gate(makeTicket(key, file, 'user-1', now), 'user-1', later(6))).toThrow('已失效')
})

test('a rate lets the burst through, then says how long to wait, and each key has its own', () => {
  let now = 0
  const limit = rateLimit({ burst: 2, perSecond: 0.5 }, () => now)
  expect([limit.take('a'), limit.take('a'), limit.take('a'), limit.take('b')]).toEqual([0, 0, 2, 0])
  now = 2_000
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 2])
  now = 60_000
  expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 2])
})

test('a log line is one JSON object without ID numbers, phone numbers or secrets', () => {
  const lines: string[] = []
  const log = openLog((line) => lines.push(line))
  log.info('a try', { password: 'x-secret-x', note: '电话 13800138000' })
  log.error('failed', Object.assign(new Error('身份证 210204199001011234'), { code: 'E1' }))
  expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['info', 'error'])
  for (const plain of ['x-secret-x', '13800138000', '210204199001011234']) expect(lines.join('')).not.toContain(plain)
  expect(lines[1]).toContain('E1')
})

test('a table on a terminal counts a Chinese character as two columns', () => {
  expect(
    textTable(
      ['部门', '行数'],
      [
        ['市场监管', '12'],
        ['民政', '1,234'],
      ],
    ),
  ).toBe(['部门      行数', '--------  -----', '市场监管     12', '民政      1,234'].join('\n'))
})
