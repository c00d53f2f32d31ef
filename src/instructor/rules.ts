import { industryName, parseIndustry } from '../ledger/field-contract.ts'

/** Where an instructor comes from. */
export const origins = {
  office: '机关干部选派',
  retired: '退休干部',
  street: '街道社区党务工作者',
  station: '指导站人员',
  supervising: '业务主管单位选派',
  enterprise: '企业党务工作者',
  other: '其他',
} as const
export type Origin = keyof typeof origins

/** The numbers by which instructors are assigned. */
export type InstructorSettings = {
  capacity: number
  each: number
  staffMin: number
  capitalMin: number
  metresMax: number
  skillMetres: number
  keepMetres: number
}

const local = { source: '本地掌握', effectiveOn: '2018-10-28' }

/** The built-in numbers with unit, source and day of effect. */
export const builtInInstructor: Readonly<
  Record<keyof InstructorSettings, { word: string; unit: string; value: number; source: string; effectiveOn: string }>
> = {
  capacity: {
    word: '一名指导员最多联系几家',
    unit: '家',
    value: 5,
    source: '安徽黄山：每名指导员联系 1 至 5 家',
    effectiveOn: '2018-11-18',
  },
  each: { word: '每家单位派几名', unit: '名', value: 1, source: '江西上高：一对一', effectiveOn: '2018-10-28' },
  staffMin: {
    word: '从业人数多少以上的优先选派',
    unit: '人',
    value: 50,
    source: '没有党员而从业人数 50 人以上的先派指导员（地方做法）',
    effectiveOn: '2018-10-28',
  },
  capitalMin: {
    word: '注册资本多少以上的也优先选派',
    unit: '万元',
    value: 1000,
    source: '没有党员而注册资本 1000 万元以上的先派指导员（地方做法）',
    effectiveOn: '2018-10-28',
  },
  metresMax: { word: '最远派多远', unit: '米', value: 15_000, ...local },
  skillMetres: { word: '不熟悉行业相当于多走', unit: '米', value: 2000, ...local },
  keepMetres: { word: '换人相当于多走', unit: '米', value: 3000, ...local },
}

/** Which units are to have an instructor. */
export const wants = { zero: '没有党员的', few: '没有党组织、只有个别党员的', both: '两者' } as const
export type Wants = keyof typeof wants

/** What coverage says that such units lack. */
export function lacksOf(which: Wants): ('zero' | 'few')[] {
  return which === 'both' ? ['zero', 'few'] : [which]
}

/** What is to be said of one line of a plan; `given` where it is a pair that the plan gives up. */
export function pairNote(
  pair: { instructorId: string | null; kept: boolean; skilled: boolean },
  given: boolean,
): string {
  if (given) return '这次不再派'
  if (pair.instructorId === null) return '附近的指导员都已派满'
  return [pair.kept ? '原来就派在这里' : '新派', pair.skilled ? '' : '不熟悉行业'].filter(Boolean).join('，')
}

/** Columns of a table of instructors, by what their heads say. */
const heads = {
  name: /^姓名|指导员/,
  phone: /电话|手机/,
  employer: /单位|职务/,
  origin: /来源|选派方式/,
  area: /乡镇|街道|区划|驻地/,
  capacity: /联系.*(数|家)|可联系|上限/,
  skills: /行业|专长/,
  longitude: /^经度/,
  latitude: /^纬度/,
  fromOn: /日期|选派时间|起/,
} as const
export type InstructorCell = keyof typeof heads

/** Finds the columns by their heads; null while a row is not the head (it needs the name and a township). */
export function instructorColumns(cells: readonly string[]): Map<InstructorCell, number> | null {
  const found = new Map<InstructorCell, number>()
  for (const [name, head] of Object.entries(heads)) {
    const at = cells.findIndex((cell, index) => head.test(cell) && ![...found.values()].includes(index))
    if (at >= 0) found.set(name as InstructorCell, at)
  }
  return found.has('name') && found.has('area') ? found : null
}

/** An instructor as a row tells it; the township still by name. */
export interface ReadInstructor {
  name: string
  phone: string | null
  employer: string | null
  origin: Origin
  area: string
  capacity: number | null
  skills: string[]
  point: { longitude: number; latitude: number } | null
  fromOn: string | null
}

/** Reads a row, or says in a sentence what is wrong with it. */
export function readInstructor(
  cells: readonly string[],
  columns: ReadonlyMap<InstructorCell, number>,
  parseDate: (text: string) => string | null,
): ReadInstructor | string {
  const cell = (name: InstructorCell) => (cells[columns.get(name) ?? -1] ?? '').trim()
  const name = cell('name').replace(/\s+/g, '')
  if (name.length < 2 || name.length > 20) return '姓名应为 2 至 20 个字。'
  const area = cell('area')
  if (area === '') return '没有填写乡镇街道。'
  const capacity = cell('capacity') === '' ? null : Number(cell('capacity'))
  if (capacity !== null && !(Number.isInteger(capacity) && capacity >= 1 && capacity <= 50))
    return '可联系家数应为 1 至 50 的整数。'
  const phone = cell('phone').replace(/[\s-]/g, '')
  if (phone !== '' && !/^\d{7,12}$/.test(phone)) return '电话应为 7 至 12 位数字。'
  const skills = readSkills(cell('skills'))
  if (skills === null) return '熟悉行业认不出来，请填门类字母或名称，如 C、F，或制造业、批发和零售业。'
  const [longitude, latitude] = [cell('longitude'), cell('latitude')].map(Number) as [number, number]
  const placed = cell('longitude') !== '' || cell('latitude') !== ''
  if (placed && !(longitude >= 73 && longitude <= 136 && latitude >= 3 && latitude <= 54))
    return '经度应为 73 至 136，纬度应为 3 至 54，要么都填要么都不填。'
  const fromOn = cell('fromOn') === '' ? null : parseDate(cell('fromOn'))
  if (cell('fromOn') !== '' && fromOn === null) return '选派日期认不出来，请写成 2026-01-31 的样子。'
  return {
    name,
    phone: phone || null,
    employer: cell('employer') || null,
    origin: originOf(cell('origin')),
    area,
    capacity,
    skills,
    point: placed ? { longitude, latitude } : null,
    fromOn,
  }
}

/** Letters of industries, written as letters or names; null where one of them is none. */
function readSkills(text: string): string[] | null {
  if (text === '') return []
  // A name may hold the sign that stands between names: 农、林、牧、渔业.
  const parts = text
    .split(/[，,；;/\s]+/)
    .flatMap((part) => (!/[A-Z]/i.test(part) && parseIndustry(part) ? [part] : part.split('、')))
  const codes = parts.filter((part) => part !== '').map(parseIndustry)
  return codes.includes(null) ? null : [...new Set(codes.map((code) => code!.charAt(0)))]
}

/** The trades that someone knows, in words. */
export function skillsText(skills: readonly string[]): string {
  return skills.map((letter) => industryName(letter) ?? letter).join('、')
}

function originOf(text: string): Origin {
  const found = Object.entries(origins).find(([, word]) => text !== '' && (word.includes(text) || text.includes(word)))
  return (found?.[0] ?? 'other') as Origin
}
