import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { today } from '../base/time.ts'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { useCan } from '../ui/session.ts'
import { syncContract } from './contract.ts'
import { sync, type EventPage } from './sync-client.tsx'

const shape = inputOf(syncContract.passMilestone)

/** The milestones of a project: which came and when, and a way to note the next. */
export function EventMilestones({ page }: { page: EventPage }) {
  const can = useCan()
  const client = useQueryClient()
  const [noting, setNoting] = useState<EventPage['milestones'][number]>()
  return (
    <>
      <ol className="lx-step-list">
        {page.milestones.map((one) => (
          <li key={one.key}>
            <h3 className={one.on ? '' : 'lx-step-ahead'}>{one.title}</h3>
            <div>
              {one.on ?? <span className="lx-step-ahead">还没有到</span>}
              {can('sync.handle') && page.state !== 'cancelled' ? (
                <Button type="link" size="small" onClick={() => setNoting(one)}>
                  {one.on ? '改日期' : '登记'}
                </Button>
              ) : null}
            </div>
          </li>
        ))}
      </ol>
      {noting ? (
        <DrawerForm
          open
          title={`登记节点：${noting.title}`}
          shape={shape}
          initial={{ id: page.id, milestone: noting.key, on: noting.on ?? today(new Date()) }}
          onSubmit={async (values) => {
            await sync.passMilestone.call(values)
            await client.invalidateQueries({ queryKey: sync.key() })
          }}
          onClose={() => setNoting(undefined)}
        >
          <Field name="on" hint="这个节点的事项从这一天起算期限。">
            <input type="date" className="lx-day" max={today(new Date())} />
          </Field>
        </DrawerForm>
      ) : null}
    </>
  )
}
