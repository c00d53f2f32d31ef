import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Facts } from '../ui/facts.tsx'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { ledgerContract } from '../ledger/contract.ts'
import { departments, unitKinds } from '../ledger/field-contract.ts'
import { linkageContract, queueReasons, queueStates } from './contract.ts'

const linkage = connect(linkageContract)
const ledger = connect(ledgerContract)
type Item = Awaited<ReturnType<typeof linkage.getQueueItem.call>>
type Decision = Parameters<typeof linkage.decideQueueItem.call>[0]['decision']

/** One row that waits: what was sent, whom it may be, and the decision. */
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
      <Answered query={query}>{(found) => <Desk key={found.id} item={found} />}</Answered>
    </Page>
  )
}

function Desk({ item }: { item: Item }) {
  const can = useCan()
  const decide = useDecide(item)
  const open = item.state === 'open' || item.state === 'later'
  const acting = open && can('linkage.queue.decide')
  return (
    <>
      <Section title={`来源行 · ${departments[item.department]} · ${item.fileName} · ${item.sheet} 第 ${item.row} 行`}>
        <Facts columns={4} items={item.source.cells.map((cell) => ({ label: cell.title, value: cell.value }))} />
      </Section>
      {item.decision ? (
        <p className="lx-warn-line">
          {item.decision}
          {item.decidedAt ? `（${item.decidedBy ?? ''} ${formatDateTime(new Date(item.decidedAt))}）` : ''}
        </p>
      ) : null}
      <Section title="可能的单位">
        {item.candidateList.length === 0 ? (
          <Empty title="台账里没有名称相近的单位" hint="可以在下面查找，或新建为一家单位。" />
        ) : (
          <ol className="lx-candidates">
            {item.candidateList.map((candidate, index) => (
              <li key={candidate.unitId}>
                <div>
                  <b>{candidate.name}</b>
                  <span className="lx-code"> {candidate.uscc ?? '无代码'}</span>
                  <p className="lx-soft">
                    {[candidate.areaName, candidate.address, candidate.legalRep].filter(Boolean).join(' · ')}
                  </p>
                  <p>{candidate.because.join('；')}</p>
                </div>
                {acting ? (
                  <Button onClick={() => void decide({ kind: 'join', unitId: candidate.unitId })}>
                    就是它{index < 9 ? `（${index + 1}）` : ''}
                  </Button>
                ) : null}
              </li>
            ))}
          </ol>
        )}
        {acting ? <FindUnit onPick={(unitId) => void decide({ kind: 'join', unitId })} /> : null}
      </Section>
      {acting ? <Acts item={item} decide={decide} /> : <Undo item={item} />}
    </>
  )
}

/** Sends a decision and goes on to the next waiting row. */
function useDecide(item: Item) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const command = useCommand(linkage.decideQueueItem.mutationOptions(), { done: '已认定' })
  return async (decision: Decision) => {
    if (!(await command.run({ id: item.id, decision }))) return
    await client.invalidateQueries({ queryKey: linkage.key() })
    await client.invalidateQueries({ queryKey: ledger.key() })
    const next = await linkage.listQueue.call({ pageSize: 1 })
    const [row] = next.rows
    void (row ? navigate({ to: '/queue/$id', params: { id: row.id } }) : navigate({ to: '/queue' }))
  }
}

function Acts({ item, decide }: { item: Item; decide: (decision: Decision) => Promise<void> }) {
  const ask = useConfirm()
  const refuse = async () => {
    const yes = await ask({
      title: '退回这一行？',
      lose: '它不进台账，会出现在这次导入的退回表里。',
      act: '退回',
      reason: { label: '退回原因' },
    })
    if (yes) await decide({ kind: 'refuse', reason: yes.reason })
  }
  useKeys(item, decide)
  return (
    <div className="lx-step-foot">
      <span className="lx-soft">快捷键：1–9 并入，N 新建，L 稍后</span>
      <Button onClick={() => void decide({ kind: 'later' })}>稍后（L）</Button>
      <Button danger onClick={() => void refuse()}>
        退回
      </Button>
      <Button type="primary" onClick={() => void decide({ kind: 'create' })}>
        都不是，新建单位（N）
      </Button>
    </div>
  )
}

function useKeys(item: Item, decide: (decision: Decision) => Promise<void>) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, [role="dialog"]')) return
      const candidate = item.candidateList[Number(event.key) - 1]
      if (candidate) void decide({ kind: 'join', unitId: candidate.unitId })
      else if (event.key.toLowerCase() === 'n') void decide({ kind: 'create' })
      else if (event.key.toLowerCase() === 'l') void decide({ kind: 'later' })
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

function Undo({ item }: { item: Item }) {
  const can = useCan()
  const undo = useCommand(linkage.undoDecision.mutationOptions(), {
    done: '已撤回，回到待办',
    refresh: [linkage.key(), ledger.key()],
  })
  if (item.state === 'open' || !can('linkage.queue.decide')) return null
  return (
    <div className="lx-step-foot">
      <Button loading={undo.busy} onClick={() => void undo.run({ id: item.id })}>
        撤回这次认定
      </Button>
    </div>
  )
}

function FindUnit({ onPick }: { onPick: (unitId: string) => void }) {
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  const query = useQuery(
    ledger.searchUnits.queryOptions({ input: { filter: { text: asked }, pageSize: 8 }, enabled: asked.length > 0 }),
  )
  return (
    <div className="lx-find">
      <Input.Search
        aria-label="在台账里查找"
        placeholder="在台账里查找：名称、拼音首字母、代码"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onSearch={(value) => setAsked(value.trim())}
        style={{ maxWidth: 420 }}
      />
      {asked ? (
        <Answered query={query} rows={2}>
          {({ rows }) =>
            rows.length === 0 ? (
              <p className="lx-soft">没有找到“{asked}”。</p>
            ) : (
              <ul className="lx-lines">
                {rows.map((unit) => (
                  <li key={unit.id}>
                    <span>
                      {unit.name} <span className="lx-code">{unit.uscc ?? ''}</span>{' '}
                      <span className="lx-soft">
                        {unitKinds[unit.kind]} · {unit.areaName}
                      </span>
                    </span>
                    <Button size="small" onClick={() => onPick(unit.id)}>
                      就是它
                    </Button>
                  </li>
                ))}
              </ul>
            )
          }
        </Answered>
      ) : null}
    </div>
  )
}
