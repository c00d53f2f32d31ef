import { grouped } from '../base/number.ts'
import { ExportDialog } from '../office/parts.tsx'
import { useCommand } from '../ui/query.ts'
import { coverage } from './coverage-client.tsx'

type Wanted = Omit<Parameters<typeof coverage.exportUnits.call>[0], 'format' | 'purpose'>

/** Takes the units of a list out as a file, for a stated purpose. */
export function CoverageExport(props: { wanted: Wanted; title: string; total: number; onClose: () => void }) {
  const start = useCommand(coverage.exportUnits.mutationOptions())
  return (
    <ExportDialog
      title={`导出${props.title}（${grouped(props.total)} 家）`}
      note="名单里只有人数，没有党员姓名。"
      start={(wanted) => start.run({ ...props.wanted, ...wanted })}
      onClose={props.onClose}
    />
  )
}
