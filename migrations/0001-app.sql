-- The application's role and the helpers that every later migration uses.

create schema if not exists app;

-- liangxin_app holds the grants. A transaction takes one of three roles below it, so that a row is compared with no more than
-- it must be (src/host/database.ts): the comparison costs a third of a second over two hundred thousand rows.
--   liangxin_area    counties and areas: an account that looks after some townships
--   liangxin_county  counties: an account that looks after whole counties
--   liangxin_nation  nothing: an account that looks after the whole country
-- liangxin_owner stands for whoever owns the tables here, so that a backup fits a place where the owner is called otherwise.
do $$
declare
  name text;
begin
  foreach name in array array['liangxin_app', 'liangxin_area', 'liangxin_county', 'liangxin_nation', 'liangxin_owner'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I nologin', name);
    end if;
  end loop;
  grant liangxin_app to liangxin_area, liangxin_county, liangxin_nation;
  execute format('grant liangxin_app, liangxin_area, liangxin_county, liangxin_nation, liangxin_owner to %I', current_user);
end
$$;

grant usage on schema public, app to liangxin_app;

-- A county table is spread by county_code on Citus and left as it is elsewhere.
create function app.distribute(name text) returns void language plpgsql as $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    execute format('select create_distributed_table(%L, %L)', name, 'county_code');
  end if;
end
$$;

-- A reference table is copied to every node on Citus and left as it is elsewhere.
create function app.replicate(name text) returns void language plpgsql as $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    execute format('select create_reference_table(%L)', name);
  end if;
end
$$;

-- Rows of a county table are seen only inside the counties and, where the row names one, the areas of the actor.
-- No setting, an empty one, or no role: no row.
create function app.protect(name text, with_area boolean) returns void language plpgsql as $$
declare
  county text := 'county_code = any (string_to_array(current_setting(''app.counties'', true), '',''))';
  area text := case when with_area then ' and area_code = any (string_to_array(current_setting(''app.areas'', true), '',''))' else '' end;
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy area on %1$I to liangxin_area using (%2$s) with check (%2$s)', name, county || area);
  execute format('create policy county on %1$I to liangxin_county using (%2$s) with check (%2$s)', name, county);
  execute format('create policy nation on %I to liangxin_nation using (true) with check (true)', name);
  execute format('create policy owner on %I to liangxin_owner using (true) with check (true)', name);
  execute format('grant select, insert, update, delete on %I to liangxin_app', name);
end
$$;

-- The same for a table whose rows may only be added: the role can neither change nor remove them.
create function app.protect_append_only(name text) returns void language plpgsql as $$
begin
  perform app.protect(name, false);
  execute format('revoke update, delete on %I from liangxin_app', name);
end
$$;
