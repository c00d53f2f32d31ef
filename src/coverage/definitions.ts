import type { Condition, CountColumn } from './condition-contract.ts'
import type { Measure } from './condition.ts'
import type { Ratio } from './contract.ts'

const operating: Condition = { column: 'in_operation', is: true }
const own: Condition = { column: 'state', in: ['own'] }
const jointAll: Condition = { column: 'state', in: ['joint', 'regional', 'industry', 'attached'] }
const built: Condition = { column: 'state', in: ['own', 'joint', 'regional', 'industry', 'attached'] }
const reached: Condition = { column: 'state', in: ['own', 'joint', 'regional', 'industry', 'attached', 'fallback'] }
const threeFormal: Condition = { column: 'formal', atLeast: 3 }
const due: Condition = { column: 'due', is: true }
const socialKinds: Condition = { column: 'kind', in: ['socialAssociation', 'privateNonEnterprise', 'foundation'] }
const worked: Condition = {
  or: [
    { column: 'has_instructor', is: true },
    { column: 'has_liaison', is: true },
    { column: 'has_union', is: true },
    { column: 'has_league', is: true },
  ],
}

/** A plain count of the dashboard. */
export interface Figure {
  key: string
  name: string
  group: 'total' | 'state' | 'lack' | 'gap' | 'person' | 'work'
  unit: string
  text: string
  measure: Measure
}

/** Slots are places in stored sums: a number once given is never given to anything else. */
function figure(
  slot: number,
  key: string,
  group: Figure['group'],
  name: string,
  text: string,
  where: Condition[],
  sum: CountColumn | null = null,
): Figure {
  const all: Condition = { and: [operating, ...where] }
  return { key, name, group, unit: sum === null ? '家' : '人', text, measure: { slot, where: all, sum } }
}

