import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { today } from '../base/time.ts'
import { unitKinds } from '../ledger/field-contract.ts'
import { connect } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Filters, options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { useListState } from '../ui/list-state.ts'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { orgContract, type OrgPage } from './contract.ts'
import { EndForm } from './org-end-form.tsx'
import { useOrgsChanged } from './org-forms.tsx'
import { UnitsPicker } from './parts.tsx'
import { coverModeOf } from './rules.ts'
import { coverModes } from './words-contract.ts'
import { coverUnitsInput, orgWriteContract } from './write-contract.ts'

const party = connect(orgContract)
const writing = connect(orgWriteContract)
type Row = Awaited<ReturnType<typeof party.listOrgUnits.call>>['rows'][number]
const shape = z.object({ ended: z.boolean() }).partial()

/** The units that an organisation covers. */
export function OrgUnits({ org }: { org: OrgPage }) {
  const list = useListState(shape, { sort: 'name' })
  const navigate = useNavigate()
  const can = useCan()
  const [adding, setAdding] = useState(false)
  const [ending, setEnding] = useState<Row>()
  const mayWrite = can('party.org.write') && !org.dissolvedOn
  const query = useQuery(
    party.listOrgUnits.queryOptions({
      input: { id: org.id, which: list.filters.ended ? 'all' : 'now', page: list.page, pageSize: list.pageSize },
    }),
  )
  const columns: Column<Row>[] = [
    { key: 'unitName', title: '单位', width: 280, required: true },
    { key: 'mode', title: '覆盖方式', width: 96, render: (row) => coverModes[row.mode] },
    {
      key: 'unitKind',
      title: '单位类型',
      width: 140,
      render: (row) => unitKinds[row.unitKind as keyof typeof unitKinds] ?? row.unitKind,
    },
    { key: 'areaName', title: '所属区划', width: 120 },
    { key: 'formal', title: '正式党员', width: 92, numeric: true },
    { key: 'validFrom', title: '自', width: 112 },
    { key: 'validTo', title: '至', width: 112 },
    ...(mayWrite
      ? [
          {
            key: 'acts',
            title: '',
            width: 84,
            render: (row: Row) =>
              row.validTo ? null : (
                <Button
                  type="link"
                  size="small"
                  onClick={(event) => {
                    event.stopPropagation()
                    setEnding(row)
                  }}
                >
                  结束
                </Button>
              ),
          },
        ]
      : []),
  ]
  return (
    <>
      <SearchTable
        name="覆盖单位"
        unit="家"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={<Filters list={list} fields={[{ kind: 'flag', name: 'ended', label: '含已结束的' }]} />}
        tools={mayWrite ? <Button onClick={() => setAdding(true)}>覆盖单位</Button> : undefined}
        onOpen={(row) => void navigate({ to: `/units/${row.unitId}/party` })}
        empty={{ title: '没有登记覆盖的单位' }}
      />
      {adding ? <CoverForm org={org} onClose={() => setAdding(false)} /> : null}
      {ending ? (
        <EndForm
          title={`${org.name}不再覆盖${ending.unitName}`}
          onEnd={(values) => writing.endCover.call({ id: ending.id, ...values })}
          onClose={() => setEnding(undefined)}
        />
      ) : null}
    </>
  )
}

function CoverForm({ org, onClose }: { org: OrgPage; onClose: () => void }) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title={`${org.name}覆盖单位`}
      shape={coverUnitsInput}
      initial={{ id: org.id, mode: coverModeOf(org.kind, org.formingMode), from: today(new Date()), move: true }}
      onClose={onClose}
      onSubmit={async (values) => {
        await writing.coverUnits.call(values)
        await changed()
      }}
    >
      <Field name="unitIds">
        <UnitsPicker />
      </Field>
      <Field name="mode">
        <Select options={options(coverModes)} />
      </Field>
      <Field name="from">
        <input type="date" className="lx-day" />
      </Field>
      <Field name="move" label="原来的党组织" valuePropName="checked">
        <Checkbox>从原来的党组织转来：原来的覆盖到这一天为止</Checkbox>
      </Field>
      <Field name="reason" />
    </DrawerForm>
  )
}
