-- 台账: units, dated facts with their sources, departmental files, notes, attachments, saved views.

-- The present values of a unit, chosen from its facts (ledger/survive.ts); everything here can be derived again from fact.
create table unit (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  kind text not null,
  status text not null,
  name text not null,
  name_key text not null,
  sort_key text not null,
  short_name text,
  former_name text,
  uscc text,
  organisation_code text,
  registration_number text,
  is_branch boolean not null default false,
  industry text,
  legal_rep text,
  phone text,
  address text,
  founded_on date,
  staff_count integer,
  insured_count integer,
  tax_status text,
  tax_paid numeric,
  registration_level text,
  supervising_body text,
  member_count integer,
  has_party_org boolean,
  remark text,
  departments text[] not null default '{}',
  search_text text not null,
  search_grams text[] not null,
  withdrawn_at timestamptz,
  withdrawn_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('unit');

create unique index unit_uscc on unit (county_code, uscc) where uscc is not null and withdrawn_at is null;

create index unit_organisation_code on unit (county_code, organisation_code) where organisation_code is not null;

create index unit_registration_number on unit (county_code, registration_number) where registration_number is not null;

create index unit_name_key on unit (county_code, name_key);

-- For accounts of the whole country, whose look-ups name no county.
create index unit_id on unit (id);

-- All that the list filters and sorts by: what a filter finds, counts and orders is read along this, never in the wide rows.
-- Names stand in search_text and sort_key cut to lengths that fit an index (ledger/search.ts).
create index unit_listed on unit (county_code, area_code, kind, status)
  include (id, industry, staff_count, founded_on, uscc, sort_key, updated_at, departments, search_text)
  where withdrawn_at is null;

-- The two orders that are walked from where a page begins, without sorting.
create index unit_sort on unit (county_code, sort_key, id) where withdrawn_at is null;

create index unit_updated on unit (county_code, updated_at, id) where withdrawn_at is null;

create index unit_search on unit using gin (search_grams);

select app.protect('unit', true);

-- Row-level security keeps the planner from using the search index for a role it guards, for the index's operators are not
-- known to keep secrets. This runs as the owner over the counties of the scope and answers identifiers only, no more than
-- asked for; the rows are then read through the guard.
create function app.find_units(grams text[], pattern text, most integer) returns setof uuid
language sql stable security definer set search_path = public as $$
  select u.id from unit u
  where u.search_grams @> grams and u.search_text like pattern
    and (current_setting('role') = 'liangxin_nation'
      or u.county_code = any (string_to_array(current_setting('app.counties', true), ',')))
  limit most
$$;

revoke all on function app.find_units(text[], text, integer) from public;

grant execute on function app.find_units(text[], text, integer) to liangxin_app;

-- A departmental file that was sent.
create table import (
  county_code text not null,
  id uuid not null,
  file_id uuid not null,
  file_name text not null,
  file_sm3 text not null,
  bytes bigint not null,
  department text,
  department_because text,
  profile_used text,
  as_of date not null,
  state text not null,
  format text not null default '',
  sketches jsonb not null default '[]',
  mapping jsonb not null default '[]',
  counts jsonb not null default '{}',
  rules jsonb not null default '[]',
  job_id uuid,
  error text,
  created_by uuid,
  author text not null,
  created_at timestamptz not null,
  committed_at timestamptz,
  undone_at timestamptz,
  undone_reason text,
  primary key (county_code, id)
);

select app.distribute('import');

create index import_created on import (county_code, created_at desc);

create index import_sm3 on import (county_code, file_sm3);

select app.protect('import', false);

-- A row of such a file, as it was sent (ID numbers replaced by keyed hashes before they are stored).
create table source_row (
  county_code text not null,
  id uuid not null,
  import_id uuid not null,
  area_code text not null,
  sheet text not null,
  row_number integer not null,
  cells jsonb not null,
  fields jsonb not null,
  digest text not null,
  name_key text,
  outcome text not null,
  problems jsonb not null default '[]',
  warnings integer not null default 0,
  reason text,
  unit_id uuid,
  linked_by text,
  linked_at timestamptz,
  primary key (county_code, id)
);

select app.distribute('source_row');

alter table source_row add constraint source_row_import foreign key (county_code, import_id) references import (county_code, id) on delete cascade;

create unique index source_row_place on source_row (county_code, import_id, sheet, row_number);

create index source_row_digest on source_row (county_code, digest);

create index source_row_unit on source_row (county_code, unit_id) where unit_id is not null;

create index source_row_outcome on source_row (county_code, import_id, outcome, sheet, row_number);

select app.protect('source_row', true);

-- One value of one field of one unit from one department, from a day to a day. No foreign key to unit: the check would
-- take four fifths of the time of an import (decision 0004); ledger/apply.ts is the only writer and removes facts before units.
create table fact (
  county_code text not null,
  id uuid not null,
  unit_id uuid not null,
  area_code text not null,
  field text not null,
  value text not null,
  department text not null,
  import_id uuid,
  source_row_id uuid,
  valid_from date not null,
  valid_to date,
  closed_by_import_id uuid,
  recorded_at timestamptz not null,
  recorded_by text not null,
  reason text,
  primary key (county_code, id),
  check (valid_to is null or valid_to >= valid_from)
);

select app.distribute('fact');

create index fact_unit_field on fact (county_code, unit_id, field);

create index fact_import on fact (county_code, import_id) where import_id is not null;

create index fact_closed_by on fact (county_code, closed_by_import_id) where closed_by_import_id is not null;

select app.protect('fact', true);

-- Which columns of which department's file fill which fields; remembered by the header's words.
create table import_profile (
  county_code text not null,
  id uuid not null,
  department text not null,
  signature text not null,
  titles jsonb not null,
  fields jsonb not null,
  used_at timestamptz not null,
  primary key (county_code, id),
  unique (county_code, department, signature)
);

select app.distribute('import_profile');

select app.protect('import_profile', false);

create table unit_place (
  county_code text not null,
  unit_id uuid not null,
  place_id uuid not null,
  area_code text not null,
  primary key (county_code, unit_id, place_id)
);

select app.distribute('unit_place');

alter table unit_place add constraint unit_place_unit foreign key (county_code, unit_id) references unit (county_code, id) on delete cascade;

alter table unit_place add constraint unit_place_place foreign key (county_code, place_id) references place (county_code, id) on delete cascade;

create index unit_place_place_unit on unit_place (county_code, place_id, unit_id);

select app.protect('unit_place', true);

create table unit_note (
  county_code text not null,
  id uuid not null,
  unit_id uuid not null,
  area_code text not null,
  body text not null,
  author_id uuid,
  author text not null,
  at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('unit_note');

alter table unit_note add constraint unit_note_unit foreign key (county_code, unit_id) references unit (county_code, id) on delete cascade;

create index unit_note_at on unit_note (county_code, unit_id, at);

select app.protect('unit_note', true);

create table unit_attachment (
  county_code text not null,
  id uuid not null,
  unit_id uuid not null,
  area_code text not null,
  file_id uuid not null,
  file_name text not null,
  bytes bigint not null,
  author_id uuid,
  author text not null,
  at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('unit_attachment');

alter table unit_attachment add constraint unit_attachment_unit foreign key (county_code, unit_id) references unit (county_code, id) on delete cascade;

create index unit_attachment_at on unit_attachment (county_code, unit_id, at);

select app.protect('unit_attachment', true);

-- Local table: a person's own views of the list.
create table saved_view (
  id uuid primary key,
  owner_id uuid not null,
  name text not null,
  filter jsonb not null,
  columns jsonb not null,
  sort text not null,
  sort_order text not null,
  created_at timestamptz not null,
  unique (owner_id, name)
);

grant select, insert, update, delete on saved_view to liangxin_app;
