import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { ExportButton, regionField } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { department, departments } from './field-contract.ts'
import { funnelContract, rowFate, type RowFate, rowFates } from './funnel-contract.ts'

const ledger = connect(funnelContract)
type Row = Awaited<ReturnType<typeof ledger.listFunnelRows.call>>['rows'][number]

const shape = z.object({ fate: rowFate, department, region: regionCodeShape, text: z.string().max(64) }).partial()
const dash = <span className="lx-faint">—</span>

const tones: Record<RowFate, MarkTone> = {
  counted: 'good',
  repeated: 'plain',
  queued: 'warn',
  refused: 'bad',
  staged: 'busy',
  loose: 'warn',
}

const columns: readonly Column<Row>[] = [
  { key: 'name', title: '行里的单位名称', width: 264, required: true, fixed: 'left' },
  { key: 'code', title: '统一社会信用代码', width: 172, render: (row) => row.code ?? dash },
  { key: 'fate', title: '去向', width: 100, render: (row) => <Mark tone={tones[row.fate]}>{rowFates[row.fate]}</Mark> },
  { key: 'reason', title: '凭什么、为什么', width: 224 },
  {
    key: 'unitName',
    title: '归入的单位',
    width: 248,
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

const fields: FilterField[] = [
  { kind: 'one', name: 'fate', label: '去向', options: options(rowFates) },
  { kind: 'one', name: 'department', label: '来源部门', options: options(departments) },
  regionField,
]

/** The rows behind a figure of the funnel: all of them, or those with one fate. */
export function FunnelRowsScreen() {
  const list = useListState(shape, { pageSize: 50 })
  const navigate = useNavigate()
  const can = useCan()
  const { fate } = list.filters
  const wanted = list.filters as z.output<typeof shape>
  const query = useQuery(
    ledger.listFunnelRows.queryOptions({
      input: { ...wanted, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  return (
    <Page
      title={fate ? `来源行：${rowFates[fate]}` : '来源行'}
      trail={[{ title: '甄别', to: '/funnel' }]}
      description={fate ? descriptions[fate] : '已入账文件的每一行：同一家单位的排在一起，没有归到单位的在后面。'}
    >
      <SearchTable
        name="甄别来源行"
        unit="行"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={<Filters list={list} search={{ name: 'text', placeholder: '行里的单位名称、代码' }} fields={fields} />}
        tools={
          can('ledger.unit.export') ? (
            <ExportButton
              operation={ledger.exportFunnelRows}
              input={wanted}
              disabled={!query.data?.total}
              title={`导出 ${grouped(query.data?.total ?? 0)} 行来源行`}
              placeholder="例如：与来源部门核对去向"
            />
          ) : undefined
        }
        onOpen={(row) =>
          void (row.unitId
            ? navigate({ to: '/units/$id', params: { id: row.unitId } })
            : navigate({ to: '/imports/$id', params: { id: row.importId } }))
        }
        empty={{ title: '没有这样的行', hint: '导入的文件入账以后，每一行都列在这里。' }}
      />
    </Page>
  )
}

const descriptions: Record<RowFate, string> = {
  counted: '每家单位计一行：同一家的几行里最早的一行。',
  refused: '不能入账、已退回改正的行；改好重新导入即可。',
  queued: '拿不准属于哪家单位的行，请到“待核对”里定夺。',
  repeated: '与别的行说的是同一家单位的行：每家单位只计一次，其余的计在这里。',
  staged: '已预检、还没有入账的行。',
  loose: '核对时从单位移出、还没有归处的行。',
}
