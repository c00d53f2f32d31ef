import type { JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import type { ledgerContract } from './contract.ts'
import { exportJob, exportUnits } from './export.ts'
import { summary } from './summary.ts'
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

export { applyChanges, type ChangeMaker, type UnitChange } from './apply.ts'

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
} satisfies Handlers<typeof ledgerContract>

/** Work of the ledger that goes on after its command. */
export const ledgerJobs: JobKind[] = [exportJob]
