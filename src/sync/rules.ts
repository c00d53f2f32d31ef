// Templates: which economic event opens which steps of Party building, and by when.
import { addDays, addMonths } from '../base/time.ts'
import type { UnitKind } from '../ledger/field-contract.ts'
import { addWorkingDays, type Calendar } from './calendar.ts'

/** What begins an event. The first two are found in the ledger, the others are noted by hand. */
export const triggers = {
  registration: '登记设立',
  annualReport: '年检年报',
  project: '项目进展',
  other: '其他事项',
} as const
export type Trigger = keyof typeof triggers

export const dueUnits = { days: '天', workingDays: '个工作日', months: '个月' } as const
export type DueUnit = keyof typeof dueUnits

/** A step: what is to be done, and its term from the event or from a later milestone. */
export interface TemplateItem {
  key: string
  title: string
  /** The milestone that opens it; the event itself is the first. */
  milestone: string
  term: number
  unit: DueUnit
}

export interface SyncTemplate {
  title: string
  trigger: Trigger
  /** Kinds of units it follows in the ledger; all where empty. */
  kinds: readonly UnitKind[]
  /** Beginning of the unified code, e.g. 31 for law firms; empty for any. */
  codePrefix: string
  /** Only units that the ledger has in a park. */
  inPark?: boolean | undefined
  milestones: readonly { key: string; title: string }[]
  items: readonly TemplateItem[]
  source: string
}

const begin = { key: 'begin', title: '发生之日' }
const social: UnitKind[] = ['socialAssociation', 'privateNonEnterprise', 'foundation']
const local = 30

const item = (key: string, milestone: string, title: string, term: number = local, unit: DueUnit = 'days') => ({
  key,
  title,
  milestone,
  term,
  unit,
})

/** The practices as they were reported; where a practice names no term, 30 days stand in until the office sets its own. */
export const builtInTemplates: Readonly<Record<string, SyncTemplate>> = {
  'luohe-project': {
    title: '双落地四同步（新上项目）',
    trigger: 'project',
    kinds: [],
    codePrefix: '',
    milestones: [
      { key: 'begin', title: '项目落地' },
      { key: 'construction', title: '开工建设' },
      { key: 'hiring', title: '招收职工' },
      { key: 'team', title: '组建管理团队' },
      { key: 'completion', title: '竣工投产' },
    ],
    items: [
      item('landing', 'begin', '党建工作随项目落地，明确联系人'),
      item('site', 'construction', '活动场所与项目建设同步规划'),
      item('members', 'hiring', '招收职工时同步吸纳党员，摸清组织关系'),
      item('secretary', 'team', '组建管理团队时同步考虑党组织书记人选'),
      item('organisation', 'completion', '竣工投产时同步组建党组织，到“组建办理”开办'),
    ],
    source: '河南漯河“双落地、四同步”',
  },
  'luohe-park': {
    title: '双落地四同步（新入园企业）',
    trigger: 'registration',
    kinds: ['enterprise'],
    codePrefix: '',
    inPark: true,
    milestones: [begin],
    items: [
      item('landing', 'begin', '党建工作随企业落地，明确联系人'),
      item('site', 'begin', '活动场所与厂房、办公用房同步安排'),
      item('members', 'begin', '招收职工时同步吸纳党员，摸清组织关系'),
      item('secretary', 'begin', '组建管理团队时同步考虑党组织书记人选'),
      item('organisation', 'begin', '具备条件的同步组建党组织，到“组建办理”开办'),
    ],
    source: '河南漯河“双落地、四同步”',
  },
  'taizhou-registration': {
    title: '社会组织登记同步填报党建',
    trigger: 'registration',
    kinds: social,
    codePrefix: '',
    milestones: [begin],
    items: [
      item('form', 'begin', '登记时同步填报党员和党组织情况'),
      item('organisation', 'begin', '有正式党员三名以上的同步组建党组织'),
    ],
    source: '江苏泰州：登记环节填报',
  },
  'taizhou-annual': {
    title: '社会组织年检同步检查党建',
    trigger: 'annualReport',
    kinds: social,
    codePrefix: '',
    milestones: [begin],
    items: [item('inspect', 'begin', '年检时同步检查党组织组建和活动开展')],
    source: '江苏泰州：年检环节检查',
  },
  'taizhou-grading': {
    title: '社会组织评估同步考核党建',
    trigger: 'other',
    kinds: social,
    codePrefix: '',
    milestones: [begin],
    items: [item('assess', 'begin', '等级评估时同步考核党建工作')],
    source: '江苏泰州：评估环节考核',
  },
  'henan-registration': {
    title: '社会组织登记移交党建材料',
    trigger: 'registration',
    kinds: social,
    codePrefix: '',
    milestones: [begin],
    items: [
      item('pledge', 'begin', '收《党建工作承诺书》', 0),
      item('survey', 'begin', '发证前收《党员情况调查表》', 0),
      item('handover', 'begin', '登记批复和两份材料移交党建工作机构', 5, 'workingDays'),
    ],
    source: '河南 2017：登记后 5 个工作日内移交',
  },
  'suzhou-law-firm': {
    title: '律师事务所四同步',
    trigger: 'registration',
    kinds: [],
    codePrefix: '31',
    milestones: [begin],
    items: [
      item('founding', 'begin', '设立同步：有正式党员三名以上的同步设立党组织'),
      item('transfer', 'begin', '关系转接同步：执业申请时同步转接党员组织关系'),
      item('survey', 'begin', '信息采集同步：机构、律师和党员信息一并采集'),
      item('assess', 'begin', '考核同步：年度考核时同步考核党建', 12, 'months'),
    ],
    source: '安徽宿州：律师事务所四个同步',
  },
  'danyang-enterprise': {
    title: '企业培育到投产四同步',
    trigger: 'project',
    kinds: ['enterprise'],
    codePrefix: '',
    milestones: [
      { key: 'begin', title: '开始培育' },
      { key: 'registration', title: '注册登记' },
      { key: 'production', title: '投入生产' },
    ],
    items: [
      item('incubation', 'begin', '企业培育与党建孵化同步'),
      item('survey', 'registration', '注册登记与党员摸底同步'),
      item('organisation', 'production', '投产与组建党群组织同步'),
      item('cadres', 'production', '投产与配备党群干部同步'),
    ],
    source: '江苏丹阳：四对同步',
  },
}

