import type { SampleCounty, SampleOrganisation } from './sample-organisations.ts'
import type { Chance } from './sample-random.ts'

/** How carelessly a department writes: shares of rows, 0 to 1. */
export interface Carelessness {
  /** The code is left out. */
  codeMissing: number
  /** The former name, where there is one. */
  formerName: number
  /** 有限责任公司 for 有限公司 and the other way round. */
  form: number
  /** The organisation's form or its place is left out of the name. */
  shortened: number
  /** Brackets of the other width, blanks, a full stop, full-width letters. */
  dress: number
  /** One character typed wrong. */
  typo: number
  /** The township is named in the address. */
  township: number
  /** Person or phone left out. */
  gaps: number
}

const soundAlikes: Record<string, string> = {
  澜: '兰',
  珩: '恒',
  霁: '济',
  曜: '耀',
  弘: '宏',
  铭: '明',
  睿: '瑞',
  骏: '俊',
  启: '起',
  瀚: '汉',
  盈: '赢',
  谦: '千',
  茂: '贸',
  澄: '成',
  桥: '侨',
  丰: '峰',
  源: '原',
  达: '大',
  科: '柯',
  诺: '若',
  森: '申',
  越: '悦',
  技: '计',
  贸: '茂',
  务: '物',
  饰: '适',
  馆: '管',
  店: '点',
}

function mistyped(name: string, at: Chance): string {
  const signs = Array.from(name)
  const places = signs.flatMap((sign, place) => (soundAlikes[sign] ? [place] : []))
  if (places.length === 0) return name
  const place = at.pick(places)
  return signs.with(place, soundAlikes[signs[place]!]!).join('')
}

function otherForm(name: string): string {
  if (name.includes('有限责任公司')) return name.replace('有限责任公司', '有限公司')
  return name.replace('有限公司', '有限责任公司')
}

function shortened(name: string, at: Chance, county: SampleCounty): string {
  const place = county.name.slice(0, -1)
  return at.weighted([
    [name.replace(/(?:有限责任公司|股份有限公司|有限公司)$/, ''), 2],
    [name.replace(/公司$/, ''), 1],
    [name.replace(new RegExp(`^${place}(?:${county.name.slice(-1)})?`), ''), 3],
    [name.replace(`（${place}）`, ''), 2],
    [`${county.city}${name}`, 1],
  ])
}

function dressed(name: string, at: Chance): string {
  return at.weighted([
    [name.replaceAll('（', '(').replaceAll('）', ')'), 6],
    [` ${name}`, 1],
    [`${name} `, 2],
    [`${name}.`, 1],
    [`${name.slice(0, 4)} ${name.slice(4)}`, 1],
    [name.replaceAll('（', '〔').replaceAll('）', '〕'), 1],
  ])
}

/** The organisation's name as this department has it. */
export function writtenName(
  organisation: SampleOrganisation,
  at: Chance,
  care: Carelessness,
  county: SampleCounty,
): string {
  let name = organisation.formerName && at.when(care.formerName) ? organisation.formerName : organisation.name
  if (at.when(care.form)) name = otherForm(name)
  if (at.when(care.shortened)) name = shortened(name, at, county)
  if (at.when(care.typo)) name = mistyped(name, at)
  return at.when(care.dress) || (name.includes('（') && at.when(0.35)) ? dressed(name, at) : name
}

/** The address as this department has it. */
export function writtenAddress(
  organisation: SampleOrganisation,
  at: Chance,
  care: Carelessness,
  county: SampleCounty,
): string {
  const above = at.weighted([
    [county.province + county.city + county.name, 5],
    [county.city + county.name, 2],
    [county.name, 3],
    ['', 1],
  ])
  return above + (at.when(care.township) ? organisation.township.name : '') + organisation.premises
}

/** 2003-02-18 as departments write it. */
export function writtenDate(date: string, at: Chance): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  return at.weighted([
    [date, 6],
    [`${year}/${month}/${day}`, 2],
    [`${year}.${month}.${day}`, 1],
    [`${year}年${month}月${day}日`, 1],
    [date.replaceAll('-', ''), 1],
  ])
}

/** A head count as a hand-made list has it. */
export function writtenCount(count: number, at: Chance): string | number {
  return at.weighted<string | number>([
    [count, 70],
    [`约${count}人`, 12],
    [`${count}人`, 6],
    [count >= 10 ? `${Math.floor(count / 10) * 10}余人` : `${count}`, 4],
    [count >= 5 ? `${count - 3}-${count + 3}` : `${count}`, 3],
    ['', 5],
  ])
}
