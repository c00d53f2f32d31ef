import { Input, Pagination, Select } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { grouped } from '../base/number.ts'
import { options } from '../ui/filters.tsx'
import { Empty } from '../ui/states.tsx'

const pageSize = 50

export interface PlanListProps<Row, K extends string> {
  /** `组`, `单位`: what is listed, and its measure word. */
  what: string
  unit: string
  kinds: Readonly<Record<K, string>>
  kind: K
  onKind: (kind: K) => void
  placeholder: string
  /** The rows of a kind that a word fits, in their order; `` fits all. */
  find: (kind: K, text: string) => readonly Row[]
  rows: (rows: readonly Row[]) => ReactNode
  /** At the foot: what can be done with all that is listed. */
  bulk?: ((rows: readonly Row[]) => ReactNode) | undefined
}

/** A list at the side of the map: a kind, a word, and as many rows as fit a page. */
export function PlanList<Row, K extends string>(props: PlanListProps<Row, K>) {
  const { kind, find } = props
  const [text, setText] = useState('')
  const [page, setPage] = useState(1)
  const found = useMemo(() => find(kind, text.trim()), [find, kind, text])
  const last = Math.max(1, Math.ceil(found.length / pageSize))
  const now = Math.min(page, last)
  return (
    <div className="lx-plan-list">
      <div className="lx-plan-list-head">
        <Select
          size="small"
          aria-label={`哪些${props.what}`}
          style={{ width: 116 }}
          value={kind}
          options={options(props.kinds)}
          onChange={(next: K) => {
            setPage(1)
            props.onKind(next)
          }}
        />
        <Input.Search
          size="small"
          allowClear
          aria-label={`找${props.what}`}
          placeholder={props.placeholder}
          value={text}
          onChange={(event) => {
            setPage(1)
            setText(event.target.value)
          }}
        />
      </div>
      {found.length === 0 ? (
        <Empty title={`没有这样的${props.what}`} hint="换个名称，或看全部。" />
      ) : (
        props.rows(found.slice((now - 1) * pageSize, now * pageSize))
      )}
      <div className="lx-plan-list-foot">
        <span className="lx-soft">
          {grouped(found.length)} {props.unit}
        </span>
        {found.length > 0 ? props.bulk?.(found) : null}
        {last > 1 ? (
          <Pagination
            size="small"
            simple
            showSizeChanger={false}
            current={now}
            total={found.length}
            pageSize={pageSize}
            onChange={setPage}
          />
        ) : null}
      </div>
    </div>
  )
}