/** What the dashboard counts, in its order; all but the first two among the units in real operation. */
export const figures: readonly Figure[] = [
  {
    ...figure(1, 'allUnits', 'total', '统计范围内单位', '台账里未撤下、未注销、未迁出的单位', []),
    measure: { slot: 1, where: { and: [] }, sum: null },
  },
  {
    ...figure(2, 'notOperating', 'total', '非实体运营单位', '统计范围内，不在实体运营的单位', []),
    measure: { slot: 2, where: { not: operating }, sum: null },
  },
  figure(3, 'units', 'total', '实体运营单位', '在实体运营的单位；以下各数都在其中', []),
  figure(4, 'target', 'total', '摸排对象', '属摸排对象的单位', [{ column: 'is_target', is: true }]),
  figure(5, 'own', 'state', '单独组建', '单独建立党组织的单位', [own]),
  figure(6, 'joint', 'state', '联合组建', '在联合党组织中的单位', [{ column: 'state', in: ['joint'] }]),
  figure(7, 'regional', 'state', '区域统建', '由区域性党组织覆盖的单位', [{ column: 'state', in: ['regional'] }]),
  figure(8, 'industry', 'state', '行业统建', '由行业性党组织覆盖的单位', [{ column: 'state', in: ['industry'] }]),
  figure(9, 'attached', 'state', '挂靠组建', '挂靠在其他党组织的单位', [{ column: 'state', in: ['attached'] }]),
  figure(10, 'fallback', 'state', '兜底管理', '没有党组织，由兜底组织管理的单位', [
    { column: 'state', in: ['fallback'] },
  ]),
  figure(11, 'workOnly', 'state', '仅有工作覆盖', '没有党组织，有指导员、联络员或群团组织的单位', [
    { column: 'state', in: ['workOnly'] },
  ]),
  figure(12, 'none', 'state', '未覆盖', '既无党组织也无工作覆盖的单位', [{ column: 'state', in: ['none'] }]),
  figure(13, 'jointAll', 'state', '联合组建（合计）', '联合组建、区域统建、行业统建、挂靠组建之和', [jointAll]),
  figure(14, 'unbuilt', 'lack', '未建党组织', '没有党组织的单位（含兜底管理与仅有工作覆盖）', [
    { column: 'lack', known: true },
  ]),
  figure(15, 'dueNotBuilt', 'gap', '应建未建', '未建党组织，正式党员达到应建人数或列入组建计划', [
    { column: 'lack', in: ['dueNotBuilt'] },
  ]),
  figure(16, 'few', 'lack', '仅有个别党员', '未建党组织，有正式党员但不足应建人数', [{ column: 'lack', in: ['few'] }]),
  figure(17, 'zero', 'lack', '没有党员', '未建党组织，没有正式党员', [{ column: 'lack', in: ['zero'] }]),
  figure(18, 'due', 'total', '应建党组织单位', '正式党员达到应建人数或列入组建计划的单位', [due]),
  figure(19, 'dueSoloNotSolo', 'gap', '应单建未单建', '应建单位中，仍在联合、区域、行业、挂靠组织里的', [
    due,
    jointAll,
  ]),
  figure(20, 'jointOver', 'gap', '联合支部超 5 个单位', '所在联合党组织覆盖单位超过上限的单位', [
    { column: 'joint_over', is: true },
  ]),
  figure(21, 'termOver', 'gap', '届满未换届', '所在党组织已届满的单位', [{ column: 'term_over', is: true }]),
  figure(22, 'termSoon', 'gap', '六个月内届满', '所在党组织六个月内届满的单位', [{ column: 'term_soon', is: true }]),
  figure(23, 'ownCommittee', 'state', '单独组建 · 党委', '单独建立党委的单位', [
    own,
    { column: 'own_kind', in: ['committee'] },
  ]),
  figure(24, 'ownGeneralBranch', 'state', '单独组建 · 党总支', '单独建立党总支的单位', [
    own,
    { column: 'own_kind', in: ['generalBranch'] },
  ]),
  figure(25, 'ownBranch', 'state', '单独组建 · 党支部', '单独建立党支部的单位', [
    own,
    { column: 'own_kind', in: ['branch'] },
  ]),
  figure(26, 'instructed', 'work', '有指导员的单位', '有在任党建工作指导员的单位', [
    { column: 'has_instructor', is: true },
  ]),
  figure(27, 'instructorSent', 'work', '未建单位已派指导员', '未建党组织而已派指导员的单位', [
    { column: 'lack', known: true },
    { column: 'has_instructor', is: true },
  ]),
  figure(28, 'formal', 'person', '正式党员', '组织关系在单位党组织的正式党员', [], 'formal'),
  figure(29, 'probationary', 'person', '预备党员', '组织关系在单位党组织的预备党员', [], 'probationary'),
  figure(
    30,
    'knownElsewhere',
    'person',
    '组织关系未转入的党员',
    '在单位工作、组织关系在别处的党员',
    [],
    'known_elsewhere',
  ),
  figure(31, 'staff', 'person', '从业人数', '台账所记从业人数合计', [], 'staff'),
  figure(32, 'staff50', 'total', '从业 50 人以上单位', '从业人数 50 人以上', [{ column: 'staff', atLeast: 50 }]),
  figure(33, 'staff100', 'total', '从业 100 人以上单位', '从业人数 100 人以上', [{ column: 'staff', atLeast: 100 }]),
  figure(34, 'secretaryInManagement', 'work', '书记在管理层的单位', '单独组建、书记由管理层人员担任的单位', [
    { column: 'secretary_in_management', is: true },
  ]),
  figure(35, 'jointWithThree', 'state', '联合组建中 3 名以上正式党员', '联合组建（合计）中正式党员 3 名以上的单位', [
    jointAll,
    threeFormal,
  ]),
  figure(36, 'membersOverStaff', 'gap', '党员数多于从业人数', '正式与预备党员之和多于从业人数，需要核实', [
    { column: 'members_over_staff', is: true },
  ]),
]

type Told = Pick<
  Ratio,
  'key' | 'name' | 'definition' | 'numeratorText' | 'denominatorText' | 'basis' | 'source' | 'note'
>

/** A ratio's version with the slots that its two numbers are kept in. */
export interface KeptRatio extends Ratio {
  numeratorMeasure: Measure
  denominatorMeasure: Measure
}

