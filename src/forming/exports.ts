import type { Context, JobKind } from '../host/context.ts'
import { type ExportAsked, exportPages, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { proposalStates, scopeHints, scopeReasons } from './contract.ts'
import { formingActions } from './decide.ts'
import { countGaps, findGaps, readGaps, type WantedGaps } from './gaps.ts'
import { countScope, findScope, readScope, totalOf, type WantedScope } from './scope.ts'

type GapsJob = WantedGaps & ExportAsked
type ScopeJob = WantedScope & ExportAsked

const gapColumns: readonly WriteColumn[] = [
  { title: '单位名称', width: 36 },
  { title: '乡镇街道', width: 16 },
  { title: '正式党员', kind: 'number' },
  { title: '已知党员', kind: 'number' },
  { title: '从业人数', kind: 'number' },
  { title: '注册资本（元）', kind: 'number' },
  { title: '同街道可联合单位', kind: 'number' },
  { title: '组建方式建议', width: 30 },
  { title: '批复期限（天）', kind: 'number' },
  { title: '依据', width: 40 },
  { title: '进展', width: 16 },
]
const scopeColumns: readonly WriteColumn[] = [
  { title: '单位名称', width: 36 },
  { title: '乡镇街道', width: 16 },
  { title: '正式党员', kind: 'number' },
  { title: '预备党员', kind: 'number' },
  { title: '组织关系未转入', kind: 'number' },
  { title: '部门所报党员', kind: 'number' },
  { title: '在实体运营', width: 12 },
  { title: '是否列入', width: 28 },
  { title: '说明', width: 50 },
]

const units = { noun: '单位', unit: '家' }
const gapsList = { ...units, kind: 'forming.exportGaps', title: '组建台账', subject: 'export:组建台账' }
const scopeList = { ...units, kind: 'forming.exportScope', title: '编排范围', subject: 'export:编排范围' }

/** 导出组建台账: counts of members only, no names of persons. */
export async function exportGaps(input: Omit<GapsJob, 'by'>, ctx: Context) {
  const found = await findGaps(ctx, input)
  const total = (await countGaps(ctx, found))
    .filter((one) => input.action === undefined || one.action === input.action)
    .reduce((sum, one) => sum + one.units, 0)
  return startExport(ctx, input, { ...gapsList, total, countyCode: found.countyCode })
}

/** 导出编排范围: who is in a plan and who is not, and why; counts only. */
export async function exportScope(input: Omit<ScopeJob, 'by'>, ctx: Context) {
  const found = await findScope(ctx, input)
  const total = totalOf(await countScope(ctx, found), input.reason)
  return startExport(ctx, input, { ...scopeList, total, countyCode: found.countyCode })
}

const area = (one: { areaCode: string; countyCode: string; areaName: string }) =>
  one.areaCode === one.countyCode ? null : one.areaName

/** Writes the gap list page by page. */
export const gapsJob: JobKind<GapsJob> = {
  kind: gapsList.kind,
  run: (job) =>
    exportPages(job, {
      ...gapsList,
      columns: gapColumns,
      read: async (ctx, at) => {
        const found = await findGaps(ctx, job.input)
        const rows = await readGaps(ctx, found, at)
        return {
          name: found.name,
          total: at.offset + rows.length,
          rows: rows.map((one): WriteRow => [
            one.name,
            area(one),
            one.members,
            one.membersKnown,
            one.staff,
            one.capital,
            one.partners,
            formingActions[one.action],
            one.dueDays,
            one.source,
            one.proposal ? proposalStates[one.proposal.state] : one.leftOver ? '方案未能编组' : null,
          ]),
        }
      },
    }),
}

/** Writes the scope page by page. */
export const scopeJob: JobKind<ScopeJob> = {
  kind: scopeList.kind,
  run: (job) =>
    exportPages(job, {
      ...scopeList,
      columns: scopeColumns,
      read: async (ctx, at) => {
        const found = await findScope(ctx, job.input)
        const rows = await readScope(ctx, found, { reason: job.input.reason, ...at })
        return {
          name: found.name,
          total: at.offset + rows.length,
          rows: rows.map((one): WriteRow => [
            one.name,
            area(one),
            one.formal,
            one.probationary,
            one.elsewhere,
            one.reported,
            one.inOperation ? '是' : '未证实',
            scopeReasons[one.reason],
            scopeHints[one.reason],
          ]),
        }
      },
    }),
}
