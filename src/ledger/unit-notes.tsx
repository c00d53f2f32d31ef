import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { formatDateTime } from '../base/time.ts'
import { startDownload } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { Upload } from '../ui/upload.tsx'
import { bytesText } from '../ui/upload-send.ts'
import { ledgerContract } from './contract.ts'

const ledger = connect(ledgerContract)

/** Notes that staff keep on a unit. */
export function UnitNotes({ id }: { id: string }) {
  const can = useCan()
  const [text, setText] = useState('')
  const query = useQuery(ledger.listNotes.queryOptions({ input: { id } }))
  const refresh = [ledger.listNotes.key(), ledger.getUnit.key()]
  const add = useCommand(ledger.addNote.mutationOptions(), { done: '备忘已添加', refresh })
  const remove = useCommand(ledger.removeNote.mutationOptions(), { done: '备忘已删除', refresh })
  const ask = useConfirm()
  const send = async () => {
    if (await add.run({ id, text })) setText('')
  }
  return (
    <>
      {can('ledger.unit.write') ? (
        <div className="lx-note-box">
          <Input.TextArea
            aria-label="备忘内容"
            rows={2}
            maxLength={2000}
            placeholder="走访所见、电话沟通、要跟进的事。请勿填写身份证号等个人信息。"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button type="primary" disabled={!text.trim()} loading={add.busy} onClick={() => void send()}>
            添加
          </Button>
        </div>
      ) : null}
      <Answered query={query}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="还没有备忘" />
          ) : (
            <ul className="lx-lines">
              {rows.map((note) => (
                <li key={note.id}>
                  <p>{note.text}</p>
                  <span className="lx-soft">
                    {note.author} · {formatDateTime(new Date(note.at))}
                    {note.mine && can('ledger.unit.write') ? (
                      <Button
                        type="link"
                        size="small"
                        danger
                        onClick={() =>
                          void ask({ title: '删除这条备忘？', lose: '删除后不能恢复。', act: '删除' }).then(
                            (yes) => yes && remove.run({ id, noteId: note.id }),
                          )
                        }
                      >
                        删除
                      </Button>
                    ) : null}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </>
  )
}

/** Files kept with a unit: licences, minutes, photographs. */
export function UnitAttachments({ id }: { id: string }) {
  const can = useCan()
  const query = useQuery(ledger.listAttachments.queryOptions({ input: { id } }))
  const refresh = [ledger.listAttachments.key(), ledger.getUnit.key()]
  const add = useCommand(ledger.addAttachment.mutationOptions(), { done: '附件已添加', refresh })
  const remove = useCommand(ledger.removeAttachment.mutationOptions(), { done: '附件已删除', refresh })
  const ticket = useCommand(ledger.downloadAttachment.mutationOptions())
  const ask = useConfirm()
  const fetchFile = async (attachmentId: string) => {
    const answer = await ticket.run({ id, attachmentId })
    if (answer) startDownload(answer.url)
  }
  return (
    <>
      {can('ledger.unit.write') ? (
        <Upload
          accept={['.pdf', '.docx', '.xlsx', '.jpg', '.jpeg', '.png', '.txt']}
          bytesMax={20 * 1024 * 1024}
          hint="营业执照、会议记录、照片等"
          onStored={(file) => void add.run({ id, fileId: file.fileId })}
        />
      ) : null}
      <Answered query={query}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="还没有附件" />
          ) : (
            <ul className="lx-lines">
              {rows.map((file) => (
                <li key={file.id}>
                  <Button type="link" size="small" onClick={() => void fetchFile(file.id)}>
                    {file.fileName}
                  </Button>
                  <span className="lx-soft">
                    {bytesText(file.bytes)} · {file.author} · {formatDateTime(new Date(file.at))}
                    {can('ledger.unit.write') ? (
                      <Button
                        type="link"
                        size="small"
                        danger
                        onClick={() =>
                          void ask({
                            title: `删除附件“${file.fileName}”？`,
                            lose: '删除后不能恢复。',
                            act: '删除',
                          }).then((yes) => yes && remove.run({ id, attachmentId: file.id }))
                        }
                      >
                        删除
                      </Button>
                    ) : null}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </>
  )
}
