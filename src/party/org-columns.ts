import { narrow } from '../base/chinese.ts'
import { looksLikeIdentity } from '../base/identity.ts'
import { maskName } from '../base/mask.ts'
import { titleText } from '../base/title.ts'
import type { OrgField, OrgSheet } from './org-import-contract.ts'

/** The first rows of one sheet, as the spreadsheet shows them. */
export interface SheetHead {
  sheet: string
  visible: boolean
  firstRows: readonly { row: number; cells: readonly (string | null)[] }[]
}

/** Words of column titles by field; the first that fits counts, so the narrower stand first. */
const titleWords: readonly [OrgField, RegExp][] = [
  ['situation', /所在单位情况/],
  ['parent', /上级(党组织|组织|党委|名称)?|隶属/],
  ['unitCode', /信用代码|法人(单位)?标识|单位代码|组织机构代码/],
  ['code', /(党组织|组织|支部)(代码|编码|编号)|^代码$/],
  ['secretary', /书记(姓名)?$|负责人/],
  ['expiresOn', /届满|到期|任期(至|止|届满)/],
  ['electedOn', /换届|当选|选举/],
  ['foundedOn', /(成立|组建|建立|批准)(日期|时间)/],
  ['probationary', /预备党员/],
  ['formal', /正式党员/],
  ['members', /党员(总)?(人)?数|党员数量/],
  ['mode', /组建(方式|形式|类型)|设置方式/],
  ['kind', /(党)?组织(类别|类型)|支部类型|^类别$|^类型$/],
  ['unitName', /(覆盖|所在|依托|涵盖|组建)?(单位|企业)(全称|名称|$)|覆盖单位/],
  ['area', /乡镇|街道|镇街|所属区划|所在区域/],
  ['name', /(党组织|党支部|支部|组织)(全称|名称)|^党组织$|^名称$/],
]

/** What a column's title names in a file of organisations, or null. What the platform does not keep (联系人, 电话) is null. */
export function orgFieldOf(title: string): OrgField | null {
  const words = titleText(title)
  if (words === '' || /联系人|电话|手机|性质|建立党组织情况|序号|备注/.test(words)) return null
  return titleWords.find(([, pattern]) => pattern.test(words))?.[0] ?? null
}

/** How each sheet of a file of organisations is to be read, from its first rows. A sheet without names stays out. */
export function orgColumns(heads: readonly SheetHead[]): OrgSheet[] {
  return heads.map((head) => {
    const headerRow = headerOf(head)
    const header = head.firstRows.find((row) => row.row === headerRow)?.cells ?? []
    const width = Math.max(...head.firstRows.map((row) => row.cells.length), 1)
    const taken = new Set<OrgField>()
    const columns = Array.from({ length: width }, (_, index) => {
      const title = (header[index] ?? '').trim().slice(0, 40)
      const field = orgFieldOf(title)
      const own = field !== null && !taken.has(field) ? field : null
      if (own) taken.add(own)
      return { index, title, field: own }
    })
    return { sheet: head.sheet, use: head.visible && taken.has('name'), headerRow, columns }
  })
}

function headerOf(head: SheetHead): number {
  let best = { row: head.firstRows[0]?.row ?? 1, known: 1 }
  for (const { row, cells } of head.firstRows) {
    const known = new Set(cells.flatMap((cell) => (cell && cell.length <= 24 ? (orgFieldOf(cell) ?? []) : []))).size
    if (known > best.known) best = { row, known }
  }
  return best.row
}

/** A cell as it may be shown and kept: no person's name, number or telephone. */
export function coverOrgCell(field: OrgField | null, cell: string): string {
  const text = cell.trim()
  if (text === '') return ''
  if (field === 'secretary') return maskName(text)
  if (field !== 'unitCode' && (looksLikeIdentity(text) || /(?<!\d)1\d{10}(?!\d)/.test(narrow(text)))) return '*****'
  return text.slice(0, 80)
}
