-- 比对: the keys of a row stand in one array, found through an inverted index: a third of the room that a row a key took.

-- Keys are made anew from the rows, the first time a county is linked after this (src/linkage/link-keys.ts).
drop table link_key;

-- `id`: a row, or, for what was typed by hand, the unit. The keys of what carries no valid code are below zero, so that these
-- can be asked for by themselves.
create table link_row (
  county_code text not null,
  id uuid not null,
  keys bigint[] not null,
  primary key (county_code, id)
);

select app.distribute('link_row');

-- Sorted in at once: every look-up would have to read a list of what is not.
create index link_row_keys on link_row using gin (keys) with (fastupdate = off);

select app.protect('link_row', false);

-- As with app.find_units, the guard of rows keeps the planner from the index. This answers, of the keys asked for, how many
-- rows of a county in scope hold each, and which they are where they are no more than `most`. The county is compared so that
-- no index can serve for it: before statistics are there, the planner would read the whole county again for every key.
create function app.link_holders(county text, wanted bigint[], most integer)
returns table (key bigint, held bigint, holders text)
language sql stable security definer set search_path = public set enable_seqscan = off as $$
  select k.key, count(*), case when count(*) <= most then string_agg(r.id::text, ',') end
  from unnest(wanted) as k (key) join link_row r on r.keys @> array[k.key] and r.county_code || '' = county
  where current_setting('role') = 'liangxin_nation'
    or county = any (string_to_array(current_setting('app.counties', true), ','))
  group by k.key
$$;

revoke all on function app.link_holders(text, bigint[], integer) from public;

grant execute on function app.link_holders(text, bigint[], integer) to liangxin_app;

-- Which making of keys the county's rows have; 0: that of link_key.
alter table link_state add column keys_version integer not null default 0;

-- How many transactions have changed the county's links: who reads it all first sees whether others changed it since.
alter table link_state add column changes bigint not null default 0;
