import type { ReactNode } from 'react'
import { Seal } from '../ui/shell.tsx'

/** The page before sign-in: the name of the platform, and one small form. */
export function Front({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="lx-front">
      <div className="lx-front-name">
        <Seal size={44} />
        <div>
          <p>两新党建工作平台</p>
          <small>新经济组织 · 新社会组织 · 新就业群体</small>
        </div>
      </div>
      <div className="lx-front-form">
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  )
}
