-- 机构: regions, users, roles, sessions, overlay areas.

-- Reference table: the national 12-digit codes. A code hangs below its prefix (base/region.ts), so a subtree is a range.
create table region (
  code text primary key check (code ~ '^[0-9]{12}$'),
  name text not null,
  full_name text not null,
  level text not null check (level in ('country', 'province', 'city', 'county', 'township', 'village')),
  parent_code text,
  selectable boolean not null default true,
  has_children boolean not null default false,
  initials text not null,
  year_from integer not null,
  year_to integer,
  successor_code text
);

select app.replicate('region');

create index region_parent on region (parent_code, code);

grant select, insert, update on region to liangxin_app;

-- Local tables: one copy, no county.
create table account (
  id uuid primary key,
  account text not null unique,
  name text not null,
  sort_key text not null,
  phone_sealed text,
  state text not null check (state in ('invited', 'active', 'suspended')),
  state_reason text,
  password_hash text,
  password_set_at timestamptz,
  earlier_hashes text[] not null default '{}',
  totp_secret text,
  totp_confirmed_at timestamptz,
  totp_last_step integer,
  recovery_hashes text[] not null default '{}',
  last_sign_in_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

grant select, insert, update on account to liangxin_app;

create table role (
  id uuid primary key,
  name text not null unique,
  description text not null default '',
  built_in boolean not null default false,
  second_factor_required boolean not null default false,
  permissions text[] not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

grant select, insert, update, delete on role to liangxin_app;

create table account_role (
  account_id uuid not null references account (id) on delete cascade,
  role_id uuid not null references role (id),
  primary key (account_id, role_id)
);

grant select, insert, delete on account_role to liangxin_app;

create table account_region (
  account_id uuid not null references account (id) on delete cascade,
  region_code text not null check (region_code ~ '^[0-9]{12}$'),
  -- The digits of the code that say something: what lies below it begins with them.
  prefix text not null,
  excluded boolean not null default false,
  primary key (account_id, region_code)
);

grant select, insert, delete on account_region to liangxin_app;

create table session (
  id uuid primary key,
  token_hash text not null unique,
  account_id uuid not null references account (id) on delete cascade,
  address text not null,
  user_agent text not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);

create index session_account on session (account_id);

grant select, insert, update, delete on session to liangxin_app;

-- Set-up, invitation and password-reset links: used once, kept as hashes.
create table account_link (
  token_hash text primary key,
  purpose text not null check (purpose in ('setUp', 'invite', 'reset')),
  account_id uuid references account (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

grant select, insert, update, delete on account_link to liangxin_app;

-- Failed sign-ins, for the lock of an account and of an address.
create table sign_in_failure (
  id uuid primary key,
  -- Keyed hash of what was typed as the account, which may have been a password.
  account_hash text not null,
  address text not null,
  at timestamptz not null
);

create index sign_in_failure_account on sign_in_failure (account_hash, at);

create index sign_in_failure_address on sign_in_failure (address, at);

grant select, insert, delete on sign_in_failure to liangxin_app;

-- County table: overlay areas (parks, buildings, business circles, professional markets).
create table place (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  kind text not null check (kind in ('park', 'building', 'businessCircle', 'specializedMarket')),
  name text not null,
  name_key text not null,
  sort_key text not null,
  level text,
  address text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (county_code, id),
  unique (county_code, kind, name_key)
);

select app.distribute('place');

select app.protect('place', true);
