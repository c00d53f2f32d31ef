const branchWords =
  /(分公司|分店|分行|支行|分所|分院|分厂|分部|分社|营业部|营业厅|办事处|门店|门市部|经营部|[一二三四五六七八九十\d]+店)(?:[（(].*[)）])?$/

/** Whether a name is that of a branch (企业名称登记管理规定 2020, art. 13: parent's name and 分公司 or the like). */
export function isBranchName(name: string): boolean {
  return branchWords.test(name)
}

export { queryGrams as searchGrams } from './search.ts'
