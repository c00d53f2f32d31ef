import { Radio } from 'antd'
import { useState } from 'react'
import { ExportDialog } from '../office/parts.tsx'
import { options } from '../ui/filters.tsx'
import { useCommand } from '../ui/query.ts'
import { documentKinds, type DocumentKind } from './contract.ts'
import { founding, type CasePage } from './founding-client.tsx'

const usual: Partial<Record<NonNullable<CasePage['step']>, DocumentKind>> = {
  reply: 'reply',
  election: 'result',
  filing: 'filing',
}

/** Writes one of the documents of a case. */
export function CaseDocument({ page, onClose }: { page: CasePage; onClose: () => void }) {
  const [kind, setKind] = useState<DocumentKind>((page.step && usual[page.step]) ?? 'request')
  const start = useCommand(founding.writeDocument.mutationOptions())
  const { result, ...rest } = documentKinds
  const kinds = page.form === 'join' ? rest : { ...rest, result }
  return (
    <ExportDialog
      title="生成文书"
      formats={{ docx: 'Word' }}
      placeholder="例如：报送街道党工委"
      note="按公文版式，内容取自已登记的步骤；还不知道的留空待填。选举（任职）报告和备案表里有书记姓名；没有查看班子成员姓名权限的，书记姓名留空待填。"
      start={({ purpose }) => start.run({ id: page.id, kind, purpose })}
      onClose={onClose}
    >
      <Radio.Group
        aria-label="文书"
        value={kind}
        options={options(kinds)}
        onChange={(event) => setKind(event.target.value as DocumentKind)}
      />
    </ExportDialog>
  )
}
