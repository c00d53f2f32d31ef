import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Form, InputNumber, Radio } from 'antd'
import { useRef, useState } from 'react'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { formatDateTime } from '../base/time.ts'
import { RegionPicker, useOnlyCounty } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { instructorContract } from './contract.ts'
import { planStates } from './contract-rows.ts'
import { type AssignPlan, instructors } from './instructor-client.tsx'
import { InstructorNav } from './instructor-nav.tsx'
import { wants } from './rules.ts'

type Head = AssignPlan['plan']
const shape = z.object({ region: regionCodeShape }).partial()
const start = inputOf(instructorContract.startAssign)

export const assignTones: Record<Head['state'], MarkTone> = {
  running: 'busy',
  draft: 'warn',
  confirming: 'busy',
  confirmed: 'good',
  dropped: 'plain',
  failed: 'bad',
}

const columns: readonly Column<Head>[] = [
  { key: 'title', title: '安排', width: 280, required: true },
  {
    key: 'state',
    title: '状态',
    width: 110,
    render: (row) => <Mark tone={assignTones[row.state]}>{planStates[row.state]}</Mark>,
  },
  { key: 'units', title: '单位', width: 80, numeric: true },
  { key: 'pairs', title: '派到', width: 80, numeric: true },
  { key: 'fresh', title: '新派', width: 80, numeric: true },
  { key: 'given', title: '撤换', width: 80, numeric: true },
  { key: 'short', title: '没有派到', width: 90, numeric: true },
  { key: 'author', title: '安排人', width: 110 },
  { key: 'at', title: '时间', width: 160, render: (row) => formatDateTime(new Date(row.at)) },
]

/** 安排: plans of whom to send where, and a way to make one. */
export function AssignPlansScreen() {
  const list = useListState(shape)
  const can = useCan()
  const navigate = useNavigate()
  const [starting, setStarting] = useState(false)
  const query = useQuery({
    ...instructors.listAssignPlans.queryOptions({
      input: { ...list.filters, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
    refetchInterval: (now) => (now.state.data?.rows.some((row) => working(row.state)) ? 2000 : false),
  })
  const begin = can('instructor.handle') ? (
    <Button type="primary" onClick={() => setStarting(true)}>
      安排指导员
    </Button>
  ) : undefined
  return (
    <Page
      title="指导员"
      description="按距离、行业和人手算出派到哪些单位，尽量多派到、少换人；先看草稿、逐家调整，确认后才生效。"
      actions={begin}
    >
      <InstructorNav />
      <SearchTable
        name="指导员安排"
        unit="次"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        onOpen={(row) => void navigate({ to: `/instructors/plans/${row.id}` })}
        empty={{ title: '还没有安排过', hint: '先在名册里登记指导员，再选范围安排。', action: begin }}
      />
      {starting ? (
        <StartForm
          onClose={() => setStarting(false)}
          onStarted={(id) => void navigate({ to: `/instructors/plans/${id}` })}
        />
      ) : null}
    </Page>
  )
}

/** True while a job is at work on a plan. */
export const working = (state: Head['state']) => state === 'running' || state === 'confirming'

function StartForm(props: { onClose: () => void; onStarted: (id: string) => void }) {
  const client = useQueryClient()
  const only = useOnlyCounty()
  const made = useRef<string>(undefined)
  return (
    <DrawerForm
      key={only}
      open
      title="安排指导员"
      submitText="开始安排"
      shape={start}
      initial={{ which: 'zero', ...(only ? { region: only } : {}) }}
      onSubmit={async (values) => {
        made.current = (await instructors.startAssign.call(values)).id
        await client.invalidateQueries({ queryKey: instructors.key() })
      }}
      onClose={() => (made.current ? props.onStarted(made.current) : props.onClose())}
    >
      <Field name="region" hint="一个县（市、区），或其中一个乡镇街道。">
        <RegionPicker width="100%" />
      </Field>
      <Field name="which" hint="都是正在运营、还没有党组织的单位。">
        <Radio.Group options={options(wants)} />
      </Field>
      <ByRules />
    </DrawerForm>
  )
}

/** The numbers that the rules give, which may be set otherwise for this once. */
function ByRules() {
  const form = Form.useFormInstance()
  const region = Form.useWatch('region', form) as string | undefined
  const query = useQuery(
    instructors.getInstructorSettings.queryOptions({
      input: { countyCode: `${region?.slice(0, 6) ?? ''}000000` },
      enabled: region !== undefined,
    }),
  )
  const rule = (key: string) => query.data?.settings.find((one) => one.key === key && one.current)
  const said = (key: string) => {
    const one = rule(key)
    return one ? `${one.value.toLocaleString('zh-CN')} ${one.unit}` : '规则里的数'
  }
  return (
    <>
      <Field
        name="staffMin"
        label="从业人数不少于"
        hint={`不填按规则：${said('staffMin')}，或注册资本 ${said('capitalMin')}以上；0 为不限`}
      >
        <InputNumber min={0} max={100_000} precision={0} style={{ width: 160 }} />
      </Field>
      <Field
        name="each"
        label="每家派几名"
        hint={`不填按规则：${said('each')}；一名指导员最多联系 ${said('capacity')}`}
      >
        <InputNumber min={1} max={5} precision={0} style={{ width: 160 }} />
      </Field>
    </>
  )
}
