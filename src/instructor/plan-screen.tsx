import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Radio } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { today } from '../base/time.ts'
import { JobPanel } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { useListState, useParam } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Failure, Loading } from '../ui/states.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { InstructorPicker } from './assignment-forms.tsx'
import { instructorContract, planStates } from './contract.ts'
import { type AssignPlan, distanceText, instructors } from './instructor-client.tsx'
import { assignTones, working } from './plans-screen.tsx'

type Pair = AssignPlan['rows'][number]
const shows = { all: '全部', short: '没有派到', fresh: '新派', far: '五公里以上' } as const
const shape = z.object({ show: z.enum(['all', 'fresh', 'far', 'short']) }).partial()
const change = inputOf(instructorContract.setPair)
const confirm = inputOf(instructorContract.confirmAssign)

/** One plan: the draft unit by unit, changed by hand, then confirmed or given up. */
export function AssignPlanScreen() {
  const id = useParam('id')
  const list = useListState(shape, { pageSize: 50 })
  const can = useCan()
  const show = list.filters.show ?? 'all'
  const [changing, setChanging] = useState<Pair>()
  const query = useQuery({
    ...instructors.getAssignPlan.queryOptions({
      input: { id, show, page: list.page, pageSize: list.pageSize },
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
      {plan && plan.units > 0 ? <Pairs query={query} onChange={may ? setChanging : undefined} /> : null}
      {changing && plan ? <ChangeForm plan={plan} pair={changing} onClose={() => setChanging(undefined)} /> : null}
    </Page>
  )
}

function Pairs(props: {
  query: Parameters<typeof SearchTable<Pair>>[0]['query']
  onChange: ((pair: Pair) => void) | undefined
}) {
  const list = useListState(shape, { pageSize: 50 })
  const show = list.filters.show ?? 'all'
  return (
    <>
      <Radio.Group
        aria-label="看哪些"
        optionType="button"
        value={show}
        options={Object.entries(shows).map(([value, label]) => ({ value, label }))}
        onChange={(event) => list.filter({ show: event.target.value as keyof typeof shows })}
      />
      <SearchTable
        name="指导员安排明细"
        unit="家"
        columns={pairColumns(props.onChange)}
        rowKey={(row) => `${row.unitId} ${row.instructorId}`}
        query={props.query}
        list={{ ...list, filtered: 0 }}
        empty={{ title: show === 'short' ? '都派到了' : '没有这样的单位' }}
      />
    </>
  )
}

/** The columns of a plan; `onChange` is left out where nothing can be changed. */
function pairColumns(onChange: ((pair: Pair) => void) | undefined): readonly Column<Pair>[] {
  return [
    {
      key: 'unitName',
      title: '单位',
      width: 290,
      required: true,
      render: (row) => <Link to={`/units/${row.unitId}`}>{row.unitName}</Link>,
    },
    { key: 'areaName', title: '乡镇街道', width: 120 },
    {
      key: 'instructorName',
      title: '指导员',
      width: 130,
      render: (row) =>
        row.instructorId === null ? (
          <Mark tone="warn">没有派到</Mark>
        ) : (
          <Link to={`/instructors/${row.instructorId}`}>{row.instructorName}</Link>
        ),
    },
    {
      key: 'metres',
      title: '距离',
      width: 110,
      render: (row) => (row.instructorId === null ? null : distanceText(row.metres, row.measured)),
    },
    {
      key: 'kept',
      title: '说明',
      width: 170,
      render: (row) =>
        row.instructorId === null
          ? '附近的指导员都已派满'
          : [row.kept ? '原来就派在这里' : '新派', row.skilled ? '' : '不熟悉行业'].filter(Boolean).join('，'),
    },
    {
      key: 'acts',
      title: '操作',
      width: 90,
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
        await client.invalidateQueries({ queryKey: instructors.key() })
      }}
      onClose={props.onClose}
    >
      <Field name="to" label="派谁" hint="空着为不派；草稿里已派满的不能再选。">
        <InstructorPicker region={plan.countyCode} />
      </Field>
    </DrawerForm>
  )
}
