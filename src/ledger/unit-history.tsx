import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Select, Table } from 'antd'
import { useState } from 'react'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { ledgerContract } from './contract.ts'
import { factText } from './fact-text.ts'
import { departments, type UnitField, unitFields } from './field-contract.ts'

const ledger = connect(ledgerContract)
type Fact = Awaited<ReturnType<typeof ledger.listFacts.call>>['rows'][number]

/** Every value that any department ever gave for this unit, newest first. */
export function UnitHistory({ id }: { id: string }) {
  const [field, setField] = useState<UnitField>()
  const query = useQuery(ledger.listFacts.queryOptions({ input: { id } }))
  return (
    <Answered query={query}>
      {({ rows }) => {
        const fields = [...new Set(rows.map((row) => row.field))]
        const shown = field ? rows.filter((row) => row.field === field) : rows
        return (
          <>
            <div className="lx-form-line">
              <Select
                aria-label="字段"
                allowClear
                placeholder="全部字段"
                style={{ width: 200 }}
                value={field ?? null}
                options={fields.map((one) => ({ value: one, label: unitFields[one].title }))}
                onChange={(next?: UnitField) => setField(next)}
              />
              <span className="lx-soft">共 {shown.length} 条</span>
            </div>
            {rows.length === 0 ? <Empty title="还没有变动" /> : <HistoryTable rows={shown} />}
          </>
        )
      }}
    </Answered>
  )
}

function HistoryTable({ rows }: { rows: Fact[] }) {
  const navigate = useNavigate()
  return (
    <Table<Fact>
      size="small"
      rowKey={(row) => row.id}
      dataSource={rows}
      pagination={rows.length > 50 ? { pageSize: 50, size: 'small' } : false}
      columns={[
        { title: '字段', width: 150, render: (_v, row) => unitFields[row.field].title },
        { title: '值', render: (_v, row) => factText(row.field, row.value) },
        { title: '来源部门', width: 110, render: (_v, row) => departments[row.department] },
        { title: '自', width: 108, render: (_v, row) => <span className="lx-code">{row.validFrom}</span> },
        {
          title: '至',
          width: 108,
          render: (_v, row) =>
            row.validTo ? <span className="lx-code">{row.validTo}</span> : <span className="lx-good">现行</span>,
        },
        {
          title: '出处',
          width: 300,
          render: (_v, row) =>
            row.source ? (
              <Button
                type="link"
                size="small"
                onClick={() => void navigate({ to: '/imports/$id', params: { id: row.source?.importId ?? '' } })}
              >
                {row.source.fileName} · {row.source.sheet} 第 {row.source.row} 行
              </Button>
            ) : (
              <span className="lx-soft">{row.recordedBy} 填报</span>
            ),
        },
        { title: '记入时间', width: 140, render: (_v, row) => formatDateTime(new Date(row.recordedAt)) },
      ]}
    />
  )
}
