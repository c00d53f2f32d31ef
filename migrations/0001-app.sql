-- The application's role and the helpers that every later migration uses.

create schema if not exists app;

do $$
begin
  if not exists (select from pg_roles where rolname = 'liangxin_app') then
    create role liangxin_app nologin;
  end if;
  -- For accounts that look after the whole country: a list of three thousand counties compared row by row costs seconds.
  if not exists (select from pg_roles where rolname = 'liangxin_nation') then
    create role liangxin_nation nologin;
    grant liangxin_app to liangxin_nation;
  end if;
  -- Whoever owns the tables here: policies name this role, so that a backup fits a place where the owner is called otherwise.
  if not exists (select from pg_roles where rolname = 'liangxin_owner') then
    create role liangxin_owner nologin;
  end if;
  execute format('grant liangxin_app, liangxin_nation, liangxin_owner to %I', current_user);
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
  rule text := 'county_code = any (string_to_array(current_setting(''app.counties'', true), '',''))';
begin
  if with_area then
    rule := rule || ' and (current_setting(''app.areas'', true) = ''*'' or area_code = any (string_to_array(current_setting(''app.areas'', true), '','')))';
  end if;
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy scope on %I using (%s) with check (%s)', name, rule, rule);
  execute format('create policy nation on %I to liangxin_nation using (true) with check (true)', name);
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
