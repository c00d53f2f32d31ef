import { useQueryClient } from '@tanstack/react-query'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { Loading } from '../ui/states.tsx'
import { importContract } from './import-contract.ts'
import type { ImportPage } from './import-screen.tsx'

const ledger = connect(importContract)

/** A step that the server is working on; the page may be left, the work goes on. */
export function WorkingStep({ page }: { page: ImportPage }) {
  const client = useQueryClient()
  const refresh = () => void client.invalidateQueries({ queryKey: ledger.getImport.key() })
  if (!page.jobId) return <Loading rows={3} />
  return (
    <div className="lx-step-body">
      <JobPanel jobId={page.jobId} onEnded={refresh} />
      <p className="lx-soft">可以离开这一页，作业会继续；进度也在右上角的“作业”里。</p>
    </div>
  )
}
