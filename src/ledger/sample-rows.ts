import type { SampleCounty, SampleOrganisation } from './sample-organisations.ts'
import { type Carelessness, writtenAddress, writtenCount, writtenDate, writtenName } from './sample-noise.ts'
import { unitStatuses } from './field-contract.ts'
import { type Chance, chance } from './sample-random.ts'
import * as words from './sample-words.ts'

/** What was done on purpose to the code of a row. */
export type Planted =
  | 'wrongCheck'
  | 'letterO'
  | 'tooShort'
  | 'identity'
  | 'identityTax'
  | 'registration'
  | 'oldTax'
  | 'parentCode'
  | 'otherCode'

/** A row before it is written: its cells by title, and whose it is. */
export interface SampleRow {
  organisation: SampleOrganisation
  cells: Record<string, string | number>
  planted?: Planted
  /** The row is a second one of the same organisation. */
  repeated?: boolean
}

export interface SampleSheet {
  name: string
  titles: string[]
  codeTitle: string
  rows: SampleRow[]
}

export interface SampleSource {
  seed: number
  county: SampleCounty
  organisations: readonly SampleOrganisation[]
}

type Writer = (organisation: SampleOrganisation, at: Chance, care: Carelessness) => SampleRow['cells']

const careful: Carelessness = {
  codeMissing: 0.02,
  formerName: 0,
  form: 0.005,
  shortened: 0,
  dress: 0.01,
  typo: 0,
  township: 0.5,
  gaps: 0.03,
}
const taxCare: Carelessness = {
  codeMissing: 0.03,
  formerName: 0.6,
  form: 0.03,
  shortened: 0.02,
  dress: 0.03,
  typo: 0.004,
  township: 0.4,
  gaps: 0.08,
}
const insuranceCare: Carelessness = {
  codeMissing: 0.22,
  formerName: 0.7,
  form: 0.05,
  shortened: 0.06,
  dress: 0.05,
  typo: 0.008,
  township: 0.35,
  gaps: 0.1,
}
const handCare: Carelessness = {
  codeMissing: 0.52,
  formerName: 0.4,
  form: 0.06,
  shortened: 0.09,
  dress: 0.06,
  typo: 0.02,
  township: 0.6,
  gaps: 0.15,
}

const isMarket = (one: SampleOrganisation) =>
  one.kind === 'enterprise' || one.kind === 'selfEmployed' || one.kind === 'cooperative'
const isSociety = (one: SampleOrganisation) =>
  one.kind === 'socialAssociation' || one.kind === 'privateNonEnterprise' || one.kind === 'foundation'
const isAlive = (one: SampleOrganisation) => one.status === 'active' || one.status === 'abnormal'

function collect(
  source: SampleSource,
  purpose: string,
  care: Carelessness,
  taken: (one: SampleOrganisation, at: Chance) => boolean,
  codeTitle: string,
  write: Writer,
): SampleRow[] {
  const at = chance(source.seed, purpose)
  return at.shuffled(source.organisations.filter((one) => taken(one, at))).map((organisation) => {
    const cells = write(organisation, at, care)
    cells[codeTitle] = at.when(care.codeMissing) ? '' : organisation.uscc
    return { organisation, cells }
  })
}

function orGap(text: string, at: Chance, care: Carelessness): string {
  return at.when(care.gaps) ? '' : text
}

/** 市场监管: nearly complete, some rows twice, gone units among them. */
export function registerSheet(source: SampleSource): SampleSheet {
  const titles = [
    '企业名称',
    '统一社会信用代码',
    '成立日期',
    '法定代表人',
    '联系电话',
    '住所',
    '登记状态',
    '企业类型',
    '行业',
  ]
  const rows = collect(
    source,
    'register',
    careful,
    (one, at) => isMarket(one) && at.when(0.985),
    titles[1]!,
    (one, at, care) => ({
      企业名称: writtenName(one, at, care, source.county),
      成立日期: one.foundedOn,
      法定代表人: orGap(one.legalRep, at, care),
      联系电话: orGap(one.phone, at, care),
      住所: writtenAddress(one, at, care, source.county),
      登记状态: unitStatuses[one.status],
      企业类型: one.companyType,
      行业: one.industry,
    }),
  )
  const sheet = { name: '', titles, codeTitle: titles[1]!, rows }
  plant(sheet, source, { wrongCheck: 4, letterO: 4, tooShort: 2 })
  repeatSome(sheet, source, 20, '登记状态')
  return sheet
}

