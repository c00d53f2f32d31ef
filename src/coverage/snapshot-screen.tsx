import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { coverage } from './coverage-client.tsx'
import { PrepareForm, SnapshotMark, versionWords } from './snapshots-screen.tsx'
import { change, listSearch, percent } from './words.ts'

type Snapshot = Awaited<ReturnType<typeof coverage.getSnapshot.call>>

/** One period's figures of one region: beside the version before, with its checks and all that was done with it. */
export function SnapshotScreen() {
  const id = useParam('id')
  const query = useQuery(coverage.getSnapshot.queryOptions({ input: { id } }))
  const one = query.data
  return (
    <Page
      title={one ? `${one.regionName} ${one.period}` : '期报'}
      trail={[{ title: '期报', to: '/coverage/snapshots' }]}
      mark={one ? <SnapshotMark state={one.state} /> : undefined}
      description={
        one
          ? `${versionWords(one)} · 截至 ${one.asOf} · ${one.basis === 'closed' ? '按当日结算数' : '按现在所知重算当日'}${
              one.awaits ? ` · 等待${one.awaits}` : ''
            }`
          : undefined
      }
      actions={one ? <Actions one={one} /> : undefined}
    >
      <Answered query={query} rows={10}>
        {(data) => (
          <>
            {data.reason ? <p className="lx-warn-line">理由：{data.reason}</p> : null}
            {data.missing.length > 0 ? (
              <p className="lx-warn-line">
                还有 {data.missing.length} 个乡镇街道本期未审核通过：
                {data.missing.map((place) => place.name).join('、')}
              </p>
            ) : null}
            <Ratios one={data} />
            <Figures one={data} />
            <Checks one={data} />
            <Steps one={data} />
          </>
        )}
      </Answered>
    </Page>
  )
}

function Actions({ one }: { one: Snapshot }) {
  const can = useCan()
  const ask = useConfirm()
  const navigate = useNavigate()
  const [correcting, setCorrecting] = useState(false)
  const refresh = { refresh: [coverage.key()] }
  const submit = useCommand(coverage.submitSnapshot.mutationOptions(), { done: '已上报', ...refresh })
  const approve = useCommand(coverage.approveSnapshot.mutationOptions(), { done: '已审核通过', ...refresh })
  const sendBack = useCommand(coverage.returnSnapshot.mutationOptions(), { done: '已退回', ...refresh })
  const send = async () => {
    const yes = await ask({
      title: `上报 ${one.regionName} ${one.period} 的数字？`,
      lose: '上报后等待审核，审核期间不能改；需要改时请审核人退回。',
      act: '上报',
    })
    if (yes) await submit.run({ id: one.id })
  }
  const pass = async () => {
    const yes = await ask({
      title: `审核通过 ${one.regionName} ${one.period}？`,
      lose: '最后一级通过后数字锁定，以后只能另出订正版。',
      act: '审核通过',
    })
    if (yes) await approve.run({ id: one.id })
  }
  const refuse = async () => {
    const yes = await ask({
      title: `退回 ${one.regionName} ${one.period}？`,
      lose: '上报人看到理由，核实后重新生成、重新上报。',
      act: '退回',
      reason: { label: '退回理由' },
    })
    if (yes) await sendBack.run({ id: one.id, reason: yes.reason })
  }
  const mayPrepare = can('coverage.submit') && (one.state === 'locked' || one.state === 'returned')
  return (
    <>
      {can('coverage.submit') && one.state === 'draft' ? (
        <Button type="primary" loading={submit.busy} onClick={() => void send()}>
          上报
        </Button>
      ) : null}
      {one.mayApprove ? (
        <>
          <Button loading={sendBack.busy} onClick={() => void refuse()}>
            退回
          </Button>
          <Button type="primary" loading={approve.busy} onClick={() => void pass()}>
            审核通过
          </Button>
        </>
      ) : null}
      {mayPrepare ? (
        <Button onClick={() => setCorrecting(true)}>{one.state === 'locked' ? '订正' : '重新生成'}</Button>
      ) : null}
      {correcting ? (
        <PrepareForm
          initial={{ region: one.region, period: one.period }}
          onClose={() => setCorrecting(false)}
          onMade={(id) => void navigate({ to: `/coverage/snapshots/${id}` })}
        />
      ) : null}
    </>
  )
}

