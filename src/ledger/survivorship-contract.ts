import { z } from 'zod'
import { countyCodeShape, dateShape, idShape, jobStarted, momentShape } from '../base/list.ts'
import { operations } from '../base/operation.ts'
import { ledgerPermissions } from './contract.ts'
import { department, unitField } from './field-contract.ts'
import { dropReason, funnelSettings, someFunnelSettings } from './standing-contract.ts'

const operation = operations('取值与甄别规则', ledgerPermissions)

/** What a job of 试算 finds: what would come out otherwise under rules that are not saved yet. */
export const rulesPreview = z.object({
  looked: z.number().int().describe('看过的单位数'),
  units: z.number().int().describe('有变化的单位数'),
  values: z.number().int().describe('改变取值的字段数，各单位相加'),
  fields: z.array(z.object({ field: unitField, units: z.number().int() })),
  moves: z
    .array(z.object({ from: dropReason.nullable(), to: dropReason.nullable(), units: z.number().int() }))
    .describe('甄别去向的变化；空为列入摸排对象'),
  examples: z
    .array(
      z.object({
        unitId: idShape,
        name: z.string(),
        field: unitField.nullable().describe('空为甄别去向'),
        before: z.string().nullable(),
        beforeFrom: department.nullable(),
        after: z.string().nullable(),
        afterFrom: department.nullable(),
      }),
    )
    .describe('至多 20 例，个人信息已脱敏'),
})
export type RulesPreview = z.infer<typeof rulesPreview>

/** Which department's value of a field is taken. */
export const fieldRule = z.object({
  order: z.array(department).min(1).describe('来源次序；本单位填报总在最前'),
  freshMonths: z.number().int().min(1).max(240).nullable().describe('几个月未再报即让位于较新的值；空为不限'),
})
export const survivorshipRules = z
  .partialRecord(unitField, fieldRule)
  .describe('与默认不同的字段；没有写的按默认，空对象即全部恢复默认')
export type SurvivorshipRules = z.infer<typeof survivorshipRules>

const version = z.object({
  id: idShape,
  kind: z.enum(['survivorship', 'funnel']),
  version: z.number().int(),
  effectiveFrom: dateShape,
  reason: z.string(),
  byName: z.string(),
  at: momentShape,
  changes: z.number().int().describe('与默认不同的项数'),
  value: z.record(z.string(), z.unknown()).describe('与默认不同的部分'),
})
export type RulesVersion = z.infer<typeof version>

const inCounty = { countyCode: countyCodeShape }
const change = {
  reason: z.string().trim().min(2, '请写明改动依据').max(200).describe('改动依据'),
  effectiveFrom: dateShape.optional().describe('自哪一天起按此取用，不晚于今天；默认今天'),
}

/** Operations on the rules by which values are taken and units are judged; part of the ledger room. */
export const survivorshipContract = {
  getRules: operation({
    method: 'GET',
    path: '/ledger/rules/{countyCode}',
    summary: '查看取值与甄别规则',
    permission: 'ledger.unit.read',
  })
    .input(z.object(inCounty))
    .output(
      z.object({
        fields: z.array(
          fieldRule.extend({
            field: unitField,
            isDefault: z.boolean(),
            source: z.string().describe('默认次序的依据'),
            defaultOrder: z.array(department),
            conflicts: z.number().int().describe('这个字段各部门说法不一的单位数'),
          }),
        ),
        funnel: funnelSettings,
        versions: z.array(version).describe('历次改动，新的在前'),
        waiting: z.number().int().describe('还没有按现行规则重算的单位数'),
        mayChange: z.boolean(),
      }),
    ),
  previewRules: operation({
    method: 'POST',
    path: '/ledger/rules/{countyCode}/preview',
    summary: '试算规则改动',
    permission: 'ledger.rules.write',
  })
    .input(z.object({ ...inCounty, survivorship: survivorshipRules.optional(), funnel: someFunnelSettings.optional() }))
    .output(jobStarted),
  saveSurvivorship: operation({
    method: 'PUT',
    path: '/ledger/rules/{countyCode}/survivorship',
    summary: '修改取值规则',
    permission: 'ledger.rules.write',
  })
    .input(z.object({ ...inCounty, ...change, value: survivorshipRules }))
    .output(jobStarted.extend({ version: z.number().int() })),
  saveFunnel: operation({
    method: 'PUT',
    path: '/ledger/rules/{countyCode}/funnel',
    summary: '修改甄别口径',
    permission: 'ledger.rules.write',
  })
    .input(z.object({ ...inCounty, ...change, value: someFunnelSettings }))
    .output(jobStarted.extend({ version: z.number().int() })),
  deriveAgain: operation({
    method: 'POST',
    path: '/ledger/rules/{countyCode}/derive',
    summary: '按规则重算',
    permission: 'ledger.rules.write',
  })
    .input(z.object(inCounty))
    .output(jobStarted),
}
