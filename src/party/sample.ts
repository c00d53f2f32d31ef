import { idCheckCharacter } from '../base/identity.ts'
import { addDays } from '../base/time.ts'

/** What of an invented unit its party organisation depends on. */
export interface SampleUnit {
  index: number
  kind: string
  name: string
  uscc: string
  status: string
  foundedOn: string
  memberCount: number
  staffCount: number
  township: { code: string; name: string }
}

interface SampleOrg {
  name: string
  kind: string
  mode: string
  parent: string
  units: readonly SampleUnit[]
  foundedOn: string
  secretary: string
  electedOn: string
  members: number
}

export interface SampleParty {
  /** The plain workbook of organisations, as CSV lines. */
  orgs: string[]
  /** A roster of members, one a line; numbers are right in form and belong to no one: area 9901 was never given out. */
  members: string[]
}

const families = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏']
const given = [...'建国志强丽华秀英海燕晓明文静立新国庆春梅永刚玉兰子轩雨桐浩然欣怡']
const orgTitles = [
  '党组织名称',
  '类别',
  '组建方式',
  '上级党组织',
  '覆盖单位名称',
  '统一社会信用代码',
  '成立日期',
  '书记',
  '换届日期',
  '党员数',
]
const memberTitles = ['姓名', '公民身份号码', '党员类别', '所在党支部', '工作单位', '加入党组织日期']

/** A number below `below` that depends on its seeds alone. */
function draw(below: number, ...seeds: number[]): number {
  let state = 0x9e3779b9
  for (const seed of seeds) state = Math.imul(state ^ (seed + 0x7f4a7c15), 0x85ebca6b) ^ (state >>> 13)
  return (state >>> 0) % below
}

const nameOf = (seed: number) =>
  families[draw(families.length, seed, 1)]! + given[draw(given.length, seed, 2)]! + given[draw(given.length, seed, 3)]!
const dayIn = (from: string, days: number, ...seeds: number[]) => addDays(from, draw(days, ...seeds))

/**
 * Party organisations and members of the invented district's units, as two files that an office would import: four in five
 * units with three members and more have their own, small ones are joined or left for the forming plan, some terms are over.
 * `today` places the terms. The same arguments give the same files.
 */
export function sampleParty(county: string, units: readonly SampleUnit[], today: string): SampleParty {
  const alive = units.filter((unit) => unit.status === 'active' && unit.kind !== 'selfEmployed')
  const committee = `${county}两新工委`
  const orgs: SampleOrg[] = []
  for (const [township, own] of Map.groupBy(alive, (unit) => unit.township.name)) {
    const top = `${township}两新组织综合党委`
    orgs.push(
      orgOf({ name: top, kind: '综合党委', mode: '兜底组建', parent: committee, seed: township.length * 31, today }),
    )
    const rest = own.filter((unit) => unit.memberCount === 0 && draw(6, unit.index) === 0).slice(0, 12)
    orgs[orgs.length - 1] = { ...orgs.at(-1)!, units: rest }
    orgs.push(...ownOrgs(own, top, today), ...jointOrgs(own, township, top, today))
  }
  const firms = alive.filter((unit) => unit.kind === 'lawFirm')
  if (firms.length > 0) {
    const base = {
      name: `${county}律师行业党委`,
      kind: '行业党委',
      mode: '行业统建',
      parent: committee,
      seed: 77,
      today,
    }
    orgs.push({ ...orgOf(base), units: firms.filter((unit) => unit.memberCount < 3) })
  }
  return { orgs: orgLines(orgs, committee, today), members: memberLines(orgs, alive) }
}

interface Base {
  name: string
  kind: string
  mode: string
  parent: string
  seed: number
  today: string
}

function orgOf({ name, kind, mode, parent, seed, today }: Base): SampleOrg {
  // Terms of three or five years: most within, some over, some ending within half a year.
  const years = /党委/.test(kind) ? 5 : 3
  const electedOn = dayIn(addDays(today, -years * 365 - 60), years * 365 - 30, seed, 5)
  // A third were founded with the election they have now, so that the past months show organisations coming.
  const foundedOn = seed % 3 === 0 ? addDays(electedOn, -7) : dayIn(addDays(electedOn, -2000), 1500, seed, 6)
  return { name, kind, mode, parent, units: [], foundedOn, secretary: nameOf(seed), electedOn, members: 0 }
}

