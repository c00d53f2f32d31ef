import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import { RegionPicker, useOnlyCounty } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { planContract } from './plan-contract.ts'
import { ScopeChoice } from './scope-choice.tsx'
import { forming } from './forming-client.tsx'

const shape = inputOf(planContract.startPlan)

/** Starts a plan of a county or a township, with the numbers it will obey beside the form. */
export function PlanStart(props: { region?: string | undefined; onClose: () => void }) {
  const { onClose } = props
  const navigate = useNavigate()
  const own = useOnlyCounty()
  const only = props.region ?? own
  const [region, setRegion] = useState(only)
  const send = async (values: z.output<typeof shape>) => {
    const { id } = await forming.startPlan.call(values)
    void navigate({ to: `/forming/plans/${id}` })
  }
  return (
    <DrawerForm
      open
      key={only ?? ''}
      title="编排方案"
      shape={shape}
      width={620}
      submitText="开始编排"
      initial={{
        ...(only === undefined ? {} : { region: only }),
        seed: 1,
        passes: 2,
        scope: { notOperating: false, elsewhere: false, reported: false },
      }}
      onSubmit={send}
      onClose={onClose}
    >
      <Field name="region" label="范围" hint="一个县，或一个乡镇街道">
        <PlanRegion onRegion={setRegion} />
      </Field>
      <Field name="scope" label="哪些单位参加">
        <ScopeChoice region={region} />
      </Field>
      <Field name="title" label="名称" hint="不填为区划名加日期" />
      <Field name="passes" label="编得多细">
        <Select
          style={{ width: 320 }}
          options={[
            { value: 0, label: '快速：几秒钟，比最好的略差' },
            { value: 1, label: '一遍：多数情形已足够' },
            { value: 2, label: '两遍：接近最好，并算出差距' },
          ]}
        />
      </Field>
      <Field name="seed" label="种子" hint="同样的单位和种子得到同样的方案；换一个可得另一个方案比较">
        <InputNumber min={1} max={1_000_000} precision={0} style={{ width: 160 }} />
      </Field>
      {region === undefined ? null : <Numbers countyCode={`${region.slice(0, 6)}000000`} />}
    </DrawerForm>
  )
}

/** The region field, which also tells whose numbers to show. */
function PlanRegion(props: {
  id?: string
  value?: string
  onChange?: (code: string | undefined) => void
  onRegion: (code: string | undefined) => void
}) {
  const change = (code: string | undefined) => {
    props.onChange?.(code)
    props.onRegion(code)
  }
  return <RegionPicker value={props.value} onChange={change} width="100%" label="范围" />
}

function Numbers({ countyCode }: { countyCode: string }) {
  const query = useQuery(forming.getFormingSettings.queryOptions({ input: { countyCode } }))
  const settings = (query.data?.settings ?? []).filter((one) => one.current)
  if (settings.length === 0) return null
  return (
    <>
      <p className="lx-soft">
        按这些数编排，要改先到
        <Link to="/forming/rules" className="lx-forming-link">
          规则与坐标
        </Link>
        ：
      </p>
      <table className="lx-sheet lx-sheet-wide">
        <thead>
          <tr>
            <th scope="col">规则</th>
            <th scope="col">数值</th>
            <th scope="col">依据</th>
          </tr>
        </thead>
        <tbody>
          {settings.map((one) => (
            <tr key={one.key}>
              <td>{one.word}</td>
              <td className="lx-number">{one.value}</td>
              <td>{one.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
