-- 比对: rows that wait for a person.
create table queue_item (
  county_code text not null,
  id uuid not null,
  source_row_id uuid not null,
  import_id uuid not null,
  area_code text not null,
  reason text not null,
  state text not null check (state in ('open', 'later', 'joined', 'created', 'refused')),
  name text,
  name_key text,
  code text,
  department text not null,
  candidates jsonb not null default '[]',
  decision jsonb,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  created_at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('queue_item');

alter table queue_item add constraint queue_item_row foreign key (county_code, source_row_id) references source_row (county_code, id) on delete cascade;

create unique index queue_item_source_row on queue_item (county_code, source_row_id);

create index queue_item_state on queue_item (county_code, state, created_at);

create index queue_item_import on queue_item (county_code, import_id);

select app.protect('queue_item', true);
