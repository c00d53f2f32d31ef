import './member.css'
import { RoomNav } from '../ui/room-nav.tsx'

const places = [
  { to: '/members', title: '各单位', permission: 'ledger.unit.read' },
  { to: '/members/orgs', title: '各党组织', permission: 'ledger.unit.read' },
  { to: '/members/list', title: '党员名单', permission: 'party.member.read' },
  { to: '/members/employers', title: '工作单位写法', permission: 'party.member.import' },
  { to: '/members/imports', title: '导入党员信息', permission: 'party.member.import' },
] as const

/** The screens of members, beside one another; those that the person may not open are left out. */
export function MemberNav() {
  return <RoomNav label="党员" places={places} />
}
