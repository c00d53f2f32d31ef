import { grouped } from '../base/number.ts'
import { ExportDialog } from '../office/parts.tsx'
import { useCommand } from '../ui/query.ts'
import { forming } from './forming-client.tsx'

type Wanted = Omit<Parameters<typeof forming.exportScope.call>[0], 'format' | 'purpose'>

/** Takes the units of the scope out, each with why it is in or out. */
export function ScopeExport(props: { wanted: Wanted; total: number; onClose: () => void }) {
  const start = useCommand(forming.exportScope.mutationOptions())
  return (
    <ExportDialog
      title={`导出编排范围（${grouped(props.total)} 家）`}
      note="名单里只有人数，没有党员姓名。"
      start={(wanted) => start.run({ ...props.wanted, ...wanted })}
      onClose={props.onClose}
    />
  )
}
