import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { Facts } from '../ui/facts.tsx'
import { useParam } from '../ui/list-state.ts'
import { say } from '../ui/notice.tsx'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { makeStore } from '../ui/store.ts'
import { Answered } from '../ui/states.tsx'
import { ledgerContract } from '../ledger/contract.ts'
import { departments } from '../ledger/field-contract.ts'
import { linkageContract, queueReasons, queueStates } from './contract.ts'
import { type Decision, Desk, type QueueItem } from './desk.tsx'
import { queueSearch } from './queue-search.ts'

const linkage = connect(linkageContract)
const ledger = connect(ledgerContract)

/** One row that waits: what was sent, whom it may be, and the decision. Opening it keeps it for whoever opened it. */
export function QueueItemScreen() {
  const id = useParam('id')
  const query = useQuery(linkage.getQueueItem.queryOptions({ input: { id } }))
  const item = query.data
  return (
    <Page
      title={item?.name ?? '待核对'}
      tabTitle="待核对"
      trail={[{ title: '待核对', to: '/queue' }]}
      mark={item ? <Mark tone={item.state === 'open' ? 'warn' : 'plain'}>{queueStates[item.state]}</Mark> : undefined}
      description={item ? queueReasons[item.reason] : undefined}
    >
      <Answered query={query}>{(found) => <ItemDesk key={found.id} item={found} />}</Answered>
    </Page>
  )
}

function ItemDesk({ item }: { item: QueueItem }) {
  const can = useCan()
  const open = item.state === 'open' || item.state === 'later'
  const mayDecide = open && can('linkage.queue.decide')
  const holder = useClaim(item.id, mayDecide)
  const { decide, back } = useDecide(item)
  return (
    <>
      {item.decision ? (
        <p className="lx-warn-line">
          {item.decision}
          {item.unit ? (
            <>
              ：<Link to={`/units/${item.unit.unitId}` as '/'}>{item.unit.name}</Link>
            </>
          ) : null}
          {item.decidedAt ? `（${item.decidedBy ?? ''} ${formatDateTime(new Date(item.decidedAt))}）` : ''}
        </p>
      ) : null}
      {holder.by ? (
        <p className="lx-warn-line" role="status">
          {holder.by} 正在核对这一行，您可以先看下一行。
          <Button type="link" size="small" onClick={() => void holder.next()}>
            下一行
          </Button>
        </p>
      ) : null}
      <Desk item={item} acting={mayDecide && holder.mine} decide={decide} back={back} />
      <Section
        title={`来源行原文 · ${departments[item.department]} · ${item.fileName} · ${item.sheet} 第 ${item.row} 行`}
      >
        <Facts columns={4} items={item.source.cells.map((cell) => ({ label: cell.title, value: cell.value }))} />
      </Section>
      {open ? null : <Undo item={item} />}
    </>
  )
}

/** Keeps the row while it is open, and gives it back when it is left. Claims run out: it is renewed every few minutes. */
function useClaim(id: string, wanted: boolean) {
  const [held, setHeld] = useState<{ mine: boolean; by: string | null }>({ mine: false, by: null })
  const next = useNext(id)
  useEffect(() => {
    if (!wanted) return undefined
    let left = false
    const take = async () => {
      try {
        const answer = await linkage.claimQueueItem.call({ id })
        if (!left) setHeld({ mine: answer.mine, by: answer.mine ? null : (answer.by ?? '别人') })
      } catch {
        // Whoever decides without the claim is told by the decision itself.
        if (!left) setHeld({ mine: true, by: null })
      }
    }
    void take()
    const timer = setInterval(() => void take(), 4 * 60_000)
    const giveBack = () => void linkage.releaseQueueItem.call({ id }).catch(() => undefined)
    addEventListener('pagehide', giveBack)
    return () => {
      left = true
      clearInterval(timer)
      removeEventListener('pagehide', giveBack)
      giveBack()
    }
  }, [id, wanted])
  return { ...held, next }
}

/** Goes on to the next row of the list that the person came from, or back to the list when there is none. */
function useNext(id: string) {
  const navigate = useNavigate()
  const search: Record<string, unknown> = useSearch({ strict: false })
  return async () => {
    const filter = queueSearch.safeParse(search)
    const next = await linkage.nextQueueItem.call({ ...(filter.success ? filter.data : {}), not: id })
    await (next.id
      ? navigate({ to: '/queue/$id', params: { id: next.id }, search })
      : navigate({ to: '/queue', search }))
  }
}

/** The row decided last in this window, until it is taken back, and the notice that offers to. */
const lastDecided = makeStore<{ id: string; unsay: () => void } | null>(null)

function forgetLast(): void {
  lastDecided.get()?.unsay()
  lastDecided.set(null)
}

/** Sends a decision and goes on to the next waiting row; takes the last one back and returns to its row. */
function useDecide(item: QueueItem) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const next = useNext(item.id)
  const busy = useRef(false)
  const last = useSyncExternalStore(lastDecided.subscribe, lastDecided.get)
  const words = { join: '已并入', create: '已新建', refuse: '已退回', later: '放到稍后' } as const
  const command = useCommand(linkage.decideQueueItem.mutationOptions())
  const undo = useCommand(linkage.undoDecision.mutationOptions(), { done: '已撤回，回到待办' })
  // A key pressed twice is one act.
  const once = async (act: () => Promise<boolean>) => {
    if (busy.current) return
    busy.current = true
    try {
      if (!(await act())) return
      void client.invalidateQueries({ queryKey: linkage.key() })
      void client.invalidateQueries({ queryKey: ledger.key() })
    } finally {
      busy.current = false
    }
  }
  const takeBack = (id: string) =>
    once(async () => {
      if (!(await undo.run({ id }))) return false
      forgetLast()
      await navigate({ to: '/queue/$id', params: { id }, search: true })
      return true
    })
  const decide = (decision: Decision) =>
    once(async () => {
      if (!(await command.run({ id: item.id, decision }))) return false
      const back = { act: '撤回', run: () => void takeBack(item.id) }
      lastDecided.set({ id: item.id, unsay: say.good(`${words[decision.kind]}：${item.name ?? ''}`, back) })
      await next()
      return true
    })
  return { decide, back: last && last.id !== item.id ? () => takeBack(last.id) : null }
}

function Undo({ item }: { item: QueueItem }) {
  const can = useCan()
  const undo = useCommand(linkage.undoDecision.mutationOptions(), {
    done: '已撤回，回到待办',
    refresh: [linkage.key(), ledger.key()],
  })
  if (!can('linkage.queue.decide')) return null
  return (
    <div className="lx-step-foot">
      <Button loading={undo.busy} onClick={() => void undo.run({ id: item.id }).then(forgetLast)}>
        撤回这次认定
      </Button>
    </div>
  )
}
