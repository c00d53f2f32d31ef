import { connect } from '../ui/client.ts'
import { formingContract } from './contract.ts'
import { planContract } from './plan-contract.ts'

/** The forming room's operations, for its screens. */
export const forming = connect({ ...formingContract, ...planContract })

/** A plan whole. */
export type PlanPage = Awaited<ReturnType<typeof forming.getPlan.call>>
/** A plan in a list. */
export type PlanHead = Awaited<ReturnType<typeof forming.listPlans.call>>['rows'][number]
/** A unit with members, in a plan's scope or out of it. */
export type ScopeRow = Awaited<ReturnType<typeof forming.listScope.call>>['rows'][number]
/** A unit without its organisation. */
export type GapRow = Awaited<ReturnType<typeof forming.listGaps.call>>['rows'][number]
