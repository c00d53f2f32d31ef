import DownOutlined from '@ant-design/icons/DownOutlined'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Dropdown, Tabs } from 'antd'
import { type ComponentType, lazy, Suspense, useState } from 'react'
import { connect } from '../ui/client.ts'
import { type FactItem, Facts } from '../ui/facts.tsx'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { type Finding, orgContract, type OrgPage } from './contract.ts'
import { OrgChanges } from './org-changes.tsx'
import { OrgLeaders } from './org-leaders.tsx'
import { OrgLines } from './org-lines.tsx'
import { OrgUnits } from './org-units.tsx'
import { TermMark } from './parts.tsx'
import { baseKinds, formingModes, orgKinds } from './words-contract.ts'

const party = connect(orgContract)
type FormOf = ComponentType<{ org: OrgPage; onMade: (id: string) => void; onClose: () => void }>
const loadForms = () => import('./org-forms.tsx')
const forms: Record<string, FormOf> = {
  correct: lazy(() => loadForms().then((m) => ({ default: m.CorrectOrg as FormOf }))),
  rename: lazy(() => loadForms().then((m) => ({ default: m.RenameOrg as FormOf }))),
  parent: lazy(() => loadForms().then((m) => ({ default: m.ParentForm as FormOf }))),
  split: lazy(() => loadForms().then((m) => ({ default: m.SplitOrg as FormOf }))),
  merge: lazy(() => loadForms().then((m) => ({ default: m.MergeOrgs as FormOf }))),
  dissolve: lazy(() => loadForms().then((m) => ({ default: m.DissolveOrg as FormOf }))),
}

const acts = [
  { key: 'rename', label: '更名改类' },
  { key: 'parent', label: '设置上级' },
  { key: 'split', label: '拆分' },
  { key: 'merge', label: '合并' },
  { key: 'dissolve', label: '撤销建制', danger: true },
]

/** One party organisation: what it is, whom it covers, who leads it, where it belongs, how it changed. */
export function OrgScreen() {
  const id = useParam('id')
  const query = useQuery(party.getOrg.queryOptions({ input: { id } }))
  const org = query.data
  return (
    <Page
      title={org?.name ?? '党组织'}
      trail={[{ title: '党组织', to: '/orgs' }]}
      mark={org ? org.dissolvedOn ? <Mark tone="plain">已撤销</Mark> : <TermMark term={org.term} /> : undefined}
      description={org ? <Description org={org} /> : undefined}
      actions={org ? <Acts org={org} /> : undefined}
    >
      <Answered query={query}>
        {(found) => (
          <>
            {found.dissolvedOn ? (
              <p className="lx-warn-line">
                已于 {found.dissolvedOn} 撤销：{found.dissolvedReason}
              </p>
            ) : null}
            <Tabs
              items={[
                { key: 'facts', label: '基本情况', children: <Overview org={found} /> },
                { key: 'units', label: `覆盖单位（${found.units}）`, children: <OrgUnits org={found} /> },
                { key: 'leaders', label: '班子与届次', children: <OrgLeaders org={found} /> },
                { key: 'lines', label: '上下级与网络', children: <OrgLines org={found} /> },
                { key: 'changes', label: '变动记录', children: <OrgChanges id={found.id} /> },
              ]}
            />
          </>
        )}
      </Answered>
    </Page>
  )
}

function Description({ org }: { org: OrgPage }) {
  return <>{[org.fullName, orgKinds[org.kind], formingModes[org.formingMode], org.areaName].join(' · ')}</>
}

function Acts({ org }: { org: OrgPage }) {
  const can = useCan()
  const navigate = useNavigate()
  const [open, setOpen] = useState<string>()
  if (!can('party.org.write')) return null
  const Form = open ? forms[open] : undefined
  return (
    <>
      <Button onClick={() => setOpen('correct')}>更正</Button>
      {org.dissolvedOn ? null : (
        <Dropdown trigger={['click']} menu={{ items: acts, onClick: ({ key }) => setOpen(key) }}>
          <Button type="primary">
            办理变动 <DownOutlined />
          </Button>
        </Dropdown>
      )}
      <Suspense>
        {Form ? (
          <Form org={org} onMade={(id) => void navigate({ to: `/orgs/${id}` })} onClose={() => setOpen(undefined)} />
        ) : null}
      </Suspense>
    </>
  )
}

