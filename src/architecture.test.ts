import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, test } from 'vitest'
import { rooms } from './rooms.ts'

/** Files of src by their path below it. */
type Sources = Map<string, string>

const order = ['base', 'host', 'ui', ...Object.keys(rooms)]
const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')
const isRoom = (folder: string) => Object.hasOwn(rooms, folder)
const isTest = (path: string) => /\.test\.tsx?$|(^|\/)testing[^/]*\.ts$/.test(path)
// The doors, and the two lists of rooms, stand above everything.
const levelOf = (folder: string) => (folder === 'ui' ? 1 : order.includes(folder) ? order.indexOf(folder) : 99)
const anywhere = (path: string) => /\.tsx$|contract\.ts$|\/rules\.ts$/.test(path)
const serverOnly =
  /^(node:|pg$|pg-|kysely|hono|@hono\/|@electric-sql\/|@orpc\/(server|openapi$|zod)|@node-rs\/|otplib|yauzl|yazl)/
const opensDatabase = /\b(openDatabase|openEmbedded|wrapEmbedded|wrapPostgres|asOwner)\b/
const writes =
  /(?:insertInto|updateTable|deleteFrom)\(\s*'(\w+)'|\b(?:insert into|delete from|update(?= \w+\s+set\b)|copy) (\w+)/g

function importsOf(path: string, text: string): { target: string; typeOnly: boolean }[] {
  const found = text.matchAll(
    /(?:^|[\n;])\s*(import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/g,
  )
  return [...found].map(([, , typeOnly, plain, dynamic]) => {
    const name = plain ?? dynamic!
    const target = name.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), name)) : name
    return { target, typeOnly: typeOnly !== undefined }
  })
}

/** What breaks the five laws of docs/architecture.md, as `law path → what`. */
function breaches(sources: Sources): string[] {
  const found: string[] = []
  const owners = new Map<string, string>()
  for (const [path, text] of sources) {
    const tables = path.endsWith('/tables.ts') ? /Tables = \{\n([\s\S]*?)\n\}/.exec(text)?.[1] : undefined
    for (const [, table] of (tables ?? '').matchAll(/^ {2}(\w+):/gm)) owners.set(table!, folderOf(path))
  }
  for (const [path, text] of sources) {
    const folder = folderOf(path)
    if (isRoom(folder) && path.split('/').length > 2) found.push(`5 ${path} lies in a folder inside a room`)
    if (text.split('\n').length > 401 && !path.endsWith('contract.ts')) found.push(`5 ${path} is longer than 400 lines`)
    if (isTest(path)) continue
    for (const { target, typeOnly } of importsOf(path, text)) {
      const to = folderOf(target)
      if (!sources.has(target) || to === folder) continue
      const screen = path.endsWith('.tsx') && isRoom(to) && anywhere(target) && !target.endsWith('.tsx')
      if ((levelOf(to) > levelOf(folder) && !screen) || (levelOf(to) === 1 && levelOf(folder) === 1))
        found.push(`1 ${path} → ${target}`)
      const door = /(contract|\/rules|\/service)\.ts$/.test(target) || (target.endsWith('/tables.ts') && typeOnly)
      const parts = path.endsWith('.tsx') && target.endsWith('/parts.tsx')
      if (isRoom(folder) && isRoom(to) && !door && !parts) found.push(`2 ${path} → ${target}`)
    }
    if (anywhere(path)) for (const way of reachesHost(path, sources)) found.push(`3 ${way}`)
    if (isRoom(folder) && opensDatabase.test(text)) found.push(`3 ${path} opens a database or acts as its owner`)
    for (const [, named, raw] of isRoom(folder) ? text.matchAll(writes) : []) {
      const table = named ?? raw!
      if ((owners.get(table) ?? folder) !== folder) found.push(`4 ${path} writes ${table}`)
    }
  }
  return found
}

/** The ways by which a file that runs anywhere would load something that runs on the server only. */
function reachesHost(start: string, sources: Sources): string[] {
  const seen = new Set<string>([start])
  const found: string[] = []
  const walk = (path: string, way: string) => {
    for (const { target, typeOnly } of importsOf(path, sources.get(path) ?? '')) {
      if (typeOnly || seen.has(target)) continue
      seen.add(target)
      if (serverOnly.test(target) || folderOf(target) === 'host') found.push(`${way} → ${target}`)
      else if (sources.has(target)) walk(target, `${way} → ${target}`)
    }
  }
  walk(start, start)
  return found
}

function ownSources(): Sources {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  )
  return new Map(
    files.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(import.meta.dirname, name), 'utf8')]),
  )
}

test('the house keeps its five laws', () => {
  expect(breaches(ownSources())).toEqual([])
})

test.each([
  ['1 base/x.ts → ledger/rules.ts', { 'base/x.ts': `import { a } from '../ledger/rules.ts'`, 'ledger/rules.ts': '' }],
  [
    '1 office/x.ts → ledger/contract.ts',
    { 'office/x.ts': `import type { A } from '../ledger/contract.ts'`, 'ledger/contract.ts': '' },
  ],
  ['1 ui/x.ts → host/y.ts', { 'ui/x.ts': `import type { A } from '../host/y.ts'`, 'host/y.ts': '' }],
  ['1 host/x.ts → server.ts', { 'host/x.ts': `export { a } from '../server.ts'`, 'server.ts': '' }],
  [
    '2 ledger/x.ts → office/region.ts',
    { 'ledger/x.ts': `import {\n  a,\n} from '../office/region.ts'`, 'office/region.ts': '' },
  ],
  [
    '2 ledger/x.ts → office/tables.ts',
    { 'ledger/x.ts': `import { A } from '../office/tables.ts'`, 'office/tables.ts': '' },
  ],
  [
    '3 ledger/contract.ts → base/a.ts → node:fs',
    { 'ledger/contract.ts': `import { a } from '../base/a.ts'`, 'base/a.ts': `import fs from 'node:fs'` },
  ],
  [
    '3 ledger/x.tsx → ledger/y.ts → host/z.ts',
    { 'ledger/x.tsx': `import { a } from './y.ts'`, 'ledger/y.ts': `import '../host/z.ts'`, 'host/z.ts': '' },
  ],
  ['3 ledger/x.ts opens a database or acts as its owner', { 'ledger/x.ts': `await openDatabase(config)` }],
  [
    '4 ledger/x.ts writes account',
    {
      'ledger/x.ts': `tx.updateTable('account')`,
      'office/tables.ts': 'export type OfficeTables = {\n  account: A\n}\n',
    },
  ],
  [
    '4 ledger/x.ts writes journal',
    { 'ledger/x.ts': 'sql`delete from journal`', 'host/tables.ts': 'export type HostTables = {\n  journal: J\n}\n' },
  ],
  ['5 office/deep/x.ts lies in a folder inside a room', { 'office/deep/x.ts': '' }],
  ['5 office/x.ts is longer than 400 lines', { 'office/x.ts': '\n'.repeat(401) }],
])('a breach is named: %s', (breach, files) => {
  expect(breaches(new Map(Object.entries(files)))).toEqual([breach])
})
