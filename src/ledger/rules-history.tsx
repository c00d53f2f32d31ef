import { Table } from 'antd'
import { formatDateTime } from '../base/time.ts'
import { Empty } from '../ui/states.tsx'
import { type UnitField, unitFields } from './field-contract.ts'
import { settingTitle } from './funnel-words.ts'
import type { FunnelSettings } from './standing-contract.ts'
import type { RulesVersion } from './survivorship-contract.ts'

const titleOf = (kind: RulesVersion['kind'], key: string) =>
  kind === 'survivorship' ? unitFields[key as UnitField].title : settingTitle(key as keyof FunnelSettings)

/** Who changed the rules, when, why, and from which day they hold. */
export function RulesHistory({ versions }: { versions: RulesVersion[] }) {
  if (versions.length === 0) return <Empty title="还没有改过，现行的是默认" />
  return (
    <Table<RulesVersion>
      size="small"
      rowKey={(row) => row.id}
      dataSource={versions}
      pagination={versions.length > 20 ? { pageSize: 20, size: 'small' } : false}
      columns={[
        { title: '版次', width: 72, render: (_v, row) => row.version },
        { title: '自', width: 116, render: (_v, row) => <span className="lx-code">{row.effectiveFrom}</span> },
        {
          title: '与默认不同的',
          render: (_v, row) =>
            row.changes === 0 ? (
              <span className="lx-soft">恢复默认</span>
            ) : (
              Object.keys(row.value)
                .map((key) => titleOf(row.kind, key))
                .join('、')
            ),
        },
        { title: '依据', dataIndex: 'reason' },
        { title: '改动人', width: 120, dataIndex: 'byName' },
        { title: '改动时间', width: 150, render: (_v, row) => formatDateTime(new Date(row.at)) },
      ]}
    />
  )
}
