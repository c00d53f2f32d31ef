import './coverage.css'
import { RoomNav } from '../ui/room-nav.tsx'

const places = [
  { to: '/coverage', title: '覆盖总览' },
  { to: '/coverage/units', title: '单位覆盖' },
  { to: '/coverage/ratios', title: '指标口径' },
  { to: '/coverage/snapshots', title: '期报' },
  { to: '/coverage/checks', title: '数据核验' },
  { to: '/coverage/settings', title: '规则' },
] as const

/** The screens of coverage, beside one another; the region and the day go with the person. */
export function CoverageNav({ where }: { where?: { region?: string | undefined; asOf?: string | undefined } }) {
  const search = {
    ...(where?.region ? { region: where.region } : {}),
    ...(where?.asOf ? { asOf: where.asOf } : {}),
  }
  return <RoomNav label="覆盖" places={places} search={search} />
}
