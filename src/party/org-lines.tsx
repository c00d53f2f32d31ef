import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { today } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { Section } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty, Loading } from '../ui/states.tsx'
import { type OrgNetwork, orgContract, type OrgPage } from './contract.ts'
import { EndForm } from './org-end-form.tsx'
import { useOrgsChanged } from './org-forms.tsx'
import { OrgPicker, UnitPicker } from './parts.tsx'
import { linkKinds, orgLines } from './words-contract.ts'
import { addLinkInput, orgWriteContract } from './write-contract.ts'

const party = connect(orgContract)
const writing = connect(orgWriteContract)
const Graph = lazy(() => import('./org-graph.tsx').then((m) => ({ default: m.OrgGraph })))

/** What stands between an organisation and another. */
export const relationWords = {
  leadership: '隶属',
  guidance: '业务指导',
  core: '核心',
  key: '重点',
  base: '基点',
  cover: '覆盖',
} as const

/** Where an organisation belongs: both lines by day, and the network about it. */
export function OrgLines({ org }: { org: OrgPage }) {
  const can = useCan()
  const [ending, setEnding] = useState<{ id: string; title: string }>()
  const [adding, setAdding] = useState(false)
  const query = useQuery(party.orgNetwork.queryOptions({ input: { id: org.id } }))
  const mayWrite = can('party.org.write') && !org.dissolvedOn
  return (
    <>
      <Section title="上级关系">
        <Lines org={org} {...(mayWrite ? { onEnd: (id, title) => setEnding({ id, title }) } : {})} />
      </Section>
      <Section
        title="组织网络"
        extra={mayWrite ? <Button onClick={() => setAdding(true)}>加入网络</Button> : undefined}
      >
        <Answered query={query}>{(network) => <Network network={network} />}</Answered>
      </Section>
      {ending ? (
        <EndForm
          title={ending.title}
          onEnd={(values) => writing.endLine.call({ id: ending.id, ...values })}
          onClose={() => setEnding(undefined)}
        />
      ) : null}
      {adding ? <LinkForm org={org} onClose={() => setAdding(false)} /> : null}
    </>
  )
}

function Lines({ org, onEnd }: { org: OrgPage; onEnd?: (id: string, title: string) => void }) {
  if (org.lines.length === 0) return <p className="lx-soft">没有登记上级党组织。</p>
  return (
    <table className="lx-sheet">
      <thead>
        <tr>
          <th scope="col">关系</th>
          <th scope="col">上级党组织</th>
          <th scope="col">自</th>
          <th scope="col">至</th>
          <th scope="col" aria-label="操作" />
        </tr>
      </thead>
      <tbody>
        {org.lines.map((line) => (
          <tr key={line.id} className={line.validTo ? 'lx-faint' : ''}>
            <td>{orgLines[line.line]}</td>
            <td>
              {line.parentId ? <Link to={`/orgs/${line.parentId}` as '/'}>{line.parentName}</Link> : line.parentName}
            </td>
            <td>{line.validFrom}</td>
            <td>{line.validTo ?? '今'}</td>
            <td>
              {onEnd && !line.validTo ? (
                <Button
                  type="link"
                  size="small"
                  onClick={() => onEnd(line.id, `结束与${line.parentName}的${orgLines[line.line]}关系`)}
                >
                  结束
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The network as a picture, and as a table for the keyboard and for readers of screens. */
function Network({ network }: { network: OrgNetwork }) {
  const [asTable, setAsTable] = useState(false)
  if (network.edges.length === 0) return <Empty title="没有上下级、网络成员和覆盖单位" />
  return (
    <>
      <div className="lx-form-line">
        <Button size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? '看图' : '看表'}
        </Button>
        {network.cut > 0 ? (
          <span className="lx-soft">还有 {network.cut} 个没有画出，见下级列表和覆盖单位。</span>
        ) : null}
      </div>
      {asTable ? (
        <NetworkTable network={network} />
      ) : (
        <Suspense fallback={<Loading rows={6} />}>
          <Graph network={network} />
        </Suspense>
      )}
    </>
  )
}

function NetworkTable({ network }: { network: OrgNetwork }) {
  const [self] = network.nodes
  const nodes = new Map(network.nodes.map((node) => [node.key, node]))
  return (
    <table className="lx-sheet">
      <thead>
        <tr>
          <th scope="col">关系</th>
          <th scope="col">方向</th>
          <th scope="col">名称</th>
        </tr>
      </thead>
      <tbody>
        {network.edges.map((edge) => {
          const up = edge.to === self?.key
          const other = nodes.get(up ? edge.from : edge.to)
          return (
            <tr key={`${edge.from} ${edge.to} ${edge.relation}`}>
              <td>{relationWords[edge.relation]}</td>
              <td>{up ? '上级' : edge.relation === 'cover' ? '单位' : '下级、成员'}</td>
              <td>
                {other?.id ? (
                  <Link to={`/${other.kind === 'unit' ? 'units' : 'orgs'}/${other.id}` as '/'}>{other.name}</Link>
                ) : (
                  other?.name
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function LinkForm({ org, onClose }: { org: OrgPage; onClose: () => void }) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title={`加入“${org.name}”的网络`}
      shape={addLinkInput}
      initial={{ id: org.id, kind: 'key', from: today(new Date()) }}
      onClose={onClose}
      onSubmit={async (values) => {
        await writing.addLink.call(values)
        await changed()
      }}
    >
      <p className="lx-soft">核心—重点—基点：以一个党组织为核心，把协会、重点企业和成员单位连起来；不改变隶属。</p>
      <Field name="kind">
        <Select options={options(linkKinds)} />
      </Field>
      <Field name="toOrgId" hint="党组织、单位选一个。">
        <OrgPicker />
      </Field>
      <Field name="toUnitId">
        <UnitPicker />
      </Field>
      <Field name="from">
        <input type="date" className="lx-day" />
      </Field>
    </DrawerForm>
  )
}