/** Columns of a list of projects: the name, the township, and one for the day of each milestone. */
export interface ProjectColumns {
  title: number
  area: number
  days: { key: string; title: string; at: number }[]
}

/** Finds the columns by their heads; null while a row is not the head (it needs the name and the first milestone). */
export function projectColumns(
  cells: readonly string[],
  milestones: SyncTemplate['milestones'],
): ProjectColumns | null {
  const at = (words: (cell: string) => boolean) => cells.findIndex(words)
  const title = at((cell) => /项目.*名|^名称|企业名称/.test(cell))
  const days = milestones
    .map((one) => ({ ...one, at: at((cell) => cell.includes(one.title)) }))
    .filter((one) => one.at >= 0)
  if (title < 0 || days[0]?.key !== 'begin') return null
  return { title, area: at((cell) => /乡镇|街道|属地/.test(cell)), days }
}

/** A project as a row tells it: the days of the milestones that came, the first of them always. */
export interface ReadProject {
  title: string
  area: string
  days: { key: string; on: string }[]
}

/** Reads a row, or says in a sentence what is wrong with it. */
export function readProject(
  cells: readonly string[],
  columns: ProjectColumns,
  parseDate: (text: string) => string | null,
): ReadProject | string {
  const title = (cells[columns.title] ?? '').replace(/\s+/g, ' ')
  if (title.length < 2 || title.length > 100) return '项目名称应为 2 至 100 个字。'
  const days: ReadProject['days'] = []
  for (const one of columns.days) {
    const text = cells[one.at] ?? ''
    if (text === '' && one.key !== 'begin') continue
    const on = parseDate(text)
    if (on === null) return `“${one.title}”的日期认不出来，请写成 2026-01-31 的样子。`
    days.push({ key: one.key, on })
  }
  return { title, area: cells[columns.area] ?? '', days }
}

/** The last day of a step whose milestone came on a day. */
export function dueOn(of: Pick<TemplateItem, 'term' | 'unit'>, day: string, calendar: Calendar): string {
  if (of.unit === 'months') return addMonths(day, of.term)
  if (of.unit === 'workingDays') return addWorkingDays(day, of.term, calendar)
  return addDays(day, of.term)
}

/** What is wrong with a template, as a sentence; null when nothing is. */
export function faultOf(template: SyncTemplate): string | null {
  const keys = template.milestones.map((one) => one.key)
  if (keys[0] !== 'begin') return '第一个节点应是事项发生之日。'
  if (new Set(keys).size < keys.length) return '节点代码重复了。'
  const items = template.items.map((one) => one.key)
  if (new Set(items).size < items.length) return '事项代码重复了。'
  const lost = template.items.find((one) => !keys.includes(one.milestone))
  if (lost) return `“${lost.title}”所指的节点不存在，请重新选择。`
  const auto = template.trigger === 'registration' || template.trigger === 'annualReport'
  if (auto && keys.length > 1) return '由台账自动发现的事项只能有一个节点。'
  return null
}
