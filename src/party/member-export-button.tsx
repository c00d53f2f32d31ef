import { Checkbox } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { ExportButton } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCan } from '../ui/session.ts'
import { memberContract, type MemberFilter } from './member-contract.ts'

const party = connect(memberContract)

/** Takes the members of the present list out in the shape of the national form, for a stated purpose. */
export function MemberExport(props: { filter: MemberFilter; total: number }) {
  const can = useCan()
  const [full, setFull] = useState(false)
  return (
    <ExportButton
      operation={party.exportMembers}
      input={{ filter: props.filter, personal: full ? 'full' : 'masked' }}
      title={`导出 ${grouped(props.total)} 名党员`}
      placeholder="例如：核对组织关系转接名单"
      note="按全国党员信息采集表的 16 项列出；身份证号、电话、住址等系统不保存的项留空。"
    >
      {can('party.member.reveal') ? (
        <Checkbox checked={full} onChange={(event) => setFull(event.target.checked)}>
          姓名不脱敏
        </Checkbox>
      ) : (
        <span className="lx-soft">姓名按规定脱敏</span>
      )}
    </ExportButton>
  )
}
