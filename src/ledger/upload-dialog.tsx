import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { useState } from 'react'
import { today } from '../base/time.ts'
import { CountyPicker, useOnlyCounty } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { Upload } from '../ui/upload.tsx'
import { importContract } from './import-contract.ts'

const ledger = connect(importContract)
const bytesMax = 100 * 1024 * 1024

/** Takes one or more departmental files; one goes straight to its wizard, several to the list. */
export function UploadDialog({ onClose }: { onClose: () => void }) {
  const only = useOnlyCounty()
  const [county, setCounty] = useState<string>()
  const [asOf, setAsOf] = useState(today(new Date()))
  const client = useQueryClient()
  const navigate = useNavigate()
  const create = useCommand(ledger.createImport.mutationOptions(), { refresh: [ledger.listImports.key()] })
  const countyCode = county ?? only
  const stored = async (file: { fileId: string }) => {
    if (!countyCode) return
    const answer = await create.run({ fileId: file.fileId, countyCode, asOf })
    if (!answer) return
    await client.invalidateQueries({ queryKey: ledger.listImports.key() })
    onClose()
    void navigate({ to: '/imports/$id', params: { id: answer.id } })
  }
  return (
    <Modal open title="导入文件" footer={null} onCancel={onClose} width={620}>
      <div className="lx-form-line">
        <label>
          所属县
          <CountyPicker value={countyCode} onChange={setCounty} />
        </label>
        <label>
          数据截至
          <input
            type="date"
            className="lx-day"
            aria-label="数据截至"
            max={today(new Date())}
            value={asOf}
            onChange={(event) => setAsOf(event.target.value || today(new Date()))}
          />
        </label>
      </div>
      <Upload
        accept={['.csv', '.tsv', '.txt', '.xlsx']}
        bytesMax={bytesMax}
        disabled={!countyCode || create.busy}
        hint={countyCode ? '部门的表原样上传，不用改列名、删标题行' : '请先选择所属县'}
        onStored={(file) => void stored(file)}
      />
    </Modal>
  )
}
