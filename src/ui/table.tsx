import { Button, Pagination, Table } from 'antd'
import { useRef, useState, type ReactNode } from 'react'
import { grouped } from '../base/number.ts'
import type { AnyList } from './list-state.ts'
import { Empty, Failure, Loading } from './states.tsx'
import { applySort, useAntColumns, widthOf, type Column } from './table-columns.tsx'
import { TableTools, useColumnChoice, useDensity } from './table-tools.tsx'
import { rowActs, useBoxHeight, useScrollerKeys } from './table-rows.ts'

export type { Column }

export interface SearchTableProps<Row> {
  /** What the rows are, e.g. `台账`: the table's accessible name, and the key under which columns are remembered. */
  name: string
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  /** The result of `useQuery` on a list operation. The last rows stay on screen while the next page loads. */
  query: {
    data: { rows: Row[]; total: number } | undefined
    error: unknown
    isFetching: boolean
    refetch: () => unknown
  }
  /** From `useListState`. */
  list: AnyList
  /** `<Filters …/>` */
  filters?: ReactNode
  /** Measure word after the total: 家, 人, 条. */
  unit?: string | undefined
  /** Opens a row: click, or Enter on the focused row. */
  onOpen?: ((row: Row) => void) | undefined
  /** Buttons for the ticked rows; giving it turns ticking on. `clear` unticks. */
  bulk?: ((rows: Row[], clear: () => void) => ReactNode) | undefined
  /** What to show when there is nothing at all (nothing filtered away): say what to do next. */
  empty?: { title: string; hint?: ReactNode; action?: ReactNode } | undefined
  /** Saved views, at the left of the line above the table. */
  views?: ReactNode
  /** Export button and the like, at the right of that line. */
  tools?: ReactNode
  /** Where hidden columns are kept; left out, in this browser. */
  hiddenColumns?: { value: readonly string[]; onChange: (hidden: string[]) => void } | undefined
  rowClassName?: ((row: Row) => string) | undefined
}

/**
 * A list: server-side page and order (kept in the address), column chooser, density, ticking, and all its states.
 *
 * ```tsx
 * <SearchTable name="用户" unit="人" columns={columns} rowKey={(u) => u.id} query={query} list={list}
 *   filters={<Filters list={list} search={{ name: 'text', placeholder: '账号、姓名' }} fields={[…]} />}
 *   onOpen={(u) => open(u.id)} empty={{ title: '还没有用户', action: <Button>新建用户</Button> }} />
 * ```
 */
export function SearchTable<Row extends object>(props: SearchTableProps<Row>) {
  const { list, query } = props
  const [last, setLast] = useState(query.data)
  if (query.data && query.data !== last) setLast(query.data)
  const data = query.data ?? (query.error ? undefined : last)
  const box = useRef<HTMLDivElement>(null)
  const bodyHeight = useBoxHeight(box)
  useScrollerKeys(box)
  const [density, setDensity] = useDensity()
  const choice = useColumnChoice(props.name, props.columns, props.hiddenColumns)
  const [ticked, setTicked] = useState<{ of: unknown; rows: Row[] }>({ of: data, rows: [] })
  const rows = ticked.of === data ? ticked.rows : []
  const untick = () => setTicked({ of: data, rows: [] })
  const columns = useAntColumns(choice.shown, list)
  const width = choice.shown.reduce((sum, column) => sum + widthOf(column), props.bulk ? 44 : 0)

  return (
    <div className="lx-list">
      {props.filters}
      <div className="lx-list-line">
        {rows.length > 0 && props.bulk ? (
          <span className="lx-list-count lx-bulk" aria-live="polite">
            已选 <b>{rows.length}</b> {props.unit ?? '条'}
            <Button type="link" size="small" onClick={untick}>
              取消选择
            </Button>
            {props.bulk(rows, untick)}
          </span>
        ) : (
          <span className="lx-list-count" aria-live="polite">
            {props.views}
            {data ? <Total total={data.total} unit={props.unit ?? '条'} filtered={list.filtered > 0} /> : null}
          </span>
        )}
        <TableTools choice={choice} density={density} onDensity={setDensity} onRefresh={() => void query.refetch()}>
          {props.tools}
        </TableTools>
      </div>
      <div className="lx-list-box" ref={box}>
        <div>
          <Table<Row>
            aria-label={props.name}
            aria-busy={query.isFetching}
            className={query.isFetching && data ? 'lx-table lx-table-waiting' : 'lx-table'}
            size={density === 'tight' ? 'small' : 'medium'}
            columns={columns}
            dataSource={data?.rows ?? []}
            rowKey={props.rowKey}
            pagination={false}
            tableLayout="fixed"
            scroll={{ x: width, y: bodyHeight }}
            virtual={(data?.rows.length ?? 0) > 100}
            showSorterTooltip={false}
            sortDirections={['ascend', 'descend']}
            onChange={(_page, _filters, sorter) => applySort(list, sorter)}
            onRow={rowActs(props.onOpen)}
            locale={{ emptyText: <NoRows {...props} waiting={!data && !query.error} /> }}
            {...(props.rowClassName ? { rowClassName: props.rowClassName } : {})}
            {...(props.bulk && data
              ? {
                  rowSelection: {
                    columnWidth: 44,
                    selectedRowKeys: rows.map(props.rowKey),
                    onChange: (_keys: unknown, next: Row[]) => setTicked({ of: data, rows: next }),
                    getCheckboxProps: () => ({ 'aria-label': '选择本行' }),
                  },
                }
              : {})}
          />
        </div>
      </div>
      {data && data.total > 0 ? <Pages list={list} total={data.total} /> : null}
    </div>
  )
}

function Total({ total, unit, filtered }: { total: number; unit: string; filtered: boolean }) {
  return (
    <span className="lx-soft">
      共 <b className="lx-total">{grouped(total)}</b> {unit}
      {filtered ? '符合条件' : ''}
    </span>
  )
}

function Pages({ list, total }: { list: AnyList; total: number }) {
  return (
    <Pagination
      className="lx-pages"
      size="small"
      current={list.page}
      pageSize={list.pageSize}
      total={total}
      pageSizeOptions={[20, 50, 100, 200]}
      showSizeChanger
      showQuickJumper={total > list.pageSize * 5}
      onChange={(page, pageSize) => list.turn(pageSize === list.pageSize ? page : 1, pageSize)}
    />
  )
}

function NoRows<Row>(props: SearchTableProps<Row> & { waiting: boolean }) {
  if (props.waiting) return <Loading rows={10} />
  if (props.query.error) return <Failure error={props.query.error} onRetry={() => void props.query.refetch()} />
  if (props.list.filtered > 0) {
    const clear = <Button onClick={props.list.clear}>清空条件</Button>
    return <Empty title="没有符合条件的记录" hint="换个说法，或放宽几个条件。" action={clear} />
  }
  return <Empty {...(props.empty ?? { title: '还没有记录' })} />
}
