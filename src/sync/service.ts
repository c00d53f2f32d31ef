import type { JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import type { syncContract } from './contract.ts'
import { cancelEvent, getEvent, openEvent, passMilestone, reviveEvent } from './events.ts'
import { exportItems, itemsJob } from './exports.ts'
import { syncChore } from './follow.ts'
import { doItem, downloadItemFile, getCalendar, getSyncBoard, listItems, reopenItem, skipItem } from './items.ts'
import { importProjects, projectsJob } from './projects.ts'
import { listDays, listTemplates, saveTemplate, setDay, switchTemplate } from './templates.ts'

/** The sync room's functions, one an operation, in contract order. */
export const sync = {
  listTemplates,
  saveTemplate,
  switchTemplate,
  listDays,
  setDay,
  openEvent,
  importProjects,
  passMilestone,
  cancelEvent,
  reviveEvent,
  getEvent,
  listItems,
  getSyncBoard,
  getCalendar,
  doItem,
  skipItem,
  reopenItem,
  downloadItemFile,
  exportItems,
} satisfies Handlers<typeof syncContract>

/** Work of sync that goes on after its command. */
export const syncJobs: JobKind[] = [itemsJob, projectsJob]

/** Work of sync that follows the ledger. */
export const syncChores = [syncChore]
