-- 组建办理: how an organisation comes to be, from the first talk with the unit to the report of the election.

-- Terms of the steps that a county set over the built-in ones, each from a day on.
create table founding_setting (
  county_code text not null,
  key text not null,
  effective_on date not null,
  value integer not null,
  source text not null,
  author text not null,
  changed_at timestamptz not null,
  primary key (county_code, key, effective_on)
);

select app.distribute('founding_setting');

select app.protect('founding_setting', false);

-- One organisation to be founded, or units to be taken into one (host_org_id). area_code: the leading unit's.
-- org_id: the organisation once the reply has founded it, or the host.
create table founding_case (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  form text not null check (form in ('found', 'join')),
  state text not null check (state in ('open', 'done', 'closed')),
  step text,
  due_on date,
  opened_on date not null,
  proposal_id uuid,
  kind text not null,
  forming_mode text not null,
  org_name text not null,
  lead_id uuid not null,
  unit_ids uuid[] not null,
  host_org_id uuid,
  parent_id uuid,
  parent_name text,
  members integer not null,
  org_id uuid,
  author text not null,
  at timestamptz not null,
  ended_on date,
  closed_reason text,
  primary key (county_code, id),
  check ((state = 'open') = (step is not null)),
  check ((form = 'join') = (host_org_id is not null))
);

select app.distribute('founding_case');

create unique index founding_case_proposal on founding_case (county_code, proposal_id) where state <> 'closed';

create index founding_case_due on founding_case (county_code, state, step, due_on);

create index founding_case_units on founding_case using gin (unit_ids);

create index founding_case_id on founding_case (id);

select app.protect('founding_case', true);

-- What was done or skipped of a case, and taken back again; change_ids: the changes of organisations that it made.
create table founding_step (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  case_id uuid not null,
  step text not null,
  state text not null check (state in ('done', 'skipped', 'postponed')),
  on_day date not null,
  note text not null,
  doc_no text,
  facts jsonb not null default '{}',
  change_ids uuid[] not null default '{}',
  author text not null,
  at timestamptz not null,
  taken_back_at timestamptz,
  taken_back_by text,
  taken_back_reason text,
  primary key (county_code, id)
);

select app.distribute('founding_step');

create index founding_step_case on founding_step (county_code, case_id);

select app.protect('founding_step', true);

-- Papers and notes of a case. item: which paper of the dossier it is, null for other evidence; waived: the paper is not needed, and why.
create table founding_evidence (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  case_id uuid not null,
  step text not null,
  item text,
  on_day date not null,
  note text not null,
  file_id uuid,
  file_name text,
  waived boolean not null default false,
  author text not null,
  at timestamptz not null,
  removed_at timestamptz,
  removed_by text,
  removed_reason text,
  primary key (county_code, id),
  check (not waived or (item is not null and file_id is null))
);

select app.distribute('founding_evidence');

create index founding_evidence_case on founding_evidence (county_code, case_id);

create index founding_evidence_id on founding_evidence (id);

select app.protect('founding_evidence', true);
