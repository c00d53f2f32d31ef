-- 比对: with which weights a full run was last tried, so that weights can be tried before they are taken and only what was
-- tried with the weights in use can be done.
alter table link_state add column rehearsed_version integer;

alter table link_state add column rehearsed_at timestamptz;

alter table link_state add column rehearsed_by text;

-- 党员: an employer's unit before it was merged into the one that stands there now; it comes back when the merging is undone.
alter table member_employer add column merged_from uuid;

create index member_employer_merged on member_employer (county_code, merged_from) where merged_from is not null;
