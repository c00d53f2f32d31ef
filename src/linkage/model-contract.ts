import { z } from 'zod'
import { countyCodeShape, doneOutput, jobStarted, momentShape } from '../base/list.ts'
import { modelState, operation } from './contract.ts'

const weight = z.object({
  comparison: z.string(),
  level: z.string(),
  before: z.number().describe('现用权重（比特）'),
  after: z.number().nullable().describe('新权重（比特）；没有新版本时为空'),
})

const linkModel = z.object({
  version: z.number().int(),
  state: modelState,
  by: z.string(),
  at: momentShape,
  decidedBy: z.string().nullable(),
  decidedAt: momentShape.nullable(),
  rows: z.number().int().describe('代码能证实属于哪家的行数，估计由它们而来'),
  units: z.number().int().describe('这些行的单位数'),
  decided: z.number().int().describe('人工认定的成对行数'),
})

const inCounty = { countyCode: countyCodeShape }

/** The weights of comparing, and linking a whole county again. */
export const modelContract = {
  getModel: operation({ method: 'GET', path: '/link-model', summary: '查看比对模型', permission: 'linkage.queue.read' })
    .input(z.object(inCounty))
    .output(
      z.object({
        active: z.number().int(),
        offered: linkModel.nullable(),
        versions: z.array(linkModel),
        weights: z.array(weight),
        calibration: z.array(z.object({ from: z.number(), to: z.number(), pairs: z.number(), right: z.number() })),
        queue: z.number().int().describe('现有待核对行数'),
      }),
    ),
  estimateModel: operation({
    method: 'POST',
    path: '/link-model/estimate',
    summary: '重新估计权重',
    permission: 'linkage.model.write',
  })
    .input(z.object(inCounty))
    .output(jobStarted),
  chooseModel: operation({
    method: 'POST',
    path: '/link-model/choose',
    summary: '采用或放弃权重',
    permission: 'linkage.model.write',
  })
    .input(z.object({ ...inCounty, version: z.number().int().min(0), take: z.boolean() }))
    .output(doneOutput),
}
