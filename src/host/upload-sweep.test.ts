import { existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { asOwner } from './database.ts'
import type { Platform } from './platform.ts'
import { actorLike, testPlatform } from './testing-platform.ts'
import { removeForgottenUploads } from './upload-sweep.ts'
import { storeUpload } from './uploads.ts'

let platform: Platform
const actor = actorLike(newId(), [])

beforeEach(async () => {
  platform = await testPlatform({})
})

async function upload(name: string): Promise<string> {
  const stored = await storeUpload(platform, { actor }, name, Readable.from([Buffer.from('一份名单')]))
  return (stored.output as { fileId: string }).fileId
}

const later = () => new Date(platform.clock().getTime() + 1000)

test('an upload that nothing names is removed with its bytes, one that a row of any county names stays', async () => {
  const [left, kept] = [await upload('没有用过.csv'), await upload('附件.csv')]
  await asOwner(platform.database, (tx) =>
    sql`insert into import (county_code, id, file_id, file_name, file_sm3, bytes, as_of, state, author, created_at)
      values ('110101000000', ${newId()}, ${kept}, '附件.csv', '', 1, '2026-01-01', 'mapping', '张三', now())`.execute(
      tx,
    ),
  )
  expect(await removeForgottenUploads(platform, later())).toBe(1)
  expect([left, kept].map((id) => existsSync(platform.files.path(id)))).toEqual([false, true])
  expect(await removeForgottenUploads(platform, later())).toBe(0)
})

test('an upload that was made just now waits for its use', async () => {
  const id = await upload('刚上传.csv')
  expect(await removeForgottenUploads(platform, new Date(platform.clock().getTime() - 1000))).toBe(0)
  expect(existsSync(platform.files.path(id))).toBe(true)
})
