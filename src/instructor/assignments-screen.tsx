import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { ExportButton, RegionPicker } from '../office/parts.tsx'
import { type FilterField, Filters } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { type AssignmentRow, distanceText, InstructorLink, instructors } from './instructor-client.tsx'
import { InstructorNav } from './instructor-nav.tsx'

const AssignUnit = lazy(() => import('./assignment-forms.tsx').then((m) => ({ default: m.AssignUnit })))
const EndAssignment = lazy(() => import('./assignment-forms.tsx').then((m) => ({ default: m.EndAssignment })))

const shape = z.object({ region: regionCodeShape, ended: z.boolean(), text: z.string().max(64) }).partial()

const sorts = ['areaName', 'metres', 'from'] as const

const fields: FilterField[] = [
  { kind: 'flag', name: 'ended', label: '看已结束的' },
  {
    kind: 'own',
    name: 'region',
    label: '区划',
    render: (value, set) => <RegionPicker value={value as string | undefined} onChange={set} width={168} />,
    text: (value) => <span className="lx-code">{String(value).replace(/0+$/, '')}</span>,
  },
]

/** 联系单位: which instructor looks after which unit. */
export function AssignmentsScreen() {
  const list = useListState(shape, { pageSize: 50, sort: 'areaName', sorts })
  const can = useCan()
  const [open, setOpen] = useState<'assign' | AssignmentRow>()
  const { filters, sort, order, page, pageSize } = list
  const query = useQuery(
    instructors.listAssignments.queryOptions({
      input: { ...filters, sort, order, page, pageSize },
      meta: { keep: true },
    }),
  )
  const close = () => setOpen(undefined)
  const total = query.data?.total ?? 0
  return (
    <Page
      title="指导员"
      description="每家单位由谁联系；登记后单位计为“有在任党建工作指导员”，结束后不再计。"
      actions={
        can('instructor.handle') ? (
          <Button type="primary" onClick={() => setOpen('assign')}>
            选派
          </Button>
        ) : undefined
      }
    >
      <InstructorNav />
      <SearchTable
        name="联系单位"
        unit="家"
        columns={columnsOf(filters.ended === true, can('instructor.handle') ? setOpen : undefined)}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={<Filters list={list} search={{ name: 'text', placeholder: '单位名称' }} fields={fields} />}
        tools={
          can('instructor.export') ? (
            <ExportButton
              operation={instructors.exportAssignments}
              input={filters}
              disabled={total === 0}
              title={`导出指导员联系单位（${grouped(total)} 家）`}
              note="指导员姓名按规定脱敏。"
            />
          ) : undefined
        }
        empty={{
          title: '还没有派到单位',
          hint: '到“安排”里按距离、行业和人手一并安排，或者逐家选派。',
          action: <Link to="/instructors/plans">去安排</Link>,
        }}
      />
      <Suspense>
        {open === 'assign' ? <AssignUnit onClose={close} /> : null}
        {typeof open === 'object' ? <EndAssignment row={open} onClose={close} /> : null}
      </Suspense>
    </Page>
  )
}

/** The columns; `onEnd` is left out where the person may not end anything. */
function columnsOf(
  ended: boolean,
  onEnd: ((row: AssignmentRow) => void) | undefined,
): readonly Column<AssignmentRow>[] {
  return [
    {
      key: 'unitName',
      title: '单位',
      width: 280,
      required: true,
      render: (row) => <Link to={`/units/${row.unitId}`}>{row.unitName}</Link>,
    },
    { key: 'areaName', title: '乡镇街道', width: 120, sort: 'areaName' },
    {
      key: 'instructorName',
      title: '指导员',
      width: 220,
      render: (row) => <InstructorLink id={row.instructorId} name={row.instructorName} employer={row.employer} />,
    },
    {
      key: 'metres',
      title: '距离',
      width: 110,
      sort: 'metres',
      render: (row) => distanceText(row.metres, row.measured),
    },
    { key: 'from', title: '起', width: 110, sort: 'from' },
    { key: 'to', title: '止', width: 110, hidden: !ended },
    { key: 'source', title: '依据', width: 200 },
    {
      key: 'acts',
      title: '操作',
      width: 80,
      render: (row) =>
        onEnd && row.to === null ? (
          <Button type="link" size="small" onClick={() => onEnd(row)}>
            结束
          </Button>
        ) : (
          row.endedReason
        ),
    },
  ]
}
