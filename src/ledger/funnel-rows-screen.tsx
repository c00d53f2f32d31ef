import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { regionField } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { departments } from './field-contract.ts'
import { funnelContract, rowDrop, rowDrops } from './funnel-contract.ts'

const ledger = connect(funnelContract)
type Row = Awaited<ReturnType<typeof ledger.listFunnelRows.call>>['rows'][number]

const shape = z.object({ drop: rowDrop, region: regionCodeShape }).partial()
const dash = <span className="lx-faint">—</span>

const columns: readonly Column<Row>[] = [
  { key: 'name', title: '行里的单位名称', width: 280, required: true, fixed: 'left' },
  { key: 'code', title: '统一社会信用代码', width: 180, render: (row) => row.code ?? dash },
  { key: 'reason', title: '原因', width: 300 },
  {
    key: 'unitName',
    title: '归入的单位',
    width: 260,
    render: (row) =>
      row.unitId ? (
        <Link to="/units/$id" params={{ id: row.unitId }}>
          {row.unitName}
        </Link>
      ) : (
        dash
      ),
  },
  {
    key: 'department',
    title: '来源部门',
    width: 110,
    render: (row) => (row.department ? departments[row.department] : dash),
  },
  {
    key: 'fileName',
    title: '出处',
    width: 260,
    render: (row) => (
      <Link to="/imports/$id" params={{ id: row.importId }}>
        {row.fileName} {row.sheet} 第 {row.row} 行
      </Link>
    ),
  },
  { key: 'asOf', title: '数据截至', width: 110 },
]

/** The rows behind a figure of the funnel: those sent back, waiting, repeated. */
export function FunnelRowsScreen() {
  const list = useListState(shape, { pageSize: 50 })
  const navigate = useNavigate()
  const { drop = 'repeated', region } = list.filters
  const query = useQuery(
    ledger.listFunnelRows.queryOptions({
      input: { drop, page: list.page, pageSize: list.pageSize, ...(region ? { region } : {}) },
      meta: { keep: true },
    }),
  )
  return (
    <Page
      title={`来源行：${rowDrops[drop]}`}
      trail={[{ title: '甄别', to: '/funnel' }]}
      description={descriptions[drop]}
    >
      <SearchTable
        name="甄别来源行"
        unit="行"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            fields={[{ kind: 'one', name: 'drop', label: '去向', options: options(rowDrops) }, regionField]}
          />
        }
        onOpen={(row) =>
          void (row.unitId
            ? navigate({ to: '/units/$id', params: { id: row.unitId } })
            : navigate({ to: '/imports/$id', params: { id: row.importId } }))
        }
        empty={{ title: '没有这样的行' }}
      />
    </Page>
  )
}

const descriptions = {
  refused: '不能入账、已退回改正的行；改好重新导入即可。',
  queued: '拿不准属于哪家单位的行，请到“待核对”里定夺。',
  repeated: '与别的行说的是同一家单位的行：每家单位只计一次，其余的计在这里。',
  staged: '已预检、还没有入账的行。',
  loose: '核对时从单位移出、还没有归处的行。',
}
