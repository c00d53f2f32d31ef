import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { ledgerContract } from '../ledger/contract.ts'
import { departments, unitFields, unitKinds } from '../ledger/field-contract.ts'
import { Marked, useDifferences, WaterfallBars } from './comparison.tsx'
import { linkageContract } from './contract.ts'
import { percentText } from './percent.ts'

const linkage = connect(linkageContract)
const ledger = connect(ledgerContract)
export type QueueItem = Awaited<ReturnType<typeof linkage.getQueueItem.call>>
export type Decision = Parameters<typeof linkage.decideQueueItem.call>[0]['decision']
type Candidate = QueueItem['candidateList'][number]
type Decide = (decision: Decision) => Promise<void>

/** One row beside the units that it may be: differences, what speaks for and against, what would change, the keys. */
export function Desk({ item, acting, decide }: { item: QueueItem; acting: boolean; decide: Decide }) {
  const [chosen, choose] = useState(() => item.candidateList.find((one) => !one.refused)?.unitId)
  const list = item.candidateList
  const at = Math.max(
    0,
    list.findIndex((one) => one.unitId === chosen),
  )
  const candidate = list[at]
  const step = (by: number) => choose(list[Math.min(list.length - 1, Math.max(0, at + by))]?.unitId)
  const deny = useDeny(item, choose)
  const acts = { item, candidate, decide, deny: () => (candidate ? deny(candidate) : Promise.resolve()) }
  useKeys(acting ? { ...acts, step } : null)
  return (
    <>
      {list.length === 0 || !candidate ? (
        <Empty title="台账里没有像它的单位" hint="可以在下面查找，或新建为一家单位。" />
      ) : (
        <div className="lx-desk">
          <Choices list={list} chosen={candidate.unitId} choose={choose} item={item} acting={acting} />
          <div>
            <Compare item={item} candidate={candidate} />
            <Section title="支持与反对">
              <WaterfallBars waterfall={candidate.waterfall} />
            </Section>
          </div>
        </div>
      )}
      {acting ? <FindUnit onPick={(unitId) => void decide({ kind: 'join', unitId })} /> : null}
      {acting ? <Acts {...acts} /> : null}
    </>
  )
}

interface ChoicesProps {
  list: readonly Candidate[]
  chosen: string
  choose: (unitId: string) => void
  item: QueueItem
  acting: boolean
}

function Choices({ list, chosen, choose, item, acting }: ChoicesProps) {
  const undo = useCommand(linkage.undoDenial.mutationOptions(), { done: '已撤回', refresh: [linkage.key()] })
  return (
    <nav aria-label="可能的单位">
      <ol className="lx-choices">
        {list.map((one) => (
          <li key={one.unitId}>
            <button
              type="button"
              className={one.refused ? 'lx-choice lx-choice-refused' : 'lx-choice'}
              aria-pressed={one.unitId === chosen}
              onClick={() => choose(one.unitId)}
            >
              <b>{one.name}</b>
              <span>{percentText(one.probability)}</span>
              <small>
                <span className="lx-code">{one.uscc ?? '无代码'}</span> · {one.areaName}
              </small>
            </button>
            {one.refused ? (
              <p className="lx-soft" style={{ padding: '0 12px 8px' }}>
                {one.refused.by} 于 {formatDateTime(new Date(one.refused.at))} 认定不是
                {one.refused.reason ? `：${one.refused.reason}` : ''}
                {acting ? (
                  <Button
                    type="link"
                    size="small"
                    onClick={() => void undo.run({ id: item.id, decisionId: one.refused?.decisionId ?? '' })}
                  >
                    撤回
                  </Button>
                ) : null}
              </p>
            ) : null}
          </li>
        ))}
      </ol>
    </nav>
  )
}

function Compare({ item, candidate }: { item: QueueItem; candidate: Candidate }) {
  return (
    <>
      <table className="lx-compare">
        <thead>
          <tr>
            <th scope="col" style={{ width: 132 }}>
              字段
            </th>
            <th scope="col">来源行（{departments[item.department]}）</th>
            <th scope="col">
              台账：<Link to={`/units/${candidate.unitId}` as '/'}>{candidate.name}</Link>
            </th>
            <th scope="col">并入后的台账</th>
          </tr>
        </thead>
        <tbody>
          {candidate.comparisons.filter(isTelling).map((one) => (
            <CompareRow key={one.field} one={one} />
          ))}
        </tbody>
      </table>
      <p className="lx-soft">
        台账这家的来源：
        {candidate.sources.length === 0
          ? '在平台里新建'
          : candidate.sources
              .map((one) => `${departments[one.department]}《${one.fileName}》${one.sheet} 第 ${one.row} 行`)
              .join('；')}
      </p>
    </>
  )
}

