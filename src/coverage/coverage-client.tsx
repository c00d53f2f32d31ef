import { connect } from '../ui/client.ts'
import { coverageContract } from './contract.ts'

/** The coverage room's operations, for its screens. */
export const coverage = connect(coverageContract)

export type Dashboard = Awaited<ReturnType<typeof coverage.getDashboard.call>>
export type Definitions = Awaited<ReturnType<typeof coverage.getDefinitions.call>>
export type Compared = Awaited<ReturnType<typeof coverage.compareRegions.call>>
/** One region of a comparison. */
export type RegionRow = Compared['rows'][number]
