import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { readConfig } from './config.ts'

const home = mkdtempSync(join(tmpdir(), 'lx-config-'))
let count = 0
let dataDir = ''
beforeEach(() => (dataDir = join(home, String((count += 1)))))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const key = '00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef'
const read = (more: Record<string, string> = {}) => readConfig({ DATA_DIR: dataDir, ...more })

test('what is not set, or set to nothing, has its default', () => {
  expect(read({ PORT: '', HOST: '', DATABASE_URL: '', TRUSTED_PROXIES: '' })).toMatchObject({
    dataDir,
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: null,
    publicOrigin: null,
    trustedProxies: [],
    checkpointDir: join(dataDir, 'checkpoints'),
    backupDir: join(dataDir, 'backups'),
  })
})

test('the example of settings is read, and sets no key', () => {
  const lines = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8').split('\n')
  const example = Object.fromEntries(lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split('=')))
  expect(example['SECRET_KEY']).toBe('')
  expect(readConfig({ ...example, DATA_DIR: dataDir }).port).toBe(8080)
})

test.each([
  ['PORT', 'eighty'],
  ['PORT', '80.5'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://a/b'],
  ['PUBLIC_ORIGIN', 'https://a.example/path'],
  ['TRUSTED_PROXIES', '10.0.0.1,proxy'],
  ['SECRET_KEY', 'secret'],
  ['OWNER_OFFICE', '县'.repeat(41)],
])('a bad %s is refused with a sentence that names it: %s', (name, value) => {
  expect(() => read({ [name]: value })).toThrow(new RegExp(`^环境设置有误：${name} [^a-z]`))
})

test('every bad setting is named at once', () => {
  expect(() => read({ PORT: 'x', SECRET_KEY: 'x' })).toThrow(/PORT.*SECRET_KEY/)
})

test('a weak key is refused', () => {
  expect(() => read({ SECRET_KEY: '00'.repeat(32) })).toThrow('SECRET_KEY 太简单')
  expect(() => read({ SECRET_KEY: 'abcd'.repeat(16) })).toThrow('SECRET_KEY 太简单')
  expect(read({ SECRET_KEY: key }).secretKey.toString('hex')).toBe(key)
})

test('the first start makes a key that only its owner can read, and later starts keep it', () => {
  const first = read().secretKey
  expect(first).toHaveLength(32)
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600)
  expect(read().secretKey).toEqual(first)
})

test('a key that others can read, or a damaged one, is refused', () => {
  read()
  chmodSync(join(dataDir, 'secret.key'), 0o644)
  expect(() => read()).toThrow('chmod 600')
  writeFileSync(join(dataDir, 'secret.key'), 'half')
  chmodSync(join(dataDir, 'secret.key'), 0o600)
  expect(() => read()).toThrow('损坏')
})

test('no new key is made where there is data of another', () => {
  mkdirSync(join(dataDir, 'database'), { recursive: true })
  expect(() => read()).toThrow('却不见了')
})