const hasNoOwn = (unit: SampleUnit) => unit.memberCount >= 3 && draw(7, unit.index, 8) === 0

/** Units with three members and more: own organisations, but for one in seven, which the forming plan is to find. */
function ownOrgs(units: readonly SampleUnit[], parent: string, today: string): SampleOrg[] {
  return units.flatMap((unit) => {
    if (unit.memberCount < 3 || hasNoOwn(unit)) return []
    const [kind, tail] =
      unit.memberCount >= 100 ? ['党委', '党委'] : unit.memberCount >= 50 ? ['党总支', '党总支'] : ['党支部', '党支部']
    const base = { name: `${unit.name}${tail}`, kind, mode: '单独组建', parent, seed: unit.index + 1000, today }
    return [{ ...orgOf(base), units: [unit], members: unit.memberCount }]
  })
}

/** Units with one or two members, joined four or five at a time; every third group takes in one that is ripe for its own. */
function jointOrgs(units: readonly SampleUnit[], township: string, parent: string, today: string): SampleOrg[] {
  const few = units.filter((unit) => unit.memberCount > 0 && unit.memberCount < 3 && draw(3, unit.index, 9) > 0)
  const ripe = units.filter(hasNoOwn)
  const found: SampleOrg[] = []
  for (let from = 0, at = 1; from < few.length; at += 1) {
    const size = at % 6 === 0 ? 6 : 4 + draw(2, from, at)
    const joined = [...few.slice(from, from + size), ...(at % 3 === 0 ? ripe.splice(0, 1) : [])]
    from += size
    if (joined.length < 2) continue
    const base = {
      name: `${township}第${at}联合党支部`,
      kind: '联合党支部',
      mode: '联合组建',
      parent,
      seed: joined[0]!.index + 5000,
      today,
    }
    found.push({ ...orgOf(base), units: joined, members: joined.reduce((sum, unit) => sum + unit.memberCount, 0) })
  }
  return found
}

function orgLines(orgs: readonly SampleOrg[], committee: string, today: string): string[] {
  const lines = [orgTitles.join(',')]
  lines.push([committee, '党委', '单独组建', '', '', '', '2018-11-20', nameOf(11), addDays(today, -700), ''].join(','))
  for (const org of orgs) {
    const { units } = org
    const first = [org.name, org.kind, org.mode, org.parent, units[0]?.name ?? '', units[0]?.uscc ?? '']
    const members = org.members > 0 ? String(org.members) : ''
    lines.push([...first, org.foundedOn, org.secretary, org.electedOn, members].join(','))
    // The others of a joint organisation stand below it, the name left out as in the offices' own sheets.
    for (const unit of units.slice(1)) lines.push(['', '', '', '', unit.name, unit.uscc, '', '', '', ''].join(','))
  }
  return lines
}

function memberLines(orgs: readonly SampleOrg[], units: readonly SampleUnit[]): string[] {
  const lines = [memberTitles.join(',')]
  const branchOf = new Map(
    orgs.filter((org) => org.members > 0).flatMap((org) => org.units.map((unit) => [unit.index, org.name] as const)),
  )
  let n = 0
  for (const unit of units) {
    // A unit without an organisation has its members' relations where they live, or in a branch that nobody has reported.
    const unreported = draw(2, unit.index, 12) === 0
    const branch = branchOf.get(unit.index) ?? (unreported ? `${unit.name}党支部` : `${unit.township.name}社区党支部`)
    for (let at = 0; at < unit.memberCount; at += 1, n += 1) {
      const elsewhere = draw(12, unit.index, at, 4) === 0
      const joinedOn = dayIn('1995-01-01', 9000, n, 3)
      const kind = draw(25, n, 9) === 0 ? '预备党员' : '正式党员'
      const line = [nameOf(n + 9000), numberOf(n), kind, elsewhere ? '户籍地社区党支部' : branch, unit.name, joinedOn]
      lines.push(line.join(','))
    }
  }
  return lines
}

function numberOf(n: number): string {
  const area = `99${String(1 + (Math.floor(n / 300_000) % 98)).padStart(2, '0')}01`
  const birth = dayIn('1960-01-01', 14_000, n, 7).replaceAll('-', '')
  const body = `${area}${birth}${String(n % 1000).padStart(3, '0')}`
  return body + idCheckCharacter(body)
}
