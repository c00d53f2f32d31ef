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
import { DecisionTrial } from './decision-trial.tsx'
import { forming } from './forming-client.tsx'

type Table = Awaited<ReturnType<typeof forming.getDecisionTable.call>>

/** The decision table: read downwards, the first row that fits decides; changed as a whole, by versions. */
export function DecisionTable({ county }: { county: string }) {
  const [version, setVersion] = useState<number>()
  const shown = version === undefined ? {} : { version }
  const query = useQuery(forming.getDecisionTable.queryOptions({ input: { countyCode: county, ...shown } }))
  return (
    <Section title="判定表">
      <Answered query={query}>
        {(table) => <Rows key={table.version} county={county} table={table} onVersion={setVersion} />}
      </Answered>
    </Section>
  )
}

interface RowsProps {
  county: string
  table: Table
  /** Shows a version; undefined the one in force. */
  onVersion: (version: number | undefined) => void
}

function Rows({ county, table, onVersion }: RowsProps) {
  const can = useCan()
  const ask = useConfirm()
  const [draft, setDraft] = useState<readonly TableRow[]>()
  const [editing, setEditing] = useState<{ at: number; row: TableRow | undefined }>()
  const old = table.version !== table.current
  const rows = draft ?? table.rows
  useLeaveGuard(() => draft !== undefined)
  const save = useCommand(forming.changeDecisionTable.mutationOptions(), {
    done: '判定表已改为新版',
    refresh: [forming.key()],
  })
  const send = async () => {
    const yes = await ask({
      title: '判定表改为新版？',
      lose: '组建台账随即按新版判定；原来的各版都留着，可以查看、可以恢复。',
      act: '改为新版',
      reason: { label: '修改原因', max: 300 },
    })
    if (!yes) return
    const input = { countyCode: county, version: table.current, rows: [...rows], reason: yes.reason }
    if (!(await save.run(input))) return
    setDraft(undefined)
    onVersion(undefined)
  }
  const put = (at: number, row: TableRow) =>
    setDraft(
      at < rows.length ? rows.map((one, i) => (i === at ? row : one)) : [...rows.slice(0, -1), row, rows.at(-1)!],
    )
  const raise = (at: number) =>
    setDraft([...rows.slice(0, at - 1), ...rows.slice(at, at + 1), ...rows.slice(at - 1, at), ...rows.slice(at + 1)])
  const drop = (at: number) => setDraft(rows.filter((_, i) => i !== at))
  const editable = can('forming.define') && (!old || draft !== undefined)
  const edit = (at: number) => setEditing({ at, row: rows[at] })
  return (
    <>
      <div className="lx-decision-head">
        <span className="lx-soft">
          {draft ? '有修改，还没有保存。' : `${versionWords(table.version)}${old ? '，已不施行。' : '，现行。'}`}
          自上而下，第一个满足的行作数。
        </span>
        <span className="lx-plan-acts">
          {old && !draft ? <Button onClick={() => onVersion(undefined)}>回到现行的一版</Button> : null}
          {old && !draft && can('forming.define') ? (
            <Button onClick={() => setDraft(table.rows)}>照这一版恢复</Button>
          ) : null}
          {editable ? <Button onClick={() => edit(rows.length)}>添一行</Button> : null}
          {draft ? (
            <>
              <Button onClick={() => setDraft(undefined)}>不改了</Button>
              <Button type="primary" loading={save.busy} onClick={() => void send()}>
                保存为新版
              </Button>
            </>
          ) : null}
        </span>
      </div>
      {draft ? <DecisionTrial county={county} rows={draft} /> : null}
      <Sheet
        rows={rows}
        acts={
          editable ? (at) => <RowActs at={at} count={rows.length} edit={edit} raise={raise} drop={drop} /> : undefined
        }
      />
      <History table={table} onVersion={draft ? undefined : onVersion} />
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

const versionWords = (version: number) => (version === 0 ? '平台内置的一版' : `第 ${version} 版`)

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
          {props.acts ? <th scope="col" aria-label="操作" /> : null}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row, at) => (
          <tr key={row.code}>
            <td className="lx-number">{at + 1}</td>
            <td>{rowText(row)}</td>
            <td>{formingActions[row.action]}</td>
            <td className="lx-nowrap">{row.dueDays === null ? '—' : `${row.dueDays} 天`}</td>
            <td>{row.source}</td>
            <td className="lx-nowrap">
              {row.effectiveOn}
              {row.endsOn === null ? null : (
                <>
                  <br />至 {row.endsOn}
                </>
              )}
            </td>
            {props.acts ? <td className="lx-nowrap">{props.acts(at)}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface RowActsProps {
  at: number
  /** How many rows there are: the last takes whatever is left, so it neither moves nor goes. */
  count: number
  edit: (at: number) => void
  raise: (at: number) => void
  drop: (at: number) => void
}

function RowActs({ at, count, edit, raise, drop }: RowActsProps) {
  const nth = `第 ${at + 1} 行`
  const last = at === count - 1
  return (
    <>
      <Button type="link" size="small" aria-label={`修改${nth}`} onClick={() => edit(at)}>
        修改
      </Button>
      <Button type="link" size="small" aria-label={`${nth}上移`} disabled={at === 0 || last} onClick={() => raise(at)}>
        上移
      </Button>
      <Button type="link" size="small" aria-label={`去掉${nth}`} disabled={last} onClick={() => drop(at)}>
        去掉
      </Button>
    </>
  )
}

function History({ table, onVersion }: { table: Table; onVersion: RowsProps['onVersion'] | undefined }) {
  if (table.versions.length === 0) return null
  const look = (version: number) =>
    version === table.version || onVersion === undefined ? null : (
      <Button type="link" size="small" onClick={() => onVersion(version)}>
        查看
      </Button>
    )
  return (
    <details>
      <summary>改过 {table.versions.length} 版</summary>
      <ul>
        {table.versions.map((one) => (
          <li key={one.version}>
            第 {one.version} 版，{one.author} 于 {formatDateTime(new Date(one.at))}：{one.reason} {look(one.version)}
          </li>
        ))}
        <li>平台内置的一版 {look(0)}</li>
      </ul>
    </details>
  )
}
