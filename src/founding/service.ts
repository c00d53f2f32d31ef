import type { JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import { editCase, getBoard, getCase, listCases } from './cases.ts'
import type { foundingContract } from './contract.ts'
import { documentJob, requestDocument } from './documents.ts'
import { addEvidence, downloadEvidence, removeEvidence } from './dossier.ts'
import { casesJob, exportCases } from './exports.ts'
import { listWaiting, openCase, openFromProposals } from './open.ts'
import { changeFoundingSetting, getFoundingSettings } from './settings.ts'
import {
  closeCase,
  finishStep,
  postponeStep,
  registerElection,
  registerFiling,
  registerReply,
  reopenCase,
  skipStep,
  takeBackStep,
} from './steps.ts'

/** The founding room's functions, one an operation, in contract order. */
export const founding = {
  getFoundingSettings,
  changeFoundingSetting,
  listWaiting,
  openFromProposals,
  openCase,
  listCases,
  getBoard,
  exportCases,
  getCase,
  editCase,
  finishStep,
  registerReply,
  registerElection,
  registerFiling,
  skipStep,
  postponeStep,
  takeBackStep,
  closeCase,
  reopenCase,
  addEvidence,
  removeEvidence,
  downloadEvidence,
  writeDocument: requestDocument,
} satisfies Handlers<typeof foundingContract>

/** Work of founding that goes on after its command. */
export const foundingJobs: JobKind[] = [casesJob, documentJob]
