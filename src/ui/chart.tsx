import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Canvas } from './chart-draw.ts'

/** One line: a value for each label, null where there is none. */
export interface ChartLine {
  name: string
  values: readonly (number | null)[]
}

export interface ChartProps {
  /** What is shown; the chart's accessible name and the table's caption. */
  name: string
  /** What the labels are, the table's first head: `月末`. */
  labelTitle: string
  labels: readonly string[]
  lines: readonly ChartLine[]
  /** A value in words: `12.5 %`, `1,203 家`. */
  text: (value: number) => string
  /** Pixels, or a length of CSS; 240 when left out. */
  height?: number | string
}

/**
 * Lines over time, drawn when the drawing library has come, with the same numbers as a table for whoever wants or needs it.
 *
 * ```tsx
 * <Chart name="组织覆盖率" labelTitle="月末" labels={days} lines={[{ name: '组织覆盖率', values }]} text={percent} />
 * ```
 */
export function Chart(props: ChartProps) {
  const [asTable, setAsTable] = useState(false)
  return (
    <figure className="lx-chart">
      <div className="lx-chart-head">
        <figcaption>{props.name}</figcaption>
        <Button type="link" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? '看图' : '看表格'}
        </Button>
      </div>
      {asTable ? null : <Picture {...props} />}
      <div className={asTable ? 'lx-chart-table' : 'lx-hidden'}>
        <Numbers {...props} />
      </div>
    </figure>
  )
}

function Picture({ name, labels, lines, text, height = 240 }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const [canvas, setCanvas] = useState<Canvas>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let gone = false
    let begun: Canvas | undefined
    const begin = async () => {
      // The drawing library comes with the first chart.
      const { startDrawing } = await import('./chart-draw.ts')
      if (gone || !box.current) return
      begun = startDrawing(box.current)
      setCanvas(begun)
    }
    begin().catch(() => setFailed(true))
    return () => {
      gone = true
      begun?.end()
    }
  }, [])
  useEffect(() => {
    canvas?.draw({ labels, lines, text, still: matchMedia('(prefers-reduced-motion: reduce)').matches })
  }, [canvas, labels, lines, text])
  return (
    <>
      {failed ? <p className="lx-soft">图没有载入，请看表格，或刷新页面。</p> : null}
      <div ref={box} role="img" aria-label={`${name}：${saying(labels, lines, text)}`} style={{ height }} />
    </>
  )
}

/** Where each line begins and ends, in a sentence. */
function saying(labels: readonly string[], lines: readonly ChartLine[], text: (value: number) => string): string {
  const told = lines.map(({ name, values }) => {
    const first = values.findIndex((value) => value !== null)
    const last = values.findLastIndex((value) => value !== null)
    if (first < 0) return `${name} 没有数据`
    return `${name} 从 ${labels[first]} 的 ${text(values[first]!)} 到 ${labels[last]} 的 ${text(values[last]!)}`
  })
  return told.join('；')
}

function Numbers({ name, labelTitle, labels, lines, text }: ChartProps) {
  return (
    <table className="lx-sheet">
      <caption className="lx-hidden">{name}</caption>
      <thead>
        <tr>
          <th scope="col">{labelTitle}</th>
          {lines.map((line) => (
            <th key={line.name} scope="col">
              {line.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {labels.map((label, at) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {lines.map((line) => {
              const value = line.values[at]
              return (
                <td key={line.name} className="lx-number">
                  {value === null || value === undefined ? '—' : text(value)}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
