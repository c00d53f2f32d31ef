import type { TableProps } from 'antd'
import { useMemo, type ReactNode } from 'react'
import { grouped } from '../base/number.ts'
import type { AnyList } from './list-state.ts'

export interface Column<Row> {
  /** Names the column for the chooser, and the row's field when there is no `render`. */
  key: string
  title: string
  /** Pixels; 120 when left out. Give the first column room: it is never squeezed. */
  width?: number
  render?: (row: Row) => ReactNode
  /** The server's sort field; left out, the column does not sort. */
  sort?: string
  /** Right-aligned tabular figures. */
  numeric?: boolean
  fixed?: 'left' | 'right'
  /** A sentence: broken into lines, not cut off. */
  wraps?: boolean
  /** Cannot be hidden. */
  required?: boolean
  /** Hidden until chosen. */
  hidden?: boolean
}

/** A column's width in pixels. */
export const widthOf = (column: { width?: number }) => column.width ?? 120

/** The columns in Ant Design's words. */
export function useAntColumns<Row extends object>(shown: readonly Column<Row>[], list: AnyList) {
  return useMemo(
    () =>
      shown.map((column) => ({
        key: column.key,
        title: column.title,
        width: widthOf(column),
        ellipsis: !column.wraps,
        ...(column.fixed ? { fixed: column.fixed } : {}),
        ...(column.numeric ? { align: 'right' as const } : {}),
        ...(column.sort
          ? {
              sorter: true,
              sortOrder:
                list.sort === column.sort ? (list.order === 'asc' ? ('ascend' as const) : ('descend' as const)) : null,
            }
          : {}),
        ...(column.sort ? { dataIndex: column.sort } : {}),
        render: (_value: unknown, row: Row) =>
          column.render ? column.render(row) : plain((row as Record<string, unknown>)[column.key]),
      })),
    [shown, list.sort, list.order],
  )
}

function plain(value: unknown): ReactNode {
  if (value === null || value === undefined || value === '') return <span className="lx-faint">—</span>
  return typeof value === 'number' ? grouped(value) : (value as string)
}

/** Takes the order that a press on a head asks for into the list's state. */
export function applySort<Row>(list: AnyList, sorter: Parameters<NonNullable<TableProps<Row>['onChange']>>[2]) {
  const one = Array.isArray(sorter) ? sorter[0] : sorter
  if (!one) return
  const field = one.order ? (one.field as string) : undefined
  list.sortBy(field, one.order === 'descend' ? 'desc' : 'asc')
}
