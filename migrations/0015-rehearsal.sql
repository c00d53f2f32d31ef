-- 比对: with which weights a full run was last tried, so that weights can be tried before they are taken and only what was
-- tried with the weights in use can be done.
alter table link_state add column rehearsed_version integer;

alter table link_state add column rehearsed_at timestamptz;

alter table link_state add column rehearsed_by text;
