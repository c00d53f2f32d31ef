import { useQuery } from '@tanstack/react-query'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { Facts } from '../ui/facts.tsx'
import { Section } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { ledgerContract } from './contract.ts'
import { departments } from './field-contract.ts'

const ledger = connect(ledgerContract)

/** The rows of departmental files behind this unit, as they were sent. */
export function UnitRows({ id }: { id: string }) {
  const query = useQuery(ledger.listSourceRows.queryOptions({ input: { id } }))
  return (
    <Answered query={query}>
      {({ rows }) =>
        rows.length === 0 ? (
          <Empty title="没有来源行" hint="这家单位是在平台里新建的，或者带来它的导入已撤销。" />
        ) : (
          rows.map((row) => (
            <Section
              key={row.id}
              title={`${departments[row.department]} · ${row.fileName} · ${row.sheet} 第 ${row.row} 行`}
              extra={
                <span className="lx-soft">
                  数据截至 {row.asOf}
                  {row.linkedBy ? ` · ${row.linkedBy}` : ''}
                  {row.linkedAt ? ` · ${formatDateTime(new Date(row.linkedAt))} 并入` : ''}
                </span>
              }
            >
              <Facts columns={4} items={row.cells.map((cell) => ({ label: cell.title, value: cell.value }))} />
            </Section>
          ))
        )
      }
    </Answered>
  )
}
