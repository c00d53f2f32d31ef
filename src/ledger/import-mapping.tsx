import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Checkbox, InputNumber, Select, Tabs } from 'antd'
import { useMemo, useState } from 'react'
import { today } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { options } from '../ui/filters.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { departments, type Department, type UnitField, unitFields } from './field-contract.ts'
import { importContract, type SheetMapping } from './import-contract.ts'
import type { ImportPage } from './import-screen.tsx'

const ledger = connect(importContract)
const fieldOptions = Object.entries(unitFields).map(([value, words]) => ({ value, label: words.title }))

/** Says which column fills which field; what was recognised is already filled in. */
export function MappingStep({ page }: { page: ImportPage }) {
  const client = useQueryClient()
  const can = useCan()
  const [from, setFrom] = useState<Department | null>(page.department)
  const [asOf, setAsOf] = useState(page.asOf)
  const [mapping, setMapping] = useState<SheetMapping[]>(page.mapping)
  const [saveProfile, setSaveProfile] = useState(true)
  const check = useCommand(ledger.checkImport.mutationOptions())
  const problem = useMemo(() => mappingProblem(from, mapping), [from, mapping])
  const change = (sheet: string, next: Partial<SheetMapping>) =>
    setMapping(mapping.map((one) => (one.sheet === sheet ? { ...one, ...next } : one)))
  const start = async () => {
    if (!from || problem) return
    await check.run({ id: page.id, department: from, asOf, mapping, saveProfile })
    await client.invalidateQueries({ queryKey: ledger.getImport.key() })
  }
  return (
    <div className="lx-step-body">
      <div className="lx-form-line">
        <label>
          来源部门
          <Select
            aria-label="来源部门"
            style={{ width: 160 }}
            placeholder="请选择"
            value={from ?? null}
            options={options(departments).filter((one) => one.value !== 'office')}
            onChange={(next: Department) => setFrom(next)}
          />
        </label>
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
        <span className="lx-soft">{page.profileUsed ?? page.departmentBecause}</span>
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
        <Checkbox checked={saveProfile} onChange={(event) => setSaveProfile(event.target.checked)}>
          记住这个部门的列对应，下次自动套用
        </Checkbox>
        <Button
          type="primary"
          loading={check.busy}
          disabled={problem !== null || !can('ledger.import.write')}
          onClick={() => void start()}
        >
          预检
        </Button>
      </div>
    </div>
  )
}

function mappingProblem(from: Department | null, mapping: readonly SheetMapping[]): string | null {
  if (!from) return '请选择来源部门。'
  const used = mapping.filter((one) => one.use)
  if (used.length === 0) return '没有要导入的表，请至少勾选一张。'
  for (const one of used) {
    const fields = one.columns.flatMap((column) => (column.field ? [column.field] : []))
    if (!fields.includes('name')) return `“${one.sheet}”还没有指明哪一列是单位名称。`
    const twice = fields.find((field, index) => fields.indexOf(field) !== index)
    if (twice) return `“${one.sheet}”有两列都对应“${unitFields[twice].title}”，请只留一列。`
  }
  return null
}

interface SheetTabProps {
  page: ImportPage
  mapping: SheetMapping
  onChange: (next: Partial<SheetMapping>) => void
}

function SheetTab({ page, mapping, onChange }: SheetTabProps) {
  const sketch = page.sketches.find((one) => one.sheet === mapping.sheet)
  const rows = sketch?.firstRows ?? []
  const moveHeader = (headerRow: number) => {
    const header = rows.find((row) => row.row === headerRow)
    const columns = mapping.columns.map((column) => ({ ...column, title: header?.cells[column.index]?.trim() ?? '' }))
    onChange({ headerRow, columns })
  }
  const choose = (index: number, field: UnitField | null) =>
    onChange({ columns: mapping.columns.map((column) => (column.index === index ? { ...column, field } : column)) })
  return (
    <>
      <div className="lx-form-line">
        <Checkbox checked={mapping.use} onChange={(event) => onChange({ use: event.target.checked })}>
          导入这张表（约 {(sketch?.rows ?? 0).toLocaleString('zh-CN')} 行）
        </Checkbox>
        <label>
          表头在第
          <InputNumber
            aria-label="表头所在行"
            min={1}
            max={30}
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
                    aria-label={`“${column.title || `第 ${column.index + 1} 列`}”对应的字段`}
                    size="small"
                    style={{ width: 140 }}
                    allowClear
                    placeholder="不取用"
                    disabled={!mapping.use}
                    showSearch={{ optionFilterProp: 'label' }}
                    popupMatchSelectWidth={false}
                    value={(column.field ?? null) as never}
                    options={fieldOptions}
                    onChange={(next?: UnitField) => choose(column.index, next ?? null)}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, 12).map((row) => (
              <tr
                key={row.row}
                className={
                  row.row === mapping.headerRow
                    ? 'lx-sheet-header'
                    : row.row < mapping.headerRow
                      ? 'lx-sheet-above'
                      : ''
                }
              >
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
