import { useQuery, useQueryClient } from '@tanstack/react-query'
import { InputNumber } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import { today } from '../base/time.ts'
import { connect, inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { Page } from '../ui/page.tsx'
import { RuleTable } from '../ui/rule-table.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { orgContract } from './contract.ts'
import { OrgNav } from './parts.tsx'

const party = connect(orgContract)
type Setting = Awaited<ReturnType<typeof party.getPartySettings.call>>['settings'][number]
const shape = inputOf(orgContract.changePartySetting)

/** The numbers by which organisations are checked, each with its source and its date of effect. */
export function PartyRulesScreen() {
  const can = useCan()
  const [changing, setChanging] = useState<Setting>()
  const query = useQuery(party.getPartySettings.queryOptions({ input: undefined }))
  return (
    <Page title="党组织" description="按这些数检查党组织；每个数有依据和施行日期，以前的事按当时的数看。">
      <OrgNav />
      <Answered query={query}>
        {({ settings }) => (
          <RuleTable rules={settings} onChange={can('party.org.settings') ? setChanging : undefined} />
        )}
      </Answered>
      {changing ? <ChangeForm setting={changing} onClose={() => setChanging(undefined)} /> : null}
    </Page>
  )
}

function ChangeForm({ setting, onClose }: { setting: Setting; onClose: () => void }) {
  const client = useQueryClient()
  const send = async (values: z.output<typeof shape>) => {
    await party.changePartySetting.call(values)
    await client.invalidateQueries({ queryKey: party.key() })
  }
  return (
    <DrawerForm
      open
      title={setting.title}
      shape={shape}
      initial={{ key: setting.key, value: setting.value, effectiveFrom: today(new Date()) }}
      onSubmit={send}
      onClose={onClose}
    >
      <Field name="value" hint={setting.unit}>
        <InputNumber min={1} max={1000} precision={0} style={{ width: 160 }} />
      </Field>
      <Field name="effectiveFrom">
        <input type="date" className="lx-day" min={today(new Date())} />
      </Field>
      <Field name="source" hint="文件名称、文号" />
    </DrawerForm>
  )
}