function Ratios({ one }: { one: Snapshot }) {
  const where = { region: one.region, asOf: one.asOf }
  const compared = one.ratios.some((ratio) => ratio.before)
  return (
    <Section title="指标">
      <table className="lx-sheet lx-sheet-wide">
        <thead>
          <tr>
            <th scope="col">指标</th>
            <th scope="col">口径</th>
            <th scope="col" className="lx-number">
              百分比
            </th>
            <th scope="col" className="lx-number">
              分子
            </th>
            <th scope="col" className="lx-number">
              分母
            </th>
            {compared ? (
              <th scope="col" className="lx-number">
                前一版
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {one.ratios.map((ratio) => (
            <tr key={ratio.key}>
              <td>
                <Link to="/coverage/ratios" search={{ key: ratio.key }}>
                  {ratio.name}
                </Link>
              </td>
              <td>第 {ratio.version} 版</td>
              <td className="lx-number">{percent(ratio.value)}</td>
              {(['numerator', 'denominator'] as const).map((part) => (
                <td key={part} className="lx-number">
                  <Link to="/coverage/units" search={listSearch({ ratio: ratio.key, part }, where)}>
                    {grouped(ratio[part])}
                  </Link>
                </td>
              ))}
              {compared ? <td className="lx-number">{beforeWords(ratio)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="lx-soft">表中是上报时的数；点开的名单是那一天按结算数的单位。</p>
    </Section>
  )
}

function beforeWords({ numerator, denominator, before }: Snapshot['ratios'][number]): string {
  if (!before) return '—'
  if (before.numerator === numerator && before.denominator === denominator) return '不变'
  return `${grouped(before.numerator)} / ${grouped(before.denominator)}`
}

function Figures({ one }: { one: Snapshot }) {
  const where = { region: one.region, asOf: one.asOf }
  const compared = one.figures.some((figure) => figure.before !== null)
  return (
    <Section title="个数">
      <table className="lx-sheet">
        <thead>
          <tr>
            <th scope="col">项目</th>
            <th scope="col" className="lx-number">
              本版
            </th>
            {compared ? (
              <>
                <th scope="col" className="lx-number">
                  前一版
                </th>
                <th scope="col" className="lx-number">
                  增减
                </th>
              </>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {one.figures.map((figure) => (
            <tr key={figure.key}>
              <td>{figure.name}</td>
              <td className="lx-number">
                <Link to="/coverage/units" search={listSearch({ figure: figure.key }, where)}>
                  {grouped(figure.value)}
                </Link>
              </td>
              {compared ? (
                <>
                  <td className="lx-number">{figure.before === null ? '—' : grouped(figure.before)}</td>
                  <td className="lx-number">{figure.before === null ? '—' : change(figure.value, figure.before)}</td>
                </>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Checks({ one }: { one: Snapshot }) {
  return (
    <Section title="数据核验">
      <ul className="lx-lines">
        {one.checks.map((check) => (
          <li key={check.key}>
            <Mark tone={check.holds ? 'good' : check.kind === 'identity' ? 'bad' : 'warn'}>
              {check.holds ? '相符' : check.kind === 'identity' ? '不相符' : '需核实'}
            </Mark>{' '}
            {check.title}
            {check.holds ? null : (
              <span className="lx-soft">
                （{grouped(check.left)} 与 {grouped(check.right)}）
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Steps({ one }: { one: Snapshot }) {
  return (
    <Section title="经过">
      <ul className="lx-lines">
        {one.steps.map((step) => (
          <li key={`${step.at} ${step.did}`}>
            {formatDateTime(new Date(step.at))} {step.by} {step.did}
            {step.reason ? <span className="lx-soft">：{step.reason}</span> : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}
