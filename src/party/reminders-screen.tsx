import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { regionField } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { orgContract, type Reminder } from './contract.ts'
import { OrgNav } from './parts.tsx'
import { orgKinds, reminderKind, type ReminderKind, reminderKinds } from './words-contract.ts'

const party = connect(orgContract)
const shape = z.object({ kind: reminderKind, region: z.string(), text: z.string() }).partial()
const tones: Record<ReminderKind, MarkTone> = {
  termOver: 'bad',
  termSoon: 'warn',
  electionDue: 'warn',
  dissolveDue: 'bad',
}

const fields: FilterField[] = [
  { kind: 'one', name: 'kind', label: '提醒', options: options(reminderKinds) },
  regionField,
]

const columns: readonly Column<Reminder>[] = [
  { key: 'name', title: '党组织名称', width: 300, required: true },
  { key: 'kind', title: '类别', width: 120, render: (row) => orgKinds[row.kind] },
  { key: 'areaName', title: '所在区划', width: 130 },
  {
    key: 'reminder',
    title: '提醒',
    width: 150,
    render: (row) => <Mark tone={tones[row.reminder]}>{reminderKinds[row.reminder]}</Mark>,
  },
  { key: 'dueOn', title: '期限', width: 112 },
  {
    key: 'days',
    title: '离期限',
    width: 120,
    render: (row) => (row.days < 0 ? `过期 ${grouped(-row.days)} 天` : `还有 ${grouped(row.days)} 天`),
  },
  { key: 'secretary', title: '书记', width: 80 },
]

/** 换届与提醒: what is over, what will be within six months, elections due, temporary organisations to dissolve. */
export function RemindersScreen() {
  const list = useListState(shape, { sort: 'dueOn' })
  const navigate = useNavigate()
  const query = useQuery(
    party.listReminders.queryOptions({
      input: { ...list.filters, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  const summary = useQuery(
    party.orgSummary.queryOptions({ input: list.filters.region ? { region: list.filters.region } : {} }),
  )
  return (
    <Page title="党组织" description="届满前 6 个月起提醒；临时、项目党组织到计划撤销日期前 1 个月起提醒。">
      <OrgNav />
      <dl className="lx-figures">
        {Object.entries(reminderKinds).map(([kind, title]) => (
          <div className="lx-figure" key={kind}>
            <dt>{title}</dt>
            <dd>
              <button
                type="button"
                className="lx-link-button"
                onClick={() => list.filter({ kind: kind as ReminderKind })}
              >
                {summary.data ? grouped(summary.data.reminders[kind as ReminderKind]) : '…'}
              </button>
            </dd>
          </div>
        ))}
      </dl>
      <SearchTable
        name="换届与提醒"
        unit="项"
        columns={columns}
        rowKey={(row) => `${row.orgId} ${row.reminder}`}
        query={query}
        list={list}
        filters={
          <Filters list={list} search={{ name: 'text', placeholder: '党组织名称、拼音首字母' }} fields={fields} />
        }
        onOpen={(row) => void navigate({ to: `/orgs/${row.orgId}` })}
        empty={{ title: '没有要换届、要撤销的党组织' }}
      />
    </Page>
  )
}
