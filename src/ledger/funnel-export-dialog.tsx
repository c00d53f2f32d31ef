import { ExportDialog } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { funnelContract } from './funnel-contract.ts'

const ledger = connect(funnelContract)

/** Takes the funnel out as a workbook, for a stated purpose. */
export function FunnelExport({ region, onClose }: { region: string | undefined; onClose: () => void }) {
  const start = useCommand(ledger.exportFunnel.mutationOptions())
  return (
    <ExportDialog
      title="导出甄别表"
      formats={{ xlsx: 'XLSX' }}
      placeholder="例如：报送市委社会工作部摸排进度"
      note="一份工作簿三张表：漏斗各步与原因、按区划、所用口径。"
      start={({ purpose }) => start.run({ purpose, ...(region ? { region } : {}) })}
      onClose={onClose}
    />
  )
}
