import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { formingModes, orgKinds } from '../party/words-contract.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Facts } from '../ui/facts.tsx'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { caseStates } from './contract.ts'
import { CaseDossier } from './case-dossier.tsx'
import { CaseSteps } from './case-steps.tsx'
import { founding, type CasePage } from './founding-client.tsx'
import { foundingForms, foundingSteps } from './rules.ts'
import './founding.css'

const CaseEdit = lazy(() => import('./case-forms.tsx').then((m) => ({ default: m.CaseEdit })))
const CaseDocument = lazy(() => import('./case-document.tsx').then((m) => ({ default: m.CaseDocument })))

/** One case: what it founds, where it stands, its papers and its whole history. */
export function FoundingCaseScreen() {
  const id = useParam('id')
  const query = useQuery(founding.getCase.queryOptions({ input: { id } }))
  const page = query.data
  return (
    <Page
      title={page?.orgName ?? '组建办理'}
      trail={[{ title: '组建办理', to: '/founding' }]}
      mark={page ? <StateMark page={page} /> : undefined}
      description={page ? `${page.areaName}　${page.openedOn} 由${page.author}开办` : undefined}
      actions={page ? <Acts page={page} /> : undefined}
    >
      <Answered query={query}>{(found) => <Body page={found} />}</Answered>
    </Page>
  )
}

function StateMark({ page }: { page: CasePage }) {
  if (page.state === 'done') return <Mark tone="good">已办结</Mark>
  if (page.state === 'closed') return <Mark>{caseStates.closed}</Mark>
  const words = `待${foundingSteps[page.step!]}，${page.dueOn} 前`
  return <Mark tone={page.overdue ? 'bad' : 'busy'}>{page.overdue ? `${words}，已逾期` : words}</Mark>
}

function Acts({ page }: { page: CasePage }) {
  const can = useCan()
  const ask = useConfirm()
  const [open, setOpen] = useState<'edit' | 'document'>()
  const refresh = [founding.key()]
  const close = useCommand(founding.closeCase.mutationOptions(), { done: '已终止', refresh })
  const reopen = useCommand(founding.reopenCase.mutationOptions(), { done: '已恢复办理', refresh })
  const end = async () => {
    const yes = await ask({
      title: `终止办理“${page.orgName}”？`,
      lose: '不再列入看板和逾期；已有的记录和材料都留着，以后可以恢复。',
      act: '终止办理',
      reason: { label: '终止原因' },
    })
    if (yes) await close.run({ id: page.id, reason: yes.reason })
  }
  const revive = async () => {
    const yes = await ask({
      title: '恢复办理？',
      lose: '从终止时的那一步接着办，期限从今天算起。',
      act: '恢复办理',
      reason: { label: '恢复原因' },
    })
    if (yes) await reopen.run({ id: page.id, reason: yes.reason })
  }
  const early = page.state === 'open' && page.orgId === null
  return (
    <>
      {can('founding.export') ? <Button onClick={() => setOpen('document')}>生成文书</Button> : null}
      {can('founding.handle') && early && page.form === 'found' ? (
        <Button onClick={() => setOpen('edit')}>修改</Button>
      ) : null}
      {can('founding.handle') && early ? (
        <Button loading={close.busy} onClick={() => void end()}>
          终止
        </Button>
      ) : null}
      {can('founding.handle') && page.state === 'closed' ? (
        <Button loading={reopen.busy} onClick={() => void revive()}>
          恢复办理
        </Button>
      ) : null}
      <Suspense>
        {open === 'edit' ? <CaseEdit page={page} onClose={() => setOpen(undefined)} /> : null}
        {open === 'document' ? <CaseDocument page={page} onClose={() => setOpen(undefined)} /> : null}
      </Suspense>
    </>
  )
}

function Body({ page }: { page: CasePage }) {
  const parent = page.parentId ? <Link to={`/orgs/${page.parentId}`}>{page.parentName}</Link> : page.parentName
  const formal = page.unitList.reduce((sum, one) => sum + one.members, 0)
  const short = page.state === 'open' && page.orgId === null && page.membersMin !== null && formal < page.membersMin
  return (
    <>
      {short ? (
        <p className="lx-warn-line">
          现有正式党员 {formal} 名，不足 {page.membersMin} 名，还不能登记批复：组织关系未转入的请先转接，人数不对的请到
          <Link to="/members">党员</Link>里更正。
        </p>
      ) : null}
      <Facts
        columns={3}
        items={[
          { label: '办理', value: foundingForms[page.form] },
          { label: '类别', value: `${orgKinds[page.kind]}，${formingModes[page.formingMode]}` },
          { label: '上级党组织', value: parent ?? (page.form === 'join' ? '随现有党组织' : null) },
          {
            label: page.form === 'join' ? '并入' : '党组织',
            value: page.orgId ? (
              <Link to={`/orgs/${page.orgId}`}>{page.orgName}</Link>
            ) : (
              (page.hostName ?? '批复后成立')
            ),
          },
          {
            label: '单位',
            wide: true,
            source: `共 ${page.units} 家，正式党员 ${formal} 名`,
            value: page.unitList.map((unit, at) => (
              <span key={unit.unitId}>
                {at > 0 ? '、' : ''}
                <Link to={`/units/${unit.unitId}`}>{unit.name}</Link>
                <span className="lx-faint">（{unit.members} 名）</span>
              </span>
            )),
          },
          ...(page.closedReason ? [{ label: '终止原因', value: page.closedReason, wide: true }] : []),
        ]}
      />
      <Section title="步骤">
        <CaseSteps page={page} />
      </Section>
      <Section title="材料清单">
        <CaseDossier page={page} />
      </Section>
    </>
  )
}
