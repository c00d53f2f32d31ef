import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { formatDateTime } from '../base/time.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Mark } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { stepStates } from './contract.ts'
import { founding, type CasePage } from './founding-client.tsx'
import { foundingSteps, isSkippable, stepHints, stepsOf, type FoundingStep } from './rules.ts'

const StepForm = lazy(() => import('./case-forms.tsx').then((m) => ({ default: m.StepForm })))
const PostponeForm = lazy(() => import('./case-forms.tsx').then((m) => ({ default: m.PostponeForm })))

type Told = CasePage['stepList'][number]

/** The steps of a case, one below the other: what was done, what is to be done now, what comes. */
export function CaseSteps({ page }: { page: CasePage }) {
  const last = page.stepList.findLast((one) => one.takenBack === null && one.state !== 'postponed')
  return (
    <ol className="lx-step-list">
      {stepsOf(page.form).map((step) => {
        const told = page.stepList.filter((one) => one.step === step)
        const now = page.step === step
        return (
          <li key={step} aria-current={now ? 'step' : undefined}>
            <h3 className={told.length > 0 || now ? '' : 'lx-step-ahead'}>{foundingSteps[step]}</h3>
            <div>
              {told.map((one) => (
                <ToldStep key={one.id} one={one} page={page} isLast={one.id === last?.id} />
              ))}
              {now ? <Now page={page} step={step} /> : null}
              {told.length === 0 && !now ? <span className="lx-step-ahead">{stepHints[step]}</span> : null}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function ToldStep({ one, page, isLast }: { one: Told; page: CasePage; isLast: boolean }) {
  const can = useCan()
  const ask = useConfirm()
  const back = useCommand(founding.takeBackStep.mutationOptions(), { done: '已撤回', refresh: [founding.key()] })
  const organ = one.step === 'reply' || one.step === 'election'
  const may = can(isSkippable(one.step) ? 'founding.handle' : 'founding.approve') && can('founding.handle')
  const takeBack = async () => {
    const yes = await ask({
      title: `撤回“${foundingSteps[one.step]}”？`,
      lose: organ
        ? '由它登记的党组织、覆盖、书记、届期一并撤销；撤回的记录留着。'
        : '这一步重新办理；撤回的记录留着，可以查到。',
      act: '撤回',
      reason: { label: '撤回原因' },
    })
    if (yes) await back.run({ id: page.id, stepId: one.id, reason: yes.reason })
  }
  const words = [
    one.state === 'postponed' ? `期限延至 ${one.on}` : one.on,
    one.docNo,
    one.entitled === null ? null : `应到 ${one.entitled} 名，实到 ${one.present} 名`,
    one.note,
  ].filter(Boolean)
  return (
    <div>
      <span className={one.takenBack ? 'lx-step-gone' : ''}>
        <Mark tone={one.state === 'done' ? 'good' : 'warn'}>{stepStates[one.state]}</Mark> {words.join('　')}
      </span>{' '}
      <small className="lx-faint">
        {one.author}　{formatDateTime(new Date(one.at))}
        {one.takenBack ? `　${one.takenBack.by}撤回：${one.takenBack.reason}` : ''}
      </small>
      {isLast && may && page.state !== 'closed' ? (
        <Button type="link" size="small" loading={back.busy} onClick={() => void takeBack()}>
          撤回
        </Button>
      ) : null}
    </div>
  )
}

const actWords: Partial<Record<FoundingStep, string>> = {
  reply: '登记批复',
  election: '登记选举结果',
  filing: '登记报备，办结',
}

function Now({ page, step }: { page: CasePage; step: FoundingStep }) {
  const can = useCan()
  const ask = useConfirm()
  const [open, setOpen] = useState<'step' | 'postpone'>()
  const skip = useCommand(founding.skipStep.mutationOptions(), { done: '已跳过', refresh: [founding.key()] })
  const may = can(isSkippable(step) ? 'founding.handle' : 'founding.approve')
  const leaveOut = async () => {
    const yes = await ask({
      title: `跳过“${foundingSteps[step]}”？`,
      lose: '跳过的理由会写进办理记录。',
      act: '跳过',
      reason: { label: '跳过的理由', min: 4 },
    })
    if (yes) await skip.run({ id: page.id, step, reason: yes.reason })
  }
  return (
    <>
      <p>{stepHints[step]}</p>
      <p className={page.overdue ? '' : 'lx-soft'}>
        {page.overdue ? <Mark tone="bad">期限 {page.dueOn}，已逾期</Mark> : `期限 ${page.dueOn}`}
      </p>
      <div className="lx-step-acts">
        {may ? (
          <Button type="primary" onClick={() => setOpen('step')}>
            {actWords[step] ?? '办结这一步'}
          </Button>
        ) : (
          <span className="lx-soft">等待有“登记批复、选举和报备”权限的人办理。</span>
        )}
        {can('founding.handle') ? <Button onClick={() => setOpen('postpone')}>延期</Button> : null}
        {can('founding.handle') && isSkippable(step) ? (
          <Button loading={skip.busy} onClick={() => void leaveOut()}>
            跳过
          </Button>
        ) : null}
      </div>
      <Suspense>
        {open === 'step' ? <StepForm page={page} step={step} onClose={() => setOpen(undefined)} /> : null}
        {open === 'postpone' ? <PostponeForm page={page} step={step} onClose={() => setOpen(undefined)} /> : null}
      </Suspense>
    </>
  )
}
