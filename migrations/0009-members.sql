-- 党员: rosters of members as they were sent, each member from day to day, where they were found to work, counts and tasks.
-- A person is a keyed digest of the ID number (src/party/member-person.ts); the number itself is in no table, a name is sealed.

-- A file of members (党员信息) on its way in; the file goes as soon as it is in, given up or undone.
create table member_import (
  county_code text not null,
  id uuid not null,
  file_id uuid,
  file_name text not null,
  bytes bigint not null,
  as_of date not null,
  -- The file names every member there is: who is not in it has left.
  complete boolean not null default false,
  state text not null check (state in
    ('recognising', 'mapping', 'checking', 'preview', 'committing', 'committed', 'undoing', 'undone', 'discarded', 'failed')),
  mapping jsonb not null default '{}',
  sketch jsonb not null default '[]',
  counts jsonb not null default '{}',
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

select app.distribute('member_import');

create index member_import_created on member_import (county_code, created_at desc);

select app.protect('member_import', false);

-- A row of such a file. What a refused row held of a person is not kept. `seq` is the order in which committed rows count.
create table member_row (
  county_code text not null,
  id uuid not null,
  import_id uuid not null,
  sheet text not null,
  row_number integer not null,
  outcome text not null check (outcome in ('staged', 'repeated', 'refused', 'added', 'updated', 'same')),
  problems jsonb not null default '[]',
  warnings integer not null default 0,
  person_digest text,
  name_sealed text,
  name_masked text,
  name_digest text,
  kind text check (kind in ('formal', 'probationary')),
  floating boolean not null default false,
  joined_on date,
  formal_on date,
  branch text,
  employer text,
  employer_key text,
  primary key (county_code, id)
);

select app.distribute('member_row');

alter table member_row add constraint member_row_import foreign key (county_code, import_id) references member_import (county_code, id) on delete cascade;

create unique index member_row_place on member_row (county_code, import_id, sheet, row_number);

create index member_row_person on member_row (county_code, person_digest) where person_digest is not null;

select app.protect('member_row', false);

-- What was so of a member from a day to a day; derived again from the committed rows of the person (src/party/member-derive.ts).
-- `unit_id` is where the person is said to work, `relation_unit_id` the unit of the organisation that the relation is with;
-- `relation_here`: the two are one.
create table member (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  person_digest text not null,
  name_sealed text not null,
  name_masked text not null,
  name_digest text not null,
  kind text not null check (kind in ('formal', 'probationary')),
  floating boolean not null,
  joined_on date,
  formal_on date,
  branch text,
  branch_key text,
  party_org_id uuid,
  relation_unit_id uuid,
  employer text,
  employer_key text,
  unit_id uuid,
  relation_here boolean not null,
  import_id uuid not null,
  valid_from date not null,
  valid_to date,
  primary key (county_code, id),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('member');

create unique index member_open on member (county_code, person_digest) where valid_to is null;

create index member_person on member (county_code, person_digest);

create index member_unit on member (county_code, unit_id) where unit_id is not null;

create index member_org on member (county_code, party_org_id) where party_org_id is not null;

create index member_name on member (county_code, name_digest) where valid_to is null;

create index member_employer_key on member (county_code, employer_key) where employer_key is not null;

select app.protect('member', true);

-- Which unit an employer written as free text is, in rosters of members and of the insured alike. A person's word stays.
create table member_employer (
  county_code text not null,
  employer_key text not null,
  employer text not null,
  unit_id uuid,
  how text not null check (how in ('name', 'formerName', 'likeName', 'person', 'outside', 'unknown')),
  said_by text,
  at timestamptz not null,
  primary key (county_code, employer_key)
);

select app.distribute('member_employer');

create index member_employer_unit on member_employer (county_code, unit_id) where unit_id is not null;

select app.protect('member_employer', false);

-- A roster of the insured that was compared with the members. Of who is no member nothing is kept but how many they were.
create table roster_check (
  county_code text not null,
  id uuid not null,
  file_id uuid,
  file_name text not null,
  bytes bigint not null,
  as_of date not null,
  -- The roster names everybody who is insured: who is not in it was not found.
  complete boolean not null,
  state text not null check (state in ('working', 'done', 'cancelled', 'failed', 'undone')),
  counts jsonb not null default '{}',
  job_id uuid,
  error text,
  created_by uuid,
  author text not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (county_code, id)
);

select app.distribute('roster_check');

create index roster_check_created on roster_check (county_code, created_at desc);

select app.protect('roster_check', false);

-- A member whom a roster names, and the employer that it names.
create table roster_hit (
  county_code text not null,
  check_id uuid not null,
  person_digest text not null,
  employer_key text not null,
  employer text not null,
  primary key (county_code, check_id, person_digest, employer_key)
);

select app.distribute('roster_hit');

alter table roster_hit add constraint roster_hit_check foreign key (county_code, check_id) references roster_check (county_code, id) on delete cascade;

create index roster_hit_person on roster_hit (county_code, person_digest);

create index roster_hit_employer on roster_hit (county_code, employer_key);

select app.protect('roster_hit', false);

-- What comparing left to people: 转接组织关系 (transfer) and 核实 (verify).
create table member_task (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  kind text not null check (kind in ('transfer', 'verify')),
  person_digest text not null,
  unit_id uuid not null,
  check_id uuid not null,
  state text not null check (state in ('open', 'done', 'dismissed', 'settled')),
  reason text,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  created_at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('member_task');

create unique index member_task_about on member_task (county_code, kind, person_digest, unit_id);

create index member_task_state on member_task (county_code, state, created_at);

create index member_task_unit on member_task (county_code, unit_id);

select app.protect('member_task', true);

-- How many members a unit or a party organisation reports to have on a day, where no names are kept.
create table member_count (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  unit_id uuid,
  party_org_id uuid,
  formal integer not null check (formal >= 0),
  probationary integer not null check (probationary >= 0),
  as_of date not null,
  source text not null,
  author_id uuid,
  author text not null,
  at timestamptz not null,
  withdrawn_at timestamptz,
  primary key (county_code, id),
  check ((unit_id is null) <> (party_org_id is null))
);

select app.distribute('member_count');

create index member_count_unit on member_count (county_code, unit_id, as_of) where unit_id is not null;

create index member_count_org on member_count (county_code, party_org_id, as_of) where party_org_id is not null;

select app.protect('member_count', true);

-- The members of a unit from a day to a day, kept in the transaction that changed any of them: members working there whose
-- relation is there (or, where no names are kept, as the unit reports), and members working there whose relation is elsewhere.
create table member_tally (
  county_code text not null,
  unit_id uuid not null,
  area_code text not null,
  valid_from date not null,
  valid_to date,
  formal integer not null,
  probationary integer not null,
  known_elsewhere integer not null,
  primary key (county_code, unit_id, valid_from),
  check (valid_to is null or valid_to > valid_from)
);

select app.distribute('member_tally');

select app.protect('member_tally', true);

-- An upload that is put aside is nobody's to use again.
grant delete on upload to liangxin_app;
