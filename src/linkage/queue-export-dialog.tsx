import type { z } from 'zod'
import { grouped } from '../base/number.ts'
import { ExportDialog } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { linkageContract } from './contract.ts'
import type { queueSearch } from './queue-search.ts'

const linkage = connect(linkageContract)

/** Takes the rows of the present list out as a file, for a stated purpose. */
export function QueueExport(props: { filters: z.infer<typeof queueSearch>; total: number; onClose: () => void }) {
  const start = useCommand(linkage.exportQueue.mutationOptions())
  return (
    <ExportDialog
      title={`导出 ${grouped(props.total)} 行待核对`}
      placeholder="例如：发街道逐家核实"
      start={(wanted) => start.run({ ...props.filters, ...wanted })}
      onClose={props.onClose}
    />
  )
}
