import { connect } from '../ui/client.ts'
import { foundingContract } from './contract.ts'

/** The founding room from the browser. */
export const founding = connect(foundingContract)
export type CaseHead = Awaited<ReturnType<typeof founding.listCases.call>>['rows'][number]
/** A group that was approved and not begun. */
export type Waiting = Awaited<ReturnType<typeof founding.listWaiting.call>>['rows'][number]
export type CasePage = Awaited<ReturnType<typeof founding.getCase.call>>
