-- 组建: decision tables and numbers of a county, where units stand, wishes, plans and what was approved of them.

-- Versions of the decision table that a county made of its own; without a row the built-in table holds.
create table forming_decisions (
  county_code text not null,
  version integer not null check (version > 0),
  rows jsonb not null,
  reason text not null,
  author text not null,
  at timestamptz not null,
  primary key (county_code, version)
);

select app.distribute('forming_decisions');

select app.protect_append_only('forming_decisions');

-- Numbers that the planner obeys, each from a day on, over the built-in ones.
create table forming_setting (
  county_code text not null,
  key text not null,
  effective_on date not null,
  value integer not null,
  source text not null,
  author text not null,
  changed_at timestamptz not null,
  primary key (county_code, key, effective_on)
);

select app.distribute('forming_setting');

select app.protect('forming_setting', false);

-- Coordinates of a unit as they were imported or surveyed; what is inferred from addresses is never written here.
create table forming_place (
  county_code text not null,
  unit_id uuid not null,
  longitude double precision not null,
  latitude double precision not null,
  accuracy_metres integer not null check (accuracy_metres >= 0),
  source text not null,
  surveyed_on date not null,
  author text not null,
  at timestamptz not null,
  primary key (county_code, unit_id)
);

select app.distribute('forming_place');

select app.protect('forming_place', false);

-- The address of a service that finds coordinates for addresses; without a row none is asked.
create table forming_geocoder (
  county_code text not null primary key,
  url text not null,
  accuracy_metres integer not null,
  author text not null,
  at timestamptz not null
);

select app.distribute('forming_geocoder');

select app.protect('forming_geocoder', false);

-- Units that refused, pairs that must or must not be in one group.
create table forming_wish (
  county_code text not null,
  id uuid not null,
  kind text not null check (kind in ('refused', 'together', 'apart')),
  unit_id uuid not null,
  other_id uuid,
  reason text not null,
  author text not null,
  at timestamptz not null,
  primary key (county_code, id),
  check ((kind = 'refused') = (other_id is null))
);

select app.distribute('forming_wish');

create index forming_wish_unit on forming_wish (county_code, unit_id);

select app.protect('forming_wish', false);

-- A plan: what was planned for (units, hosts, wishes, numbers as of then), the best groups so far, and how good they are.
-- area_code: the township, or the county itself.
create table forming_plan (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  title text not null,
  state text not null check (state in ('running', 'ready', 'approved', 'failed')),
  phase text not null,
  done double precision not null,
  job_id uuid,
  revision integer not null default 0,
  seed integer not null,
  passes integer not null,
  input jsonb not null default '{}',
  plan jsonb,
  bound jsonb,
  units integer not null default 0,
  guessed integer not null default 0,
  groups integer not null default 0,
  left_over integer not null default 0,
  flagged integer not null default 0,
  metres double precision not null default 0,
  approved integer not null default 0,
  author text not null,
  created_at timestamptz not null,
  error text,
  primary key (county_code, id)
);

select app.distribute('forming_plan');

create index forming_plan_created on forming_plan (county_code, created_at desc);

create index forming_plan_id on forming_plan (id);

select app.protect('forming_plan', true);

-- A group of a plan that was approved: an organisation is to be formed of it, or units join an existing one (host_org_id).
create table forming_proposal (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  plan_id uuid not null,
  state text not null check (state in ('approved')),
  lead_id uuid not null,
  host_org_id uuid,
  unit_ids uuid[] not null,
  members integer not null,
  reason text,
  approved_by text not null,
  approved_at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('forming_proposal');

create unique index forming_proposal_group on forming_proposal (county_code, plan_id, lead_id);

create index forming_proposal_units on forming_proposal using gin (unit_ids);

create index forming_proposal_id on forming_proposal (id);

select app.protect('forming_proposal', true);
