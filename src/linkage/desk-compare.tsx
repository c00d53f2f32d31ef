import { Link } from '@tanstack/react-router'
import { departments, unitFields } from '../ledger/field-contract.ts'
import { Marked, useDifferences } from './comparison.tsx'
import type { Candidate, QueueItem } from './desk.tsx'

/** A row beside a unit, field by field: what differs, and, while it waits, what joining it would change in the ledger. */
export function Compare({ item, candidate, open }: { item: QueueItem; candidate: Candidate; open: boolean }) {
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
            {open ? <th scope="col">并入后的台账</th> : null}
          </tr>
        </thead>
        <tbody>
          {candidate.comparisons.filter(isTelling).map((one) => (
            <CompareRow key={one.field} one={one} item={item} candidate={candidate} open={open} />
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

type Field = Candidate['comparisons'][number]

// Of what only the ledger says, the fields by which a person recognises an organisation.
const recognised = new Set<string>(['uscc', 'formerName', 'legalRep', 'phone', 'address', 'status'])
const isTelling = (one: Field) => one.row !== null || recognised.has(one.field)

interface RowProps {
  one: Field
  item: QueueItem
  candidate: Candidate
  open: boolean
}

function CompareRow({ one, item, candidate, open }: RowProps) {
  const wasDropped = one.row === null && item.unit !== null && item.code?.length === 18
  const isDropped = one.field === 'uscc' && (candidate.dropsCode || wasDropped)
  const row = isDropped ? item.code : one.row
  const pieces = useDifferences(row, one.unit)
  // Two masked values look alike and are not.
  const looksAlike = !one.same && row !== null && row === one.unit
  return (
    <tr>
      <th scope="row">{unitFields[one.field].title}</th>
      <td>
        <Marked text={row} pieces={pieces?.left ?? null} soft={one.same} />
        {isDropped && !open ? <span className="lx-soft">（没有采用）</span> : null}
        {looksAlike ? <b className="lx-soft">（遮盖部分不同）</b> : null}
      </td>
      <td>
        <Marked text={one.unit} pieces={pieces?.right ?? null} soft={one.same} />
      </td>
      {open ? (
        <td className={one.changes ? 'lx-compare-changes' : 'lx-faint'}>
          {isDropped ? '不变：来源行的代码不采用' : changeWords(one)}
        </td>
      ) : null}
    </tr>
  )
}

function changeWords({ changes, unit, after }: Field): string {
  if (!changes) return '不变'
  if (unit === null) return `补上 ${after ?? ''}`
  return after === unit ? '改为来源行的值' : `改为 ${after ?? '（空）'}`
}
