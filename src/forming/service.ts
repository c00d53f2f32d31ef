import type { JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import { approvePlan, withdrawApproval } from './approvals.ts'
import type { formingContract } from './contract.ts'
import { tryDecisionTable } from './decisions-trial.ts'
import { changeDecisionTable, getDecisionTable } from './decisions.ts'
import { exportGaps, exportScope, gapsJob, scopeJob } from './exports.ts'
import { geocodeJob, geocodeUnits, setGeocoder, tryGeocoder, tryGeocoderJob } from './geocode.ts'
import { listGaps } from './gaps.ts'
import { getPlaces, importPlaces, placesJob, setPlace } from './places.ts'
import type { planContract } from './plan-contract.ts'
import { applyMoves, discardPlan, evaluateMove, lockGroups, measurePlan, replanRest, takePlan } from './plan-edit.ts'
import { exportPlan, planExportJob } from './plan-file.ts'
import { planJob } from './plan-job.ts'
import { comparePlans, explainGroup, getPlan, listLeft, listPlans, listProposals, startPlan } from './plans.ts'
import { listScope } from './scope.ts'
import { changeFormingSetting, getFormingSettings } from './settings.ts'
import { addWish, listWishes, removeWish } from './wishes.ts'

export { setProposalState } from './approvals.ts'
export { placesOf } from './gather.ts'
export { settingsInForce } from './settings.ts'

/** The forming room's functions, one an operation, in contract order. */
export const forming = {
  getDecisionTable,
  changeDecisionTable,
  tryDecisionTable,
  getFormingSettings,
  changeFormingSetting,
  listGaps,
  exportGaps,
  listScope,
  exportScope,
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
  measurePlan,
  comparePlans,
  approvePlan,
  withdrawApproval,
  discardPlan,
  exportPlan,
  listProposals,
  listWishes,
  addWish,
  removeWish,
} satisfies Handlers<typeof formingContract & typeof planContract>

/** Work of forming that goes on after its command. */
export const formingJobs: JobKind[] = [planJob, placesJob, geocodeJob, tryGeocoderJob, gapsJob, scopeJob, planExportJob]
