import type { JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import type { Chore } from '../host/chores.ts'
import type { ledgerContract } from './contract.ts'
import { exportJob, exportUnits } from './export.ts'
import { getFunnel, stateOperation } from './funnel.ts'
import type { funnelContract } from './funnel-contract.ts'
import { exportFunnel, exportFunnelJob } from './funnel-export.ts'
import { listFunnelRows } from './funnel-rows.ts'
import { exportFunnelRows, exportFunnelRowsJob } from './funnel-rows-export.ts'
import type { importContract } from './import-contract.ts'
import { checkJob, recogniseJob, returnJob } from './import-jobs.ts'
import { undoJob } from './import-undo.ts'
import {
  checkImport,
  commitImport,
  createImport,
  discardImport,
  getImport,
  listImportRows,
  listImports,
  listProblems,
  resumeImport,
  returnImport,
  undoImport,
} from './imports.ts'
import { listProfiles, removeProfile } from './profiles.ts'
import { deriveChore, deriveJob } from './rederive.ts'
import { previewJob } from './rules-preview.ts'
import { summary } from './summary.ts'
import { deriveAgain, getRules, previewRules, saveFunnel, saveSurvivorship } from './survivorship.ts'
import type { survivorshipContract } from './survivorship-contract.ts'
import {
  addAttachment,
  addNote,
  downloadAttachment,
  listAttachments,
  listNotes,
  listViews,
  removeAttachment,
  removeNote,
  removeView,
  saveView,
} from './unit-extras.ts'
import { getUnit, listFacts, listSourceRows, revealField } from './unit-page.ts'
import { correctUnit, createUnit, restoreUnit, setPlaces, withdrawUnit } from './unit-write.ts'
import { searchUnits } from './units.ts'

export { applyChanges, type UnitChange } from './apply.ts'
export { finishUndo } from './import-undo.ts'
export { holdInState } from './import-state.ts'
export { findImport, noCounts, setImport } from './imports.ts'
export { previewChanges } from './preview.ts'
export { type GoneFact, regroupRows } from './regroup.ts'
export { countTurns, dropRowCode, markSourceRows, restoreRowCode, type RowMark } from './source-rows.ts'
export { sourceRowOf } from './unit-page.ts'
export { ledgerTables } from './units.ts'

/** The ledger's functions, one an operation, in contract order. */
export const ledger = {
  summary,
  searchUnits,
  getUnit,
  listFacts,
  listSourceRows,
  revealField,
  createUnit,
  correctUnit,
  withdrawUnit,
  restoreUnit,
  setPlaces,
  listNotes,
  addNote,
  removeNote,
  listAttachments,
  addAttachment,
  downloadAttachment,
  removeAttachment,
  listViews,
  saveView,
  removeView,
  exportUnits,
  listImports,
  createImport,
  getImport,
  checkImport,
  listProblems,
  listImportRows,
  commitImport,
  resumeImport,
  returnImport,
  undoImport,
  discardImport,
  listProfiles,
  removeProfile,
  getFunnel,
  listFunnelRows,
  exportFunnelRows,
  exportFunnel,
  stateOperation,
  getRules,
  previewRules,
  saveSurvivorship,
  saveFunnel,
  deriveAgain,
} satisfies Handlers<
  typeof ledgerContract & typeof importContract & typeof funnelContract & typeof survivorshipContract
>

/** Work of the ledger that goes on after its command. */
export const ledgerJobs: JobKind[] = [
  exportJob,
  recogniseJob,
  checkJob,
  returnJob,
  undoJob,
  deriveJob,
  previewJob,
  exportFunnelJob,
  exportFunnelRowsJob,
]

/** What the ledger sees to by itself. */
export const ledgerChores: Chore[] = [deriveChore]
