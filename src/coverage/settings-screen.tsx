import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { InputNumber } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import { today } from '../base/time.ts'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { Page, Section } from '../ui/page.tsx'
import { RuleTable } from '../ui/rule-table.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { nextSteps } from './condition-contract.ts'
import { coverageContract } from './contract.ts'
import { coverage } from './coverage-client.tsx'
import { CoverageNav } from './coverage-nav.tsx'

type Setting = Awaited<ReturnType<typeof coverage.getSettings.call>>['settings'][number]
const shape = inputOf(coverageContract.changeSetting)

/** 规则: the numbers by which coverage and the next step are worked out, and the steps with what they rest on. */
export function CoverageSettingsScreen() {
  const can = useCan()
  const [changing, setChanging] = useState<Setting>()
  const query = useQuery(coverage.getSettings.queryOptions())
  return (
    <Page title="覆盖规则" description="覆盖方式和下一步由这些数算出；新数从施行日起算，以前各日的数字不变。">
      <CoverageNav />
      <Answered query={query} rows={4}>
        {({ settings }) => (
          <Section
            title="数值"
            extra={can('party.org.read') ? <Link to="/orgs/rules">组建人数、届期等见党组织规则</Link> : undefined}
          >
            <RuleTable rules={settings} onChange={can('coverage.define') ? setChanging : undefined} />
          </Section>
        )}
      </Answered>
      <Section title="下一步怎么定">
        <table className="lx-sheet lx-sheet-wide">
          <thead>
            <tr>
              <th scope="col">下一步</th>
              <th scope="col">什么时候、依据什么</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(nextSteps).map(([key, step]) => (
              <tr key={key}>
                <td>{step.title}</td>
                <td>{step.basis}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      {changing ? <ChangeForm setting={changing} onClose={() => setChanging(undefined)} /> : null}
    </Page>
  )
}

function ChangeForm({ setting, onClose }: { setting: Setting; onClose: () => void }) {
  const client = useQueryClient()
  const send = async (values: z.output<typeof shape>) => {
    await coverage.changeSetting.call(values)
    await client.invalidateQueries({ queryKey: coverage.key() })
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
      <Field name="value" label="数值" hint={setting.unit}>
        <InputNumber min={1} max={10_000} precision={0} style={{ width: 160 }} />
      </Field>
      <Field name="effectiveFrom" label="施行日期">
        <input type="date" className="lx-day" min={today(new Date())} />
      </Field>
      <Field name="source" label="依据" hint="文件名称、文号" />
    </DrawerForm>
  )
}
