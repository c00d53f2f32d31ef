-- 同步: economic events and the steps of Party building that they open.

-- Versions of a template in a county: its own, changed built-in ones, and which are in use; without a row a built-in one is off.
create table sync_template (
  county_code text not null,
  key text not null,
  version integer not null check (version > 0),
  told jsonb not null,
  in_use boolean not null,
  effective_on date not null,
  reason text not null,
  author text not null,
  at timestamptz not null,
  primary key (county_code, key, version)
);

select app.distribute('sync_template');

select app.protect_append_only('sync_template');

-- Days off and days worked instead, over weekends; the built-in ones are in src/sync/calendar.ts.
create table sync_day (
  county_code text not null,
  day date not null,
  off boolean not null,
  source text not null,
  author text not null,
  at timestamptz not null,
  primary key (county_code, day)
);

select app.distribute('sync_day');

select app.protect('sync_day', false);

-- How far the ledger of a county was looked through for events.
create table sync_follow (
  county_code text not null primary key,
  seen_at timestamptz not null,
  seen_id uuid not null
);

select app.distribute('sync_follow');

select app.protect('sync_follow', false);

-- An event by a template as it was then (told). event_key keeps the ledger's events from being opened twice.
create table sync_event (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  template_key text not null,
  told jsonb not null,
  title text not null,
  unit_id uuid,
  event_key text not null,
  on_day date not null,
  milestones jsonb not null default '{}',
  state text not null check (state in ('open', 'done', 'cancelled')),
  source text not null check (source in ('ledger', 'hand')),
  cancelled_reason text,
  author text not null,
  at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('sync_event');

create unique index sync_event_once on sync_event (county_code, template_key, event_key);

create index sync_event_id on sync_event (id);

create index sync_event_unit on sync_event (county_code, unit_id);

select app.protect('sync_event', true);

-- A step that an event opens; it waits until its milestone is reached.
create table sync_item (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  event_id uuid not null,
  key text not null,
  title text not null,
  place integer not null,
  state text not null check (state in ('waiting', 'open', 'done', 'skipped', 'cancelled')),
  due_on date,
  done_on date,
  note text,
  file_id uuid,
  file_name text,
  author text,
  at timestamptz,
  primary key (county_code, id),
  check (state <> 'open' or due_on is not null)
);

select app.distribute('sync_item');

create index sync_item_event on sync_item (county_code, event_id);

create index sync_item_due on sync_item (county_code, state, due_on);

create index sync_item_id on sync_item (id);

select app.protect('sync_item', true);
