import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { z } from 'zod'
import { orgContract } from './contract.ts'
import { useOrgsChanged } from './org-forms.tsx'
import { changeKinds } from './words-contract.ts'
import { orgWriteContract } from './write-contract.ts'

const party = connect(orgContract)
const writing = connect(orgWriteContract)
type Row = Awaited<ReturnType<typeof party.listOrgChanges.call>>['rows'][number]
const shape = z.object({}).partial()

/** Asks for a reason and takes a change back. */
export function useUndo(): (change: { id: string; title: string }) => Promise<void> {
  const ask = useConfirm()
  const changed = useOrgsChanged()
  const undo = useCommand(writing.undoChange.mutationOptions(), { done: '已撤销这次变动' })
  return async ({ id, title }) => {
    const yes = await ask({
      title: `撤销“${title}”？`,
      lose: '由这次变动写下的内容回到变动之前，各单位的覆盖随之更新。后来又有变动的，须先撤销后来的。',
      act: '撤销变动',
      reason: { label: '撤销原因' },
    })
    if (yes && (await undo.run({ id, reason: yes.reason }))) await changed()
  }
}

/** Every change to an organisation, the newest first; each can be taken back. */
export function OrgChanges({ id }: { id: string }) {
  const list = useListState(shape, { sort: 'at' })
  const can = useCan()
  const undo = useUndo()
  const query = useQuery(party.listOrgChanges.queryOptions({ input: { id, page: list.page, pageSize: list.pageSize } }))
  const columns: Column<Row>[] = [
    { key: 'title', title: '变动', width: 360, required: true },
    { key: 'kind', title: '种类', width: 96, render: (row) => changeKinds[row.kind] },
    { key: 'effectiveOn', title: '生效日期', width: 112 },
    { key: 'reason', title: '原因或依据', width: 220 },
    { key: 'author', title: '经办人', width: 100 },
    { key: 'at', title: '登记时间', width: 160, render: (row) => formatDateTime(new Date(row.at)) },
    {
      key: 'undoneAt',
      title: '',
      width: 190,
      render: (row) =>
        row.undoneAt ? (
          <Mark>
            {row.undoneBy}撤销：{row.undoneReason}
          </Mark>
        ) : can('party.org.write') && row.kind !== 'import' ? (
          <Button type="link" size="small" onClick={() => void undo(row)}>
            撤销
          </Button>
        ) : null,
    },
  ]
  return (
    <SearchTable
      name="变动记录"
      unit="次"
      columns={columns}
      rowKey={(row) => row.id}
      query={query}
      list={list}
      empty={{ title: '没有变动记录' }}
    />
  )
}
