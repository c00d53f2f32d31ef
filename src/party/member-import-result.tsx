import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { connect } from '../ui/client.ts'
import { Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { memberImportContract, memberOutcome, type MemberOutcome, memberOutcomes } from './member-import-contract.ts'
import { MemberMapping } from './member-import-mapping.tsx'
import type { MemberImportPage } from './member-import-screen.tsx'

const party = connect(memberImportContract)
type Row = Awaited<ReturnType<typeof party.listMemberRows.call>>['rows'][number]

/** What was found in a roster of members, or became of it. */
export function MemberResult({ page }: { page: MemberImportPage }) {
  const client = useQueryClient()
  const [remap, setRemap] = useState(false)
  const commit = useCommand(party.commitMemberImport.mutationOptions())
  const { counts } = page
  const before = page.state === 'preview'
  const go = async () => {
    await commit.run({ id: page.id })
    await client.invalidateQueries({ queryKey: party.getMemberImport.key() })
  }
  if (remap) return <MemberMapping page={page} />
  return (
    <>
      {page.state === 'undone' ? <p className="lx-warn-line">这次导入已撤销，党员记录回到导入之前。</p> : null}
      <dl className="lx-figures">
        <One title="读入" value={counts.read} note="表头以下的非空行" />
        {before ? <One title="可入库" value={counts.staged} /> : null}
        {before ? null : (
          <>
            <One title="新增" value={counts.added} />
            <One title="更新" value={counts.updated} />
            <One title="没有变化" value={counts.same} />
          </>
        )}
        <One title="重复" value={counts.repeated} note="与前面的行是同一人" />
        <One title="退回" value={counts.refused} note="号码不对、类别不明等" />
        <One title="提醒" value={counts.warnings} note="入库，但请留意" />
        {page.complete && !before ? <One title="不在册" value={counts.ended} note="全量名册里没有" /> : null}
      </dl>
      {before ? (
        <div className="lx-step-foot">
          <Button onClick={() => setRemap(true)}>回到对列</Button>
          <Button type="primary" disabled={counts.staged === 0} loading={commit.busy} onClick={() => void go()}>
            入库 {grouped(counts.staged)} 名
          </Button>
        </div>
      ) : (
        <p className="lx-soft">
          <Link to={'/members'}>看各单位党员数</Link>，
          <Link to={'/members/employers'} search={{ how: 'unknown' }}>
            认定没有认出的工作单位
          </Link>
          。
        </p>
      )}
    </>
  )
}

function One({ title, value, note }: { title: string; value: number; note?: string }) {
  return (
    <div className="lx-figure">
      <dt>{title}</dt>
      <dd>{grouped(value)}</dd>
      {note ? <dd className="lx-figure-note">{note}</dd> : null}
    </div>
  )
}

const tones: Record<MemberOutcome, MarkTone> = {
  staged: 'busy',
  added: 'good',
  updated: 'good',
  same: 'plain',
  repeated: 'plain',
  refused: 'bad',
}

const columns: readonly Column<Row>[] = [
  { key: 'row', title: '行', width: 72, required: true, render: (row) => <span className="lx-code">{row.row}</span> },
  { key: 'name', title: '姓名', width: 90 },
  {
    key: 'outcome',
    title: '结果',
    width: 160,
    render: (row) => <Mark tone={tones[row.outcome]}>{memberOutcomes[row.outcome]}</Mark>,
  },
  {
    key: 'problems',
    title: '哪里不对、怎样改',
    width: 420,
    wraps: true,
    render: (row) =>
      row.problems
        .map((one) => `${one.columnLetter === '—' ? '' : `${one.columnLetter} 列`}${one.rule}：${one.fix}`)
        .join('；'),
  },
  { key: 'branch', title: '所在党支部', width: 260 },
  { key: 'employer', title: '工作单位', width: 260 },
  { key: 'sheet', title: '工作表', width: 120, hidden: true },
]

const shape = z.object({ outcome: memberOutcome, problems: z.boolean() }).partial()

/** What became of each row; what a refused row held of a person is not kept, so it is found by its number in the file. */
export function MemberRows({ page }: { page: MemberImportPage }) {
  const list = useListState(shape, { sort: 'row' })
  const { outcome, problems } = list.filters
  const query = useQuery(
    party.listMemberRows.queryOptions({
      input: {
        id: page.id,
        ...(outcome ? { outcome } : {}),
        ...(problems ? { only: 'problems' as const } : {}),
        page: list.page,
        pageSize: list.pageSize,
      },
    }),
  )
  return (
    <Section title="逐行结果">
      <SearchTable
        name="逐行结果"
        unit="行"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            fields={[
              { kind: 'one', name: 'outcome', label: '结果', options: options(memberOutcomes), width: 180 },
              { kind: 'flag', name: 'problems', label: '只看有问题的' },
            ]}
          />
        }
        empty={{ title: '没有行' }}
      />
    </Section>
  )
}
