import { grouped } from '../base/number.ts'
import { ExportDialog } from '../office/parts.tsx'
import { useCommand } from '../ui/query.ts'
import { forming } from './forming-client.tsx'

type Wanted = Omit<Parameters<typeof forming.exportGaps.call>[0], 'format' | 'purpose'>

/** Takes the present list out as a file, for a stated purpose. */
export function GapExport(props: { wanted: Wanted; total: number; onClose: () => void }) {
  const start = useCommand(forming.exportGaps.mutationOptions())
  return (
    <ExportDialog
      title={`导出组建台账（${grouped(props.total)} 家）`}
      note="名单里只有人数，没有党员姓名。"
      start={(wanted) => start.run({ ...props.wanted, ...wanted })}
      onClose={props.onClose}
    />
  )
}
