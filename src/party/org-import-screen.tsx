import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { formatDateTime } from '../base/time.ts'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { Answered } from '../ui/states.tsx'
import { Steps } from '../ui/steps.tsx'
import { orgImportContract, type OrgImportState, orgImportStates } from './org-import-contract.ts'
import { OrgMapping } from './org-import-mapping.tsx'
import { OrgImportResult } from './org-import-result.tsx'
import { orgImportTones } from './org-imports-screen.tsx'

const party = connect(orgImportContract)
export type OrgImportPage = Awaited<ReturnType<typeof party.getOrgImport.call>>

const steps = [{ title: '上传识别' }, { title: '对列' }, { title: '预检' }, { title: '入库' }]
const stepOf: Record<OrgImportState, number> = {
  recognising: 0,
  mapping: 1,
  checking: 2,
  preview: 2,
  committing: 3,
  committed: 4,
  undoing: 4,
  undone: 4,
  discarded: 0,
  failed: 0,
}

/** One file of organisations on its way in, step by step. */
export function OrgImportScreen() {
  const id = useParam('id')
  const query = useQuery({
    ...party.getOrgImport.queryOptions({ input: { id } }),
    refetchInterval: (now) =>
      now.state.data && orgImportTones[now.state.data.state] === 'busy' && !now.state.data.stalled ? 1000 : false,
  })
  const page = query.data
  return (
    <Page
      title={page?.fileName ?? '导入党组织'}
      trail={[
        { title: '党组织', to: '/orgs' },
        { title: '导入党组织', to: '/orgs/imports' },
      ]}
      mark={page ? <Mark tone={orgImportTones[page.state]}>{orgImportStates[page.state]}</Mark> : undefined}
      description={
        page
          ? `${page.countyName} · 数据截至 ${page.asOf} · ${page.author} 于 ${formatDateTime(new Date(page.createdAt))} 上传`
          : undefined
      }
      actions={page ? <Acts page={page} /> : undefined}
    >
      <Answered query={query}>
        {(found) => (
          <>
            <Steps items={steps} current={stepOf[found.state]} />
            {found.error ? (
              <p className={found.state === 'failed' ? 'lx-bad-line' : 'lx-warn-line'} role="alert">
                {found.error}
              </p>
            ) : null}
            <Step page={found} />
          </>
        )}
      </Answered>
    </Page>
  )
}

function Step({ page }: { page: OrgImportPage }) {
  if (orgImportTones[page.state] === 'busy') return <Working page={page} />
  if (page.state === 'mapping') return <OrgMapping key={page.id} page={page} />
  if (page.state === 'failed') return page.mapping.length > 0 ? <OrgMapping page={page} /> : null
  if (page.state === 'discarded') return <p className="lx-soft">这次导入已放弃，文件和预检结果都已删除。</p>
  return <OrgImportResult page={page} />
}

function Working({ page }: { page: OrgImportPage }) {
  const client = useQueryClient()
  const refresh = () => void client.invalidateQueries({ queryKey: party.key() })
  const resume = useCommand(party.resumeOrgImport.mutationOptions(), { refresh: [party.getOrgImport.key()] })
  return (
    <div className="lx-step-body">
      {page.jobId ? <JobPanel key={page.jobId} jobId={page.jobId} onEnded={refresh} /> : null}
      {page.stalled ? (
        <div className="lx-step-foot">
          <span className="lx-soft">这一步停在半路，已做完的部分有效。</span>
          <Button type="primary" loading={resume.busy} onClick={() => void resume.run({ id: page.id })}>
            接着做
          </Button>
        </div>
      ) : null}
      <p className="lx-soft">可以离开这一页，作业会继续。</p>
    </div>
  )
}

function Acts({ page }: { page: OrgImportPage }) {
  const ask = useConfirm()
  const refresh = [party.key()]
  const discard = useCommand(party.discardOrgImport.mutationOptions(), { done: '已放弃，文件已删除', refresh })
  const undo = useCommand(party.undoOrgImport.mutationOptions(), { refresh })
  const leave = async () => {
    const lose = '上传的文件和预检结果会删除，党组织没有变化。'
    if (await ask({ title: `放弃导入“${page.fileName}”？`, lose, act: '放弃导入' })) await discard.run({ id: page.id })
  }
  const back = async () => {
    const yes = await ask({
      title: `撤销导入“${page.fileName}”？`,
      lose: '由它新增的党组织、覆盖、书记、届次和党员数全部撤回，各单位的覆盖随之更新；入库以后又有变动的，须先撤销那些变动。',
      act: '撤销导入',
      reason: { label: '撤销原因' },
    })
    if (yes) await undo.run({ id: page.id, reason: yes.reason })
  }
  if (['mapping', 'preview', 'failed'].includes(page.state)) {
    return (
      <Button danger loading={discard.busy} onClick={() => void leave()}>
        放弃导入
      </Button>
    )
  }
  return page.state === 'committed' || (page.state === 'committing' && page.stalled) ? (
    <Button danger loading={undo.busy} onClick={() => void back()}>
      撤销导入
    </Button>
  ) : null
}
