import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { CountyPicker, ExportButton, ImportDialog, RegionPicker, useOnlyCounty } from '../office/parts.tsx'
import { type FilterField, Filters } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { type InstructorRow, instructors } from './instructor-client.tsx'
import { InstructorNav } from './instructor-nav.tsx'
import { origins, skillsText } from './rules.ts'

const AddInstructor = lazy(() => import('./instructor-form.tsx').then((m) => ({ default: m.AddInstructor })))

const shape = z.object({ region: regionCodeShape, ended: z.boolean(), text: z.string().max(40) }).partial()
const sorts = ['area', 'units', 'from'] as const

const fields: FilterField[] = [
  { kind: 'flag', name: 'ended', label: '看已离任的' },
  {
    kind: 'own',
    name: 'region',
    label: '区划',
    render: (value, set) => <RegionPicker value={value as string | undefined} onChange={set} width={168} />,
    text: (value) => <span className="lx-code">{String(value).replace(/0+$/, '')}</span>,
  },
]

const columns: readonly Column<InstructorRow>[] = [
  { key: 'name', title: '姓名', width: 80, required: true },
  { key: 'phone', title: '电话', width: 130 },
  { key: 'employer', title: '工作单位及职务', width: 220 },
  { key: 'origin', title: '选派来源', width: 150, render: (row) => origins[row.origin] },
  { key: 'areaName', title: '乡镇街道', width: 120, sort: 'area' },
  {
    key: 'units',
    title: '现联系',
    width: 100,
    sort: 'units',
    numeric: true,
    render: (row) => `${row.units} / ${row.capacity} 家`,
  },
  { key: 'skills', title: '熟悉行业', width: 180, render: (row) => skillsText(row.skills) },
  { key: 'from', title: '选派日期', width: 110, sort: 'from' },
  { key: 'to', title: '离任日期', width: 110, hidden: true },
]

interface Kept {
  read: number
  kept: number
  refused: number
  errors: readonly { row: number; message: string }[]
}

/** 指导员名册: who is there, how many units each looks after. */
export function InstructorsScreen() {
  const list = useListState(shape, { sort: 'area', sorts, pageSize: 50 })
  const can = useCan()
  const navigate = useNavigate()
  const only = useOnlyCounty()
  const [open, setOpen] = useState<'add' | 'import'>()
  const { filters, sort, order, page, pageSize } = list
  const query = useQuery(
    instructors.listInstructors.queryOptions({
      input: { ...filters, sort, order, page, pageSize },
      meta: { keep: true },
    }),
  )
  const close = () => setOpen(undefined)
  const total = query.data?.total ?? 0
  return (
    <Page
      title="指导员"
      description="联系没有党员、没有党组织的单位；姓名、电话加密保存，平时遮盖，查看须说明用途。只看联系了哪些单位，不作个人积分排名。"
      actions={
        can('instructor.handle') ? (
          <>
            <Button onClick={() => setOpen('import')}>导入名册</Button>
            <Button type="primary" onClick={() => setOpen('add')}>
              登记指导员
            </Button>
          </>
        ) : undefined
      }
    >
      <InstructorNav />
      <SearchTable
        name="指导员"
        unit="名"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={<Filters list={list} search={{ name: 'text', placeholder: '工作单位，或姓名' }} fields={fields} />}
        tools={
          can('instructor.export') ? (
            <ExportButton
              operation={instructors.exportInstructors}
              input={filters}
              disabled={total === 0}
              title={`导出指导员名册（${grouped(total)} 名）`}
              note="姓名、电话按规定脱敏。"
            />
          ) : undefined
        }
        onOpen={(row) => void navigate({ to: `/instructors/${row.id}` })}
        empty={{ title: '还没有指导员', hint: '逐名登记，或导入名册：姓名、乡镇街道必有，电话、工作单位、行业可有。' }}
      />
      <Suspense>{open === 'add' ? <AddInstructor onClose={close} /> : null}</Suspense>
      {open === 'import' ? <ImportRegister only={only} onClose={close} /> : null}
    </Page>
  )
}

/** A table of instructors of one county. */
function ImportRegister({ only, onClose }: { only: string | undefined; onClose: () => void }) {
  const [chosen, setChosen] = useState<string>()
  const county = only ?? chosen
  const bring = useCommand(instructors.importInstructors.mutationOptions())
  return (
    <ImportDialog
      title="导入指导员名册"
      unit="名"
      hint="姓名、乡镇街道必有；可有电话、工作单位、选派来源、可联系家数、熟悉行业（门类字母）、经纬度、选派日期"
      ready={county !== undefined}
      start={(fileId, checkOnly) => bring.run({ countyCode: county!, fileId, checkOnly })}
      kept={(found: Kept) => found.kept}
      words={(found, checked) => `${checked ? '可以登记' : '已登记'} ${grouped(found.kept)} 名`}
      refresh={instructors.key()}
      onClose={onClose}
    >
      {only ? null : <CountyPicker value={chosen} onChange={setChosen} />}
    </ImportDialog>
  )
}
