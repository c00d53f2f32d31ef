import { Radio } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { ExportButton } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import type { OrgFilter } from './contract.ts'
import { orgImportContract } from './org-import-contract.ts'

const party = connect(orgImportContract)

/** Takes the organisations of the present list out as a file, for a stated purpose. */
export function OrgExport(props: { filter: OrgFilter; total: number }) {
  const [shape, setShape] = useState<'plain' | 'national'>('plain')
  return (
    <ExportButton
      operation={party.exportOrgs}
      input={{ filter: props.filter, shape }}
      title={`导出 ${grouped(props.total)} 个党组织`}
      note="书记姓名按规定脱敏；联系人、联系电话本平台不保存，采集表里留空。"
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
    </ExportButton>
  )
}
