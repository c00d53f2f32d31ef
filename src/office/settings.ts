import type { Config } from '../host/config.ts'

/** A permission as the role screen lists it: its string, its Chinese words, the room it belongs to. */
export interface Permission {
  name: string
  title: string
  room: string
}

/** What the doors tell the office: what it may not find out for itself because it lies above it, and what is a setting. */
export interface OfficeSettings {
  /** Every permission of every room. */
  permissions: readonly Permission[]
  /** 32 bytes; seals TOTP secrets and telephone numbers, keys the hashes of recovery codes. */
  secretKey: Buffer
  ownerOffice: string
  /** `https://…` as browsers see it, without a slash at the end; null when not configured. */
  publicOrigin: string | null
  /** Where the process listens, for links printed on the command line when there is no public origin. */
  localOrigin: string
  /** A session without a request for so long is over. Source: 等保 GB/T 22239-2019 8.1.4.1 b. */
  idleMinutes: number
  /** A session is over after so long whatever happens. */
  sessionHours: number
  /** A password older than this must be changed before anything else is done; 0 for never. */
  passwordDays: number
  /** Regions of the account made by the set-up link. */
  setUpRegions: readonly string[]
}

const defaults = { idleMinutes: 30, sessionHours: 12, passwordDays: 90, setUpRegions: ['000000000000'] }

let current: OfficeSettings | undefined

/** Called once by each door before anything else of the office is used; `more` overrides single settings. */
export function configureOffice(
  config: Pick<Config, 'secretKey' | 'ownerOffice' | 'publicOrigin' | 'host' | 'port'>,
  permissions: readonly Permission[],
  more: Partial<OfficeSettings> = {},
): void {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  current = {
    ...defaults,
    permissions,
    secretKey: config.secretKey,
    ownerOffice: config.ownerOffice,
    publicOrigin: config.publicOrigin,
    localOrigin: `http://${host}:${config.port}`,
    ...more,
  }
}

/** The settings in force. Throws when a door forgot `configureOffice`: our bug. */
export function settings(): OfficeSettings {
  if (!current) throw new Error('configureOffice was not called')
  return current
}
