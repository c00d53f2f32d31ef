import type { z } from 'zod'
import { formatDateTime } from '../base/time.ts'
import { Mark, type MarkTone } from '../ui/page.tsx'
import type { Column } from '../ui/table.tsx'
import type { unitRow } from './contract.ts'
import { departments, ownerships, unitFields, type UnitStatus, unitKinds, unitStatuses } from './field-contract.ts'
import { dropReasons } from './standing-contract.ts'

type UnitRow = z.infer<typeof unitRow>

const tones: Record<UnitStatus, MarkTone> = {
  active: 'good',
  abnormal: 'warn',
  revoked: 'bad',
  cancelled: 'plain',
  movedOut: 'plain',
  unknown: 'plain',
}

/** A registration status as a dot and its word. */
export function StatusMark({ status }: { status: UnitStatus }) {
  return <Mark tone={tones[status]}>{unitStatuses[status]}</Mark>
}

/** Where a unit stands in the funnel: a target, in real operation, or why it dropped. */
export function StandingMark({ unit }: { unit: Pick<UnitRow, 'dropReason' | 'inOperation'> }) {
  if (unit.dropReason === null) return <Mark tone="good">摸排对象</Mark>
  return <Mark tone={unit.inOperation ? 'plain' : 'warn'}>{dropReasons[unit.dropReason]}</Mark>
}

/** The columns of the ledger's list; the first nine are shown until the person chooses others. */
export const unitColumns: readonly Column<UnitRow>[] = [
  { key: 'name', title: '单位名称', width: 280, sort: 'name', required: true, fixed: 'left' },
  {
    key: 'uscc',
    title: '统一社会信用代码',
    width: 180,
    sort: 'uscc',
    render: (unit) => (unit.uscc ? <span className="lx-code">{unit.uscc}</span> : <span className="lx-faint">无</span>),
  },
  { key: 'kind', title: '类型', width: 120, sort: 'kind', render: (unit) => unitKinds[unit.kind] },
  {
    key: 'status',
    title: '登记状态',
    width: 96,
    sort: 'status',
    render: (unit) => <StatusMark status={unit.status} />,
  },
  { key: 'areaName', title: '所属区划', width: 130, sort: 'area' },
  {
    key: 'dropReason',
    title: '甄别',
    width: 120,
    render: (unit) => <StandingMark unit={unit} />,
  },
  { key: 'staffCount', title: '从业人数', width: 92, sort: 'staffCount', numeric: true },
  { key: 'memberCount', title: '党员数', width: 76, numeric: true },
  {
    key: 'hasPartyOrg',
    title: '党组织',
    width: 76,
    render: (unit) =>
      unit.hasPartyOrg === null ? <span className="lx-faint">—</span> : unit.hasPartyOrg ? '已建' : '未建',
  },
  {
    key: 'departments',
    title: '数据来源',
    width: 170,
    render: (unit) => unit.departments.map((d) => departments[d]).join('、'),
  },
  { key: 'legalRep', title: '负责人', width: 88 },
  { key: 'phone', title: '联系电话', width: 120, hidden: true },
  { key: 'address', title: '地址', width: 280, hidden: true },
  { key: 'industryName', title: '行业', width: 150, hidden: true },
  { key: 'insuredCount', title: '参保人数', width: 92, numeric: true, hidden: true },
  { key: 'taxStatus', title: '纳税人状态', width: 110, hidden: true },
  { key: 'foundedOn', title: '成立日期', width: 108, sort: 'foundedOn', hidden: true },
  {
    key: 'ownership',
    title: '控股情况',
    width: 110,
    hidden: true,
    render: (unit) => (unit.ownership ? ownerships[unit.ownership] : <span className="lx-faint">—</span>),
  },
  {
    key: 'conflicts',
    title: '各部门说法不一',
    width: 180,
    hidden: true,
    render: (unit) =>
      unit.conflicts.map((field) => unitFields[field].title).join('、') || <span className="lx-faint">—</span>,
  },
  { key: 'shortName', title: '简称', width: 120, hidden: true },
  {
    key: 'places',
    title: '园区楼宇',
    width: 160,
    hidden: true,
    render: (unit) => unit.places.join('、') || <span className="lx-faint">—</span>,
  },
  {
    key: 'updatedAt',
    title: '更新时间',
    width: 148,
    sort: 'updatedAt',
    hidden: true,
    render: (unit) => formatDateTime(new Date(unit.updatedAt)),
  },
]
