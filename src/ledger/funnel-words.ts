import { type Department, departments, type UnitField } from './field-contract.ts'
import { factText } from './fact-text.ts'
import type { Evidence } from './funnel-rules.ts'
import {
  type DropReason,
  dropsBefore,
  type FunnelSettings,
  type FunnelStage,
  funnelSettings,
} from './standing-contract.ts'

/** The step before which a unit with this reason falls out. */
export function stageOf(reason: DropReason): FunnelStage {
  if (dropsBefore.alive.includes(reason)) return 'alive'
  return dropsBefore.operating.includes(reason) ? 'operating' : 'target'
}

const words: Record<Evidence['rule'], { field?: UnitField; text: (value: string) => string }> = {
  notAlive: { field: 'status', text: (value) => `登记状态为${value}` },
  stated: { text: () => '本单位认定在运营' },
  statedNot: { text: () => '本单位认定不在运营' },
  insured: { field: 'insuredCount', text: (value) => `参保 ${value}` },
  taxPaid: { field: 'taxPaid', text: (value) => `近 12 个月入库税额 ${value}` },
  seen: { text: (value) => (/^\d+$/.test(value) ? `实地报从业 ${value} 人` : '实地报在运营') },
  seenIdle: { text: () => '实地报不在运营' },
  taxAbnormal: { field: 'taxStatus', text: (value) => `纳税人状态为${value}` },
  taxNone: { text: () => '近 12 个月入库税额为零' },
  taxNormal: { field: 'taxStatus', text: (value) => `纳税人状态为${value}` },
  annualReport: { field: 'annualReport', text: (value) => `已报 ${value}年报` },
  listedAbnormal: { text: () => '列入经营异常名录' },
  annualReportMissed: { field: 'annualReport', text: (value) => `年报只到 ${value}` },
  registered: { text: () => '社会组织登记有效，按登记计' },
  absent: { text: () => '税务、人社名单里都没有' },
  unproven: { text: () => '尚无税务、人社等佐证，暂按登记计' },
}

type Said = Pick<Evidence, 'rule'> & { [K in 'value' | 'department' | 'on']?: Evidence[K] | undefined }

/** One piece of evidence in words: `参保 12 人（人社，自 2026-10-31）`. */
export function evidenceText({ rule, value, department, on }: Said): string {
  const { field, text } = words[rule]
  const said = text(value === undefined ? '' : field ? factText(field, value) : value)
  return department && on ? `${said}（${sourceWords(department)}，自 ${on}）` : said
}

const sourceWords = (department: Department) => departments[department]

/** A setting in words: `企业从业人数不少于几人：10`. */
export function settingWords(key: keyof FunnelSettings, settings: FunnelSettings): string {
  const value = settings[key]
  return `${settingTitle(key)}：${typeof value === 'boolean' ? (value ? '是' : '否') : value}`
}

/** What a setting says, as on screen. */
export function settingTitle(key: keyof FunnelSettings): string {
  return funnelSettings.shape[key].description ?? key
}
