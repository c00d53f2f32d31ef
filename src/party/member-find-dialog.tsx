import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { memberContract, memberKinds, relations } from './member-contract.ts'
import type { MemberRow } from './member-list-screen.tsx'

const party = connect(memberContract)

/** Looks a person up by ID number: sent once, compared as a digest, kept nowhere. */
export function FindDialog({ onFound, onClose }: { onFound: (id: string) => void; onClose: () => void }) {
  const [number, setNumber] = useState('')
  const [rows, setRows] = useState<MemberRow[]>()
  const find = useCommand(party.findMember.mutationOptions())
  const ask = async () => {
    const answer = await find.run({ idNumber: number.trim() })
    setNumber('')
    setRows(answer?.rows)
  }
  const choose = (row: MemberRow) => {
    onClose()
    onFound(row.id)
  }
  return (
    <Modal open title="按身份证号查" footer={null} onCancel={onClose} width={520} destroyOnHidden>
      <div className="lx-stack">
        <p className="lx-soft">号码只用来换成密文比较，不保存；查询记入操作日志。</p>
        <Input.Search
          autoFocus
          aria-label="身份证号"
          placeholder="18 位公民身份号码"
          maxLength={24}
          autoComplete="off"
          enterButton="查询"
          loading={find.busy}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
          onSearch={() => void (number.trim().length >= 15 ? ask() : undefined)}
        />
        {rows ? (
          <ul className="lx-lines" aria-live="polite">
            {rows.length === 0 ? <li>没有查到。不是党员、不在您的管理范围，或号码有误。</li> : null}
            {rows.map((row) => (
              <li key={row.id}>
                <p>
                  <Button type="link" size="small" onClick={() => choose(row)}>
                    {row.name}
                  </Button>
                  {memberKinds[row.kind]} · {relations[row.relation]}
                </p>
                <span className="lx-soft">{row.branch}</span>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </Modal>
  )
}
