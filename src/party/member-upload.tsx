import { Checkbox, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { today } from '../base/time.ts'
import { CountyPicker, useOnlyCounty } from '../office/parts.tsx'
import { Upload } from '../ui/upload.tsx'

const bytesMax = 100 * 1024 * 1024

/** What a roster is uploaded with. */
export interface RosterUpload {
  fileId: string
  countyCode: string
  asOf: string
  complete: boolean
}

/** Takes a roster of persons: county, day, whether it names everybody, and the file. */
export function RosterUploadDialog(props: {
  title: string
  complete: ReactNode
  hint: string
  busy: boolean
  onStored: (upload: RosterUpload) => void
  onClose: () => void
}) {
  const only = useOnlyCounty()
  const [county, setCounty] = useState<string>()
  const [asOf, setAsOf] = useState(today(new Date()))
  const [complete, setComplete] = useState(false)
  const countyCode = county ?? only
  return (
    <Modal open title={props.title} footer={null} onCancel={props.onClose} width={620}>
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
      <Checkbox checked={complete} onChange={(event) => setComplete(event.target.checked)}>
        {props.complete}
      </Checkbox>
      <Upload
        accept={['.csv', '.tsv', '.txt', '.xlsx']}
        bytesMax={bytesMax}
        disabled={!countyCode || props.busy}
        hint={countyCode ? props.hint : '请先选择所属县'}
        onStored={({ fileId }) => (countyCode ? props.onStored({ fileId, countyCode, asOf, complete }) : undefined)}
      />
      <p className="lx-soft">身份证号读入时即换成密文，原文件用完即删，不进备份。</p>
    </Modal>
  )
}
