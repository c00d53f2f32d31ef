import { countryCode } from '../base/region.ts'
import type { Actor, Transaction } from '../host/context.ts'
import type { People } from '../host/platform.ts'
import { scopeOf } from './access.ts'
import { actorOf, authenticate } from './session.ts'
import { officeSettings } from './settings.ts'

/** Whoever sits at the machine's command line: every permission, every county, no account. */
async function operator(tx: Transaction): Promise<Actor> {
  return {
    userId: null,
    name: '命令行',
    permissions: new Set(officeSettings().permissions.map((one) => one.name)),
    scope: await scopeOf(tx, [{ code: countryCode, excluded: false }]),
    sessionId: null,
  }
}

/** What the host asks about accounts. */
export const officePeople: People = { authenticate, actorOf, operator }
