import { useQuery, useQueryClient } from '@tanstack/react-query'
import { InputNumber } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import { today } from '../base/time.ts'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { Section } from '../ui/page.tsx'
import { RuleTable } from '../ui/rule-table.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { formingContract } from './contract.ts'
import { forming } from './forming-client.tsx'

type Setting = Awaited<ReturnType<typeof forming.getFormingSettings.call>>['settings'][number]
const shape = inputOf(formingContract.changeFormingSetting)

/** The numbers that plans obey, every version with its source. */
export function FormingNumbers({ county }: { county: string }) {
  const can = useCan()
  const [changing, setChanging] = useState<Setting>()
  const query = useQuery(forming.getFormingSettings.queryOptions({ input: { countyCode: county } }))
  return (
    <Section title="编排规则">
      <Answered query={query}>
        {({ settings }) => {
          const rows = settings.map((one) => ({ ...one, title: one.word, unit: '', effectiveFrom: one.effectiveOn }))
          return <RuleTable rules={rows} {...(can('forming.define') ? { onChange: setChanging } : {})} />
        }}
      </Answered>
      {changing ? <ChangeForm county={county} setting={changing} onClose={() => setChanging(undefined)} /> : null}
    </Section>
  )
}

function ChangeForm({ county, setting, onClose }: { county: string; setting: Setting; onClose: () => void }) {
  const client = useQueryClient()
  const send = async (values: z.output<typeof shape>) => {
    await forming.changeFormingSetting.call(values)
    await client.invalidateQueries({ queryKey: forming.key() })
  }
  return (
    <DrawerForm
      open
      title={setting.word}
      shape={shape}
      initial={{ countyCode: county, key: setting.key, value: setting.value, effectiveOn: today(new Date()) }}
      onSubmit={send}
      onClose={onClose}
    >
      <Field name="value" label="数值">
        <InputNumber min={1} max={100_000} precision={0} style={{ width: 160 }} />
      </Field>
      <Field name="effectiveOn">
        <input type="date" className="lx-day" min={today(new Date())} />
      </Field>
      <Field name="source" label="依据" hint="文件名称、文号" />
    </DrawerForm>
  )
}
