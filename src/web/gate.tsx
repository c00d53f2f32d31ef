import { useQuery } from '@tanstack/react-query'
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react'
import { officeContract } from '../office/contract.ts'
import { connect, sessionLost } from '../ui/client.ts'
import { toProblem } from '../ui/problem.ts'
import { useCommand } from '../ui/query.ts'
import { SessionContext, useCan } from '../ui/session.ts'
import { Shell, type MenuGroup } from '../ui/shell.tsx'
import { Failure, Loading, NoPermission } from '../ui/states.tsx'
import { JobsBell, ScopeBadge, UnitSearch, useCounts } from './header.tsx'
import type { Screen } from './routes.tsx'

const office = connect(officeContract)
const SignInAgain = lazy(() => import('./sign-in-again.tsx').then((module) => ({ default: module.SignInAgain })))

/** Lets in only who is signed in: reads the account, and draws the shell with the menu that its permissions allow. */
export function Gate({ screens }: { screens: readonly Screen[] }) {
  const me = useQuery(office.me.queryOptions({ staleTime: 5 * 60_000 }))
  const pathname = useLocation({ select: (here) => here.pathname })
  const lost = useSyncExternalStore(sessionLost.subscribe, sessionLost.get)
  const permissions = useMemo(() => new Set(me.data?.permissions), [me.data])
  if (!me.data && me.error) {
    if (toProblem(me.error).code === 'unauthenticated')
      return <Go to={`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`} />
    return <Failure error={me.error} onRetry={() => void me.refetch()} />
  }
  if (!me.data) {
    return (
      <div className="lx-page">
        <Loading rows={12} />
      </div>
    )
  }
  // Until a due password change or second factor is settled the server refuses everything else.
  const owes = me.data.passwordExpired || me.data.secondFactor === 'required'
  if (owes && pathname !== '/me' && screens.some((screen) => screen.path === '/me')) return <Go to="/me" />
  return (
    <SessionContext value={{ name: me.data.name, permissions }}>
      {screens.some((screen) => screen.bare && screen.path === pathname) ? (
        <Outlet />
      ) : (
        <Frame screens={screens} me={me.data} />
      )}
      {lost ? (
        <Suspense>
          <SignInAgain account={me.data.account} userId={me.data.id} />
        </Suspense>
      ) : null}
    </SessionContext>
  )
}

/** Goes elsewhere, once: the place it leaves is drawn a few times more before the new screen has loaded. */
function Go({ to }: { to: string }) {
  const navigate = useNavigate()
  const [first] = useState(to)
  useEffect(() => void navigate({ href: first, replace: true }), [navigate, first])
  return null
}

type Me = Awaited<ReturnType<typeof office.me.call>>

function Frame({ screens, me }: { screens: readonly Screen[]; me: Me }) {
  const can = useCan()
  const counts = useCounts()
  const navigate = useNavigate()
  const signOut = useCommand(office.signOut.mutationOptions())
  const menu: MenuGroup[] = []
  for (const { path, title, icon, chapter, permission } of screens) {
    if (!chapter || !can(permission)) continue
    let group = menu.find((one) => one.title === chapter)
    if (!group) menu.push((group = { title: chapter, items: [] }))
    group.items = [...group.items, { path, title, icon, count: counts[path] }]
  }
  const leave = async () => {
    await signOut.run(undefined)
    // A full load, so that nothing of this account stays in memory.
    location.assign('/sign-in')
  }
  const account = screens.some((screen) => screen.path === '/me')
  return (
    <Shell
      name="两新党建工作平台"
      owner={me.ownerOffice}
      menu={menu}
      search={can('ledger.unit.read') ? <UnitSearch /> : undefined}
      scope={<ScopeBadge regions={me.regions.map((region) => region.name)} />}
      bell={<JobsBell />}
      user={{
        name: me.name,
        acts: [
          ...(account ? [{ key: 'me', label: '我的账号', onAct: () => void navigate({ to: '/me' }) }] : []),
          { key: 'leave', label: '退出登录', onAct: () => void leave() },
        ],
      }}
    >
      <Outlet />
    </Shell>
  )
}

/** Shows a screen to those who hold its permission, and says so to the others. */
export function Permitted({ permission, children }: { permission: string; children: ReactNode }) {
  const can = useCan()
  return can(permission) ? children : <NoPermission />
}
