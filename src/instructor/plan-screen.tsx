import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Radio, Select, Space } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { today } from '../base/time.ts'
import { ExportButton, JobPanel } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Filters } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { useListState, useParam } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Failure, Loading } from '../ui/states.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { instructorContract } from './contract.ts'
import { pairViews, planStates } from './contract-rows.ts'
import { type AssignPlan, distanceText, InstructorLink, instructors } from './instructor-client.tsx'
import { pairNote } from './rules.ts'
import { assignTones, working } from './plans-screen.tsx'

type Pair = AssignPlan['rows'][number]
const views = Object.keys(pairViews) as (keyof typeof pairViews)[]
const shape = z.object({ show: z.enum(views), text: z.string().max(64) }).partial()
const sorts = ['plan', 'areaName', 'metres'] as const
const useList = () => useListState(shape, { pageSize: 50, sort: 'plan', sorts })
const change = inputOf(instructorContract.setPair)
const confirm = inputOf(instructorContract.confirmAssign)

/** One plan: the draft unit by unit, changed by hand, then confirmed or given up. */
export function AssignPlanScreen() {
  const id = useParam('id')
  const list = useList()
  const can = useCan()
  const [changing, setChanging] = useState<Pair>()
  const query = useQuery({
    ...instructors.getAssignPlan.queryOptions({
      input: { id, ...list.filters, sort: list.sort, order: list.order, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
    refetchInterval: (now) => (now.state.data && working(now.state.data.plan.state) ? 1500 : false),
  })
  const plan = query.data?.plan
  const may = can('instructor.handle') && plan?.state === 'draft'
  return (
    <Page
      title={plan?.title ?? '指导员安排'}
      trail={[{ title: '指导员安排', to: '/instructors/plans' }]}
      mark={plan ? <Mark tone={assignTones[plan.state]}>{planStates[plan.state]}</Mark> : undefined}
      description={
        plan && plan.units > 0
          ? `符合条件的 ${grouped(plan.units)} 家，派到 ${grouped(plan.pairs)} 家（新派 ${grouped(plan.fresh)}），撤换 ${grouped(plan.given)}，没有派到 ${grouped(plan.short)} 家。`
          : undefined
      }
      actions={plan && may ? <Acts plan={plan} /> : undefined}
    >
      {query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : null}
      {!plan && !query.error ? <Loading /> : null}
      {plan?.error ? <p role="alert">{plan.error}</p> : null}
      {plan && working(plan.state) && plan.jobId ? <JobPanel jobId={plan.jobId} /> : null}
      {plan && plan.units > 0 ? <Pairs id={id} query={query} onChange={may ? setChanging : undefined} /> : null}
      {changing && plan ? <ChangeForm plan={plan} pair={changing} onClose={() => setChanging(undefined)} /> : null}
    </Page>
  )
}

function Pairs(props: { id: string; query: UseQueryResult<AssignPlan>; onChange: ((pair: Pair) => void) | undefined }) {
  const list = useList()
  const can = useCan()
  const { show = 'all', text } = list.filters
  const total = props.query.data?.total ?? 0
  const given = show === 'given'
  return (
    <>
      <SearchTable
        name="指导员安排明细"
        unit="家"
        columns={pairColumns(given, given ? undefined : props.onChange)}
        rowKey={(row) => `${row.unitId} ${row.instructorId}`}
        query={props.query}
        list={{ ...list, filtered: text ? 1 : 0 }}
        filters={
          <Space wrap>
            <Radio.Group
              aria-label="看哪些"
              optionType="button"
              value={show}
              options={views.map((value) => ({
                value,
                label: `${pairViews[value]} ${grouped(props.query.data?.counts[value] ?? 0)}`,
              }))}
              onChange={(event) => list.filter({ show: event.target.value as (typeof views)[number] })}
            />
            <Filters list={list} search={{ name: 'text', placeholder: '单位、工作单位或姓氏' }} fields={[]} />
          </Space>
        }
        tools={
          can('instructor.export') ? (
            <ExportButton
              operation={instructors.exportAssignPlan}
              input={{ id: props.id, show, ...(text ? { text } : {}) }}
              disabled={total === 0}
              title={`导出指导员安排（${grouped(total)} 家）`}
              note="指导员姓名按规定脱敏。"
            />
          ) : undefined
        }
        empty={{ title: show === 'short' ? '都派到了' : '没有这样的单位' }}
      />
    </>
  )
}

/** The columns of a plan; `onChange` is left out where nothing can be changed. */
function pairColumns(given: boolean, onChange: ((pair: Pair) => void) | undefined): readonly Column<Pair>[] {
  return [
    {
      key: 'unitName',
      title: '单位',
      width: 290,
      required: true,
      render: (row) => <Link to={`/units/${row.unitId}`}>{row.unitName}</Link>,
    },
    { key: 'areaName', title: '乡镇街道', width: 120, sort: 'areaName' },
    {
      key: 'instructorName',
      title: '指导员',
      width: 220,
      render: (row) =>
        row.instructorId === null ? (
          <Mark tone="warn">没有派到</Mark>
        ) : (
          <InstructorLink id={row.instructorId} name={row.instructorName ?? ''} employer={row.employer} />
        ),
    },
    {
      key: 'metres',
      title: '距离',
      width: 110,
      sort: 'metres',
      hidden: given,
      render: (row) => (row.instructorId === null ? null : distanceText(row.metres, row.measured)),
    },
    {
      key: 'kept',
      title: '说明',
      width: 170,
      render: (row) => pairNote(row, given),
    },
    {
      key: 'acts',
      title: '操作',
      width: 90,
      hidden: !onChange,
      render: (row) =>
        onChange ? (
          <Button type="link" size="small" onClick={() => onChange(row)}>
            {row.instructorId === null ? '选人' : '换人'}
          </Button>
        ) : null,
    },
  ]
}

function Acts({ plan }: { plan: AssignPlan['plan'] }) {
  const ask = useConfirm()
  const client = useQueryClient()
  const [confirming, setConfirming] = useState(false)
  const drop = useCommand(instructors.dropAssign.mutationOptions(), { done: '已放弃', refresh: [instructors.key()] })
  const giveUp = async () => {
    const lose = '草稿不再可用，现在的联系不变；可以重新安排。'
    if (await ask({ title: '放弃这次安排？', lose, act: '放弃' })) await drop.run({ id: plan.id })
  }
  return (
    <>
      <Button loading={drop.busy} onClick={() => void giveUp()}>
        放弃
      </Button>
      <Button type="primary" onClick={() => setConfirming(true)}>
        确认安排
      </Button>
      {confirming ? (
        <DrawerForm
          open
          title="确认安排"
          submitText={`确认，新派 ${grouped(plan.fresh)} 家`}
          shape={confirm}
          initial={{ id: plan.id, on: today(new Date()) }}
          onSubmit={async (values) => {
            await instructors.confirmAssign.call(values)
            await client.invalidateQueries({ queryKey: instructors.key() })
          }}
          onClose={() => setConfirming(false)}
        >
          <p className="lx-soft">
            新派 {grouped(plan.fresh)} 家，撤换 {grouped(plan.given)} 家，其余不动；这些单位从这一天起计为有指导员。
          </p>
          <Field name="on">
            <input type="date" className="lx-day" max={today(new Date())} />
          </Field>
          <Field name="source" hint="文件名称、文号，或哪级安排" />
        </DrawerForm>
      ) : null}
    </>
  )
}

function ChangeForm(props: { plan: AssignPlan['plan']; pair: Pair; onClose: () => void }) {
  const { plan, pair } = props
  const client = useQueryClient()
  return (
    <DrawerForm
      open
      title={pair.unitName}
      submitText="换人"
      shape={change}
      initial={{ id: plan.id, unitId: pair.unitId, from: pair.instructorId, to: null }}
      onSubmit={async (values) => {
        await instructors.setPair.call(values)
        await client.invalidateQueries({ queryKey: instructors.getAssignPlan.key() })
        void client.invalidateQueries({ queryKey: instructors.key(), refetchType: 'none' })
      }}
      onClose={props.onClose}
    >
      <Field name="to" label="派谁" hint="近的在前；空着为不派，草稿里已派满的不能再选。">
        <ChoicePicker id={plan.id} unitId={pair.unitId} />
      </Field>
    </DrawerForm>
  )
}

/** Chooses who goes to a unit of a draft: how far, of which trade and how loaded each is stands beside. */
function ChoicePicker(props: {
  id: string
  unitId: string
  value?: string | null
  onChange?: (id: string | null) => void
}) {
  const input = { id: props.id, unitId: props.unitId }
  const query = useQuery(instructors.listPairChoices.queryOptions({ input }))
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  return (
    <Select
      aria-label="派谁"
      style={{ width: '100%' }}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={query.isPending}
      placeholder="选择指导员"
      notFoundContent={query.isPending ? '正在查找…' : '没有找到'}
      value={props.value ?? null}
      options={(query.data?.rows ?? []).map((row) => ({
        value: row.instructorId,
        label: [
          row.name,
          row.employer,
          distanceText(row.metres, row.measured),
          row.skilled ? '' : '不熟悉行业',
          `已派 ${row.load}/${row.room} 家`,
        ]
          .filter(Boolean)
          .join('　'),
        disabled: row.load >= row.room,
      }))}
      onChange={(next?: string | null) => props.onChange?.(next ?? null)}
    />
  )
}
