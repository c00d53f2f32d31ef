import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { formatDateTime } from '../base/time.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { useLeaveGuard } from '../ui/leave-guard.ts'
import { Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { formingActions } from './decide.ts'
import { rowText } from './decide-words.ts'
import { DecisionForm, type TableRow } from './decision-form.tsx'
import { forming } from './forming-client.tsx'

type Table = Awaited<ReturnType<typeof forming.getDecisionTable.call>>

/** The decision table: read downwards, the first row that fits decides; changed as a whole, by versions. */
export function DecisionTable({ county }: { county: string }) {
  const query = useQuery(forming.getDecisionTable.queryOptions({ input: { countyCode: county } }))
  return (
    <Section title="判定表">
      <Answered query={query}>{(table) => <Rows key={table.version} county={county} table={table} />}</Answered>
    </Section>
  )
}

function Rows({ county, table }: { county: string; table: Table }) {
  const can = useCan()
  const ask = useConfirm()
  const [draft, setDraft] = useState<readonly TableRow[]>()
  const [editing, setEditing] = useState<{ at: number; row: TableRow | undefined }>()
  const rows = draft ?? table.rows
  useLeaveGuard(() => draft !== undefined)
  const save = useCommand(forming.changeDecisionTable.mutationOptions(), {
    done: '判定表已改为新版',
    refresh: [forming.key()],
  })
  const send = async () => {
    const yes = await ask({
      title: '判定表改为新版？',
      lose: '组建台账随即按新版判定；原来的各版都留着，可以查。',
      act: '改为新版',
      reason: { label: '修改原因', max: 300 },
    })
    if (!yes) return
    const input = { countyCode: county, version: table.version, rows: [...rows], reason: yes.reason }
    if (await save.run(input)) setDraft(undefined)
  }
  const put = (at: number, row: TableRow) =>
    setDraft(at < rows.length ? rows.map((one, i) => (i === at ? row : one)) : [...rows, row])
  const raise = (at: number) =>
    setDraft([...rows.slice(0, at - 1), ...rows.slice(at, at + 1), ...rows.slice(at - 1, at), ...rows.slice(at + 1)])
  const drop = (at: number) => setDraft(rows.filter((_, i) => i !== at))
  const editable = can('forming.define')
  const edit = (at: number) => setEditing({ at, row: rows[at] })
  return (
    <>
      <div className="lx-step-foot">
        <span className="lx-soft">
          {draft ? '有修改，还没有保存。' : table.version === 0 ? '平台内置的一版。' : `第 ${table.version} 版。`}
          自上而下，第一个满足的行作数。
        </span>
        {editable ? (
          <span className="lx-plan-acts">
            <Button size="small" onClick={() => edit(rows.length)}>
              添一行
            </Button>
            {draft ? (
              <>
                <Button size="small" onClick={() => setDraft(undefined)}>
                  不改了
                </Button>
                <Button size="small" type="primary" loading={save.busy} onClick={() => void send()}>
                  保存为新版
                </Button>
              </>
            ) : null}
          </span>
        ) : null}
      </div>
      <Sheet
        rows={rows}
        acts={
          editable
            ? (at) => <RowActs at={at} only={rows.length === 1} edit={edit} raise={raise} drop={drop} />
            : undefined
        }
      />
      <History table={table} />
      {editing ? (
        <DecisionForm
          row={editing.row}
          taken={rows.filter((_, i) => i !== editing.at).map((one) => one.code)}
          onSave={(row) => put(editing.at, row)}
          onClose={() => setEditing(undefined)}
        />
      ) : null}
    </>
  )
}

function Sheet(props: { rows: readonly TableRow[]; acts: ((at: number) => ReactNode) | undefined }) {
  return (
    <table className="lx-sheet lx-sheet-wide">
      <thead>
        <tr>
          <th scope="col">次序</th>
          <th scope="col">什么单位</th>
          <th scope="col">怎样组建</th>
          <th scope="col">批复期限</th>
          <th scope="col">依据</th>
          <th scope="col">施行</th>
          <th scope="col" aria-label="操作" />
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row, at) => (
          <tr key={row.code}>
            <td className="lx-number">{at + 1}</td>
            <td>{rowText(row)}</td>
            <td>{formingActions[row.action]}</td>
            <td>{row.dueDays === null ? '—' : `${row.dueDays} 天`}</td>
            <td>{row.source}</td>
            <td>
              {row.effectiveOn}
              {row.endsOn === null ? '' : ` 至 ${row.endsOn}`}
            </td>
            <td className="lx-forming-row-acts">{props.acts?.(at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface RowActsProps {
  at: number
  /** The only row there is: it cannot go. */
  only: boolean
  edit: (at: number) => void
  raise: (at: number) => void
  drop: (at: number) => void
}

function RowActs({ at, only, edit, raise, drop }: RowActsProps) {
  const nth = `第 ${at + 1} 行`
  return (
    <>
      <Button type="link" size="small" aria-label={`修改${nth}`} onClick={() => edit(at)}>
        修改
      </Button>
      <Button type="link" size="small" aria-label={`${nth}上移`} disabled={at === 0} onClick={() => raise(at)}>
        上移
      </Button>
      <Button type="link" size="small" aria-label={`去掉${nth}`} disabled={only} onClick={() => drop(at)}>
        去掉
      </Button>
    </>
  )
}

function History({ table }: { table: Table }) {
  if (table.versions.length === 0) return null
  return (
    <details>
      <summary>改过 {table.versions.length} 版</summary>
      <ul>
        {table.versions.map((one) => (
          <li key={one.version}>
            第 {one.version} 版，{one.author} 于 {formatDateTime(new Date(one.at))}：{one.reason}
          </li>
        ))}
      </ul>
    </details>
  )
}
