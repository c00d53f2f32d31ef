import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { addDays, today } from '../base/time.ts'
import { UnitPicker } from '../party/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { say } from '../ui/notice.tsx'
import { instructorContract } from './contract.ts'
import { type AssignmentRow, type InstructorPage, instructors } from './instructor-client.tsx'

const assign = inputOf(instructorContract.assignUnit)
const endOne = inputOf(instructorContract.endAssignment)
const endAll = inputOf(instructorContract.endInstructor)

/** Everything that shows who looks after a unit is asked for again. */
function useChanged() {
  const client = useQueryClient()
  return () => client.invalidateQueries()
}

/** Chooses an instructor of the register by employer or first character; how many units each has stands beside. */
export function InstructorPicker(props: {
  id?: string
  value?: string | null
  onChange?: (id: string | null) => void
  region?: string | undefined
}) {
  const [text, setText] = useState('')
  const query = useQuery(
    instructors.listInstructors.queryOptions({
      input: { ...(text ? { text } : {}), ...(props.region ? { region: props.region } : {}), pageSize: 50 },
    }),
  )
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      aria-label="指导员"
      style={{ width: '100%' }}
      allowClear
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder="输入工作单位或姓氏"
      notFoundContent={query.isFetching ? '正在查找…' : '没有找到'}
      value={props.value ?? null}
      options={(query.data?.rows ?? []).map((row) => ({
        value: row.id,
        label: `${row.name}　${row.employer ?? ''}　${row.areaName}　${row.units}/${row.capacity} 家`,
        disabled: row.units >= row.capacity,
      }))}
      onChange={(next?: string | null) => props.onChange?.(next ?? null)}
    />
  )
}

/** Sends an instructor to a unit. */
export function AssignUnit(props: { instructorId?: string; onClose: () => void }) {
  const changed = useChanged()
  return (
    <DrawerForm
      open
      title="派到单位"
      submitText="选派"
      shape={assign}
      initial={{ on: today(new Date()), ...(props.instructorId ? { instructorId: props.instructorId } : {}) }}
      onSubmit={async (values) => {
        await instructors.assignUnit.call(values)
        await changed()
      }}
      onClose={props.onClose}
    >
      {props.instructorId ? null : (
        <Field name="instructorId">
          <InstructorPicker />
        </Field>
      )}
      <Field name="unitId">
        <UnitPicker />
      </Field>
      <Field name="on">
        <input type="date" className="lx-day" max={today(new Date())} />
      </Field>
      <Field name="source" hint="文件名称、文号，或哪级安排" />
    </DrawerForm>
  )
}

/** Ends one assignment. */
export function EndAssignment({ row, onClose }: { row: AssignmentRow; onClose: () => void }) {
  const changed = useChanged()
  return (
    <DrawerForm
      open
      title={`结束联系：${row.unitName}`}
      submitText="结束联系"
      shape={endOne}
      initial={{ id: row.id, on: today(new Date()) }}
      onSubmit={async (values) => {
        await instructors.endAssignment.call(values)
        await changed()
      }}
      onClose={onClose}
    >
      <Field name="on">
        <input type="date" className="lx-day" min={addDays(row.from, 1)} max={today(new Date())} />
      </Field>
      <Field name="reason" hint="如 已建党组织、换人联系" />
    </DrawerForm>
  )
}

/** Lets an instructor leave: every unit is left on that day. */
export function EndInstructor({ page, onClose }: { page: InstructorPage; onClose: () => void }) {
  const changed = useChanged()
  return (
    <DrawerForm
      open
      title={`${page.name}离任`}
      submitText="登记离任"
      shape={endAll}
      initial={{ id: page.id, on: today(new Date()) }}
      onSubmit={async (values) => {
        const { ended } = await instructors.endInstructor.call(values)
        await changed()
        say.good(ended > 0 ? `已离任，${ended} 家单位须另派指导员` : '已离任')
      }}
      onClose={onClose}
    >
      <p className="lx-soft">
        {page.units > 0 ? `现联系的 ${page.units} 家单位到这一天一并结束，须另派指导员。` : '没有联系的单位。'}
      </p>
      <Field name="on">
        <input type="date" className="lx-day" max={today(new Date())} />
      </Field>
      <Field name="reason" />
    </DrawerForm>
  )
}
