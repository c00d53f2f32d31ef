-- 党组织: organisations and what is so of them from a day to a day, half-open: parents, units covered, posts, terms; contacts
-- and charter clauses of units; every change with the rows it wrote, so that it can be taken back.

-- An organisation. What changes with time is in party_org_version; kind, forming_mode, name and area_code here are the latest.
create table party_org (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  kind text not null check (kind in ('partyCommittee', 'generalBranch', 'branch', 'jointBranch', 'temporary', 'floating',
    'functional', 'composite', 'industry')),
  forming_mode text not null check (forming_mode in ('solo', 'joint', 'regional', 'industry', 'attached',
    'leadingEnterprise', 'inMembers', 'inCouncil', 'project', 'temporary', 'floating', 'functional', 'fallback')),
  -- What the organisation rests on: a unit of the ledger, or a park, industry, project, association … in words.
  base_kind text not null check (base_kind in ('unit', 'place', 'industry', 'association', 'project', 'other')),
  base_unit_id uuid,
  base_text text,
  name text not null,
  -- As on the seal: 中共…支部委员会.
  full_name text not null,
  name_key text not null,
  full_name_key text not null,
  sort_key text not null,
  search_text text not null,
  code text,
  founded_on date not null,
  approval_no text,
  approved_on date,
  -- When the project or body ends that a temporary or project organisation was formed for.
  planned_end date,
  -- First day on which it is no more.
  dissolved_on date,
  dissolved_reason text,
  premises text,
  premises_area_m2 numeric(10, 1),
  remark text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (county_code, id),
  check (dissolved_on is null or dissolved_on >= founded_on)
);

select app.distribute('party_org');

create unique index party_org_code on party_org (county_code, code) where code is not null;

create index party_org_listed on party_org (county_code, sort_key, id);

create index party_org_name on party_org (county_code, name_key);

create index party_org_full_name on party_org (county_code, full_name_key);

-- For accounts of the whole country, whose look-ups name no county.
create index party_org_id on party_org (id);

select app.protect('party_org', true);

