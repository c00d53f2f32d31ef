import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { Failure, Loading, NotFound } from '../ui/states.tsx'
import { Gate, Permitted } from './gate.tsx'
import { type Screen, screens } from './routes.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: () => <NotFound /> })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./sign-in.tsx'), 'SignInScreen'),
})

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  component: lazyRouteComponent(() => import('./set-up.tsx'), 'SetUpScreen'),
})

const gate = createRoute({ getParentRoute: () => root, id: 'gate', component: () => <Gate screens={screens} /> })

const behindGate = screens.map(({ path, permission, screen }) =>
  createRoute({ getParentRoute: () => gate, path, component: guarded(permission, screen) }),
)

/** The screen behind its permission; still loaded ahead by the router, when a link to it is pointed at. */
function guarded(permission: string, screen: Screen['screen']) {
  const Lazy = screen
  const Guarded = () => (
    <Permitted permission={permission}>
      <Lazy />
    </Permitted>
  )
  return Object.assign(Guarded, screen.preload ? { preload: screen.preload } : {})
}

const nowhere = createRoute({ getParentRoute: () => gate, path: '$', component: NotFound })

/** The router of the office application. */
export const router = createRouter({
  routeTree: root.addChildren([signIn, setUp, gate.addChildren([...behindGate, nowhere])]),
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Waiting />,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
  defaultNotFoundComponent: () => <NotFound />,
  scrollRestoration: true,
})

function Waiting() {
  return (
    <div className="lx-page">
      <Loading rows={10} />
    </div>
  )
}
