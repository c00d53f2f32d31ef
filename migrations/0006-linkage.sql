-- 比对: keys by which rows find each other, links as events, decisions for ever, redirects, models of weights.

-- A key of a row (or, with the unit's own id as holder, of what was typed by hand). Which unit a row belongs to stands in
-- source_row alone, so that no link can be in two places. A key too many only proposes a pair too many.
create table link_key (
  county_code text not null,
  key bigint not null,
  holder uuid not null,
  primary key (county_code, key, holder)
);

select app.distribute('link_key');

select app.protect('link_key', false);

-- Up to when a county's units typed or corrected by hand have their keys, and which keys and weights it works with.
create table link_state (
  county_code text not null,
  keyed_until timestamptz,
  model_version integer not null default 0,
  primary key (county_code)
);

select app.distribute('link_state');

select app.protect('link_state', false);

-- A row came to a unit, left one, or went from one to another. Never changed: what undoes an event is an event. `gone`: facts
-- that a person's change left nobody to say, which come back with it.
create table link_event (
  county_code text not null,
  id uuid not null,
  source_row_id uuid,
  from_unit uuid,
  to_unit uuid,
  cause text not null check (cause in ('import', 'decision', 'relink', 'undo', 'merge', 'unmerge')),
  linked_by text,
  probability real,
  weight real,
  waterfall jsonb,
  model_version integer not null,
  undoes uuid,
  gone jsonb,
  reason text,
  by_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('link_event');

create index link_event_row on link_event (county_code, source_row_id) where source_row_id is not null;

create index link_event_from on link_event (county_code, from_unit) where from_unit is not null;

create index link_event_to on link_event (county_code, to_unit) where to_unit is not null;

select app.protect_append_only('link_event');

-- What a person said of a row and a unit, kept until a person takes it back. `subject` is a digest of what the row says of
-- who it is, so that the same row in next month's file is known again.
create table link_decision (
  county_code text not null,
  id uuid not null,
  kind text not null check (kind in ('must', 'cannot')),
  subject text not null,
  source_row_id uuid not null,
  unit_id uuid not null,
  origin text not null check (origin in ('queue', 'unmerge')),
  origin_id uuid,
  dropped_code text,
  reason text,
  by_id uuid,
  by_name text not null,
  at timestamptz not null,
  undone_at timestamptz,
  undone_by text,
  primary key (county_code, id)
);

select app.distribute('link_decision');

create index link_decision_subject on link_decision (county_code, subject) where undone_at is null;

create index link_decision_row on link_decision (county_code, source_row_id) where undone_at is null;

create index link_decision_unit on link_decision (county_code, unit_id) where undone_at is null;

create index link_decision_origin on link_decision (county_code, origin_id) where origin_id is not null;

select app.protect('link_decision', false);

-- A unit that a person found to be another one: who asks for the one is sent to the other. `undo` holds what a return needs.
create table link_redirect (
  county_code text not null,
  from_unit uuid not null,
  to_unit uuid not null,
  reason text not null,
  source_rows uuid[] not null,
  typed_facts uuid[] not null,
  gone jsonb not null,
  by_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (county_code, from_unit)
);

select app.distribute('link_redirect');

create index link_redirect_to on link_redirect (county_code, to_unit);

select app.protect('link_redirect', false);

-- Weights estimated from the county's own pairs. Never removed: events name the version that they were made with.
create table link_model (
  county_code text not null,
  version integer not null,
  model jsonb not null,
  report jsonb not null,
  state text not null check (state in ('offered', 'active', 'retired', 'refused')),
  by_name text not null,
  at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  primary key (county_code, version)
);

select app.distribute('link_model');

select app.protect('link_model', false);

-- A full run of linking tried without doing it: the rows that it would place otherwise. Rows of one part change together.
create table link_rehearsal (
  county_code text not null,
  source_row_id uuid not null,
  part integer not null,
  from_unit uuid,
  outcome jsonb not null,
  primary key (county_code, source_row_id)
);

select app.distribute('link_rehearsal');

create index link_rehearsal_part on link_rehearsal (county_code, part);

select app.protect('link_rehearsal', false);

alter table queue_item add column claimed_by uuid;

alter table queue_item add column claimed_by_name text;

alter table queue_item add column claimed_until timestamptz;

alter table queue_item add column probability real;

-- For the facts that people typed since linking last looked.
create index fact_by_hand on fact (county_code, recorded_at) where import_id is null;
