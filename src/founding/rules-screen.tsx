import { useQuery, useQueryClient } from '@tanstack/react-query'
import { InputNumber } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { countyCodeShape } from '../base/list.ts'
import { today } from '../base/time.ts'
import { CountyPicker, useOnlyCounty } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { RuleTable } from '../ui/rule-table.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { foundingContract } from './contract.ts'
import { founding } from './founding-client.tsx'
import { FoundingNav } from './founding-nav.tsx'

const shape = z.object({ county: countyCodeShape }).partial()
const change = inputOf(foundingContract.changeFoundingSetting)
type Setting = Awaited<ReturnType<typeof founding.getFoundingSettings.call>>['settings'][number]

/** The terms of the steps with their sources; a county sets its own from a day on. */
export function FoundingRulesScreen() {
  const list = useListState(shape)
  const only = useOnlyCounty()
  const county = list.filters.county ?? only
  return (
    <Page
      title="组建办理"
      description="每一步的期限从上一步办结算起；改动从施行日起对新的一步有效，已经在办的一步期限不变。"
      actions={only ? undefined : <CountyPicker value={county} onChange={(code) => list.filter({ county: code })} />}
    >
      <FoundingNav />
      {county ? <Terms county={county} /> : <Empty title="请先选择一个县" hint="期限全县一套。" />}
    </Page>
  )
}

function Terms({ county }: { county: string }) {
  const can = useCan()
  const client = useQueryClient()
  const [changing, setChanging] = useState<Setting>()
  const query = useQuery(founding.getFoundingSettings.queryOptions({ input: { countyCode: county } }))
  const send = async (values: z.output<typeof change>) => {
    await founding.changeFoundingSetting.call(values)
    await client.invalidateQueries({ queryKey: founding.key() })
  }
  return (
    <>
      <Answered query={query}>
        {({ settings }) => {
          const rows = settings.map((one) => ({ ...one, title: one.word, effectiveFrom: one.effectiveOn }))
          return <RuleTable rules={rows} {...(can('founding.define') ? { onChange: setChanging } : {})} />
        }}
      </Answered>
      {changing ? (
        <DrawerForm
          open
          title={changing.word}
          shape={change}
          initial={{ countyCode: county, key: changing.key, value: changing.value, effectiveOn: today(new Date()) }}
          onSubmit={send}
          onClose={() => setChanging(undefined)}
        >
          <Field name="value" label={`数值（${changing.unit}）`}>
            <InputNumber min={1} max={366} precision={0} style={{ width: 160 }} />
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
