import { Select } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { grouped } from '../base/number.ts'
import { Chart } from '../ui/chart.tsx'
import { Section } from '../ui/page.tsx'
import type { Dashboard, Definitions } from './coverage-client.tsx'
import { percent } from './words.ts'

interface TrendProps {
  data: Dashboard
  definitions: Definitions
  chosen: string | undefined
}

/** How a ratio, or a count, went from month to month. */
export function Trend({ data, definitions, chosen }: TrendProps) {
  // A count takes the ratio's place until another ratio is chosen.
  const [figure, setFigure] = useState<{ key: string; beside: string | undefined }>()
  const counted = figure && figure.beside === chosen ? figure.key : undefined
  const { trend, ratios } = data
  const line = useMemo(() => {
    if (counted) {
      const name = definitions.figures.find((one) => one.key === counted)?.name ?? counted
      return { name, values: trend.figures.find((one) => one.key === counted)?.values ?? [] }
    }
    const found = trend.ratios.find((one) => one.key === chosen)
    const name = ratios.find((one) => one.key === chosen)?.name ?? ''
    const values = found?.numerators.map((numerator, at) => {
      const denominator = found.denominators[at] ?? 0
      return found.versions[at] === null || denominator === 0 ? null : numerator / denominator
    })
    return { name, values: values ?? [] }
  }, [counted, chosen, trend, ratios, definitions])
  const lines = useMemo(() => [line], [line])
  const text = useCallback((value: number) => (counted ? grouped(value) : percent(value)), [counted])
  const gaps = definitions.figures.filter((one) => one.group !== 'person')
  return (
    <Section
      title="走势"
      extra={
        <Select
          size="small"
          aria-label="看哪个数的走势"
          style={{ width: 190 }}
          popupMatchSelectWidth={false}
          showSearch={{ optionFilterProp: 'label' }}
          value={counted ?? ''}
          options={[
            { value: '', label: ratios.find((one) => one.key === chosen)?.name ?? '指标' },
            { label: '个数', options: gaps.map((one) => ({ value: one.key, label: one.name })) },
          ]}
          onChange={(key) => setFigure(key ? { key, beside: chosen } : undefined)}
        />
      }
    >
      <Chart
        name={`${line.name} · ${data.region.name}`}
        labelTitle="月末"
        labels={trend.days}
        lines={lines}
        text={text}
      />
      <Versions data={data} chosen={counted ? undefined : chosen} />
    </Section>
  )
}

/** Says where the definition changed within the line. */
function Versions({ data, chosen }: { data: Dashboard; chosen: string | undefined }) {
  const versions = data.trend.ratios.find((one) => one.key === chosen)?.versions ?? []
  const turns = versions.flatMap((version, at) =>
    at > 0 && version !== null && versions[at - 1] !== null && versions[at - 1] !== version
      ? [`${data.trend.days[at]} 起为第 ${version} 版口径`]
      : [],
  )
  return turns.length > 0 ? <p className="lx-soft">{turns.join('；')}，前后不宜直接比较。</p> : null
}
