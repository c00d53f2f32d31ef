import { Checkbox } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { ExportButton } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCan } from '../ui/session.ts'
import { ledgerContract, unitFilter } from './contract.ts'
import { type UnitField, unitFields } from './field-contract.ts'
import type { UnitList } from './units-screen.tsx'

const ledger = connect(ledgerContract)
const all = Object.keys(unitFields) as UnitField[]
const usual: UnitField[] = [
  'name',
  'uscc',
  'kind',
  'status',
  'area',
  'address',
  'industry',
  'staffCount',
  'memberCount',
  'hasPartyOrg',
]

/** Takes the units of the present list out as a file, for a stated purpose. */
export function UnitsExport({ list, total }: { list: UnitList; total: number }) {
  const can = useCan()
  const [columns, setColumns] = useState<UnitField[]>(usual)
  const [personal, setPersonal] = useState<'masked' | 'full'>('masked')
  return (
    <ExportButton
      operation={ledger.exportUnits}
      input={{ filter: unitFilter.parse(list.filters), sort: list.sort, order: list.order, columns, personal }}
      title={`导出 ${grouped(total)} 家单位`}
      placeholder="例如：报送市委社会工作部 11 月台账"
      ready={columns.length > 0}
    >
      <fieldset>
        <legend>列</legend>
        <Checkbox.Group
          className="lx-check-grid"
          value={columns}
          options={all.map((field) => ({ value: field, label: unitFields[field].title }))}
          onChange={(next) => setColumns(all.filter((field) => next.includes(field)))}
        />
      </fieldset>
      {can('ledger.unit.reveal') ? (
        <Checkbox
          checked={personal === 'full'}
          onChange={(event) => setPersonal(event.target.checked ? 'full' : 'masked')}
        >
          联系方式不脱敏
        </Checkbox>
      ) : (
        <span className="lx-soft">联系方式按规定脱敏</span>
      )}
    </ExportButton>
  )
}
