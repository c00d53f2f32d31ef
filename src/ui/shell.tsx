import DownOutlined from '@ant-design/icons/DownOutlined'
import MenuFoldOutlined from '@ant-design/icons/MenuFoldOutlined'
import MenuUnfoldOutlined from '@ant-design/icons/MenuUnfoldOutlined'
import { Link, useLocation } from '@tanstack/react-router'
import { Button, Popover } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { useKept } from './list-state.ts'

export interface MenuItem {
  path: string
  title: string
  icon: ReactNode
  /** A count beside the title, e.g. rows waiting. */
  count?: number | undefined
}

export interface MenuGroup {
  /** The chapter; the first group may have none. */
  title: string
  items: readonly MenuItem[]
}

export interface ShellProps {
  name: string
  /** Small, after the name: the office that runs the platform. */
  owner?: ReactNode
  menu: readonly MenuGroup[]
  /** Global search box. */
  search?: ReactNode
  /** Which regions the person works on. */
  scope?: ReactNode
  /** Jobs, to-dos. */
  bell?: ReactNode
  user: { name: string; acts: readonly { key: string; label: string; onAct: () => void }[] }
  children: ReactNode
}

/** The frame of the office application: head, folding side menu, content. */
export function Shell(props: ShellProps) {
  const [folded, setFolded] = useKept('folded', false)
  const narrow = useNarrow()
  const small = folded || narrow
  return (
    <div className={small ? 'lx-shell lx-shell-folded' : 'lx-shell'}>
      <a className="lx-skip" href="#content">
        跳到正文
      </a>
      <header className="lx-head">
        <Link to="/" className="lx-brand">
          <Seal />
          <b>{props.name}</b>
        </Link>
        {props.owner ? <span className="lx-owner">{props.owner}</span> : null}
        <div className="lx-head-search">{props.search}</div>
        <div className="lx-head-right">
          {props.scope}
          {props.bell}
          <UserMenu {...props.user} />
        </div>
      </header>
      <nav className="lx-menu" aria-label="主菜单">
        <div className="lx-menu-groups">
          {props.menu.map((group) => (
            <MenuChapter key={group.title} group={group} small={small} />
          ))}
        </div>
        {narrow ? null : (
          <button type="button" className="lx-fold" aria-expanded={!folded} onClick={() => setFolded(!folded)}>
            {folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
            <span className={small ? 'lx-hidden' : ''}>{folded ? '展开菜单' : '收起菜单'}</span>
          </button>
        )}
      </nav>
      <main className="lx-content" id="content" tabIndex={-1}>
        {props.children}
      </main>
    </div>
  )
}

function UserMenu({ name, acts }: ShellProps['user']) {
  const [open, setOpen] = useState(false)
  const list = (
    <ul className="lx-user-acts">
      {acts.map(({ key, label, onAct }) => (
        <li key={key}>
          <button
            type="button"
            onClick={() => {
              setOpen(false)
              onAct()
            }}
          >
            {label}
          </button>
        </li>
      ))}
    </ul>
  )
  return (
    <Popover content={list} trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen}>
      <Button type="text" aria-expanded={open}>
        {name} <DownOutlined />
      </Button>
    </Popover>
  )
}

function MenuChapter({ group, small }: { group: MenuGroup; small: boolean }) {
  const here = useLocation({ select: ({ pathname }) => pathname })
  const heading = `menu-${group.title}`
  return (
    <div className="lx-chapter" role="group" aria-labelledby={heading}>
      <p id={heading} className={small ? 'lx-hidden' : ''}>
        {group.title}
      </p>
      <ul>
        {group.items.map((item) => {
          const now = item.path === '/' ? here === '/' : here === item.path || here.startsWith(`${item.path}/`)
          return (
            <li key={item.path}>
              <Link
                to={item.path}
                className={now ? 'lx-item lx-item-now' : 'lx-item'}
                aria-current={now ? 'page' : undefined}
                title={item.title}
              >
                <span aria-hidden="true">{item.icon}</span>
                <span className={small ? 'lx-hidden' : 'lx-item-words'}>{item.title}</span>
                {item.count && !small ? (
                  <span className="lx-item-count">{item.count > 999 ? '999+' : item.count}</span>
                ) : null}
              </Link>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** The mark of the platform: a small square seal. */
export function Seal({ size = 28 }: { size?: number }) {
  return (
    <svg className="lx-seal" width={size} height={size} viewBox="0 0 28 28" aria-hidden="true" focusable="false">
      <rect x="0.5" y="0.5" width="27" height="27" rx="3" fill="#9b2c24" />
      <path d="M6 8h16M8.5 20.5v-8.8h11v8.8M12 8v4.2c0 2.4-.6 4-1.7 5.4M12 13.2l1.4 3.4M16.2 8v4.2c0 2.4-.6 4-1.7 5.4M16.2 13.2l1.6 3.4" />
    </svg>
  )
}

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia('(max-width: 1100px)').matches)
  useEffect(() => {
    const query = matchMedia('(max-width: 1100px)')
    const follow = () => setNarrow(query.matches)
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [])
  return narrow
}
