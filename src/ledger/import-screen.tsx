import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { Steps } from '../ui/steps.tsx'
import { useConfirm } from '../ui/confirm.tsx'
import { departments } from './field-contract.ts'
import { importContract, type ImportState, importStates } from './import-contract.ts'
import { importTones } from './imports-screen.tsx'
import { MappingStep } from './import-mapping.tsx'
import { PreviewStep } from './import-preview.tsx'
import { ResultStep } from './import-result.tsx'
import { WorkingStep } from './import-working.tsx'

const ledger = connect(importContract)
export type ImportPage = Awaited<ReturnType<typeof ledger.getImport.call>>

const steps = [{ title: '上传识别' }, { title: '对列' }, { title: '预检' }, { title: '入账' }]
const stepOf: Record<ImportState, number> = {
  recognising: 0,
  mapping: 1,
  checking: 2,
  preview: 2,
  committing: 3,
  committed: 4,
  undoing: 4,
  undone: 4,
  failed: 0,
}

/** One departmental file on its way into the ledger, step by step. */
export function ImportScreen() {
  const id = useParam('id')
  const query = useQuery({
    ...ledger.getImport.queryOptions({ input: { id } }),
    refetchInterval: (now) => (now.state.data && importTones[now.state.data.state] === 'busy' ? 1000 : false),
  })
  const page = query.data
  return (
    <Page
      title={page?.fileName ?? '导入'}
      trail={[{ title: '导入', to: '/imports' }]}
      mark={page ? <Mark tone={importTones[page.state]}>{importStates[page.state]}</Mark> : undefined}
      description={page ? <Description page={page} /> : undefined}
      actions={page ? <Discard page={page} /> : undefined}
    >
      <Answered query={query}>
        {(found) => (
          <>
            <Steps items={steps} current={stepOf[found.state]} />
            {found.sameFileAs ? (
              <p className="lx-warn-line" role="status">
                内容相同的文件已在 {formatDateTime(new Date(found.sameFileAs.at))}{' '}
                入账。再次入账不会改变台账，重复的行会标为“与已入账的行相同”。
              </p>
            ) : null}
            <Step page={found} />
          </>
        )}
      </Answered>
    </Page>
  )
}

function Description({ page }: { page: ImportPage }) {
  const from = page.department ? departments[page.department] : '来源部门待识别'
  return (
    <>
      {from} · {page.countyName} · 数据截至 {page.asOf} · {page.format} · {page.author} 于{' '}
      {formatDateTime(new Date(page.createdAt))} 上传
    </>
  )
}

function Step({ page }: { page: ImportPage }) {
  if (importTones[page.state] === 'busy') return <WorkingStep page={page} />
  if (page.state === 'mapping') return <MappingStep key={page.id} page={page} />
  if (page.state === 'preview') return <PreviewStep page={page} />
  if (page.state === 'failed') return <FailedStep page={page} />
  return <ResultStep page={page} />
}

function FailedStep({ page }: { page: ImportPage }) {
  return (
    <>
      <p className="lx-bad-line" role="alert">
        {page.error ?? '这次导入没有完成。'}
      </p>
      {page.mapping.length > 0 ? <MappingStep key={page.id} page={page} /> : null}
    </>
  )
}

function Discard({ page }: { page: ImportPage }) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const ask = useConfirm()
  const can = useCan()
  const discard = useCommand(ledger.discardImport.mutationOptions(), { done: '已放弃，台账没有变化' })
  if (!can('ledger.import.write') || !['mapping', 'preview', 'failed'].includes(page.state)) return null
  const leave = async () => {
    const sure = await ask({
      title: `放弃导入“${page.fileName}”？`,
      lose: '上传的文件和预检结果会删除，台账没有变化。以后可以重新上传。',
      act: '放弃导入',
    })
    if (!sure || !(await discard.run({ id: page.id }))) return
    await client.invalidateQueries({ queryKey: ledger.listImports.key() })
    void navigate({ to: '/imports' })
  }
  return (
    <Button danger onClick={() => void leave()} loading={discard.busy}>
      放弃导入
    </Button>
  )
}
