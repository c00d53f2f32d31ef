/**
 * Below this many staff a unit of the industry is small or micro; first match wins. Source: 统计上大中小微型企业划分办法
 * (2017), 国统字〔2017〕213号, the column 从业人员. Revenue and assets, which the ledger does not hold, are left aside; where
 * the standard knows no staff figure (农林牧渔, 建筑, 房地产开发) the figure of the other industries stands in.
 */
const smallBelow: readonly (readonly [RegExp, number])[] = [
  [/^[BCD]/, 300],
  [/^F51/, 20],
  [/^F/, 50],
  [/^G59/, 100],
  [/^G/, 300],
  [/^K702/, 300],
]
const otherwise = 100

/** True for a small or micro enterprise (小微企业); null where its staff is not known, false for what is no enterprise. */
export function smallMicro(kind: string, industry: string | null, staff: number | null): boolean | null {
  if (kind !== 'enterprise') return false
  if (staff === null) return null
  return staff < (smallBelow.find(([code]) => code.test(industry ?? ''))?.[1] ?? otherwise)
}
