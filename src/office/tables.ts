/** Rows of the tables that the office room owns (migrations/0003-office.sql). */
export type OfficeTables = {
  region: RegionTable
  account: AccountTable
  role: RoleTable
  account_role: { account_id: string; role_id: string }
  account_region: { account_id: string; region_code: string; prefix: string; excluded: boolean }
  session: SessionTable
  account_link: AccountLinkTable
  sign_in_failure: { id: string; account_hash: string; address: string; at: Date }
  place: PlaceTable
}

export interface RegionTable {
  code: string
  name: string
  full_name: string
  level: 'country' | 'province' | 'city' | 'county' | 'township' | 'village'
  parent_code: string | null
  selectable: boolean
  has_children: boolean
  initials: string
  year_from: number
  year_to: number | null
  successor_code: string | null
}

export interface AccountTable {
  id: string
  account: string
  name: string
  sort_key: string
  phone_sealed: string | null
  state: 'invited' | 'active' | 'suspended'
  state_reason: string | null
  password_hash: string | null
  password_set_at: Date | null
  earlier_hashes: string[]
  totp_secret: string | null
  totp_confirmed_at: Date | null
  totp_last_step: number | null
  recovery_hashes: string[]
  last_sign_in_at: Date | null
  created_at: Date
  updated_at: Date
}

export interface RoleTable {
  id: string
  name: string
  description: string
  built_in: boolean
  second_factor_required: boolean
  permissions: string[]
  created_at: Date
  updated_at: Date
}

interface SessionTable {
  id: string
  token_hash: string
  account_id: string
  address: string
  user_agent: string
  created_at: Date
  last_seen_at: Date
  expires_at: Date
}

export interface AccountLinkTable {
  token_hash: string
  purpose: 'setUp' | 'invite' | 'reset'
  account_id: string | null
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

export interface PlaceTable {
  county_code: string
  id: string
  area_code: string
  kind: 'park' | 'building' | 'businessCircle' | 'specializedMarket'
  name: string
  name_key: string
  sort_key: string
  level: string | null
  address: string | null
  created_at: Date
  updated_at: Date
}
