-- 流水、作业、上传: what every command leaves behind, and the work that goes on after it.

-- County table, rows only added: one SM3 chain a county, and the platform's own under 000000000000 (host/journal.ts).
create table journal (
  county_code text not null check (county_code ~ '^[0-9]{12}$'),
  seq integer not null,
  at timestamptz(3) not null,
  actor_id uuid,
  actor_name text not null,
  session_id uuid,
  address text not null,
  operation text not null,
  subject text,
  purpose text,
  detail jsonb,
  input_digest text,
  outcome text not null check (outcome in ('done', 'refused', 'failed')),
  request_id text not null,
  previous_hash text not null,
  hash text not null,
  primary key (county_code, seq)
);

select app.distribute('journal');

create index journal_at on journal (county_code, at);

create index journal_recent on journal (at);

create index journal_actor on journal (county_code, actor_id, at);

alter table journal enable row level security;

alter table journal force row level security;

-- A row is added to whatever chain its command belongs to; read inside the scope, or in the platform's chain by an auditor.
create policy journal_add on journal for insert to liangxin_app with check (true);

create policy journal_read on journal for select to liangxin_app using (
  county_code = any (string_to_array(current_setting('app.counties', true), ','))
  or (county_code = '000000000000' and current_setting('app.journal', true) = 'platform')
);

create policy journal_read_nation on journal for select to liangxin_nation using (county_code <> '000000000000');

-- The owner reads every chain for checkpoints, verification and backup.
create policy journal_owner on journal to liangxin_owner using (true) with check (true);

grant select, insert on journal to liangxin_app;

-- The last row of a chain, whatever the actor's scope: what the next row is hashed onto. It gives away no content.
create function app.journal_head(chain text) returns table (seq integer, hash text)
language sql stable security definer set search_path = public as $$
  select j.seq, j.hash from journal j where j.county_code = chain order by j.seq desc limit 1
$$;

revoke all on function app.journal_head(text) from public;

grant execute on function app.journal_head(text) to liangxin_app;

-- Local table: the answers of commands, for a repeat with the same key; purged after a day.
create table stored_answer (
  actor_id uuid not null,
  request_id text not null,
  operation text not null,
  input_digest text not null,
  answer jsonb,
  at timestamptz not null,
  primary key (actor_id, request_id)
);

create index stored_answer_at on stored_answer (at);

grant select, insert, update, delete on stored_answer to liangxin_app;

-- Local table: work that goes on after its command.
create table job (
  id uuid primary key,
  kind text not null,
  title text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  done double precision not null default 0,
  total double precision not null default 0,
  message text,
  input jsonb not null,
  result jsonb,
  error text,
  owner_id uuid,
  owner_name text not null,
  county_code text,
  address text not null,
  attempts integer not null default 0,
  -- host:pid of the process that runs it, and when it last said so.
  runner text,
  seen_at timestamptz,
  cancel_asked boolean not null default false,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);

create index job_waiting on job (created_at) where state in ('queued', 'running');

create index job_owner on job (owner_id, created_at);

create index job_created on job (created_at);

grant select, insert, update on job to liangxin_app;

-- Local table: what was uploaded, by whom, under which name; only its uploader can use it in an operation.
create table upload (
  file_id uuid primary key,
  owner_id uuid,
  file_name text not null,
  bytes bigint not null,
  sm3 text not null,
  at timestamptz not null
);

grant select, insert on upload to liangxin_app;
