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

const figures = z
  .object({
    right: z.number().int().describe('自动归对'),
    wrong: z.number().int().describe('自动归错'),
    asked: z.number().int().describe('进待核对'),
    missed: z.number().int().describe('漏认，另立一家'),
  })
  .describe('把代码遮住再认一遍，各有多少行')

const limits = z
  .object({ join: z.number().describe('达到这个概率自动归入'), review: z.number().describe('低于这个概率不算可能') })
  .describe('自动归入与进待核对的界限')

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
        trial: z
          .object({ before: figures, after: figures })
          .nullable()
          .describe('同一批行用估计之前的权重和用这一版各会怎样；没有估计过时为空'),
        limits: z.object({ before: limits, after: limits.nullable() }),
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