/** A version with its measures: the numerator is counted among the units of the denominator. */
export function keepRatio(ratio: Ratio, slot: number): KeptRatio {
  const { counting, numerator, denominator } = ratio
  const sums = counting.by === 'sum' ? counting : { numerator: null, denominator: null }
  return {
    ...ratio,
    numeratorMeasure: { slot, where: { and: [denominator, numerator] }, sum: sums.numerator },
    denominatorMeasure: { slot: slot + 1, where: denominator, sum: sums.denominator },
  }
}

function builtIn(
  slot: number,
  told: Told,
  numerator: Condition,
  denominator: Condition[],
  counting: Ratio['counting'] = { by: 'units' },
): KeptRatio {
  return keepRatio(
    {
      ...told,
      version: 1,
      numerator,
      denominator: { and: [operating, ...denominator] },
      counting,
      effectiveFrom: '1949-10-01',
      builtIn: true,
      author: null,
      definedAt: null,
      retiredFrom: null,
    },
    slot,
  )
}

const inOperation = '在实体运营的单位数'

/** The ratios that the field speaks of (domain A.10), first versions; the office may define later ones. */
export const builtInRatios: readonly KeptRatio[] = [
  builtIn(
    41,
    {
      key: 'orgCoverage',
      name: '组织覆盖率',
      definition: '单独组建和联合组建党组织覆盖的单位数，占在实体运营单位数的比例。',
      numeratorText: '单独组建，以及联合组建（含区域统建、行业统建、挂靠组建）的单位数',
      denominatorText: inOperation,
      basis: 'written',
      source: '中办发〔2012〕11号及安徽省非公企业党建统计口径（ahzsxh.com）',
      note: '兜底管理、仅有工作覆盖的单位不算组织覆盖。',
    },
    built,
    [],
  ),
  builtIn(
    43,
    {
      key: 'soloRateA',
      name: '单独组建率（A）',
      definition: '单独组建党组织的单位数，占在实体运营单位数的比例。',
      numeratorText: '单独组建党组织的单位数',
      denominatorText: inOperation,
      basis: 'written',
      source: '安徽省非公企业党建统计口径（ahzsxh.com）',
      note: '与（B）分母不同，不能比较。',
    },
    own,
    [],
  ),
  builtIn(
    45,
    {
      key: 'soloRateB',
      name: '单独组建率（B）',
      definition: '有 3 名以上正式党员的单位中，单独组建党组织的比例。',
      numeratorText: '有 3 名以上正式党员且单独组建的单位数',
      denominatorText: '在实体运营、有 3 名以上正式党员的单位数',
      basis: 'article',
      source: '泰州“3 名以上党员的…单独组建率”、宿州 23 家律师事务所',
      note: '与（A）分母不同，不能比较。',
    },
    own,
    [threeFormal],
  ),
  builtIn(
    47,
    {
      key: 'dueBuiltRate',
      name: '应建已建率',
      definition: '应建党组织的单位中，已建（单独、联合、区域、行业、挂靠）的比例。',
      numeratorText: '应建单位中已建立党组织的单位数',
      denominatorText: '应建单位数：在实体运营，正式党员达到 3 名或列入组建计划',
      basis: 'written',
      source: 'm.gzjll.com/2/2616466.html；全国“具备建立党组织条件的…覆盖率”（2011-06-24）',
      note: '',
    },
    built,
    [due],
  ),
  builtIn(
    49,
    {
      key: 'dueSelfBuiltRate',
      name: '应建自建率',
      definition: '应建党组织的单位中，单独组建的比例。',
      numeratorText: '应建单位中单独组建的单位数',
      denominatorText: '应建单位数',
      basis: 'inferred',
      source: '丹阳所用口径，未见正式文件',
      note: '地方口径。',
    },
    own,
    [due],
  ),
  builtIn(
    51,
    {
      key: 'workCoverage',
      name: '工作覆盖率',
      definition: '已建党组织，或有在任指导员、联络员，或有工会、团组织的单位，占在实体运营单位数的比例。',
      numeratorText: '已建党组织，或派有指导员、联络员，或建有工会、团组织的单位数',
      denominatorText: inOperation,
      basis: 'inferred',
      source: '中办发〔2012〕11号所列工作覆盖方式；公式为推定',
      note: '指导员、联络员须在任期内。',
    },
    { or: [built, worked] },
    [],
  ),
  builtIn(
    53,
    {
      key: 'fallbackSmallMicro',
      name: '兜底覆盖率（小微企业）',
      definition: '小微企业中，由党组织或兜底组织覆盖的比例。',
      numeratorText: '由党组织（含兜底的联盟、综合党委）覆盖的小微企业数',
      denominatorText: '在实体运营的小微企业数',
      basis: 'inferred',
      source: '吉安 89.6 %',
      note: '分子为推定口径：一家单位只算一次，已建党组织的也在分子。',
    },
    reached,
    [{ column: 'small_micro', is: true }],
  ),
  builtIn(
    55,
    {
      key: 'fallbackSelfEmployed',
      name: '兜底覆盖率（个体工商户）',
      definition: '个体工商户中，由党组织或兜底组织覆盖的比例。',
      numeratorText: '由党组织（含兜底的联盟、综合党委）覆盖的个体工商户数',
      denominatorText: '在实体运营的个体工商户数',
      basis: 'inferred',
      source: '吉安 95.6 %',
      note: '分子为推定口径：一家单位只算一次，已建党组织的也在分子。',
    },
    reached,
    [{ column: 'kind', in: ['selfEmployed'] }],
  ),
  builtIn(
    57,
    {
      key: 'professionalRate',
      name: '党务工作者专业化管理开展率',
      definition: '已建党组织的单位中，实行党务工作者专业化管理的比例。',
      numeratorText: '实行党务工作者专业化管理的单位数',
      denominatorText: '在实体运营、已建党组织的单位数',
      basis: 'inferred',
      source: '丹阳所用口径，未见正式文件',
      note: '由机关标记。',
    },
    { column: 'professional', is: true },
    [built],
  ),
  builtIn(
    59,
    {
      key: 'crossPostingRate',
      name: '双向进入、交叉任职比例（班子成员）',
      definition: '单独组建的党组织班子成员中，同时在本单位管理层任职的比例。',
      numeratorText: '在管理层任职的班子成员人次',
      denominatorText: '单独组建的党组织在任书记、副书记、委员人次',
      basis: 'inferred',
      source: '台州 82.7 %（原文未说明分母）',
      note: '一人在两个组织任职算两人次。',
    },
    own,
    [own],
    { by: 'sum', numerator: 'cross_posts', denominator: 'committee_posts' },
  ),
  builtIn(
    61,
    {
      key: 'crossPostingUnits',
      name: '双向进入、交叉任职比例（单位）',
      definition: '单独组建党组织的单位中，有班子成员在管理层任职的比例。',
      numeratorText: '有班子成员在管理层任职的单位数',
      denominatorText: '在实体运营、单独组建党组织的单位数',
      basis: 'inferred',
      source: '台州；以组织数为分母的另一种算法',
      note: '与班子成员口径分母不同，不能比较。',
    },
    { column: 'cross_posts', atLeast: 1 },
    [own],
  ),
  builtIn(
    63,
    {
      key: 'charterRate',
      name: '党建入章率',
      definition: '社会组织中，章程写入党建内容的比例。',
      numeratorText: '章程写入党建内容的社会组织数',
      denominatorText: '在实体运营的社会团体、民办非企业单位、基金会数',
      basis: 'written',
      source: '浙江省民政厅 2025-02-28：党建入章率保持在 95% 以上',
      note: '',
    },
    { column: 'charter', is: true },
    [socialKinds],
  ),
  builtIn(
    65,
    {
      key: 'baseCoverage',
      name: '基数覆盖率',
      definition: '列入党建基数的单位中，已建党组织的比例。',
      numeratorText: '列入党建基数且已建党组织的单位数',
      denominatorText: '列入党建基数、在实体运营的单位数',
      basis: 'article',
      source: '宜春（2,289 家列入基数）',
      note: '分母是列入基数的单位，不是全部单位；与组织覆盖率不是一个数。',
    },
    built,
    [{ column: 'in_base', is: true }],
  ),
]

/** The first slot of what the office defines. */
export const officeSlotsFrom = 81
