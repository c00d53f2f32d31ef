-- 编排范围: which units a plan took in, what became of the groups that were approved; the registered capital that the decision
-- table asks for.

alter table unit add column capital numeric;

-- The choices of units beside the sure ones, and how many units were in or out for which reason when they were gathered.
alter table forming_plan add column scope jsonb not null
  default '{"asked": {"notOperating": false, "elsewhere": false, "reported": false}}';

-- A group that was approved, then begun in founding, then founded (its organisation stands).
alter table forming_proposal drop constraint forming_proposal_state_check;

alter table forming_proposal add constraint forming_proposal_state_check check (state in ('approved', 'begun', 'founded'));

update forming_proposal p set state = case when c.org_id is null then 'begun' else 'founded' end
from founding_case c where c.county_code = p.county_code and c.proposal_id = p.id and c.state <> 'closed';
