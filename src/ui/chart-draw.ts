import { LineChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { type ECharts, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { ChartLine } from './chart.tsx'

// On a canvas: the SVG renderer writes style attributes, which the page's content policy refuses.
use([LineChart, GridComponent, TooltipComponent, CanvasRenderer])

/** What one drawing shows. */
export interface Drawing {
  labels: readonly string[]
  lines: readonly ChartLine[]
  text: (value: number) => string
  still: boolean
}

/** Lines tell themselves apart by colour, by dash and by mark. */
const looks = [
  { colour: '--red', dash: 'solid', mark: 'circle' },
  { colour: '--blue', dash: 'dashed', mark: 'rect' },
  { colour: '--ochre', dash: 'dotted', mark: 'triangle' },
  { colour: '--green', dash: 'solid', mark: 'diamond' },
] as const

/** A drawing area in an element; `draw` replaces what is shown, `end` lets go of it. */
export interface Canvas {
  draw: (drawing: Drawing) => void
  end: () => void
}

/** Begins a drawing that follows the element's size. */
export function startDrawing(element: HTMLElement): Canvas {
  const chart = init(element, null, { renderer: 'canvas' })
  const watch = new ResizeObserver(() => chart.resize())
  watch.observe(element)
  return {
    draw: (drawing) => show(chart, drawing),
    end: () => {
      watch.disconnect()
      chart.dispose()
    },
  }
}

function show(chart: ECharts, { labels, lines, text, still }: Drawing): void {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(name).trim()
  // The drawing's words are as large as the words around it.
  const fontSize = Number.parseFloat(getComputedStyle(chart.getDom()).fontSize)
  const words = { color: token('--ink-soft'), fontFamily: token('--sans'), fontSize }
  chart.setOption(
    {
      animation: !still,
      animationDuration: 200,
      grid: { left: 8, right: 20, top: 14, bottom: 4, containLabel: true },
      tooltip: {
        trigger: 'axis',
        // Drawn on the canvas: a tip made of markup would carry style attributes.
        renderMode: 'richText',
        backgroundColor: '#fff',
        borderColor: token('--rule-strong'),
        textStyle: { ...words, color: token('--ink') },
        valueFormatter: (value: unknown) => (typeof value === 'number' ? text(value) : '—'),
      },
      xAxis: {
        type: 'category',
        data: [...labels],
        boundaryGap: false,
        axisLine: { lineStyle: { color: token('--rule-strong') } },
        axisTick: { show: false },
        axisLabel: { ...words, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        scale: true,
        splitNumber: 4,
        splitLine: { lineStyle: { color: token('--rule') } },
        axisLabel: { ...words, formatter: text },
      },
      series: lines.map((line, at) => seriesOf(line, looks[at % looks.length] ?? looks[0], token)),
    },
    { notMerge: true },
  )
}

function seriesOf(line: ChartLine, look: (typeof looks)[number], token: (name: string) => string) {
  const color = token(look.colour)
  return {
    type: 'line',
    name: line.name,
    data: [...line.values],
    symbol: look.mark,
    symbolSize: 6,
    showSymbol: line.values.length <= 36,
    lineStyle: { color, width: 2, type: look.dash },
    itemStyle: { color },
    connectNulls: false,
  }
}
