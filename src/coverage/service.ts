import type { JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import { getChecks } from './check.ts'
import type { coverageContract } from './contract.ts'
import { compareRegions, getDashboard } from './dashboard.ts'
import { exportJob, exportUnits } from './export.ts'
import { followChore } from './follow.ts'
import { markUnits } from './marks.ts'
import { defineRatio, getDefinitions, previewRatio, retireRatio } from './ratio.ts'
import { rebuildCoverage } from './rebuild.ts'
import { changeSetting, getSettings } from './settings.ts'
import { getSnapshot, listSnapshots } from './snapshot-read.ts'
import { approveSnapshot, prepareSnapshot, restateJob, returnSnapshot, submitSnapshot } from './snapshot.ts'
import { getUnitCoverage, listUnits } from './units.ts'

export { findGround, within } from './ground.ts'

/** The coverage room's functions, one an operation, in contract order. */
export const coverage = {
  getDashboard,
  compareRegions,
  listUnits,
  exportUnits,
  getUnitCoverage,
  getDefinitions,
  previewRatio,
  defineRatio,
  retireRatio,
  getSettings,
  changeSetting,
  markUnits,
  getChecks,
  rebuildCoverage,
  listSnapshots,
  getSnapshot,
  prepareSnapshot,
  submitSnapshot,
  approveSnapshot,
  returnSnapshot,
} satisfies Handlers<typeof coverageContract>

/** Work of coverage that goes on after its command. */
export const coverageJobs: JobKind[] = [restateJob, exportJob]

/** Work of coverage that follows every commit. */
export const coverageChores = [followChore]
