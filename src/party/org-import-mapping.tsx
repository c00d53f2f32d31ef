import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Checkbox, InputNumber, Select, Tabs } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { today } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { options } from '../ui/filters.tsx'
import { useCommand } from '../ui/query.ts'
import { type OrgField, orgFields, orgImportContract, type OrgSheet } from './org-import-contract.ts'
import type { OrgImportPage } from './org-import-screen.tsx'

const party = connect(orgImportContract)

/** Says which column is what; what was recognised is filled in. */
export function OrgMapping({ page }: { page: OrgImportPage }) {
  const client = useQueryClient()
  const [asOf, setAsOf] = useState(page.asOf)
  const [mapping, setMapping] = useState<OrgSheet[]>(page.mapping)
  const check = useCommand(party.checkOrgImport.mutationOptions())
  const problem = problemOf(mapping)
  const change = (sheet: string, next: Partial<OrgSheet>) =>
    setMapping(mapping.map((one) => (one.sheet === sheet ? { ...one, ...next } : one)))
  const start = async () => {
    await check.run({ id: page.id, asOf, mapping })
    await client.invalidateQueries({ queryKey: party.getOrgImport.key() })
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
        <span className="lx-soft">
          同一个党组织覆盖几家单位的，可以占几行，名称只写第一行也行；也可以用顿号隔开写在一格。
        </span>
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

function problemOf(mapping: readonly OrgSheet[]): string | null {
  const used = mapping.filter((one) => one.use)
  if (used.length === 0) return '没有要导入的表，请至少勾选一张。'
  for (const one of used) {
    const fields = one.columns.flatMap((column) => column.field ?? [])
    if (!fields.includes('name')) return `“${one.sheet}”还没有指明哪一列是${orgFields.name}。`
    const twice = fields.find((field, at) => fields.indexOf(field) !== at)
    if (twice) return `“${one.sheet}”有两列都对应“${orgFields[twice]}”，请只留一列。`
  }
  return null
}

function SheetTab(props: { page: OrgImportPage; mapping: OrgSheet; onChange: (next: Partial<OrgSheet>) => void }) {
  const { page, mapping, onChange } = props
  const sketch = page.sketch.find((one) => one.sheet === mapping.sheet)
  const rows = sketch?.firstRows ?? []
  const moveHeader = (headerRow: number) => {
    const header = rows.find((row) => row.row === headerRow)
    const columns = mapping.columns.map((column) => ({ ...column, title: header?.cells[column.index]?.trim() ?? '' }))
    onChange({ headerRow, columns })
  }
  const choose = (index: number, field: OrgField | null) =>
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
                    value={column.field}
                    options={options(orgFields)}
                    onChange={(next?: OrgField) => choose(column.index, next ?? null)}
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
