-- 取值与甄别: which department's value is taken for each field, what counts as being in real operation and as a target, the
-- answers kept on each unit, and indexes for counting them.

-- The office's own rules, version after version; without a row the defaults of the program hold (ledger/survive.ts,
-- ledger/funnel-rules.ts). The version in force on a day is the newest of those that hold from that day or before.
create table ledger_rules (
  county_code text not null,
  id uuid not null,
  kind text not null check (kind in ('survivorship', 'funnel')),
  version integer not null,
  value jsonb not null,
  effective_from date not null,
  reason text not null,
  by_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (county_code, id),
  unique (county_code, kind, version)
);

select app.distribute('ledger_rules');

select app.protect_append_only('ledger_rules');

-- With which rules, month and files in hand a county's units were last derived, and how far the present round has come
-- (ledger/rederive.ts). Units written since target_at are derived for the target already. `due`: a file came or went, so that
-- somebody must see whether a round is needed.
create table ledger_state (
  county_code text not null,
  derived_by text not null default '',
  target text not null default '',
  target_at timestamptz,
  cursor uuid,
  due boolean not null default true,
  primary key (county_code)
);

select app.distribute('ledger_state');

select app.protect('ledger_state', false);

insert into ledger_state (county_code) select distinct county_code from unit;

-- ownership: 控股情况; null where nothing tells. conflicts: fields of which departments differ.
alter table unit
  add column ownership text,
  add column enterprise_type text,
  add column annual_report integer,
  add column has_premises boolean,
  add column in_operation boolean not null default false,
  add column operating_because jsonb not null default '[]',
  add column drop_reason text,
  add column is_target boolean not null default false,
  add column conflicts text[] not null default '{}';

create index unit_funnel on unit (county_code, area_code, drop_reason) where withdrawn_at is null;

create index unit_withdrawn on unit (county_code, area_code) where withdrawn_at is not null;

drop index unit_listed;

create index unit_listed on unit (county_code, area_code, kind, status)
  include (id, industry, staff_count, founded_on, uscc, sort_key, updated_at, departments, search_text, drop_reason, ownership, conflicts)
  where withdrawn_at is null;

-- How many rows and units hang together, and when a department last spoke of a unit, without reading the wide rows.
drop index source_row_unit;

create index source_row_unit on source_row (county_code, unit_id, import_id) include (area_code) where unit_id is not null;

create index source_row_loose on source_row (county_code, outcome, import_id) include (area_code) where unit_id is null;
