import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { Problem } from '../base/problem.ts'

/** Everything that the environment decides; `.env.example` says the same to the operator. */
export interface Config {
  /** Absolute path of what the platform keeps: embedded database, files, key, checkpoints. */
  dataDir: string
  port: number
  host: string
  /** Null: the embedded database in `dataDir`. */
  databaseUrl: string | null
  /** `https://…` as browsers see it; null: whatever address was asked for, without TLS. */
  publicOrigin: string | null
  /** Addresses of reverse proxies whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[]
  /** 32 bytes: keyed hashes of ID numbers, TOTP secrets, journal checkpoints, download tickets. */
  secretKey: Buffer
  /** Signed journal checkpoints; best kept on another disk. */
  checkpointDir: string
  /** Where the embedded database's daily backups go; best on another disk. */
  backupDir: string
  /** How many days a file that a job left (an export, a report) can be downloaded before it is removed. */
  exportDays: number
  /** Name of the office in charge, e.g. 县委社会工作部 (before 2023 组织部 or 两新工委): a setting, never a constant. */
  ownerOffice: string
}

const portWords = 'PORT 应为 0 至 65535 的整数'
const daysWords = 'EXPORT_DAYS 应为 1 至 365 的整数'

const shape = z.object({
  DATA_DIR: z.string().default('./data'),
  PORT: z.coerce.number(portWords).int(portWords).min(0, portWords).max(65535, portWords).default(8080),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'DATABASE_URL 应以 postgres:// 开头，例如 postgres://用户:密码@主机:5432/库名')
    .optional(),
  PUBLIC_ORIGIN: z
    .string()
    .regex(/^https?:\/\/[^/]+$/, 'PUBLIC_ORIGIN 应为 https://主机[:端口]，末尾不带斜线')
    .optional(),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((one) => (one.trim() ? [one.trim()] : [])))
    .refine((list) => list.every((one) => isIP(one) > 0), 'TRUSTED_PROXIES 应为以逗号分隔的 IP 地址'),
  SECRET_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'SECRET_KEY 应为 64 位十六进制数（32 字节随机数）')
    .optional(),
  CHECKPOINT_DIR: z.string().optional(),
  BACKUP_DIR: z.string().optional(),
  EXPORT_DAYS: z.coerce.number(daysWords).int(daysWords).min(1, daysWords).max(365, daysWords).default(7),
  OWNER_OFFICE: z.string().max(40, 'OWNER_OFFICE 不能超过 40 个字').default('党委社会工作部'),
})

/** Reads the environment (and `${DATA_DIR}/secret.key`, made at first start). @throws Problem naming every bad setting. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const read = shape.safeParse(filled)
  if (!read.success) {
    throw new Problem('invalid', `环境设置有误：${read.error.issues.map((issue) => issue.message).join('；')}。`)
  }
  const dataDir = resolve(read.data.DATA_DIR)
  const checkpointDir = resolve(read.data.CHECKPOINT_DIR ?? join(dataDir, 'checkpoints'))
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return {
    dataDir,
    port: read.data.PORT,
    host: read.data.HOST,
    databaseUrl: read.data.DATABASE_URL ?? null,
    publicOrigin: read.data.PUBLIC_ORIGIN ?? null,
    trustedProxies: read.data.TRUSTED_PROXIES,
    secretKey: read.data.SECRET_KEY ? strongKey(read.data.SECRET_KEY) : keptKey(dataDir, checkpointDir),
    checkpointDir,
    backupDir: resolve(read.data.BACKUP_DIR ?? join(dataDir, 'backups')),
    exportDays: read.data.EXPORT_DAYS,
    ownerOffice: read.data.OWNER_OFFICE,
  }
}

function strongKey(hex: string): Buffer {
  const key = Buffer.from(hex, 'hex')
  if (new Set(key).size < 12) throw new Problem('invalid', 'SECRET_KEY 太简单，请用 openssl rand -hex 32 生成。')
  return key
}

/** The key in the data directory, made at the very first start. Never made anew beside data that another key sealed. */
function keptKey(dataDir: string, checkpointDir: string): Buffer {
  const path = join(dataDir, 'secret.key')
  if (!existsSync(path)) {
    if (existsSync(join(dataDir, 'database')) || existsSync(join(checkpointDir, 'journal.jsonl'))) {
      throw new Problem(
        'invalid',
        `数据还在，密钥文件 ${path} 却不见了。请把另存的 secret.key 放回原处，或设 SECRET_KEY。`,
      )
    }
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new Problem('invalid', `密钥文件 ${path} 别的账号也能读。请执行 chmod 600 ${path}。`)
  }
  const text = readFileSync(path, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new Problem('invalid', `密钥文件 ${path} 损坏，请放回另存的那一份。`)
  return strongKey(text)
}
