import { Radio } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { ExportDialog } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import type { OrgFilter } from './contract.ts'
import { orgImportContract } from './org-import-contract.ts'

const party = connect(orgImportContract)

/** Takes the organisations of the present list out as a file, for a stated purpose. */
export function OrgExport(props: { filter: OrgFilter; total: number; onClose: () => void }) {
  const [shape, setShape] = useState<'plain' | 'national'>('plain')
  const start = useCommand(party.exportOrgs.mutationOptions())
  return (
    <ExportDialog
      title={`导出 ${grouped(props.total)} 个党组织`}
      note="书记姓名按规定脱敏；联系人、联系电话本平台不保存，采集表里留空。"
      start={(wanted) => start.run({ filter: props.filter, shape, ...wanted })}
      onClose={props.onClose}
    >
      <Radio.Group
        aria-label="表样"
        value={shape}
        options={[
          { value: 'plain', label: '通用表（可以再导入）' },
          { value: 'national', label: '全国党员系统采集表' },
        ]}
        onChange={(event) => setShape(event.target.value as 'plain' | 'national')}
      />
    </ExportDialog>
  )
}
