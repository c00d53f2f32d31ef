import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { z } from 'zod'
import { formatDateTime, today } from '../base/time.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Facts } from '../ui/facts.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { columns } from './condition-contract.ts'
import { conditionText } from './condition-words.ts'
import { type Ratio, ratioBases } from './contract.ts'
import { coverage } from './coverage-client.tsx'
import { CoverageNav } from './coverage-nav.tsx'
import { effect } from './ratio-drawer.tsx'
import { listSearch } from './words.ts'

const shape = z.object({ key: z.string() }).partial()

/** 指标口径: every named ratio with every version of its definition. */
export function RatiosScreen() {
  const list = useListState(shape)
  const can = useCan()
  const query = useQuery(coverage.getDefinitions.queryOptions())
  return (
    <Page
      title="指标口径"
      description="百分比都有名称、成文定义、版本和施行日；同一天的同一个指标，谁问都是同一个数。"
      actions={
        can('coverage.define') ? (
          <Link to="/coverage/ratios/new">
            <Button type="primary">定义新指标</Button>
          </Link>
        ) : undefined
      }
    >
      <CoverageNav />
      <Answered query={query} rows={8}>
        {({ ratios, figures }) => {
          const byKey = new Map<string, Ratio[]>()
          for (const one of ratios) byKey.set(one.key, [...(byKey.get(one.key) ?? []), one])
          const chosen = byKey.get(list.filters.key ?? '') ?? [...byKey.values()][0] ?? []
          return (
            <div className="lx-definitions">
              <Names byKey={byKey} chosen={chosen[0]?.key} onChoose={(key) => list.filter({ key })} />
              <div>
                {chosen.length > 0 ? <Versions versions={chosen} /> : <Empty title="还没有指标" />}
                <Section title="个数怎么数">
                  <Facts
                    columns={1}
                    items={figures.map((one) => ({ label: one.name, value: one.text, source: one.unit }))}
                  />
                </Section>
              </div>
            </div>
          )
        }}
      </Answered>
    </Page>
  )
}

interface NamesProps {
  byKey: ReadonlyMap<string, readonly Ratio[]>
  chosen: string | undefined
  onChoose: (key: string) => void
}

function Names({ byKey, chosen, onChoose }: NamesProps) {
  return (
    <nav aria-label="指标" className="lx-definition-names">
      {[...byKey].map(([key, versions]) => (
        <button key={key} type="button" aria-current={key === chosen} onClick={() => onChoose(key)}>
          {versions[0]?.name}
          {versions[0]?.retiredFrom ? <Mark>已停用</Mark> : null}
        </button>
      ))}
    </nav>
  )
}

function Versions({ versions }: { versions: readonly Ratio[] }) {
  const can = useCan()
  const ask = useConfirm()
  const retire = useCommand(coverage.retireRatio.mutationOptions(), { done: '已停用', refresh: [coverage.key()] })
  const [newest] = versions
  const now = today(new Date())
  const current = versions.find((one) => one.effectiveFrom <= now)
  const stop = async () => {
    if (!newest) return
    const yes = await ask({
      title: `停用“${newest.name}”？`,
      lose: '从今天起看板不再算它；以前各日的数和各版口径都保留。',
      act: '停用',
      reason: { label: '停用原因' },
    })
    if (yes) await retire.run({ key: newest.key, reason: yes.reason })
  }
  if (!newest) return null
  return (
    <>
      <div className="lx-definition-title">
        <h2>{newest.name}</h2>
        {newest.retiredFrom ? <Mark>{newest.retiredFrom} 起停用</Mark> : null}
        {can('coverage.define') && !newest.retiredFrom ? (
          <>
            <Link to="/coverage/ratios/new" search={{ key: newest.key }}>
              <Button size="small">定新版</Button>
            </Link>
            <Button size="small" loading={retire.busy} onClick={() => void stop()}>
              停用
            </Button>
          </>
        ) : null}
      </div>
      {versions.map((one, at) => (
        <Version key={one.version} ratio={one} before={versions[at + 1]} current={one === current} />
      ))}
    </>
  )
}

interface VersionProps {
  ratio: Ratio
  before: Ratio | undefined
  current: boolean
}

/** One version, with what it changed of the one before. */
function Version({ ratio, before, current }: VersionProps) {
  const counted =
    ratio.counting.by === 'units'
      ? '按单位计数'
      : `合计${columns[ratio.counting.numerator].title} ÷ 合计${columns[ratio.counting.denominator].title}`
  const changed = (now: string, then: string | undefined) =>
    then !== undefined && then !== now ? `前一版：${then}` : undefined
  return (
    <Section title={`第 ${ratio.version} 版`} extra={current ? <Mark tone="good">现行</Mark> : undefined}>
      <p className="lx-ratio-definition">{ratio.definition}</p>
      <Facts
        columns={1}
        items={[
          { label: '分子', value: ratio.numeratorText, source: changed(ratio.numeratorText, before?.numeratorText) },
          {
            label: '分子条件',
            value: conditionText(ratio.numerator),
            source: changed(conditionText(ratio.numerator), before && conditionText(before.numerator)),
          },
          {
            label: '分母',
            value: ratio.denominatorText,
            source: changed(ratio.denominatorText, before?.denominatorText),
          },
          {
            label: '分母条件',
            value: conditionText(ratio.denominator),
            source: changed(conditionText(ratio.denominator), before && conditionText(before.denominator)),
          },
          { label: '怎么算', value: counted },
          { label: '施行', value: effect(ratio) },
          { label: '依据', value: ratio.source, source: ratioBases[ratio.basis] },
          ...(ratio.note ? [{ label: '说明', value: ratio.note }] : []),
          ...(ratio.definedAt ? [{ label: '定义时间', value: formatDateTime(new Date(ratio.definedAt)) }] : []),
        ]}
      />
      {current ? (
        <p className="lx-condition-head">
          {(['numerator', 'denominator', 'gap'] as const).map((part) => (
            <Link key={part} to="/coverage/units" search={listSearch({ ratio: ratio.key, part }, {})}>
              {{ numerator: '看分子名单', denominator: '看分母名单', gap: '看差距名单' }[part]}
            </Link>
          ))}
        </p>
      ) : null}
    </Section>
  )
}