function paysTax(one: SampleOrganisation, at: Chance): boolean {
  if (one.kind === 'lawFirm') return true
  if (isSociety(one)) return at.when(0.2)
  return at.when(isAlive(one) ? (one.kind === 'selfEmployed' ? 0.55 : 0.8) : 0.1)
}

/** 税务: the code is called 纳税人识别号 and is sometimes an old one, or the owner's. */
export function taxSheet(source: SampleSource): SampleSheet {
  const titles = [
    '纳税人识别号',
    '纳税人名称',
    '法定代表人姓名',
    '生产经营地址',
    '联系电话',
    '纳税人状态',
    '近12个月入库税额(元)',
  ]
  const rows = collect(source, 'tax', taxCare, paysTax, titles[0]!, (one, at, care) => ({
    纳税人名称: writtenName(one, at, care, source.county),
    法定代表人姓名: orGap(one.legalRep, at, care),
    生产经营地址: writtenAddress(one, at, care, source.county),
    联系电话: orGap(one.phone, at, care),
    纳税人状态: isAlive(one)
      ? at.weighted([
          ['正常', 95],
          ['非正常', 5],
        ])
      : at.pick(['注销', '非正常']),
    '近12个月入库税额(元)': isAlive(one) ? ((one.staffCount * at.below(900_000)) / 100).toFixed(2) : '0.00',
  }))
  const sheet = { name: '', titles, codeTitle: titles[0]!, rows }
  plant(sheet, source, { identity: 5, identityTax: 2, oldTax: 24, wrongCheck: 5, letterO: 2 })
  repeatSome(sheet, source, 4, '联系电话')
  return sheet
}

/** 人社: many rows without a code, insured head counts, branches under their parent's code. */
export function insuranceSheet(source: SampleSource): SampleSheet {
  const titles = ['单位编号', '单位名称', '统一社会信用代码', '单位地址', '单位负责人', '参保人数']
  const share = { enterprise: 0.62, selfEmployed: 0.08, cooperative: 0.2 } as Record<string, number>
  const taken = (one: SampleOrganisation, at: Chance) => isAlive(one) && at.when(share[one.kind] ?? 0.75)
  const rows = collect(source, 'insurance', insuranceCare, taken, titles[2]!, (one, at, care) => ({
    单位编号: `DW${String(at.below(100_000_000)).padStart(8, '0')}`,
    单位名称: writtenName(one, at, care, source.county),
    单位地址: at.when(0.15) ? '' : writtenAddress(one, at, care, source.county),
    单位负责人: orGap(one.legalRep, at, care),
    参保人数: String(Math.max(1, Math.round(one.staffCount * (0.55 + at.below(50) / 100)))),
  }))
  const sheet = { name: '', titles, codeTitle: titles[2]!, rows }
  plant(sheet, source, { parentCode: 8, oldTax: 6, wrongCheck: 3, letterO: 2 })
  return sheet
}

const societyKinds: Record<string, string> = {
  socialAssociation: '社会团体',
  privateNonEnterprise: '民办非企业单位',
  foundation: '基金会',
}

/** 民政: social organisations. */
export function societySheet(source: SampleSource): SampleSheet {
  const titles = [
    '社会组织名称',
    '统一社会信用代码',
    '社会组织类型',
    '登记机关级别',
    '成立登记日期',
    '法定代表人',
    '住所',
    '业务主管单位',
  ]
  const rows = collect(
    source,
    'society',
    careful,
    (one, at) => isSociety(one) && at.when(0.97),
    titles[1]!,
    (one, at, care) => ({
      社会组织名称: writtenName(one, at, care, source.county),
      社会组织类型: societyKinds[one.kind]!,
      登记机关级别: at.when(0.9) ? '县级' : '市级',
      成立登记日期: writtenDate(one.foundedOn, at),
      法定代表人: orGap(one.legalRep, at, care),
      住所: writtenAddress(one, at, care, source.county),
      业务主管单位: at.pick(words.supervisors),
    }),
  )
  const sheet = { name: '', titles, codeTitle: titles[1]!, rows }
  plant(sheet, source, { wrongCheck: 1, tooShort: 1 })
  return sheet
}

