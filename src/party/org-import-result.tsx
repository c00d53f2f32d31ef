import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
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
import { orgImportContract, orgOutcome, type OrgOutcome, orgOutcomes } from './org-import-contract.ts'
import { OrgMapping } from './org-import-mapping.tsx'
import type { OrgImportPage } from './org-import-screen.tsx'
import { formingModes, orgKinds } from './words-contract.ts'

const party = connect(orgImportContract)
type Row = Awaited<ReturnType<typeof party.listOrgImportRows.call>>['rows'][number]

/** What was found in a file of organisations, or became of it. */
export function OrgImportResult({ page }: { page: OrgImportPage }) {
  const client = useQueryClient()
  const [remap, setRemap] = useState(false)
  const commit = useCommand(party.commitOrgImport.mutationOptions())
  const { counts } = page
  const go = async () => {
    await commit.run({ id: page.id })
    await client.invalidateQueries({ queryKey: party.getOrgImport.key() })
  }
  if (remap) return <OrgMapping page={page} />
  return (
    <div className="lx-step-body">
      {page.state === 'undone' ? <p className="lx-warn-line">这次导入已撤销：{page.undoneReason}</p> : null}
      <dl className="lx-figures">
        <One title="读入" value={counts.read} note="表头以下的非空行" />
        <One title="新增党组织" value={counts.orgsNew} note={`${grouped(counts.add)} 行`} />
        <One title="补充" value={counts.update} note="已有党组织添单位、书记等" />
        <One title="没有变化" value={counts.same} />
        <One title="退回" value={counts.refused} />
        <One title="提醒" value={counts.warnings} note="照常入库，请留意" />
        <One title="认出的单位" value={counts.unitsFound} note={`没有认出 ${grouped(counts.unitsMissing)} 家`} />
      </dl>
      {page.state === 'preview' ? (
        <div className="lx-step-foot">
          <Button onClick={() => setRemap(true)}>回到对列</Button>
          <Button
            type="primary"
            disabled={counts.add + counts.update === 0}
            loading={commit.busy}
            onClick={() => void go()}
          >
            入库 {grouped(counts.add + counts.update)} 行
          </Button>
        </div>
      ) : null}
      {page.state === 'committed' ? (
        <p className="lx-soft">
          <Link to={'/orgs'}>看党组织</Link>，<Link to={'/orgs/reminders'}>看换届与提醒</Link>。
        </p>
      ) : null}
      {page.state === 'undone' ? null : <Rows page={page} />}
    </div>
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

const tones: Record<OrgOutcome, MarkTone> = { add: 'good', update: 'busy', same: 'plain', refused: 'bad' }

const columns: readonly Column<Row>[] = [
  { key: 'row', title: '行', width: 72, required: true, render: (row) => <span className="lx-code">{row.row}</span> },
  {
    key: 'outcome',
    title: '结果',
    width: 140,
    render: (row) => <Mark tone={tones[row.outcome]}>{orgOutcomes[row.outcome]}</Mark>,
  },
  { key: 'name', title: '党组织名称', width: 260, render: (row) => row.values.name },
  {
    key: 'kind',
    title: '类别 · 组建方式',
    width: 190,
    render: (row) =>
      row.values.kind && row.values.mode ? `${orgKinds[row.values.kind]} · ${formingModes[row.values.mode]}` : null,
  },
  {
    key: 'units',
    title: '覆盖单位',
    width: 280,
    render: (row) =>
      row.values.units?.map((unit) => `${unit.name || unit.code}${unit.unitId ? '' : '（没有认出）'}`).join('、'),
  },
  {
    key: 'problems',
    title: '哪里不对、怎样改',
    width: 420,
    wraps: true,
    render: (row) =>
      row.problems.map((one) => `${one.column}${one.value ? `“${one.value}”` : ''}${one.rule}：${one.fix}`).join('；'),
  },
  { key: 'parent', title: '上级党组织', width: 200, render: (row) => row.values.parent },
  { key: 'secretary', title: '书记', width: 80, render: (row) => row.values.secretary },
  { key: 'foundedOn', title: '成立日期', width: 112, render: (row) => row.values.foundedOn },
  { key: 'electedOn', title: '换届日期', width: 112, render: (row) => row.values.electedOn },
  { key: 'formal', title: '正式党员', width: 92, numeric: true, render: (row) => row.values.formal },
  { key: 'sheet', title: '工作表', width: 120, hidden: true },
]

const shape = z.object({ outcome: orgOutcome, problems: z.boolean() }).partial()

function Rows({ page }: { page: OrgImportPage }) {
  const list = useListState(shape, { sort: 'row', pageSize: 50 })
  const navigate = useNavigate()
  const { outcome, problems } = list.filters
  const query = useQuery(
    party.listOrgImportRows.queryOptions({
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
        rowKey={(row) => String(row.seq)}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            fields={[
              { kind: 'one', name: 'outcome', label: '结果', options: options(orgOutcomes), width: 180 },
              { kind: 'flag', name: 'problems', label: '只看有问题的' },
            ]}
          />
        }
        {...(page.state === 'committed'
          ? { onOpen: (row: Row) => void (row.orgId ? navigate({ to: `/orgs/${row.orgId}` }) : undefined) }
          : {})}
        empty={{ title: '没有行' }}
      />
    </Section>
  )
}
