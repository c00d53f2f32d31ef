import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Drawer } from 'antd'
import type { ReactNode } from 'react'
import { grouped } from '../base/number.ts'
import { Facts } from '../ui/facts.tsx'
import { Answered } from '../ui/states.tsx'
import { ratioBases, type Ratio, type RatioAnswer } from './contract.ts'
import { coverage } from './coverage-client.tsx'
import { conditionText } from './condition-words.ts'
import { listSearch, percent } from './words.ts'

interface RatioDrawerProps {
  answer: RatioAnswer | undefined
  region: { code: string; name: string }
  onClose: () => void
}

/** How a ratio is defined, what it answers here on this day, and the lists behind both of its counts. */
export function RatioDrawer({ answer, region, onClose }: RatioDrawerProps) {
  const definitions = useQuery(coverage.getDefinitions.queryOptions({ staleTime: 60_000 }))
  if (!answer) return null
  return (
    <Drawer open size={520} title={answer.name} onClose={onClose}>
      <p className="lx-ratio-big">
        <b>{percent(answer.value)}</b>
        <span className="lx-soft">
          {region.name} · 截至 {answer.asOf}
        </span>
      </p>
      <Answered query={definitions} rows={6}>
        {({ ratios }) => {
          const ratio = ratios.find((one) => one.key === answer.key && one.version === answer.version)
          return ratio ? <Definition ratio={ratio} answer={answer} region={region.code} /> : null
        }}
      </Answered>
    </Drawer>
  )
}

function Definition({ ratio, answer, region }: { ratio: Ratio; answer: RatioAnswer; region: string }) {
  const counted = ratio.counting.by === 'units' ? '家' : '人次'
  const list = (part: 'numerator' | 'denominator' | 'gap', words: ReactNode) => (
    <Link to="/coverage/units" search={listSearch({ ratio: ratio.key, part }, { region, asOf: answer.asOf })}>
      {words}
    </Link>
  )
  return (
    <>
      <p className="lx-ratio-definition">{ratio.definition}</p>
      <Facts
        columns={1}
        items={[
          {
            label: '分子',
            value: list('numerator', `${grouped(answer.numerator)} ${counted}`),
            source: ratio.numeratorText,
          },
          {
            label: '分母',
            value: list('denominator', `${grouped(answer.denominator)} ${counted}`),
            source: ratio.denominatorText,
          },
          {
            label: '差距',
            value: list('gap', `${grouped(answer.denominator - answer.numerator)} ${counted}`),
            source: '在分母、不在分子',
          },
          { label: '分母条件', value: conditionText(ratio.denominator) },
          { label: '分子条件', value: conditionText(ratio.numerator) },
          { label: '版本', value: `第 ${ratio.version} 版`, source: effect(ratio) },
          { label: '依据', value: ratio.source, source: ratioBases[ratio.basis] },
          { label: '说明', value: ratio.note },
        ]}
      />
      <p className="lx-drawer-foot">
        <Link to="/coverage/ratios" search={{ key: ratio.key }}>
          看这项指标的各版口径
        </Link>
      </p>
    </>
  )
}

/** From when a version holds, in words. */
export function effect(ratio: Pick<Ratio, 'builtIn' | 'effectiveFrom' | 'author'>): string {
  if (ratio.builtIn) return '内置'
  return `${ratio.effectiveFrom} 起施行${ratio.author ? `，${ratio.author}定义` : ''}`
}