function Overview({ org }: { org: OrgPage }) {
  const items: FactItem[] = [
    { label: '隶属', value: org.parentName },
    { label: '下级党组织', value: org.children > 0 ? <ChildrenLink org={org} /> : '没有' },
    { label: '书记', value: org.secretary },
    { label: '正式党员', value: memberText(org, 'formal'), source: memberSource(org) },
    { label: '预备党员', value: memberText(org, 'probationary') },
    { label: '届满日', value: org.termEndsOn },
    { label: '成立日期', value: org.foundedOn },
    { label: '批准文号', value: [org.approvalNo, org.approvedOn].filter(Boolean).join(' · ') },
    { label: '组织代码', value: org.code },
    { label: '依托', value: <BaseText org={org} /> },
    { label: '活动场所', value: premises(org) },
    { label: '计划撤销日期', value: org.plannedEnd },
    { label: '备注', value: org.remark, wide: true },
  ]
  return (
    <>
      <Findings findings={org.findings} dissolved={org.dissolvedOn !== null} />
      <Facts columns={3} items={items} />
      <Section title="名称与类别沿革">
        <table className="lx-sheet">
          <thead>
            <tr>
              <th scope="col">自</th>
              <th scope="col">至</th>
              <th scope="col">名称</th>
              <th scope="col">类别</th>
              <th scope="col">组建方式</th>
              <th scope="col">原因</th>
            </tr>
          </thead>
          <tbody>
            {org.versions.map((one) => (
              <tr key={one.id}>
                <td>{one.validFrom}</td>
                <td>{one.validTo ?? '今'}</td>
                <td>{one.name}</td>
                <td>{orgKinds[one.kind]}</td>
                <td>{formingModes[one.formingMode]}</td>
                <td>{one.reason ?? '成立'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </>
  )
}

function ChildrenLink({ org }: { org: OrgPage }) {
  return (
    <Link to={'/orgs'} search={{ parentId: org.id }}>
      {org.children} 个
    </Link>
  )
}

const memberText = (org: OrgPage, key: 'formal' | 'probationary') => (org[key] === null ? null : `${org[key]} 名`)

function memberSource(org: OrgPage) {
  if (!org.membersFrom) return undefined
  return `${org.membersFrom === 'roster' ? '党员名册' : '填报'} · ${org.membersAsOf}`
}

function BaseText({ org }: { org: OrgPage }) {
  if (org.baseUnit) return <Link to={`/units/${org.baseUnit.id}`}>{org.baseUnit.name}</Link>
  return <>{org.baseText ? `${baseKinds[org.baseKind]}：${org.baseText}` : baseKinds[org.baseKind]}</>
}

const premises = (org: OrgPage) =>
  org.premises || org.premisesAreaM2
    ? [org.premises, org.premisesAreaM2 === null ? null : `${org.premisesAreaM2} 平方米`].filter(Boolean).join(' · ')
    : null

const levels = {
  bad: { tone: 'bad', word: '应当纠正' },
  warn: { tone: 'warn', word: '应当留意' },
  note: { tone: 'plain', word: '规定提示' },
} as const

/** What the rules have to say, each with where it comes from. */
function Findings({ findings, dissolved }: { findings: readonly Finding[]; dissolved: boolean }) {
  if (dissolved) return null
  if (findings.length === 0) return <p className="lx-soft">按组织设置、班子和任期的规定检查，没有发现问题。</p>
  return (
    <ul className="lx-lines" aria-label="按规定检查">
      {findings.map((one) => (
        <li key={one.code}>
          <p>
            <Mark tone={levels[one.level].tone}>{levels[one.level].word}</Mark> {one.text}
          </p>
          <span className="lx-soft">{one.source}</span>
        </li>
      ))}
    </ul>
  )
}
