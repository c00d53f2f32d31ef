import { useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { today } from '../base/time.ts'
import { startDownload } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { FileField } from '../ui/file-field.tsx'
import { Field } from '../ui/form.tsx'
import { Mark } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { itemStates, syncContract } from './contract.ts'
import { itemTones } from './items-screen.tsx'
import { sync, type EventPage } from './sync-client.tsx'

const shape = inputOf(syncContract.doItem)
type Row = EventPage['items'][number]

/** The steps of an event: done here, left out with a reason, or taken up again. */
export function EventItems({ page }: { page: EventPage }) {
  const client = useQueryClient()
  const [doing, setDoing] = useState<Row>()
  const milestones = new Map(page.milestones.map((one) => [one.key, one.title]))
  return (
    <>
      <table className="lx-sheet lx-sheet-wide">
        <thead>
          <tr>
            <th scope="col">党建事项</th>
            {page.milestones.length > 1 ? <th scope="col">节点</th> : null}
            <th scope="col">期限</th>
            <th scope="col">状态</th>
            <th scope="col">办理</th>
            <th scope="col" aria-label="操作" />
          </tr>
        </thead>
        <tbody>
          {page.items.map((row) => (
            <tr key={row.id}>
              <td>{row.title}</td>
              {page.milestones.length > 1 ? <td>{milestones.get(row.milestone)}</td> : null}
              <td>{row.dueOn ? `${row.dueOn}（${row.term}）` : `到节点后 ${row.term}`}</td>
              <td>
                <Mark tone={row.overdue ? 'bad' : itemTones[row.state]}>
                  {row.overdue ? '逾期' : itemStates[row.state]}
                </Mark>
              </td>
              <td>
                <Handled row={row} />
              </td>
              <td>
                <RowActs row={row} onDo={() => setDoing(row)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {doing ? (
        <DrawerForm
          open
          title={doing.title}
          submitText="办结"
          shape={shape}
          initial={{ id: doing.id, on: today(new Date()) }}
          onSubmit={async (values) => {
            await sync.doItem.call(values)
            await client.invalidateQueries({ queryKey: sync.key() })
          }}
          onClose={() => setDoing(undefined)}
        >
          <Field name="on">
            <input type="date" className="lx-day" max={today(new Date())} />
          </Field>
          <Field name="note">
            <Input.TextArea rows={3} maxLength={300} />
          </Field>
          <Field name="fileId">
            <FileField />
          </Field>
        </DrawerForm>
      ) : null}
    </>
  )
}

function Handled({ row }: { row: Row }) {
  const can = useCan()
  const ask = useConfirm()
  const fetchFile = useCommand(sync.downloadItemFile.mutationOptions())
  if (row.doneOn === null) return <span className="lx-faint">—</span>
  const download = async () => {
    const yes = await ask({
      title: `下载“${row.fileName}”？`,
      lose: '材料里可能有党员个人信息，用途记入操作日志。',
      act: '下载',
      reason: { label: '用途' },
    })
    const answer = yes && (await fetchFile.run({ id: row.id, purpose: yes.reason }))
    if (answer) startDownload(answer.url)
  }
  return (
    <>
      {row.doneOn} {row.note}
      <small className="lx-faint">{`　${row.author}`}</small>
      {row.fileName ? (
        <Button type="link" size="small" disabled={!can('sync.download')} onClick={() => void download()}>
          {row.fileName}
        </Button>
      ) : null}
    </>
  )
}

function RowActs({ row, onDo }: { row: Row; onDo: () => void }) {
  const can = useCan()
  const ask = useConfirm()
  const refresh = [sync.key()]
  const skip = useCommand(sync.skipItem.mutationOptions(), { done: '已记为不办', refresh })
  const reopen = useCommand(sync.reopenItem.mutationOptions(), { done: '已恢复为待办', refresh })
  if (!can('sync.handle') || row.state === 'cancelled') return null
  const leaveOut = async () => {
    const yes = await ask({
      title: `不办“${row.title}”？`,
      lose: '不再提醒；不办的理由留在记录里。',
      act: '不办',
      reason: { label: '不办的理由', min: 4 },
    })
    if (yes) await skip.run({ id: row.id, reason: yes.reason })
  }
  const again = async () => {
    const yes = await ask({
      title: `重新办理“${row.title}”？`,
      lose: '这次登记的日期、情况、材料撤下，留在操作日志里；期限不变。',
      act: '重新办理',
      reason: { label: '原因' },
    })
    if (yes) await reopen.run({ id: row.id, reason: yes.reason })
  }
  if (row.state === 'done' || row.state === 'skipped')
    return (
      <Button type="link" size="small" loading={reopen.busy} onClick={() => void again()}>
        重新办理
      </Button>
    )
  return (
    <>
      <Button type="link" size="small" onClick={onDo}>
        办结
      </Button>
      <Button type="link" size="small" loading={skip.busy} onClick={() => void leaveOut()}>
        不办
      </Button>
    </>
  )
}
