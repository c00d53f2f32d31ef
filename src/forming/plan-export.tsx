import { ExportDialog } from '../office/parts.tsx'
import { useCommand } from '../ui/query.ts'
import { forming, type PlanHead } from './forming-client.tsx'

/** Takes a plan out as a document for the meeting, or as a table, for a stated purpose. */
export function PlanExport({ plan, onClose }: { plan: PlanHead; onClose: () => void }) {
  const start = useCommand(forming.exportPlan.mutationOptions())
  return (
    <ExportDialog
      title={`导出“${plan.title}”`}
      formats={{ docx: '会议文档（Word）', xlsx: '逐家表格（XLSX）' }}
      note="供会议研究：各组牵头单位、成员、距离和依据，未编组单位的去向；只有单位和人数，没有党员姓名。"
      start={(wanted) => start.run({ id: plan.id, ...wanted })}
      onClose={onClose}
    />
  )
}
