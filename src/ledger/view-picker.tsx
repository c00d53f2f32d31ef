import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Input, Modal } from 'antd'
import { useState } from 'react'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { ledgerContract } from './contract.ts'
import { unitColumns } from './unit-columns.tsx'
import type { UnitList } from './units-screen.tsx'

const ledger = connect(ledgerContract)

interface ViewPickerProps {
  list: UnitList
  /** Keys of the columns that are not on screen. */
  hidden: readonly string[]
  onHidden: (hidden: readonly string[]) => void
}

/** The person's saved views of the ledger: choose one, keep the present conditions, order and columns as one, remove one. */
export function ViewPicker({ list, hidden, onHidden }: ViewPickerProps) {
  const views = useQuery(ledger.listViews.queryOptions())
  const [naming, setNaming] = useState(false)
  const remove = useCommand(ledger.removeView.mutationOptions(), {
    done: '视图已删除',
    refresh: [ledger.listViews.key()],
  })
  const rows = views.data?.rows ?? []
  const items = [
    ...rows.map((view) => ({
      key: view.id,
      label: (
        <span className="lx-view-line">
          <span>{view.name}</span>
          <Button
            type="text"
            size="small"
            aria-label={`删除视图 ${view.name}`}
            onClick={(event) => {
              event.stopPropagation()
              void remove.run({ id: view.id })
            }}
          >
            ×
          </Button>
        </span>
      ),
      onClick: () => {
        list.replace(view.filter, { sort: view.sort, order: view.order })
        if (view.columns.length > 0) onHidden(others(view.columns))
      },
    })),
    ...(rows.length ? [{ type: 'divider' as const, key: 'line' }] : []),
    { key: 'all', label: '全部单位', onClick: () => list.clear() },
    { key: 'save', label: '把当前条件存为视图…', disabled: list.filtered === 0, onClick: () => setNaming(true) },
  ]
  return (
    <>
      <Dropdown menu={{ items }} trigger={['click']}>
        <Button size="small">我的视图{rows.length ? `（${rows.length}）` : ''}</Button>
      </Dropdown>
      {naming ? <NameView list={list} columns={others(hidden)} onClose={() => setNaming(false)} /> : null}
    </>
  )
}

/** The keys of all columns but these. */
const others = (keys: readonly string[]) => unitColumns.map((column) => column.key).filter((key) => !keys.includes(key))

function NameView({ list, columns, onClose }: { list: UnitList; columns: string[]; onClose: () => void }) {
  const [name, setName] = useState('')
  const save = useCommand(ledger.saveView.mutationOptions(), { done: '视图已保存', refresh: [ledger.listViews.key()] })
  const keep = async () => {
    const view = { name: name.trim(), filter: list.filters as never, columns, sort: list.sort, order: list.order }
    if (await save.run(view)) onClose()
  }
  return (
    <Modal
      open
      title="存为视图"
      okText="保存"
      cancelText="取消"
      confirmLoading={save.busy}
      okButtonProps={{ disabled: !name.trim() }}
      onOk={() => void keep()}
      onCancel={onClose}
    >
      <p className="lx-soft">记住当前的 {list.filtered} 个条件、排序和显示的列，只有您自己看得到。</p>
      <Input
        autoFocus
        aria-label="视图名称"
        placeholder="例如：没有信用代码的社会组织"
        maxLength={30}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={() => void keep()}
      />
    </Modal>
  )
}
