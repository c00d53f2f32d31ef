import { GraphChart, type GraphSeriesOption } from 'echarts/charts'
import { LegendComponent, TooltipComponent } from 'echarts/components'
import { type ECharts, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { fontFamily, palette } from '../ui/theme.ts'
import type { OrgNetwork } from './contract.ts'
import { relationWords } from './org-lines.tsx'

use([GraphChart, LegendComponent, TooltipComponent, CanvasRenderer])

const tiers = {
  self: { title: '本组织', size: 34, symbol: 'circle' },
  parent: { title: '上级', size: 26, symbol: 'circle' },
  child: { title: '下级', size: 20, symbol: 'circle' },
  core: { title: '核心', size: 26, symbol: 'diamond' },
  key: { title: '重点', size: 20, symbol: 'diamond' },
  base: { title: '基点', size: 16, symbol: 'diamond' },
  unit: { title: '覆盖单位', size: 14, symbol: 'rect' },
} as const
type Tier = keyof typeof tiers
const order = Object.keys(tiers) as Tier[]

/** The network about an organisation; a node opens its page. Shapes tell kinds apart, not colour alone. */
export function OrgGraph({ network }: { network: OrgNetwork }) {
  const box = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  useEffect(() => {
    if (!box.current) return undefined
    const chart = init(box.current)
    draw(chart, network)
    chart.on('click', (event) => {
      const { id, of } = (event.data ?? {}) as { id?: string; of?: string }
      const target = network.nodes.find((node) => node.key === id)
      if (target?.id && of !== 'self')
        void navigate({ to: `/${target.kind === 'unit' ? 'units' : 'orgs'}/${target.id}` })
    })
    const watch = new ResizeObserver(() => chart.resize())
    watch.observe(box.current)
    return () => {
      watch.disconnect()
      chart.dispose()
    }
  }, [network, navigate])
  return <div ref={box} className="lx-graph" role="img" aria-label="组织网络图；可以改看表格" />
}

function draw(chart: ECharts, network: OrgNetwork): void {
  const present = order.filter((tier) => network.nodes.some((node) => node.tier === tier))
  const colors: Record<Tier, string> = {
    self: palette.red,
    parent: palette.ink,
    child: palette.blue,
    core: palette.ochre,
    key: palette.ochre,
    base: palette.ochre,
    unit: palette.inkSoft,
  }
  const series: GraphSeriesOption = {
    type: 'graph',
    layout: 'force',
    roam: 'move',
    draggable: true,
    force: { repulsion: 260, edgeLength: [60, 150], gravity: 0.08, layoutAnimation: false },
    label: { show: true, position: 'bottom', fontSize: 12, width: 150, overflow: 'truncate', color: palette.ink },
    categories: present.map((tier) => ({ name: tiers[tier].title, itemStyle: { color: colors[tier] } })),
    data: network.nodes.map((node) => ({
      id: node.key,
      name: node.name,
      category: present.indexOf(node.tier),
      symbol: tiers[node.tier].symbol,
      symbolSize: tiers[node.tier].size,
      of: node.tier,
    })),
    links: network.edges.map((edge) => ({
      source: edge.from,
      target: edge.to,
      name: relationWords[edge.relation],
      lineStyle: { type: edge.relation === 'guidance' ? 'dashed' : 'solid', color: palette.rule, width: 1.2 },
      label: {
        show: edge.relation === 'leadership' || edge.relation === 'guidance',
        formatter: relationWords[edge.relation],
        fontSize: 11,
        color: palette.inkSoft,
      },
    })),
    lineStyle: { opacity: 1 },
    edgeSymbol: ['none', 'arrow'],
    edgeSymbolSize: 6,
  }
  chart.setOption({
    textStyle: { fontFamily },
    animation: false,
    tooltip: {},
    legend: { bottom: 0, data: present.map((tier) => tiers[tier].title) },
    series: [series],
  })
}
