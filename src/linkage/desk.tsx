import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { Empty } from '../ui/states.tsx'
import { WaterfallBars } from './comparison.tsx'
import { linkageContract } from './contract.ts'
import { Choices, isLikely } from './desk-choices.tsx'
import { Compare } from './desk-compare.tsx'
import { FindUnit } from './find-unit.tsx'

const linkage = connect(linkageContract)
export type QueueItem = Awaited<ReturnType<typeof linkage.getQueueItem.call>>
export type Decision = Parameters<typeof linkage.decideQueueItem.call>[0]['decision']
/** One of the units that a row may be. */
export type Candidate = QueueItem['candidateList'][number]

interface DeskProps {
  item: QueueItem
  /** Whether the person may decide now. */
  acting: boolean
  decide: (decision: Decision) => Promise<void>
  /** Takes the decision of the row before back and goes to it; null where there is none. */
  back: (() => Promise<void>) | null
}

/** One row beside the units that it may be: differences, what speaks for and against, what would change, the keys. */
export function Desk({ item, acting, decide, back }: DeskProps) {
  const list = item.candidateList
  const [picked, pick] = useState<string>()
  const hopeful = list.find((one) => isLikely(one) && !one.refused)
  const wanted = picked ?? item.unit?.unitId ?? hopeful?.unitId
  const at = Math.max(
    0,
    list.findIndex((one) => one.unitId === wanted),
  )
  const candidate = list[at]
  const step = (by: number) => pick(list[Math.min(list.length - 1, Math.max(0, at + by))]?.unitId)
  const acts = useActs({ item, candidate, decide, back, clear: () => pick(undefined) })
  useKeys(acting ? { ...acts, step } : null)
  return (
    <>
      {candidate ? (
        <div className="lx-desk">
          <Choices chosen={candidate.unitId} choose={pick} item={item} acting={acting} />
          <div>
            <Compare item={item} candidate={candidate} open={item.unit === null} />
            <Section title="支持与反对">
              <WaterfallBars waterfall={candidate.waterfall} />
            </Section>
          </div>
        </div>
      ) : (
        <Empty title="台账里没有像它的单位" hint="可以在下面查找，或新建为一家单位。" />
      )}
      {acting ? <FindUnit onPick={(unit) => void decide({ kind: 'join', unitId: unit.id })} /> : null}
      {acting ? <Acts item={item} candidate={candidate} acts={acts} isHopeless={!hopeful} /> : null}
    </>
  )
}

interface Acting extends Pick<DeskProps, 'item' | 'decide' | 'back'> {
  candidate: Candidate | undefined
  /** Back to the likeliest unit that nobody denied. */
  clear: () => void
}

/** What can be done with a row, from its buttons and its keys. */
function useActs({ item, candidate, decide, back, clear }: Acting) {
  const ask = useConfirm()
  const client = useQueryClient()
  const denial = useCommand(linkage.denyCandidate.mutationOptions())
  return {
    async join() {
      if (!candidate) return
      const isSure = isLikely(candidate) && !candidate.refused
      const yes =
        isSure ||
        (await ask({
          title: `确实是“${candidate.name}”？`,
          lose: candidate.refused
            ? '此前已认定不是这家。并入后可以撤回。'
            : '各项比对都不支持是这一家。并入后可以撤回。',
          act: '是同一家',
        }))
      if (yes) await decide({ kind: 'join', unitId: candidate.unitId })
    },
    async deny() {
      if (!candidate || candidate.refused) return
      if (!(await denial.run({ id: item.id, unitId: candidate.unitId }))) return
      clear()
      await client.invalidateQueries({ queryKey: linkage.key() })
    },
    create: () => decide({ kind: 'create' }),
    later: () => decide({ kind: 'later' }),
    async refuse() {
      const yes = await ask({
        title: '退回这一行？',
        lose: '它不进台账，会出现在这次导入的退回表里。',
        act: '退回',
        reason: { label: '退回原因' },
      })
      if (yes) await decide({ kind: 'refuse', reason: yes.reason })
    },
    back,
  }
}

type Acts = ReturnType<typeof useActs>

interface ActsProps {
  item: QueueItem
  candidate: Candidate | undefined
  acts: Acts
  /** No unit is left that it could well be. */
  isHopeless: boolean
}

function Acts({ item, candidate, acts, isHopeless }: ActsProps) {
  return (
    <div className="lx-desk-acts">
      {candidate ? (
        <>
          <Button type={isHopeless ? 'default' : 'primary'} onClick={() => void acts.join()}>
            是同一家 <kbd className="lx-key">Y</kbd>
          </Button>
          <Button disabled={candidate.refused !== null} onClick={() => void acts.deny()}>
            不是这家 <kbd className="lx-key">N</kbd>
          </Button>
        </>
      ) : null}
      <Button type={isHopeless ? 'primary' : 'default'} onClick={() => void acts.create()}>
        都不是，新建单位 <kbd className="lx-key">C</kbd>
      </Button>
      <Button onClick={() => void acts.later()}>
        稍后 <kbd className="lx-key">L</kbd>
      </Button>
      <Button danger onClick={() => void acts.refuse()}>
        退回
      </Button>
      <span className="lx-soft">
        {acts.back ? (
          <>
            <kbd className="lx-key">Z</kbd> 撤回上一行{' '}
          </>
        ) : null}
        <kbd className="lx-key">↑</kbd> <kbd className="lx-key">↓</kbd> 换一家看
      </span>
      {item.codeHolder ? (
        <p className="lx-soft lx-desk-hint">
          表中代码 <span className="lx-code">{item.code}</span> 在台账里属于“{item.codeHolder.name}
          ”，新建的单位不带这个代码。
        </p>
      ) : null}
    </div>
  )
}

function useKeys(acts: (Acts & { step: (by: number) => void }) | null) {
  useEffect(() => {
    if (!acts) return undefined
    const keys: Record<string, () => void> = {
      y: () => void acts.join(),
      n: () => void acts.deny(),
      c: () => void acts.create(),
      l: () => void acts.later(),
      z: () => void acts.back?.(),
      arrowup: () => acts.step(-1),
      arrowdown: () => acts.step(1),
    }
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
      if (target.closest('input, textarea, select, [role="dialog"], [role="combobox"]')) return
      const act = keys[event.key.toLowerCase()]
      if (!act) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}
