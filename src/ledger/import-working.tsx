import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { Loading } from '../ui/states.tsx'
import { importContract } from './import-contract.ts'
import type { ImportPage } from './import-screen.tsx'

const ledger = connect(importContract)

/** A step that the server is working on; the page may be left, the work goes on. */
export function WorkingStep({ page }: { page: ImportPage }) {
  const client = useQueryClient()
  const refresh = () => void client.invalidateQueries({ queryKey: ledger.getImport.key() })
  const resume = useCommand(ledger.resumeImport.mutationOptions(), {
    done: '接着办理',
    refresh: [ledger.getImport.key()],
  })
  if (!page.jobId) return <Loading rows={3} />
  return (
    <div className="lx-step-body">
      <JobPanel jobId={page.jobId} onEnded={refresh} />
      {page.stalled ? (
        <div className="lx-step-foot">
          <span className="lx-soft">这一步停在半路，已做完的部分有效。</span>
          <Button type="primary" loading={resume.busy} onClick={() => void resume.run({ id: page.id })}>
            接着做
          </Button>
        </div>
      ) : null}
      <p className="lx-soft">可以离开这一页，作业会继续；进度也在右上角的“作业”里。</p>
    </div>
  )
}
