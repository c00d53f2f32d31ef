import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { ExportButton, JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Filters } from '../ui/filters.tsx'
import { useListState, useParam } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { rosterContract, rosterStates, rosterUnitSort } from './roster-contract.ts'
import { rosterTones } from './roster-screen.tsx'

const party = connect(rosterContract)
type Check = Awaited<ReturnType<typeof party.getRosterCheck.call>>
type Row = Awaited<ReturnType<typeof party.listRosterUnits.call>>['rows'][number]

/** One comparison: how far it is, what it found, unit by unit. */
export function RosterCheckScreen() {
  const id = useParam('id')
  const client = useQueryClient()
  const query = useQuery({
    ...party.getRosterCheck.queryOptions({ input: { id } }),
    refetchInterval: (now) => (now.state.data?.state === 'working' ? 1000 : false),
  })
  const check = query.data
  return (
    <Page
      title={check?.fileName ?? '名册比对'}
      trail={[{ title: '名册比对', to: '/rosters' }]}
      mark={check ? <Mark tone={rosterTones[check.state]}>{rosterStates[check.state]}</Mark> : undefined}
      description={check ? wordsOf(check) : undefined}
      actions={check?.state === 'done' ? <Undo check={check} /> : undefined}
    >
      <Answered query={query}>
        {(found) => (
          <>
            {found.state === 'working' && found.jobId ? (
              <JobPanel
                jobId={found.jobId}
                onEnded={() => void client.invalidateQueries({ queryKey: party.getRosterCheck.key() })}
              />
            ) : null}
            {found.error ? (
              <p className="lx-bad-line" role="alert">
                {found.error}
              </p>
            ) : null}
            {found.state === 'cancelled' ? <p className="lx-soft">比对已取消，名册和比对结果都已删除。</p> : null}
            {found.state === 'undone' ? <p className="lx-warn-line">比对已撤销，各单位党员数回到比对之前。</p> : null}
            {found.state === 'done' ? <Found check={found} /> : null}
          </>
        )}
      </Answered>
    </Page>
  )
}

function wordsOf(check: Check): string {
  return [
    check.countyName,
    `数据截至 ${check.asOf}`,
    check.complete ? '全部参保人员' : '部分参保人员',
    `${check.author} 于 ${formatDateTime(new Date(check.createdAt))} 上传`,
    check.fileKept ? '名册待比完删除' : '名册已删除',
  ].join(' · ')
}

function Undo({ check }: { check: Check }) {
  const ask = useConfirm()
  const undo = useCommand(party.undoRosterCheck.mutationOptions(), { done: '已撤销', refresh: [party.key()] })
  const start = async () => {
    const yes = await ask({
      title: `撤销比对“${check.fileName}”？`,
      lose: '由它得出的在职情况和未办的任务会去掉，各单位党员数随之更新；名册已删除，要再比须重新上传。',
      act: '撤销比对',
      reason: { label: '撤销原因' },
    })
    if (yes) await undo.run({ id: check.id, reason: yes.reason })
  }
  return (
    <Button danger loading={undo.busy} onClick={() => void start()}>
      撤销比对
    </Button>
  )
}

function Found({ check }: { check: Check }) {
  const { counts } = check
  const can = useCan()
  // These numbers open into the list below.
  const units = (count: number, only: 'here' | 'elsewhere') =>
    count > 0 ? (
      <Link to={`/rosters/${check.id}`} search={{ only }}>
        {grouped(count)}
      </Link>
    ) : (
      grouped(count)
    )
  const unknown =
    can('party.member.import') && counts.unplaced > 0 ? (
      <Link to={'/members/employers'} search={{ how: 'unknown' }}>
        {grouped(counts.unplaced)}
      </Link>
    ) : (
      grouped(counts.unplaced)
    )
  const named = can('party.member.read')
  const notFound =
    named && counts.notFound > 0 ? (
      <Link to={'/members/list'} search={{ notFoundIn: check.id }}>
        {grouped(counts.notFound)}
      </Link>
    ) : (
      grouped(counts.notFound)
    )
  const tasks =
    named && counts.tasks > 0 ? (
      <Link to={'/member-tasks'} search={{ checkId: check.id }}>
        {grouped(counts.tasks)}
      </Link>
    ) : (
      grouped(counts.tasks)
    )
  return (
    <>
      <dl className="lx-figures">
        <One title="读到" value={grouped(counts.read)} note={`号码不对 ${grouped(counts.bad)} 行`} />
        <One title="不是党员" value={grouped(counts.others)} note="只计数，没有保存" />
        <One title="比上党员" value={grouped(counts.members)} />
        <One title="关系在此" value={units(counts.here, 'here')} note="用人单位与党组织相符" />
        <One title="关系在别处" value={units(counts.elsewhere, 'elsewhere')} note="在此参保" />
        <One title="没有认出单位" value={unknown} />
        <One title="没有找到" value={notFound} note="在册而不在名册里" />
        <One title="新任务" value={tasks} />
      </dl>
      <p className="lx-soft">以上为比对完成时的数；下面各单位的数随认定和名册更新。一人在几家参保的，每家各计一次。</p>
      <Units id={check.id} />
    </>
  )
}

function One({ title, value, note }: { title: string; value: React.ReactNode; note?: string }) {
  return (
    <div className="lx-figure">
      <dt>{title}</dt>
      <dd>{value}</dd>
      {note ? <dd className="lx-figure-note">{note}</dd> : null}
    </div>
  )
}

const shape = z.object({ text: z.string(), only: z.enum(['here', 'elsewhere', 'notFound']) }).partial()

const columns: readonly Column<Row>[] = [
  { key: 'name', title: '单位', width: 340, required: true, sort: 'name' },
  { key: 'here', title: '关系在本单位', width: 140, numeric: true, sort: 'here' },
  { key: 'elsewhere', title: '关系在别处', width: 140, numeric: true, sort: 'elsewhere' },
  { key: 'notFound', title: '名册里没有找到', width: 150, numeric: true, sort: 'notFound' },
]

function Units({ id }: { id: string }) {
  const list = useListState(shape, { sort: 'name', sorts: rosterUnitSort.options })
  const navigate = useNavigate()
  const wanted = { id, ...list.filters, sort: list.sort, order: list.order }
  const query = useQuery(
    party.listRosterUnits.queryOptions({
      input: { ...wanted, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  return (
    <Section title="各单位">
      <SearchTable
        name="比对各单位"
        unit="家"
        columns={columns}
        rowKey={(row) => row.unitId}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            search={{ name: 'text', placeholder: '单位名称' }}
            fields={[
              {
                kind: 'one',
                name: 'only',
                label: '只看',
                options: [
                  { value: 'here', label: '有关系在本单位的' },
                  { value: 'elsewhere', label: '有关系在别处的' },
                  { value: 'notFound', label: '有没有找到的' },
                ],
              },
            ]}
          />
        }
        tools={
          <ExportButton
            operation={party.exportRosterUnits}
            input={wanted}
            title={`导出比对结果（${grouped(query.data?.total ?? 0)} 家）`}
            note="名单里只有人数，没有党员姓名。"
          />
        }
        onOpen={(row) => void navigate({ to: `/units/${row.unitId}/members` })}
        empty={{ title: '没有比上任何单位' }}
      />
    </Section>
  )
}
