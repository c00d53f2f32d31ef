/** A permission as the role screen lists it: its string, its Chinese words, the room it belongs to. */
interface Permission {
  name: string
  title: string
  room: string
}

/** What an operator may set. */
export interface OfficeLimits {
  /** A session without a request for so long is over. Source: 等保 GB/T 22239-2019 8.1.4.1 b. */
  idleMinutes: number
  /** A session is over after so long whatever happens. */
  sessionHours: number
  /** A password older than this must be changed before anything else is done; 0 for never. */
  passwordDays: number
  /** Regions of the account made by the set-up link. */
  setUpRegions: readonly string[]
}

export interface OfficeSettings extends OfficeLimits {
  /** Every permission of every room; the office lies below the rooms and cannot look for itself. */
  permissions: readonly Permission[]
}

const defaults: OfficeLimits = { idleMinutes: 30, sessionHours: 12, passwordDays: 90, setUpRegions: ['000000000000'] }

let current: OfficeSettings | undefined

/**
 * Called once by each door, before anything else of the office: the permissions of all rooms, under each room's Chinese name.
 *
 * ```ts
 * configureOffice({ 机构: officePermissions, 台账: ledgerPermissions, 比对: linkagePermissions })
 * ```
 */
export function configureOffice(
  rooms: Record<string, Readonly<Record<string, string>>>,
  limits: Partial<OfficeLimits> = {},
): void {
  const permissions = Object.entries(rooms).flatMap(([room, words]) =>
    Object.entries(words).map(([name, title]) => ({ name, title, room })),
  )
  current = { ...defaults, ...limits, permissions }
}

/** The settings in force. Throws when a door forgot `configureOffice`: our bug. */
export function officeSettings(): OfficeSettings {
  if (!current) throw new Error('configureOffice was not called')
  return current
}
