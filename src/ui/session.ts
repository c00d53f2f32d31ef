import { createContext, useContext } from 'react'

/** Who is signed in, as far as the kit needs to know: the permissions. */
export interface Session {
  name: string
  permissions: ReadonlySet<string>
}

export const SessionContext = createContext<Session>({ name: '', permissions: new Set() })

/** Whether the person signed in holds a permission; `signedIn` and `public` are held by everyone. */
export function useCan(): (permission: string) => boolean {
  const { permissions } = useContext(SessionContext)
  return (permission) => permission === 'signedIn' || permission === 'public' || permissions.has(permission)
}
