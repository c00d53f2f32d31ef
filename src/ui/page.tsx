import { Link } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'

export interface PageProps {
  title: ReactNode
  /** Of the browser tab, when `title` is not plain text. */
  tabTitle?: string | undefined
  /** The way back: `[{ title: '台账', to: '/units' }]`; the page itself is not repeated. */
  trail?: readonly { title: string; to: string }[] | undefined
  /** One quiet line under the title. */
  description?: ReactNode
  /** Beside the title: a state, a count. */
  mark?: ReactNode
  /** Buttons at the right; at most one is primary. */
  actions?: ReactNode
  children: ReactNode
}

/**
 * The frame of a screen.
 *
 * ```tsx
 * <Page title="用户" description="谁能进来、看哪里。" actions={<Button type="primary">新建用户</Button>}>…</Page>
 * ```
 */
export function Page({ title, tabTitle, trail, description, mark, actions, children }: PageProps) {
  const tab = tabTitle ?? (typeof title === 'string' ? title : undefined)
  useEffect(() => {
    if (tab) document.title = `${tab} · 两新党建`
  }, [tab])
  return (
    <div className="lx-page">
      <header className="lx-page-head">
        <div className="lx-page-words">
          {trail?.length ? (
            <nav className="lx-trail" aria-label="位置">
              {trail.map((step) => (
                <span key={step.to}>
                  <Link to={step.to}>{step.title}</Link>
                  <span aria-hidden="true"> / </span>
                </span>
              ))}
            </nav>
          ) : null}
          <div className="lx-page-title">
            <h1>{title}</h1>
            {mark}
          </div>
          {description ? <p className="lx-page-description">{description}</p> : null}
        </div>
        {actions ? <div className="lx-page-actions">{actions}</div> : null}
      </header>
      {children}
    </div>
  )
}

/** A part of a page under a hairline: `<Section title="来源行" extra={<a>全部</a>}>…</Section>` */
export function Section({ title, extra, children }: { title: ReactNode; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className="lx-section">
      <div className="lx-section-head">
        <h2>{title}</h2>
        {extra ? <div>{extra}</div> : null}
      </div>
      {children}
    </section>
  )
}

/** A state in one word: a coloured dot and the word, never colour alone. */
export function Mark({ tone = 'plain', children }: { tone?: MarkTone; children: ReactNode }) {
  return <span className={`lx-mark lx-mark-${tone}`}>{children}</span>
}
export type MarkTone = 'plain' | 'good' | 'busy' | 'warn' | 'bad'
