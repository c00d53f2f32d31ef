import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { InputNumber } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import { today } from '../base/time.ts'
import { DrawerForm } from './drawer-form.tsx'
import { Field } from './form.tsx'
import { RuleTable } from './rule-table.tsx'

/** A number of a county as its room's list answers it. */
interface Setting {
  key: string
  word: string
  unit?: string | undefined
  value: number
  source: string
  effectiveOn: string
  author: string | null
  current: boolean
}

/** Numbers that a county sets from a day on, every version with its source; `may` lets the person set one. */
export function DatedRules<S extends z.ZodObject>(props: {
  county: string
  settings: readonly Setting[]
  /** The input of the operation that sets a number: countyCode, key, value, effectiveOn, source. */
  shape: S
  send: (values: z.output<S>) => Promise<unknown>
  refresh: QueryKey
  may: boolean
}) {
  const client = useQueryClient()
  const [changing, setChanging] = useState<Setting>()
  const rows = props.settings.map((one) => ({
    ...one,
    title: one.word,
    unit: one.unit ?? '',
    effectiveFrom: one.effectiveOn,
  }))
  const initial = changing && {
    countyCode: props.county,
    key: changing.key,
    value: changing.value,
    effectiveOn: today(new Date()),
  }
  return (
    <>
      <RuleTable rules={rows} {...(props.may ? { onChange: setChanging } : {})} />
      {changing ? (
        <DrawerForm
          open
          title={changing.word}
          shape={props.shape}
          initial={initial as unknown as Partial<z.input<S>>}
          onSubmit={async (values) => {
            await props.send(values)
            await client.invalidateQueries({ queryKey: props.refresh })
          }}
          onClose={() => setChanging(undefined)}
        >
          <Field name="value" label={changing.unit ? `数值（${changing.unit}）` : '数值'}>
            <InputNumber min={0} max={100_000} precision={0} style={{ width: 160 }} />
          </Field>
          <Field name="effectiveOn">
            <input type="date" className="lx-day" min={today(new Date())} />
          </Field>
          <Field name="source" label="依据" hint="文件名称、文号" />
        </DrawerForm>
      ) : null}
    </>
  )
}
