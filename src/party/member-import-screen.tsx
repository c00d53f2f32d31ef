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
import { memberImportContract, type MemberImportState, memberImportStates } from './member-import-contract.ts'
import { MemberMapping } from './member-import-mapping.tsx'
import { MemberRows, MemberResult } from './member-import-result.tsx'
import { memberImportTones } from './member-imports-screen.tsx'

const party = connect(memberImportContract)
export type MemberImportPage = Awaited<ReturnType<typeof party.getMemberImport.call>>

const steps = [{ title: '上传识别' }, { title: '对列' }, { title: '预检' }, { title: '入库' }]
const stepOf: Record<MemberImportState, number> = {
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

/** One roster of members on its way in, step by step. */
export function MemberImportScreen() {
  const id = useParam('id')
  const query = useQuery({
    ...party.getMemberImport.queryOptions({ input: { id } }),
    refetchInterval: (now) =>
      now.state.data && memberImportTones[now.state.data.state] === 'busy' && !now.state.data.stalled ? 1000 : false,
  })
  const page = query.data
  return (
    <Page
      title={page?.fileName ?? '导入党员信息'}
      trail={[
        { title: '党员', to: '/members' },
        { title: '导入党员信息', to: '/members/imports' },
      ]}
      mark={page ? <Mark tone={memberImportTones[page.state]}>{memberImportStates[page.state]}</Mark> : undefined}
      description={page ? wordsOf(page) : undefined}
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

function wordsOf(page: MemberImportPage): string {
  return [
    page.countyName,
    `数据截至 ${page.asOf}`,
    page.complete ? '全县全部党员' : '部分党员',
    `${page.author} 于 ${formatDateTime(new Date(page.createdAt))} 上传`,
    page.fileKept ? '原文件待用完删除' : '原文件已删除',
  ].join(' · ')
}

function Step({ page }: { page: MemberImportPage }) {
  if (memberImportTones[page.state] === 'busy') return <Working page={page} />
  if (page.state === 'mapping') return <MemberMapping key={page.id} page={page} />
  if (page.state === 'failed') return page.fileKept && page.mapping.length > 0 ? <MemberMapping page={page} /> : null
  if (page.state === 'discarded') return <p className="lx-soft">这次导入已放弃，文件和预检结果都已删除。</p>
  return (
    <div className="lx-step-body">
      <MemberResult page={page} />
      {page.state === 'undone' ? null : <MemberRows page={page} />}
    </div>
  )
}

function Working({ page }: { page: MemberImportPage }) {
  const client = useQueryClient()
  const refresh = () => void client.invalidateQueries({ queryKey: party.key() })
  const resume = useCommand(party.resumeMemberImport.mutationOptions(), { refresh: [party.getMemberImport.key()] })
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

function Acts({ page }: { page: MemberImportPage }) {
  const ask = useConfirm()
  const refresh = [party.getMemberImport.key(), party.listMemberImports.key()]
  const discard = useCommand(party.discardMemberImport.mutationOptions(), { done: '已放弃，文件已删除', refresh })
  const undo = useCommand(party.undoMemberImport.mutationOptions(), { refresh })
  const leave = async () => {
    const lose = '上传的文件和预检结果会删除，党员记录没有变化。'
    if (await ask({ title: `放弃导入“${page.fileName}”？`, lose, act: '放弃导入' })) await discard.run({ id: page.id })
  }
  const back = async () => {
    const yes = await ask({
      title: `撤销导入“${page.fileName}”？`,
      lose: '由它新增、更新的党员记录回到导入之前，各单位党员数随之更新；其他名册带来的内容不受影响。',
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
