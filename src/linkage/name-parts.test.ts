import { expect, test } from 'vitest'
import { formerNameIn, splitName } from './name-parts.ts'
import { regionFinder } from './region-names.ts'

const find = regionFinder('210204')
const parts = (name: string) => {
  const { region, core, branch } = splitName(name, find)
  return [region, core, branch]
}

test.each([
  // Where the place stands, and which one, does not change whose name it is.
  ['大连恒达商贸有限公司', '2102', '恒达商贸', ''],
  ['大连市恒达商贸有限责任公司', '2102', '恒达商贸', ''],
  ['恒达(大连)商贸有限公司', '2102', '恒达商贸', ''],
  ['恒达商贸（大连）有限公司', '2102', '恒达商贸', ''],
  ['大连恒达商贸有限公司（大连）', '2102', '恒达商贸', ''],
  ['辽宁省大连市沙河口区恒达商贸有限公司', '210204', '恒达商贸', ''],
  ['恒达商贸', '', '恒达商贸', ''],
  ['中国恒达工程有限公司', '00', '恒达工程', ''],
  ['云南市恒达商贸有限公司', '53', '恒达商贸', ''],
  // Near places by their short names.
  ['中山恒达商贸有限公司', '210202', '恒达商贸', ''],
  // Forms, whole and mistyped.
  ['大连恒达集团股份有限公司', '2102', '恒达', ''],
  ['大连恒达商贸邮限公司', '2102', '恒达商贸', ''],
  ['大连恒达商贸有限司公', '2102', '恒达商贸', ''],
  ['大连恒达商贸有限公', '2102', '恒达商贸', ''],
  ['大連恆達商貿有限公司', '2102', '恒达商贸', ''],
  // What is said of an organisation is not its name.
  ['大连恒达商贸有限公司（已注销）', '2102', '恒达商贸', ''],
  ['大连恒达商贸有限公司(已于2009年1月8日撤消)', '2102', '恒达商贸', ''],
  ['大连恒达商贸有限公司（原大连永达商贸有限公司）', '2102', '恒达商贸', ''],
  ['恒达商贸(大连)有限公司（吊销未注销）', '2102', '恒达商贸', ''],
  // A partnership's form, which others leave out.
  ['大连恒达会计师事务所（特殊普通合伙）', '2102', '恒达会计师事务所', ''],
  ['恒达投资中心(有限合伙)', '', '恒达投资中心', ''],
  ['内蒙古恒达商贸有限公司', '15', '恒达商贸', ''],
  ['广西壮族自治区恒达商贸有限公司', '45', '恒达商贸', ''],
  // Branches.
  ['大连恒达商贸有限公司沈阳分公司', '2102', '恒达商贸', '沈阳分公司'],
  ['大连恒达餐饮管理有限公司黄河路店', '2102', '恒达餐饮管理', '黄河路店'],
  ['大连恒达商贸有限公司工会委员会', '2102', '恒达商贸', '工会委员会'],
  ['星海物业服务有限公司第二分公司', '', '星海物业服务', '第二分公司'],
  ['恒达大药房连锁店', '', '恒达大药房', '连锁店'],
  // Societies have no name of their own before the field.
  ['沙河口区餐饮行业协会', '210204', '餐饮行业协会', ''],
  // Whose townsmen they are stays, however far that place is.
  ['大连市温州商会', '2102', '温州商会', ''],
  ['大连市福建商会', '2102', '福建商会', ''],
  ['北京市恒达（大连）律师事务所', '2102', '恒达律师事务所', ''],
  ['云南省开远市恒达商贸有限公司', '532502', '恒达商贸', ''],
  ['沙河口区阳光幼儿园', '210204', '阳光幼儿园', ''],
])('%s is of %s, core %s, branch %s', (name, region, core, branch) => {
  expect(parts(name)).toEqual([region, core, branch])
})

test('names that differ in brackets and in 有限责任公司 are one', () => {
  const { whole } = splitName('恒达(大连)商贸有限公司', find)
  expect(splitName('恒达（大连）商贸有限责任公司', find).whole).toBe(whole)
})

test('a place that is all there is of a name stays', () => {
  expect(parts('大连有限公司')).toEqual(['', '大连', ''])
})

test.each([
  ['恒达商贸有限公司（原永达商贸有限公司）', '永达商贸有限公司'],
  ['恒达商贸有限公司(曾用名：永达商贸有限公司) ', '永达商贸有限公司'],
  ['恒达商贸有限公司（已注销）', null],
  ['恒达（大连）商贸有限公司', null],
  ['大连原味食品有限公司', null],
])('the former name in %s is %s', (name, former) => {
  expect(formerNameIn(name)).toBe(former)
})
