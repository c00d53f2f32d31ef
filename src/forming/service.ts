import type { JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import type { formingContract } from './contract.ts'
import { changeDecisionTable, getDecisionTable } from './decisions.ts'
import { exportGaps, exportPlan, gapsJob, planExportJob } from './exports.ts'
import { geocodeJob, geocodeUnits, setGeocoder, tryGeocoder, tryGeocoderJob } from './geocode.ts'
import { listGaps } from './gaps.ts'
import { getPlaces, importPlaces, placesJob, setPlace } from './places.ts'
import { applyMoves, approvePlan, evaluateMove, lockGroups, replanRest, takePlan } from './plan-edit.ts'
import { planJob } from './plan-job.ts'
import { comparePlans, explainGroup, getPlan, listLeft, listPlans, listProposals, startPlan } from './plans.ts'
import { changeFormingSetting, getFormingSettings } from './settings.ts'
import { addWish, listWishes, removeWish } from './wishes.ts'

export { placesOf } from './gather.ts'

/** The forming room's functions, one an operation, in contract order. */
export const forming = {
  getDecisionTable,
  changeDecisionTable,
  getFormingSettings,
  changeFormingSetting,
  listGaps,
  exportGaps,
  getPlaces,
  setPlace,
  setGeocoder,
  tryGeocoder,
  geocodeUnits,
  importPlaces,
  startPlan,
  listPlans,
  getPlan,
  explainGroup,
  listLeft,
  evaluateMove,
  applyMoves,
  lockGroups,
  replanRest,
  takePlan,
  comparePlans,
  approvePlan,
  exportPlan,
  listProposals,
  listWishes,
  addWish,
  removeWish,
} satisfies Handlers<typeof formingContract>

/** Work of forming that goes on after its command. */
export const formingJobs: JobKind[] = [planJob, placesJob, geocodeJob, tryGeocoderJob, gapsJob, planExportJob]
