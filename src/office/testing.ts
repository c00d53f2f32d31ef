import { sql } from 'kysely'
import { generateSync } from 'otplib'
import { Problem } from '../base/problem.ts'
import { emptyScope } from '../host/context.ts'
import { asOwner, scoped } from '../host/database.ts'
import { openContext } from '../host/open-context.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import { testPlatform } from '../host/testing-platform.ts'
import { officeContract, officePermissions } from './contract.ts'
import type { RegionLine } from './region-rows.ts'
import { applyRegions } from './regions-load.ts'
import { seedRoles } from './roles.ts'
import { type CommandUser, configureOffice, createUserFromCommand, office, officePeople, setUpLink } from './service.ts'
import type { OfficeLimits } from './settings.ts'

/** Invented towns in real-looking places: two provinces, counties with and without townships, a city without counties. */
const trialRegions: [string, string][] = [
  ['000000000000', '全国'],
  ['210000000000', '辽宁省'],
  ['210200000000', '大连市'],
  ['210202000000', '中山区'],
  ['210202001000', '东山街道'],
  ['210204000000', '沙河口区'],
  ['210204001000', '北河街道'],
  ['210204002000', '南河街道'],
  ['440000000000', '广东省'],
  ['441900000000', '东莞市'],
  ['441900003000', '东湖街道'],
]

export const shahekou = '210204000000'
export const zhongshan = '210202000000'
export const goodPassword = 'hulu-Tuolabing-7'

/** The office on its own, with a clock that a test moves, and browsers that keep their cookie. */
export interface Trial {
  platform: Platform
  clock: { now: Date }
  /** A fresh browser at an address of its own. */
  browser(address?: string): Browser
  /** Makes an account that can sign in with `goodPassword`; resolves to its id. */
  account(user: Partial<CommandUser> & Pick<CommandUser, 'account'>): Promise<string>
  /** A browser in which that account is signed in. */
  signedIn(user: Partial<CommandUser> & Pick<CommandUser, 'account'>): Promise<Browser & { id: string }>
  /** The token of a fresh set-up link, or null. */
  setUpToken(): Promise<string | null>
}

export interface Browser {
  token: string | null
  /** Calls an operation as the browser would; input and answer go through the pipeline's checks. */
  call<K extends keyof typeof office>(name: K, input?: unknown): Promise<Awaited<ReturnType<(typeof office)[K]>>>
}

/** Starts over: emptied tables, `trialRegions`, the built-in roles. */
export async function trialOffice(limits: Partial<OfficeLimits> = {}): Promise<Trial> {
  // The upper rooms' permissions as far as tests need them.
  const ledger = { 'ledger.unit.read': '查看台账', 'ledger.unit.write': '维护台账', 'linkage.queue.read': '查看待核对' }
  configureOffice({ 机构: officePermissions, 台账: ledger }, limits)
  const clock = { now: new Date('2026-03-02T01:00:00Z') }
  const platform = await testPlatform(
    { contracts: { office: officeContract }, handlers: { office }, people: officePeople },
    { clock: () => clock.now },
  )
  const lines: RegionLine[] = trialRegions.map(([code, name]) => ({ code, name, yearTo: null, successorCode: null }))
  await asOwner(platform.database, (tx) => sql`truncate region`.execute(tx))
  await scoped(platform.database, emptyScope, async (tx) => {
    await applyRegions(tx, lines, 2023)
    await seedRoles(tx, clock.now)
  })
  const trial: Trial = {
    platform,
    clock,
    browser: (address = '10.0.0.1') => openBrowser(platform, address),
    async account(user) {
      const whole = { name: '王丽', roles: ['查看人员'], regions: [shahekou], password: goodPassword, ...user }
      const run = platformContext(platform, (ctx) => createUserFromCommand(ctx, whole))
      return (await run).id
    },
    async signedIn(user) {
      const id = await trial.account(user)
      const browser = trial.browser()
      await browser.call('signIn', { account: user.account, password: goodPassword })
      return Object.assign(browser, { id })
    },
    async setUpToken() {
      const link = await platformContext(platform, (ctx) => setUpLink(ctx))
      return link && new URL(link).searchParams.get('token')
    },
  }
  return trial
}

function openBrowser(platform: Platform, address: string): Browser {
  const browser: Browser = {
    token: null,
    async call(name, input) {
      const call = { address, userAgent: 'test', sessionToken: browser.token }
      const answer = await invoke(platform, `office.${name}`, input ?? {}, call)
      if (answer.sessionToken !== undefined) browser.token = answer.sessionToken
      return answer.output as never
    },
  }
  return browser
}

type ContextRun<T> = (ctx: Parameters<typeof createUserFromCommand>[0]) => Promise<T>

/** Runs something as the command line does. */
function platformContext<T>(platform: Platform, run: ContextRun<T>): Promise<T> {
  return scoped(platform.database, emptyScope, async (tx) => {
    const actor = await officePeople.operator(tx, platform.clock())
    const origin = { id: 'test', address: '', userAgent: '', sessionToken: null }
    return run(openContext(platform, tx, actor, origin).ctx)
  })
}

/** The code and sentence of the Problem that a call is refused with; `null` when it is not refused. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string } | null> {
  try {
    await call
    return null
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { code: error.code, message: error.message }
  }
}

/** What the person's phone shows at a moment. */
export function codeOf(secret: string, now: Date): string {
  return generateSync({ secret, epoch: Math.floor(now.getTime() / 1000) })
}
