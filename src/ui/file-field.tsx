import { Button } from 'antd'
import { useState } from 'react'
import { Upload } from './upload.tsx'

const papers = ['.pdf', '.docx', '.xlsx', '.jpg', '.jpeg', '.png', '.txt']

/** A paper that goes with a form: its value is the stored file's id. */
export function FileField(props: { value?: string | null; onChange?: (fileId: string | null) => void }) {
  const [name, setName] = useState('')
  if (props.value)
    return (
      <span>
        {name}
        <Button type="link" size="small" onClick={() => props.onChange?.(null)}>
          换一个文件
        </Button>
      </span>
    )
  return (
    <Upload
      accept={papers}
      bytesMax={20 * 1024 * 1024}
      onStored={({ fileId, fileName }) => {
        setName(fileName)
        props.onChange?.(fileId)
      }}
    />
  )
}
