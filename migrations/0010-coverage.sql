-- 覆盖: which units changed, the state of every unit from day to day, the named ratios, what is summed up, what was submitted.

-- County table, the host's (host/touch.ts): units that a lower room wrote to, until the coverage room has read them. Rows are
-- only added and taken away, so that writers never wait for one another.
create table touch (
  county_code text not null,
  id uuid not null,
  unit_ids uuid[] not null,
  at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('touch');

select app.protect('touch', false);

-- What is in the ledger already is looked at once, as if it had just been written.
insert into touch (county_code, id, unit_ids, at)
select county_code, gen_random_uuid(), array_agg(id), now()
from (select county_code, id, (row_number() over (partition by county_code order by id) - 1) / 200 as part from unit) listed
group by county_code, part;

-- How far a county has been worked out. Days before `day` are closed: no row that tells of them changes any more.
create table coverage_county (
  county_code text not null primary key,
  day date not null,
  -- The day of the first build, which alone may tell of days before itself; null while it goes on.
  opened_on date,
  -- When the last of the rules that its rows are worked out with was changed.
  settings_known timestamptz(3),
  -- How many places of its sums are filled.
  slots_known integer not null default 0,
  -- Where an identity between its sums does not hold: [{area, key}]; looked at again with every change.
  broken jsonb not null default '[]'
);

select app.distribute('coverage_county');

select app.protect('coverage_county', false);

-- A unit in scope, from a day to a day (src/coverage/condition-contract.ts says what the columns mean). next_turn: the first
-- day on which something dated may change the last row.
create table unit_state (
  county_code text not null,
  unit_id uuid not null,
  valid_from date not null,
  valid_to date,
  area_code text not null,
  next_turn date,
  kind text not null,
  in_operation boolean not null,
  is_target boolean not null,
  small_micro boolean,
  industry text,
  ownership text,
  staff integer,
  formal integer not null,
  probationary integer not null,
  known_elsewhere integer not null,
  members_over_staff boolean,
  state text not null,
  lack text,
  own_kind text,
  due boolean not null,
  joint_units integer,
  joint_over boolean not null,
  has_instructor boolean not null,
  has_liaison boolean not null,
  has_union boolean not null,
  has_league boolean not null,
  term_over boolean not null,
  term_soon boolean not null,
  charter boolean,
  secretary_in_management boolean,
  committee_posts integer,
  cross_posts integer,
  in_base boolean not null,
  professional boolean not null,
  step text not null,
  primary key (county_code, unit_id, valid_from),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('unit_state');

create unique index unit_state_now on unit_state (county_code, unit_id) where valid_to is null;

create index unit_state_area on unit_state (county_code, area_code, unit_id);

create index unit_state_turn on unit_state (county_code, next_turn) where valid_to is null and next_turn is not null;

-- For accounts of the whole country, whose look-ups name no county.
create index unit_state_unit on unit_state (unit_id);

select app.protect('unit_state', true);

-- Sums over the units of an area (a township, or the county's own code for units that name none; '*': the whole county) at
-- the end of a day, one number a slot (src/coverage/definitions.ts). A row for every month's end, and for days of change.
create table rollup (
  county_code text not null,
  area_code text not null,
  day date not null,
  counts integer[] not null,
  primary key (county_code, area_code, day)
);

select app.distribute('rollup');

create index rollup_day on rollup (area_code, day, county_code);

select app.protect('rollup', true);

-- Reference table: versions of ratios that the office defined, beside those that are built in.
create table coverage_ratio (
  key text not null,
  version integer not null,
  slot integer not null unique,
  told jsonb not null,
  effective_from date not null,
  author text not null,
  defined_at timestamptz not null,
  primary key (key, version)
);

select app.replicate('coverage_ratio');

grant select, insert on coverage_ratio to liangxin_app;

-- Reference table: ratios that are no longer answered, from a day on.
create table coverage_ratio_retired (
  key text not null primary key,
  retired_from date not null,
  reason text not null,
  author text not null,
  at timestamptz not null
);

select app.replicate('coverage_ratio_retired');

grant select, insert on coverage_ratio_retired to liangxin_app;

-- Reference table: numbers of the rules that the office changed, each from a day on.
create table coverage_setting (
  key text not null,
  effective_from date not null,
  value integer not null,
  source text not null,
  author text not null,
  changed_at timestamptz not null,
  primary key (key, effective_from)
);

select app.replicate('coverage_setting');

grant select, insert, update on coverage_setting to liangxin_app;

-- What the office itself states of a unit, from a day to a day.
create table unit_mark (
  county_code text not null,
  id uuid not null,
  unit_id uuid not null,
  kind text not null check (kind in ('base', 'dueByPlan', 'professional')),
  valid_from date not null,
  valid_to date,
  source text not null,
  author text not null,
  at timestamptz not null,
  primary key (county_code, id),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('unit_mark');

create index unit_mark_unit on unit_mark (county_code, unit_id);

select app.protect('unit_mark', false);

-- A month's figures as a county or a township sent them up. area_code: the township, or the county itself.
create table coverage_snapshot (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  period text not null check (period ~ '^\d{4}-\d{2}$'),
  as_of date not null,
  version integer not null,
  basis text not null check (basis in ('closed', 'restated')),
  state text not null check (state in ('draft', 'submitted', 'approved', 'locked', 'returned')),
  content jsonb not null,
  steps jsonb not null default '[]',
  reason text,
  prepared_by uuid,
  prepared_by_name text not null,
  prepared_at timestamptz not null,
  submitted_by uuid,
  submitted_by_name text,
  submitted_at timestamptz,
  primary key (county_code, id),
  unique (county_code, area_code, period, version)
);

select app.distribute('coverage_snapshot');

create index coverage_snapshot_period on coverage_snapshot (county_code, period, state);

select app.protect('coverage_snapshot', true);