// Of what only the ledger says, the fields by which a person recognises an organisation.
const recognised = new Set<string>(['uscc', 'formerName', 'legalRep', 'phone', 'address', 'status'])
const isTelling = (one: Candidate['comparisons'][number]) => one.row !== null || recognised.has(one.field)

function CompareRow({ one }: { one: Candidate['comparisons'][number] }) {
  const pieces = useDifferences(one.row, one.unit)
  const changes = one.after !== one.unit
  return (
    <tr>
      <th scope="row">{unitFields[one.field].title}</th>
      <td>
        <Marked text={one.row} pieces={one.same ? null : (pieces?.left ?? null)} />
      </td>
      <td>
        <Marked text={one.unit} pieces={one.same ? null : (pieces?.right ?? null)} />
      </td>
      <td className={changes ? 'lx-compare-changes' : 'lx-faint'}>
        {changes ? (one.unit === null ? `补上 ${one.after ?? ''}` : `改为 ${one.after ?? '（空）'}`) : '不变'}
      </td>
    </tr>
  )
}

interface Acting {
  item: QueueItem
  candidate: Candidate | undefined
  decide: Decide
  deny: () => Promise<void>
}

function useDeny(item: QueueItem, choose: (unitId: string | undefined) => void) {
  const client = useQueryClient()
  const command = useCommand(linkage.denyCandidate.mutationOptions())
  return async (candidate: Candidate) => {
    if (candidate.refused || !(await command.run({ id: item.id, unitId: candidate.unitId }))) return
    choose(item.candidateList.find((one) => !one.refused && one.unitId !== candidate.unitId)?.unitId)
    await client.invalidateQueries({ queryKey: linkage.key() })
  }
}

function Acts({ item, candidate, decide, deny }: Acting) {
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
  const none = item.candidateList.every((one) => one.refused)
  return (
    <div className="lx-desk-acts">
      {candidate ? (
        <>
          <Button
            type={none ? 'default' : 'primary'}
            onClick={() => void decide({ kind: 'join', unitId: candidate.unitId })}
          >
            是同一家 <kbd className="lx-key">Y</kbd>
          </Button>
          <Button disabled={candidate.refused !== null} onClick={() => void deny()}>
            不是这家 <kbd className="lx-key">N</kbd>
          </Button>
        </>
      ) : null}
      <Button type={none ? 'primary' : 'default'} onClick={() => void decide({ kind: 'create' })}>
        都不是，新建单位 <kbd className="lx-key">C</kbd>
      </Button>
      <Button onClick={() => void decide({ kind: 'later' })}>
        稍后 <kbd className="lx-key">L</kbd>
      </Button>
      <Button danger onClick={() => void refuse()}>
        退回
      </Button>
      <span className="lx-soft">
        <kbd className="lx-key">↑</kbd> <kbd className="lx-key">↓</kbd> 换一家看
      </span>
    </div>
  )
}

function useKeys(acting: (Acting & { step: (by: number) => void }) | null) {
  useEffect(() => {
    if (!acting) return undefined
    const { candidate, decide, deny, step } = acting
    const acts: Record<string, () => void> = {
      y: () => void (candidate && decide({ kind: 'join', unitId: candidate.unitId })),
      n: () => void deny(),
      c: () => void decide({ kind: 'create' }),
      l: () => void decide({ kind: 'later' }),
      arrowup: () => step(-1),
      arrowdown: () => step(1),
    }
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
      if (target.closest('input, textarea, select, [role="dialog"], [role="combobox"]')) return
      const act = acts[event.key.toLowerCase()]
      if (!act) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

/** Looks a unit up by name or code, for whoever knows better than the list of candidates. */
export function FindUnit({ onPick, act = '就是它' }: { onPick: (unitId: string) => void; act?: string }) {
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
                      {act}
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
