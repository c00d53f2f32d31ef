-- 覆盖: which units changed, the state of every unit from day to day, the named ratios, what is summed up, what was submitted.

-- County table, the host's (host/touch.ts): units that a lower room wrote to, until the coverage room has read them. Rows are
-- only added and taken away, so that writers never wait for one another.
create table touch (
  county_code text not null,
  id uuid not null,
  unit_ids uuid[] not null,
  at timestamptz not null,
  primary key (county_code, id)
);

select app.distribute('touch');

select app.protect('touch', false);
