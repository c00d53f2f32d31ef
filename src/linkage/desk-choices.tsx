import { Button } from 'antd'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { Mark } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { linkageContract } from './contract.ts'
import type { Candidate, QueueItem } from './desk.tsx'
import { percentText } from './percent.ts'

const linkage = connect(linkageContract)

interface ChoicesProps {
  item: QueueItem
  chosen: string
  choose: (unitId: string) => void
  acting: boolean
}

/** The units that a row may be; folded away those that only look like it, unless there are no others. */
export function Choices({ item, chosen, choose, acting }: ChoicesProps) {
  const likely = item.candidateList.filter(isLikely)
  const others = item.candidateList.filter((one) => !isLikely(one))
  const list = (candidates: readonly Candidate[]) => (
    <ol className="lx-choices">
      {candidates.map((one) => (
        <li key={one.unitId}>
          <Choice candidate={one} pressed={one.unitId === chosen} onPress={() => choose(one.unitId)} />
          <Refusal item={item} candidate={one} acting={acting} />
        </li>
      ))}
    </ol>
  )
  return (
    <nav aria-label="可能的单位">
      {list(likely)}
      {others.length > 0 ? (
        <details open={likely.length === 0 || others.some((one) => one.unitId === chosen)}>
          <summary className="lx-choices-more">
            {likely.length > 0 ? '另有 ' : ''}
            {others.length} 家只是名称或地址相近
          </summary>
          {list(others)}
        </details>
      ) : null}
    </nav>
  )
}

/** Whether a unit is worth a look: the program thinks it possible, or the row carries its code. */
export const isLikely = (one: Candidate) => one.proposed || one.holdsCode

function Choice(props: { candidate: Candidate; pressed: boolean; onPress: () => void }) {
  const { candidate: one } = props
  return (
    <button
      type="button"
      className={one.refused ? 'lx-choice lx-choice-refused' : 'lx-choice'}
      aria-pressed={props.pressed}
      onClick={props.onPress}
    >
      <b>{one.name}</b>
      <span>{one.probability < 0.01 ? '< 1%' : percentText(one.probability)}</span>
      <small>
        <span className="lx-code">{one.uscc ?? '无代码'}</span> · {one.areaName}
      </small>
      {one.holdsCode ? (
        <small>
          <Mark tone="warn">来源行写的是它的代码</Mark>
        </small>
      ) : null}
    </button>
  )
}

/** That a person has said it is not this unit, and taking it back. */
function Refusal({ item, candidate, acting }: { item: QueueItem; candidate: Candidate; acting: boolean }) {
  const undo = useCommand(linkage.undoDenial.mutationOptions(), { done: '已撤回', refresh: [linkage.key()] })
  const { refused } = candidate
  if (!refused) return null
  return (
    <p className="lx-soft" style={{ padding: '0 12px 8px' }}>
      {refused.by} 于 {formatDateTime(new Date(refused.at))} 认定不是
      {refused.reason ? `：${refused.reason}` : ''}
      {acting ? (
        <Button type="link" size="small" onClick={() => void undo.run({ id: item.id, decisionId: refused.decisionId })}>
          撤回
        </Button>
      ) : null}
    </p>
  )
}
