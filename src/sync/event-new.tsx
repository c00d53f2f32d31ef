import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Form, Select } from 'antd'
import { useRef } from 'react'
import type { z } from 'zod'
import { today } from '../base/time.ts'
import { CountyPicker, RegionPicker, useOnlyCounty } from '../office/parts.tsx'
import { UnitPicker } from '../party/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { syncContract } from './contract.ts'
import { sync } from './sync-client.tsx'

const shape = inputOf(syncContract.openEvent)

/** Notes an event by hand: a project, a grading, or what the ledger could not know. */
export function EventNew(props: { onClose: () => void; onOpened: (id: string) => void }) {
  const client = useQueryClient()
  const only = useOnlyCounty()
  const made = useRef<string>(undefined)
  const send = async (values: z.output<typeof shape>) => {
    made.current = (await sync.openEvent.call(values)).id
    await client.invalidateQueries({ queryKey: sync.key() })
  }
  return (
    <DrawerForm
      key={only}
      open
      title="登记事件"
      submitText="登记"
      shape={shape}
      initial={{ on: today(new Date()), ...(only ? { countyCode: only } : {}) }}
      onSubmit={send}
      onClose={() => (made.current ? props.onOpened(made.current) : props.onClose())}
    >
      <Field name="countyCode" label="所属县">
        <CountyPicker />
      </Field>
      <TemplateField />
      <Field name="unitId" hint="已在台账的选单位；还没有登记的项目留空，填项目名称。">
        <UnitPicker />
      </Field>
      <Field name="title" hint="项目名称；选了单位的可以空着。" />
      <Field name="areaCode" hint="项目所在乡镇街道；选了单位的随单位。">
        <RegionPicker width="100%" />
      </Field>
      <Field name="on">
        <input type="date" className="lx-day" max={today(new Date())} />
      </Field>
    </DrawerForm>
  )
}

/** The templates that the county uses. */
function TemplateField() {
  const form = Form.useFormInstance()
  const county = Form.useWatch('countyCode', form) as string | undefined
  const query = useQuery(
    sync.listTemplates.queryOptions({ input: { countyCode: county ?? '' }, enabled: Boolean(county) }),
  )
  const inUse = (query.data?.templates ?? []).filter((one) => one.inUse)
  return (
    <Field name="templateKey">
      <Select
        placeholder={county ? '选择做法' : '请先选择县'}
        notFoundContent="还没有启用的模板，请到“模板与节假日”里启用"
        options={inUse.map((one) => ({ value: one.key, label: one.told.title }))}
      />
    </Field>
  )
}