/** 街道园区: three hand-made sheets, each organisation on one of them at most. */
export function townshipSheets(source: SampleSource): SampleSheet[] {
  const titles = ['序号', '单位名称', '信用代码', '地址', '负责人', '电话', '从业人数', '党员数', '是否建立党组织']
  const half = source.county.townships.slice(0, Math.ceil(source.county.townships.length / 2))
  const sheetOf = (one: SampleOrganisation) =>
    one.premises.includes('幢') && one.premises.includes('室') && !one.premises.includes('单元')
      ? 2
      : half.includes(one.township)
        ? 0
        : 1
  return ['街道台账一', '街道台账二', '园区台账'].map((name, place) => {
    const taken = (one: SampleOrganisation, at: Chance) =>
      isAlive(one) && sheetOf(one) === place && at.when(one.kind === 'selfEmployed' ? 0.25 : 0.65)
    const rows = collect(source, `township ${place}`, handCare, taken, titles[2]!, (one, at, care) => ({
      单位名称: writtenName(one, at, care, source.county),
      地址: at.when(0.12) ? '' : writtenAddress(one, at, care, source.county),
      负责人: orGap(one.legalRep, at, care),
      电话: orGap(one.phone, at, care),
      从业人数: writtenCount(one.staffCount, at),
      党员数: at.when(0.06) ? '' : one.memberCount,
      是否建立党组织: at.when(0.05)
        ? ''
        : one.memberCount >= 3 && at.when(0.7)
          ? '是'
          : one.memberCount > 0 && at.when(0.4)
            ? '联合'
            : '否',
    }))
    for (const [at, row] of rows.entries()) row.cells['序号'] = at + 1
    const sheet = { name, titles, codeTitle: titles[2]!, rows }
    plant(sheet, source, { registration: 5, otherCode: 1, wrongCheck: 2, letterO: 2, tooShort: 1 })
    return sheet
  })
}

const spoil: Record<Planted, (one: SampleOrganisation, at: Chance, source: SampleSource) => string | null> = {
  wrongCheck: (one, at) =>
    one.uscc.slice(0, 17) + at.pick(Array.from('123456789ABCDEFGH').filter((sign) => sign !== one.uscc[17])),
  letterO: (one) => one.uscc.slice(0, 9) + one.uscc.slice(9).replace('0', 'O'),
  tooShort: (one, at) => {
    const cut = 2 + at.below(6)
    return one.uscc.slice(0, cut) + one.uscc.slice(cut + 1)
  },
  identity: (one) => one.ownerIdentity,
  identityTax: (one) => one.ownerIdentity && `${one.ownerIdentity}01`,
  registration: (one) => one.registrationNumber,
  oldTax: (one) => one.uscc.slice(2, 17),
  parentCode: (one, _at, source) => (one.parent === null ? null : source.organisations[one.parent]!.uscc),
  otherCode: (one, at, source) => {
    const other = at.pick(source.organisations)
    return other === one ? null : other.uscc
  },
}

/** Spoils codes: `counts` rows of each kind for two thousand organisations, more or fewer in proportion, at least one. */
function plant(sheet: SampleSheet, source: SampleSource, counts: Partial<Record<Planted, number>>): void {
  const at = chance(source.seed, `planted ${sheet.name}${sheet.codeTitle}${sheet.titles.length}`)
  const free = at.shuffled(sheet.rows.filter((row) => row.cells[sheet.codeTitle] !== ''))
  for (const [kind, count] of Object.entries(counts) as [Planted, number][]) {
    let left = Math.max(1, Math.round((count * source.organisations.length) / 2000))
    for (let place = 0; place < free.length && left > 0; place++) {
      const text = spoil[kind](free[place]!.organisation, at, source)
      if (text === null || text === free[place]!.organisation.uscc) continue
      free[place]!.cells[sheet.codeTitle] = text
      free[place]!.planted = kind
      free.splice(place--, 1)
      left--
    }
  }
}

/** Sends some rows twice, the second time with another value in one column, right behind or far from the first. */
function repeatSome(sheet: SampleSheet, source: SampleSource, count: number, title: string): void {
  const at = chance(source.seed, `repeated ${title}`)
  const wanted = Math.max(1, Math.round((count * source.organisations.length) / 2000))
  for (const row of at.shuffled(sheet.rows.filter((one) => !one.planted)).slice(0, wanted)) {
    const other = at.pick(sheet.rows).cells[title]!
    const place = at.when(0.5) ? sheet.rows.indexOf(row) + 1 : at.below(sheet.rows.length + 1)
    sheet.rows.splice(place, 0, {
      organisation: row.organisation,
      cells: { ...row.cells, ...(at.when(0.5) && { [title]: other }) },
      repeated: true,
    })
  }
}
