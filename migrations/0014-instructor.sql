-- 指导员: the register of instructors, plans of whom to send where, and who is sent.

-- Numbers of a county over the built-in ones, each from a day on.
create table instructor_setting (
  county_code text not null,
  key text not null,
  effective_on date not null,
  value integer not null,
  source text not null,
  author text not null,
  changed_at timestamptz not null,
  primary key (county_code, key, effective_on)
);

select app.distribute('instructor_setting');

select app.protect('instructor_setting', false);

-- area_code: where the instructor is based. Names and telephone numbers are sealed; digests find the same person again.
create table instructor (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  name_sealed text not null,
  name_masked text not null,
  person_digest text not null,
  phone_sealed text,
  phone_masked text,
  employer text,
  origin text not null,
  capacity integer check (capacity > 0),
  skills text[] not null default '{}',
  longitude double precision,
  latitude double precision,
  from_on date not null,
  to_on date,
  ended_reason text,
  author text not null,
  at timestamptz not null,
  primary key (county_code, id),
  check ((longitude is null) = (latitude is null))
);

select app.distribute('instructor');

create unique index instructor_person on instructor (county_code, person_digest) where to_on is null;

create index instructor_id on instructor (id);

select app.protect('instructor', true);

-- A plan of whom to send where; area_code: the township, or the county itself. draft: pairs and what is short.
create table instructor_plan (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  title text not null,
  state text not null check (state in ('running', 'draft', 'confirming', 'confirmed', 'dropped', 'failed')),
  told jsonb not null,
  draft jsonb,
  job_id uuid,
  error text,
  author text not null,
  at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('instructor_plan');

create index instructor_plan_id on instructor_plan (id);

select app.protect('instructor_plan', true);

-- Who is sent to which unit; contact_id: the work contact by which coverage counts it.
create table instructor_assignment (
  county_code text not null,
  id uuid not null,
  area_code text not null,
  unit_id uuid not null,
  instructor_id uuid not null,
  contact_id uuid,
  plan_id uuid,
  metres integer,
  measured boolean not null,
  from_on date not null,
  to_on date,
  source text not null,
  ended_reason text,
  author text not null,
  at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('instructor_assignment');

create unique index instructor_assignment_pair on instructor_assignment (county_code, unit_id, instructor_id) where to_on is null;

create index instructor_assignment_instructor on instructor_assignment (county_code, instructor_id);

create index instructor_assignment_id on instructor_assignment (id);

select app.protect('instructor_assignment', true);
