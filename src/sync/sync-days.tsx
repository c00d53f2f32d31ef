import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Radio } from 'antd'
import { useState } from 'react'
import { today } from '../base/time.ts'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { Section } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { syncContract } from './contract.ts'
import { sync } from './sync-client.tsx'

const shape = inputOf(syncContract.setDay)

/** The days off of a year and the weekend days worked instead, by which working days are counted. */
export function SyncDays({ county }: { county: string }) {
  const can = useCan()
  const client = useQueryClient()
  const [year, setYear] = useState(Number(today(new Date()).slice(0, 4)))
  const [adding, setAdding] = useState(false)
  const query = useQuery(sync.listDays.queryOptions({ input: { countyCode: county, year } }))
  return (
    <Section
      title={`${year} 年节假日和调休`}
      extra={
        <>
          <Button type="link" onClick={() => setYear(year - 1)}>
            {year - 1}
          </Button>
          <Button type="link" onClick={() => setYear(year + 1)}>
            {year + 1}
          </Button>
          {can('sync.define') ? <Button onClick={() => setAdding(true)}>登记</Button> : null}
        </>
      }
    >
      <Answered query={query}>
        {({ known, days }) =>
          known ? (
            <table className="lx-sheet lx-sheet-wide">
              <thead>
                <tr>
                  <th scope="col">安排</th>
                  <th scope="col">日期</th>
                  <th scope="col">依据</th>
                </tr>
              </thead>
              <tbody>
                {groupsOf(days).map((group) => (
                  <tr key={group.days[0]}>
                    <td>{group.off ? '放假' : '上班'}</td>
                    <td>{group.days.length > 1 ? `${group.days[0]} 至 ${group.days.at(-1)}` : group.days[0]}</td>
                    <td>{group.source}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : (
            <p className="lx-soft">这一年的调休还没有登记，计算工作日时只除去周六、周日；国务院公布后请登记。</p>
          )
        }
      </Answered>
      {adding ? (
        <DrawerForm
          open
          title="登记节假日和调休"
          shape={shape}
          initial={{ countyCode: county, off: true }}
          onSubmit={async (values) => {
            await sync.setDay.call(values)
            await client.invalidateQueries({ queryKey: sync.key() })
          }}
          onClose={() => setAdding(false)}
        >
          <Field name="off" label="安排">
            <Radio.Group
              options={[
                { value: true, label: '放假' },
                { value: false, label: '上班' },
              ]}
            />
          </Field>
          <Field name="from">
            <input type="date" className="lx-day" />
          </Field>
          <Field name="to" hint="只有一天的与开始相同">
            <input type="date" className="lx-day" />
          </Field>
          <Field name="source" hint="文件名称、文号" />
        </DrawerForm>
      ) : null}
    </Section>
  )
}

type Day = Awaited<ReturnType<typeof sync.listDays.call>>['days'][number]

/** Days in a row of the same kind and source, as one line. */
function groupsOf(days: readonly Day[]) {
  const groups: { off: boolean; source: string; days: string[] }[] = []
  for (const { day, off, source } of days) {
    const last = groups.at(-1)
    const next = last && Date.parse(day) - Date.parse(last.days.at(-1)!) === 86_400_000
    if (next && last.off === off && last.source === source) last.days.push(day)
    else groups.push({ off, source, days: [day] })
  }
  return groups
}
