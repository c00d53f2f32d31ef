import { connect } from '../ui/client.ts'
import { syncContract } from './contract.ts'

/** The sync room from the browser. */
export const sync = connect(syncContract)
export type Item = Awaited<ReturnType<typeof sync.listItems.call>>['rows'][number]
export type EventPage = Awaited<ReturnType<typeof sync.getEvent.call>>
export type Template = Awaited<ReturnType<typeof sync.listTemplates.call>>['templates'][number]
