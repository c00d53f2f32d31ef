import './desk.css'
import { differences, type Piece } from './differ.ts'
import type { Waterfall } from './contract.ts'
import { percentText } from './percent.ts'

/** Two texts side by side, what only one of them has marked character by character. */
export function useDifferences(left: string | null, right: string | null) {
  return left === null || right === null ? null : differences(left, right)
}

/** A text of a comparison: what the other side lacks is marked; `soft` where it makes no difference. */
export function Marked(props: { text: string | null; pieces: readonly Piece[] | null; soft?: boolean }) {
  const { text, pieces, soft } = props
  if (text === null || text === '') return <span className="lx-faint">—</span>
  if (!pieces) return <>{text}</>
  return (
    <>
      {pieces.map((piece, index) =>
        piece.same ? (
          <span key={index}>{piece.text}</span>
        ) : (
          <mark key={index} className={soft ? 'lx-mark-soft' : undefined}>
            {piece.text}
          </mark>
        ),
      )}
    </>
  )
}

const barBitsMax = 16

/** Bits as words: `+8.2`, `−3.1`. */
export const bitsText = (bits: number) => `${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`

/** What spoke for and against, a bar each: to the right for, to the left against, in bits. */
export function WaterfallBars({ waterfall }: { waterfall: Waterfall }) {
  const parts = [...waterfall.parts].filter((part) => part.bits !== 0)
  return (
    <div>
      {waterfall.rule ? <p className="lx-rule-line">{waterfall.rule}</p> : null}
      {parts.length === 0 ? null : (
        <table className="lx-waterfall">
          <thead>
            <tr>
              <th scope="col">比对项</th>
              <th scope="col">结果</th>
              <th scope="col" className="lx-number">
                比特
              </th>
              <th scope="col">
                <span className="lx-waterfall-head">
                  <span>反对</span>
                  <span>支持</span>
                </span>
              </th>
            </tr>
          </thead>
          <tbody>
            {parts.map((part, index) => (
              <tr key={index}>
                <th scope="row">{part.title}</th>
                <td>{part.words}</td>
                <td className="lx-number">{bitsText(part.bits)}</td>
                <td>
                  <BitsBar bits={part.bits} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">合计</th>
              <td>是同一家的概率 {percentText(waterfall.probability)}</td>
              <td className="lx-number">{bitsText(waterfall.weight)}</td>
              <td>
                <BitsBar bits={waterfall.weight} />
              </td>
            </tr>
          </tfoot>
        </table>
      )}
    </div>
  )
}

function BitsBar({ bits }: { bits: number }) {
  const share = Math.min(1, Math.abs(bits) / barBitsMax) * 50
  const side = bits < 0 ? { right: '50%' } : { left: '50%' }
  return (
    <span className="lx-bits" aria-hidden="true">
      <i className={bits < 0 ? 'lx-bits-against' : 'lx-bits-for'} style={{ ...side, width: `${share}%` }} />
    </span>
  )
}
