import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { importContract } from './import-contract.ts'
import { Figure } from './import-figure.tsx'
import { MappingStep } from './import-mapping.tsx'
import { Problems } from './import-problems.tsx'
import { ReturnButton } from './import-result.tsx'
import type { ImportPage } from './import-screen.tsx'

const ledger = connect(importContract)
/** What will go in and what will be sent back, row by row, before anything is changed. */
export function PreviewStep({ page }: { page: ImportPage }) {
  const client = useQueryClient()
  const can = useCan()
  const [remap, setRemap] = useState(false)
  const commit = useCommand(ledger.commitImport.mutationOptions())
  const go = async () => {
    await commit.run({ id: page.id })
    await client.invalidateQueries({ queryKey: ledger.getImport.key() })
  }
  const { counts } = page
  if (remap) return <MappingStep page={page} />
  return (
    <div className="lx-step-body">
      {page.error ? (
        <p className="lx-warn-line" role="alert">
          {page.error}
        </p>
      ) : null}
      <dl className="lx-figures">
        <Figure title="读入" value={counts.read} note="表头以下的非空行" />
        <Figure title="可入账" value={counts.staged} tone="good" note="其中有提醒的也会入账" />
        <Figure
          title="退回"
          value={counts.refused}
          tone={counts.refused ? 'bad' : 'plain'}
          note="带错误信息退给报送部门"
        />
        <Figure title="提醒" value={counts.warnings} tone={counts.warnings ? 'warn' : 'plain'} note="入账，但请留意" />
        <Figure title="空行与合计行" value={counts.blank + counts.notData} note="不计入读入" />
      </dl>
      <Problems page={page} />
      <div className="lx-step-foot">
        <Button onClick={() => setRemap(true)}>回到对列</Button>
        <ReturnButton page={page} />
        <Button
          type="primary"
          disabled={counts.staged === 0 || !can('ledger.import.write')}
          loading={commit.busy}
          onClick={() => void go()}
        >
          入账 {counts.staged.toLocaleString('zh-CN')} 行
        </Button>
      </div>
    </div>
  )
}
