import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Input, Modal } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { today } from '../base/time.ts'
import { officeContract } from '../office/contract.ts'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { departments, unitFields } from './field-contract.ts'
import type { SomeFunnelSettings } from './standing-contract.ts'
import { dropReasons } from './standing-contract.ts'
import {
  type RulesPreview,
  rulesPreview,
  survivorshipContract,
  type SurvivorshipRules,
} from './survivorship-contract.ts'

const ledger = connect(survivorshipContract)
const office = connect(officeContract)

/** What is to be saved, with the job that tries it out. */
export type RulesChange =
  | { kind: 'survivorship'; value: SurvivorshipRules; jobId: string }
  | { kind: 'funnel'; value: SomeFunnelSettings; jobId: string }

/** Starts to try a change out; resolves to what the dialog needs, or to undefined when it was refused. */
export function useTrial(countyCode: string) {
  const preview = useCommand(ledger.previewRules.mutationOptions())
  return {
    busy: preview.busy,
    survivorship: async (value: SurvivorshipRules): Promise<RulesChange | undefined> => {
      const answer = await preview.run({ countyCode, survivorship: value })
      return answer && { kind: 'survivorship', value, jobId: answer.jobId }
    },
    funnel: async (value: SomeFunnelSettings): Promise<RulesChange | undefined> => {
      const answer = await preview.run({ countyCode, funnel: value })
      return answer && { kind: 'funnel', value, jobId: answer.jobId }
    },
  }
}

/** Shows what a change would do, asks for the reason, saves it and follows the county being derived again. */
export function RulesSave(props: { countyCode: string; change: RulesChange; onClose: (saved: boolean) => void }) {
  const { countyCode, change } = props
  const client = useQueryClient()
  const [preview, setPreview] = useState<RulesPreview>()
  const [reason, setReason] = useState('')
  const [effectiveFrom, setFrom] = useState(today(new Date()))
  const [jobId, setJobId] = useState<string>()
  const survivorship = useCommand(ledger.saveSurvivorship.mutationOptions())
  const funnel = useCommand(ledger.saveFunnel.mutationOptions())
  const tried = async () => {
    const job = await client.fetchQuery(office.getJob.queryOptions({ input: { id: change.jobId }, staleTime: 0 }))
    const read = rulesPreview.safeParse(job.result)
    if (read.success) setPreview(read.data)
  }
  const save = async () => {
    const more = { countyCode, reason, effectiveFrom }
    const answer =
      change.kind === 'survivorship'
        ? await survivorship.run({ ...more, value: change.value })
        : await funnel.run({ ...more, value: change.value })
    setJobId(answer?.jobId)
  }
  // Lists, figures and pages all change with the rules.
  const refresh = () => client.invalidateQueries()
  return (
    <Modal
      open
      width={680}
      title={jobId ? '正在按新规则重算' : '改动的影响'}
      okText={jobId ? '关闭' : '保存并重算'}
      cancelText="不保存"
      okButtonProps={{ disabled: !jobId && (!preview || reason.trim().length < 2) }}
      cancelButtonProps={{ style: jobId ? { display: 'none' } : {} }}
      confirmLoading={survivorship.busy || funnel.busy}
      mask={{ closable: false }}
      onOk={() => (jobId ? props.onClose(true) : void save())}
      onCancel={() => props.onClose(jobId !== undefined)}
    >
      {jobId ? (
        <>
          <JobPanel jobId={jobId} onEnded={() => void refresh()} />
          <p className="lx-soft">可以关闭这里，重算会继续；取消后，没算到的单位仍按旧规则，可随时接着重算。</p>
        </>
      ) : preview ? (
        <div className="lx-stack">
          <Effect preview={preview} />
          <label>
            改动依据（记入操作日志）
            <Input
              autoFocus
              value={reason}
              maxLength={200}
              placeholder="例如：区委社会工作部 11 月例会议定"
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
          <label className="lx-inline-label">
            自
            <input
              type="date"
              className="lx-day"
              aria-label="自哪一天起"
              max={today(new Date())}
              value={effectiveFrom}
              onChange={(event) => setFrom(event.target.value || today(new Date()))}
            />
            起的档案按此取用
          </label>
        </div>
      ) : (
        <JobPanel jobId={change.jobId} onEnded={() => void tried()} />
      )}
    </Modal>
  )
}

const standing = (reason: keyof typeof dropReasons | null) => (reason ? dropReasons[reason] : '摸排对象')

/** How many units would change, in which fields and steps, with examples. */
function Effect({ preview }: { preview: RulesPreview }) {
  const { units, values, looked, fields, moves, examples } = preview
  if (units === 0) return <p>看过 {grouped(looked)} 家单位，没有一家会变。</p>
  return (
    <>
      <p>
        此改动将改变 <b>{grouped(units)}</b> 家单位
        {values > 0 ? (
          <>
            的 <b>{grouped(values)}</b> 个值
          </>
        ) : null}
        （共看过 {grouped(looked)} 家）。
      </p>
      <ul className="lx-effects">
        {fields.map((one) => (
          <li key={one.field}>
            {unitFields[one.field].title}：{grouped(one.units)} 家
          </li>
        ))}
        {moves.map((one) => (
          <li key={`${one.from}>${one.to}`}>
            {standing(one.from)} → {standing(one.to)}：{grouped(one.units)} 家
          </li>
        ))}
      </ul>
      <div className="lx-effect-scroll">
        <table className="lx-effect-table">
          <thead>
            <tr>
              <th>例如</th>
              <th>字段</th>
              <th>现在</th>
              <th>改后</th>
            </tr>
          </thead>
          <tbody>
            {examples.map((one) => (
              <tr key={`${one.unitId} ${one.field}`}>
                <td>
                  <Link to="/units/$id" params={{ id: one.unitId }} target="_blank">
                    {one.name}
                  </Link>
                </td>
                <td>{one.field ? unitFields[one.field].title : '甄别'}</td>
                <td>
                  {one.before} {one.beforeFrom ? <span className="lx-faint">{departments[one.beforeFrom]}</span> : null}
                </td>
                <td>
                  {one.after} {one.afterFrom ? <span className="lx-faint">{departments[one.afterFrom]}</span> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