-- The name, kind and mode of forming that an organisation had from a day to a day.
create table party_org_version (
  county_code text not null,
  id uuid not null,
  org_id uuid not null,
  area_code text not null,
  kind text not null,
  forming_mode text not null,
  name text not null,
  full_name text not null,
  valid_from date not null,
  valid_to date,
  reason text,
  primary key (county_code, id),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('party_org_version');

alter table party_org_version add constraint party_org_version_org foreign key (county_code, org_id) references party_org (county_code, id) on delete cascade;

create unique index party_org_version_from on party_org_version (county_code, org_id, valid_from);

select app.protect('party_org_version', true);

-- Whom an organisation is under: 隶属 (leadership, one a day) or 业务指导 (guidance, any number). The parent is an organisation
-- of this or another county, or one that is not kept here, by name alone. parent_name: as it was said, for whoever may not
-- see the parent's row.
create table party_org_line (
  county_code text not null,
  id uuid not null,
  org_id uuid not null,
  line text not null check (line in ('leadership', 'guidance')),
  parent_county_code text,
  parent_id uuid,
  parent_name text not null,
  valid_from date not null,
  valid_to date,
  primary key (county_code, id),
  check ((parent_id is null) = (parent_county_code is null)),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('party_org_line');

alter table party_org_line add constraint party_org_line_org foreign key (county_code, org_id) references party_org (county_code, id) on delete cascade;

create unique index party_org_line_one on party_org_line (county_code, org_id) where line = 'leadership' and valid_to is null;

create index party_org_line_org_id on party_org_line (county_code, org_id);

create index party_org_line_parent on party_org_line (parent_id) where parent_id is not null;

select app.protect('party_org_line', false);

-- An organisation covers a unit. Ends at the latest when the organisation does.
create table party_cover (
  county_code text not null,
  id uuid not null,
  org_id uuid not null,
  unit_id uuid not null,
  mode text not null check (mode in ('own', 'joint', 'regional', 'industry', 'attached', 'fallback')),
  valid_from date not null,
  valid_to date,
  reason text,
  primary key (county_code, id),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('party_cover');

alter table party_cover add constraint party_cover_org foreign key (county_code, org_id) references party_org (county_code, id) on delete cascade;

create unique index party_cover_now on party_cover (county_code, org_id, unit_id) where valid_to is null;

create index party_cover_unit on party_cover (county_code, unit_id);

create index party_cover_org_id on party_cover (county_code, org_id);

select app.protect('party_cover', false);

-- A person in a post of an organisation. in_management: the same person manages in the enterprise (交叉任职).
create table party_post (
  county_code text not null,
  id uuid not null,
  org_id uuid not null,
  area_code text not null,
  post text not null check (post in ('firstSecretary', 'secretary', 'deputySecretary', 'organisationMember',
    'publicityMember', 'disciplineMember', 'committeeMember')),
  name_sealed text not null,
  name_masked text not null,
  name_digest text not null,
  in_management boolean not null default false,
  management_position text,
  secretary_source text,
  valid_from date not null,
  valid_to date,
  primary key (county_code, id),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('party_post');

alter table party_post add constraint party_post_org foreign key (county_code, org_id) references party_org (county_code, id) on delete cascade;

create index party_post_org_id on party_post (county_code, org_id);

select app.protect('party_post', true);

-- A term of the committee (or of the secretary, where there is none). expires_on is its last day; delayed_until, where an
-- approval put the election off, stands in its place.
create table party_term (
  county_code text not null,
  id uuid not null,
  org_id uuid not null,
  area_code text not null,
  ordinal integer,
  formed_by text not null check (formed_by in ('election', 'appointment')),
  elected_on date not null,
  expires_on date not null,
  delayed_until date,
  delay_approval text,
  delay_reason text,
  primary key (county_code, id),
  check (expires_on > elected_on),
  check (delayed_until is null or delayed_until > expires_on)
);

select app.distribute('party_term');

alter table party_term add constraint party_term_org foreign key (county_code, org_id) references party_org (county_code, id) on delete cascade;

create unique index party_term_elected on party_term (county_code, org_id, elected_on);

create index party_term_end on party_term (county_code, expires_on);

select app.protect('party_term', true);

-- 指导员, 联络员, 工会, 共青团 of a unit while they are at work: a row ends when they stop. Read through the unit, which guards it.
create table work_contact (
  county_code text not null,
  id uuid not null,
  unit_id uuid not null,
  kind text not null check (kind in ('instructor', 'liaison', 'union', 'league')),
  name_sealed text,
  name_masked text,
  name_digest text,
  employer text,
  phone_sealed text,
  source text,
  valid_from date not null,
  valid_to date,
  reason text,
  primary key (county_code, id),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('work_contact');

create index work_contact_unit on work_contact (county_code, unit_id);

select app.protect('work_contact', false);

-- Whether a unit's charter has the clause on the Party, from the day the charter was passed or found so.
create table charter_clause (
  county_code text not null,
  id uuid not null,
  unit_id uuid not null,
  has_clause boolean not null,
  valid_from date not null,
  valid_to date,
  file_id uuid,
  file_name text,
  source text,
  primary key (county_code, id),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('charter_clause');

create index charter_clause_unit on charter_clause (county_code, unit_id);

select app.protect('charter_clause', false);

-- A network about an organisation (核心 — 重点 — 基点): kind is the tier of what is linked to it.
create table org_link (
  county_code text not null,
  id uuid not null,
  org_id uuid not null,
  kind text not null check (kind in ('core', 'key', 'base')),
  to_org_id uuid,
  to_unit_id uuid,
  valid_from date not null,
  valid_to date,
  primary key (county_code, id),
  check ((to_org_id is null) <> (to_unit_id is null)),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('org_link');

alter table org_link add constraint org_link_org foreign key (county_code, org_id) references party_org (county_code, id) on delete cascade;

create index org_link_org_id on org_link (county_code, org_id);

create index org_link_to_org on org_link (county_code, to_org_id) where to_org_id is not null;

create index org_link_to_unit on org_link (county_code, to_unit_id) where to_unit_id is not null;

select app.protect('org_link', false);

-- A change: a forming, a renaming, a dissolution, a move, an import … with a reason.
create table party_change (
  county_code text not null,
  id uuid not null,
  kind text not null,
  title text not null,
  reason text,
  effective_on date,
  org_ids uuid[] not null,
  author_id uuid,
  author text not null,
  at timestamptz not null,
  undone_at timestamptz,
  undone_by text,
  undone_reason text,
  primary key (county_code, id)
);

select app.distribute('party_change');

create index party_change_at on party_change (county_code, at desc);

select app.protect('party_change', false);

-- A row that a change wrote, before and after; null: it was not there. Sealed names stay sealed.
create table party_change_row (
  county_code text not null,
  change_id uuid not null,
  seq integer not null,
  table_name text not null,
  row_id uuid not null,
  before jsonb,
  after jsonb,
  primary key (county_code, change_id, seq)
);

select app.distribute('party_change_row');

alter table party_change_row add constraint party_change_row_change foreign key (county_code, change_id) references party_change (county_code, id) on delete cascade;

create index party_change_row_of on party_change_row (county_code, row_id);

select app.protect('party_change_row', false);

-- A file of organisations that was sent: the national collection's shape, or the plain workbook.
create table party_import (
  county_code text not null,
  id uuid not null,
  -- Gone as soon as the rows are in, given up or undone: it names persons.
  file_id uuid,
  file_name text not null,
  bytes bigint not null,
  as_of date not null,
  state text not null check (state in
    ('recognising', 'mapping', 'checking', 'preview', 'committing', 'committed', 'undoing', 'undone', 'discarded', 'failed')),
  sketch jsonb not null default '[]',
  mapping jsonb not null default '[]',
  counts jsonb not null default '{}',
  -- What it wrote, a batch a change.
  change_ids uuid[] not null default '{}',
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

select app.distribute('party_import');

create index party_import_created on party_import (county_code, created_at desc);

select app.protect('party_import', false);

-- A row of such a file. values: what was read, by field; a person's name stands there masked, and sealed in secretary_sealed.
create table party_import_row (
  county_code text not null,
  import_id uuid not null,
  seq integer not null,
  sheet text not null,
  row_number integer not null,
  outcome text not null check (outcome in ('add', 'update', 'same', 'refused')),
  done boolean not null default false,
  org_key text,
  org_id uuid,
  values jsonb not null,
  secretary_sealed text,
  problems jsonb not null default '[]',
  warnings integer not null default 0,
  primary key (county_code, import_id, seq)
);

select app.distribute('party_import_row');

alter table party_import_row add constraint party_import_row_import foreign key (county_code, import_id) references party_import (county_code, id) on delete cascade;

create index party_import_row_outcome on party_import_row (county_code, import_id, outcome, seq);

select app.protect('party_import_row', false);

-- Reference table: numbers of the rules on forming and terms, each with its source and its date of effect (party/rules.ts).
create table party_setting (
  key text not null,
  effective_from date not null,
  value integer not null,
  source text not null,
  author text not null,
  changed_at timestamptz not null,
  primary key (key, effective_from)
);

select app.replicate('party_setting');

grant select, insert, update on party_setting to liangxin_app;
