import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Space } from 'antd'
import { useConfirm } from '../ui/confirm.tsx'
import { Facts } from '../ui/facts.tsx'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { eventStates } from './contract.ts'
import { EventItems } from './event-items.tsx'
import { EventMilestones } from './event-milestones.tsx'
import { sync, type EventPage } from './sync-client.tsx'
import './sync.css'

/** One event: its milestones, and the steps that each opened. */
export function SyncEventScreen() {
  const id = useParam('id')
  const query = useQuery(sync.getEvent.queryOptions({ input: { id } }))
  const page = query.data
  return (
    <Page
      title={page?.title ?? '同步事件'}
      trail={[{ title: '同步', to: '/sync' }]}
      mark={
        page ? (
          <Mark tone={page.state === 'done' ? 'good' : page.state === 'open' ? 'busy' : 'plain'}>
            {eventStates[page.state]}
          </Mark>
        ) : undefined
      }
      description={page?.templateTitle}
      actions={page ? <Acts page={page} /> : undefined}
    >
      <Answered query={query}>
        {(found) => (
          <>
            <Facts
              columns={3}
              items={[
                { label: '来自', value: found.fromLedger ? '台账自动发现' : `${found.author}登记` },
                { label: '依据', value: found.source },
                { label: '乡镇街道', value: found.areaName },
                ...(found.unitId ? [{ label: '单位', value: <OfUnit id={found.unitId} /> }] : []),
                ...(found.cancelledReason ? [{ label: '取消原因', value: found.cancelledReason, wide: true }] : []),
              ]}
            />
            {found.milestones.length > 1 ? (
              <Section title="节点">
                <EventMilestones page={found} />
              </Section>
            ) : null}
            <Section title="党建事项">
              <EventItems page={found} />
            </Section>
          </>
        )}
      </Answered>
    </Page>
  )
}

/** Where an event's unit leads: its page, and the founding that most events ask for. */
function OfUnit({ id }: { id: string }) {
  const can = useCan()
  return (
    <Space size="middle">
      <Link to={`/units/${id}`}>一企一档</Link>
      {can('founding.handle') ? (
        <Link to="/founding" search={{ unit: id }}>
          办理组建
        </Link>
      ) : null}
    </Space>
  )
}

function Acts({ page }: { page: EventPage }) {
  const can = useCan()
  const ask = useConfirm()
  const refresh = [sync.key()]
  const cancel = useCommand(sync.cancelEvent.mutationOptions(), { done: '已取消', refresh })
  const revive = useCommand(sync.reviveEvent.mutationOptions(), { done: '已恢复', refresh })
  if (!can('sync.handle') || page.state === 'done') return null
  const open = page.state === 'open'
  const go = async () => {
    const yes = await ask({
      title: open ? `取消事件“${page.title}”？` : `恢复事件“${page.title}”？`,
      lose: open ? '没有办的事项不再提醒；已办的留着，以后可以恢复。' : '没有办的事项按原来的期限恢复。',
      act: open ? '取消事件' : '恢复事件',
      keep: '不改',
      reason: { label: '原因' },
    })
    if (yes) await (open ? cancel : revive).run({ id: page.id, reason: yes.reason })
  }
  return (
    <Button loading={cancel.busy || revive.busy} onClick={() => void go()}>
      {open ? '取消事件' : '恢复事件'}
    </Button>
  )
}
