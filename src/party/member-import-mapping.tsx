import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Checkbox, InputNumber, Select, Tabs } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { today } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { options } from '../ui/filters.tsx'
import { useCommand } from '../ui/query.ts'
import { type MemberField, memberFields, memberImportContract, type MemberSheet } from './member-import-contract.ts'
import type { MemberImportPage } from './member-import-screen.tsx'

const party = connect(memberImportContract)

/** Says which column is what; what was recognised is filled in. */
export function MemberMapping({ page }: { page: MemberImportPage }) {
  const client = useQueryClient()
  const [asOf, setAsOf] = useState(page.asOf)
  const [complete, setComplete] = useState(page.complete)
  const [mapping, setMapping] = useState<MemberSheet[]>(page.mapping)
  const check = useCommand(party.checkMemberImport.mutationOptions())
  const problem = problemOf(mapping)
  const change = (sheet: string, next: Partial<MemberSheet>) =>
    setMapping(mapping.map((one) => (one.sheet === sheet ? { ...one, ...next } : one)))
  const start = async () => {
    await check.run({ id: page.id, asOf, complete, mapping })
    await client.invalidateQueries({ queryKey: party.getMemberImport.key() })
  }
  return (
    <div className="lx-step-body">
      <div className="lx-form-line">
        <label>
          数据截至
          <input
            type="date"
            className="lx-day"
            aria-label="数据截至"
            value={asOf}
            max={today(new Date())}
            onChange={(event) => setAsOf(event.target.value || page.asOf)}
          />
        </label>
        <Checkbox checked={complete} onChange={(event) => setComplete(event.target.checked)}>
          名册是全县全部党员：不在其中的记为不在册
        </Checkbox>
      </div>
      <Tabs
        items={mapping.map((one) => ({
          key: one.sheet,
          label: one.use ? one.sheet : `${one.sheet}（不导入）`,
          children: <SheetTab page={page} mapping={one} onChange={(next) => change(one.sheet, next)} />,
        }))}
      />
      {problem ? <Alert type="warning" showIcon title={problem} /> : null}
      <div className="lx-step-foot">
        <Button type="primary" loading={check.busy} disabled={problem !== null} onClick={() => void start()}>
          预检
        </Button>
      </div>
    </div>
  )
}

function problemOf(mapping: readonly MemberSheet[]): string | null {
  const used = mapping.filter((one) => one.use)
  if (used.length === 0) return '没有要导入的表，请至少勾选一张。'
  for (const one of used) {
    const fields = one.columns.flatMap((column) => column.field ?? [])
    const missing = (['name', 'idNumber', 'kind'] as const).find((field) => !fields.includes(field))
    if (missing) return `“${one.sheet}”还没有指明哪一列是${memberFields[missing]}。`
    const twice = fields.find((field, at) => fields.indexOf(field) !== at)
    if (twice) return `“${one.sheet}”有两列都对应“${memberFields[twice]}”，请只留一列。`
  }
  return null
}

function SheetTab(props: {
  page: MemberImportPage
  mapping: MemberSheet
  onChange: (next: Partial<MemberSheet>) => void
}) {
  const { page, mapping, onChange } = props
  const sketch = page.sketch.find((one) => one.sheet === mapping.sheet)
  const rows = sketch?.firstRows ?? []
  const moveHeader = (headerRow: number) => {
    const header = rows.find((row) => row.row === headerRow)
    const columns = mapping.columns.map((column) => ({ ...column, title: header?.cells[column.index]?.trim() ?? '' }))
    onChange({ headerRow, columns })
  }
  const choose = (index: number, field: MemberField | null) =>
    onChange({ columns: mapping.columns.map((column) => (column.index === index ? { ...column, field } : column)) })
  return (
    <>
      <div className="lx-form-line">
        <Checkbox checked={mapping.use} onChange={(event) => onChange({ use: event.target.checked })}>
          导入这张表（约 {grouped(sketch?.rows ?? 0)} 行）
        </Checkbox>
        <label>
          表头在第
          <InputNumber
            aria-label="表头所在行"
            min={1}
            max={50}
            style={{ width: 64 }}
            value={mapping.headerRow}
            onChange={(next) => (next ? moveHeader(next) : undefined)}
          />
          行
        </label>
        <span className="lx-soft">样行里的姓名、号码已遮盖</span>
      </div>
      <div className="lx-sheet-box">
        <table className="lx-sheet">
          <thead>
            <tr>
              <th aria-label="行号" />
              {mapping.columns.map((column) => (
                <th key={column.index} scope="col">
                  <Select
                    aria-label={`“${column.title || `第 ${column.index + 1} 列`}”是什么`}
                    size="small"
                    style={{ width: 150 }}
                    allowClear
                    placeholder="不取用"
                    disabled={!mapping.use}
                    popupMatchSelectWidth={false}
                    value={column.field ?? null}
                    options={options(memberFields)}
                    onChange={(next?: MemberField) => choose(column.index, next ?? null)}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.row} className={row.row === mapping.headerRow ? 'lx-sheet-header' : ''}>
                <th scope="row">{row.row}</th>
                {mapping.columns.map((column) => (
                  <td key={column.index} className={column.field ? '' : 'lx-faint'}>
                    {row.cells[column.index] ?? ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
