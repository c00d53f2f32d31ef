import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, InputNumber } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import { today } from '../base/time.ts'
import { connect, inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { Mark, Page } from '../ui/page.tsx'
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
          <table className="lx-sheet">
            <thead>
              <tr>
                <th scope="col">规则</th>
                <th scope="col">数值</th>
                <th scope="col">施行</th>
                <th scope="col">依据</th>
                <th scope="col">修改人</th>
                <th scope="col" aria-label="操作" />
              </tr>
            </thead>
            <tbody>
              {settings.map((one) => (
                <tr key={`${one.key} ${one.effectiveFrom}`} className={one.current ? '' : 'lx-faint'}>
                  <td>{one.title}</td>
                  <td className="lx-number">
                    {one.value} {one.unit}
                  </td>
                  <td>{one.author === null ? '默认' : one.effectiveFrom}</td>
                  <td>{one.source}</td>
                  <td>{one.author ?? '平台'}</td>
                  <td>
                    {one.current ? <Mark tone="good">在用</Mark> : null}
                    {one.current && can('party.org.settings') ? (
                      <Button type="link" size="small" onClick={() => setChanging(one)}>
                        修改
                      </Button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
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
