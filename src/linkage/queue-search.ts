import { z } from 'zod'
import { countyCodeShape, idShape } from '../base/list.ts'
import { department } from '../ledger/field-contract.ts'
import { type Band, bands, queueReason, queueStates } from './contract.ts'

const states = Object.keys(queueStates) as [keyof typeof queueStates]

/** The filters of the queue as they stand in the address, of the list and of the row that was opened from it. */
export const queueSearch = z
  .object({
    countyCode: countyCodeShape,
    text: z.string(),
    state: z.enum(states),
    reason: queueReason,
    department,
    band: z.enum(Object.keys(bands) as [Band, ...Band[]]),
    importId: idShape,
  })
  .partial()
