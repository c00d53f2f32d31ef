import InboxOutlined from '@ant-design/icons/InboxOutlined'
import LockOutlined from '@ant-design/icons/LockOutlined'
import QuestionCircleOutlined from '@ant-design/icons/QuestionCircleOutlined'
import WarningOutlined from '@ant-design/icons/WarningOutlined'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { toProblem } from './problem.ts'

interface NoteProps {
  icon: ReactNode
  title: ReactNode
  hint?: ReactNode
  action?: ReactNode
  role?: 'alert' | 'status'
}

function Note({ icon, title, hint, action, role }: NoteProps) {
  return (
    <div className="lx-note" role={role}>
      <div className="lx-note-icon" aria-hidden="true">
        {icon}
      </div>
      <p className="lx-note-title">{title}</p>
      {hint ? <div className="lx-note-hint">{hint}</div> : null}
      {action ? <div className="lx-note-action">{action}</div> : null}
    </div>
  )
}

/**
 * Nothing here yet, and what to do next.
 *
 * ```tsx
 * <Empty title="还没有导入过文件" hint="从市场监管局的企业名单开始最省事。" action={<Button>导入文件</Button>} />
 * ```
 */
export function Empty({ title, hint, action }: { title: ReactNode; hint?: ReactNode; action?: ReactNode }) {
  return <Note icon={<InboxOutlined />} title={title} hint={hint} action={action} />
}

/** Grey lines while an answer is on its way; `rows` is how many. */
export function Loading({ rows = 8 }: { rows?: number }) {
  return (
    <div className="lx-loading" role="status" aria-busy="true">
      <span className="lx-hidden">正在载入</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="lx-loading-row" aria-hidden="true">
          <i style={{ width: `${12 + ((row * 7) % 9)}%` }} />
          <i style={{ width: `${24 + ((row * 5) % 13)}%` }} />
          <i style={{ width: `${14 + ((row * 3) % 8)}%` }} />
        </div>
      ))}
    </div>
  )
}

/**
 * Something was refused or broke: the sentence, the request id to tell the administrator, and a way to try again.
 * A refusal for want of permission or a missing row gets its own face.
 */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const problem = toProblem(error)
  if (problem.code === 'forbidden') return <NoPermission hint={problem.message} />
  if (problem.code === 'notFound') return <NotFound hint={problem.message} />
  const stale = problem.code === 'stale'
  const again = stale ? () => location.reload() : onRetry
  return (
    <Note
      role="alert"
      icon={<WarningOutlined />}
      title={problem.message}
      hint={
        problem.requestId && !problem.message.includes(problem.requestId) ? (
          <span className="lx-code">请求编号 {problem.requestId}</span>
        ) : undefined
      }
      action={again ? <Button onClick={again}>{stale ? '刷新页面' : '重试'}</Button> : undefined}
    />
  )
}

/** The person may not see this; says whom to ask. */
export function NoPermission({ hint }: { hint?: ReactNode }) {
  return (
    <Note
      icon={<LockOutlined />}
      title="您没有查看这里的权限"
      hint={hint ?? '需要时，请联系本级管理员在“角色”中为您开通。'}
    />
  )
}

/** No such page or row, or outside the person's scope. */
export function NotFound({ hint, action }: { hint?: ReactNode; action?: ReactNode }) {
  return (
    <Note
      icon={<QuestionCircleOutlined />}
      title="没有找到"
      hint={hint ?? '地址可能写错了，或者内容已被删除、不在您的管理范围内。'}
      action={action ?? <Button onClick={() => history.back()}>返回上一页</Button>}
    />
  )
}

interface Answer<T> {
  data: T | undefined
  error: unknown
  refetch: () => unknown
}

/**
 * One answer with its loading and failing states.
 *
 * ```tsx
 * <Answered query={query}>{(unit) => <Facts items={…} />}</Answered>
 * ```
 */
export function Answered<T>(props: { query: Answer<T>; rows?: number; children: (data: T) => ReactNode }) {
  const { data, error, refetch } = props.query
  if (data !== undefined) return props.children(data)
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  return <Loading rows={props.rows ?? 6} />
}
