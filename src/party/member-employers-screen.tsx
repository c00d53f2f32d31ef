import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Modal, Select } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { ledgerContract } from '../ledger/contract.ts'
import { CountyPicker, JobPanel, useOnlyCounty } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { employerHow, memberImportContract } from './member-import-contract.ts'
import { MemberNav } from './member-nav.tsx'

const party = connect(memberImportContract)
const ledger = connect(ledgerContract)
type Row = Awaited<ReturnType<typeof party.listEmployers.call>>['rows'][number]

const how = z.enum(['unknown', 'outside', 'person', 'matched'])
const shape = z.object({ how, text: z.string() }).partial()
const words = { unknown: '没有认出', matched: '自动认出', person: '人工认定', outside: '不在台账' }
const tones: Record<Row['how'], MarkTone> = {
  unknown: 'warn',
  name: 'good',
  formerName: 'good',
  likeName: 'good',
  person: 'good',
  outside: 'plain',
}

const columns: readonly Column<Row>[] = [
  { key: 'employer', title: '名册上的写法', width: 300, required: true },
  { key: 'members', title: '党员', width: 80, numeric: true },
  { key: 'how', title: '认定', width: 120, render: (row) => <Mark tone={tones[row.how]}>{employerHow[row.how]}</Mark> },
  { key: 'unitName', title: '台账单位', width: 300 },
  { key: 'saidBy', title: '认定人', width: 110 },
]

/** Employers as rosters write them, and which unit each is; what was not recognised waits for a person. */
export function MemberEmployersScreen() {
  const list = useListState(shape, { sort: 'members', pageSize: 50 })
  const [settling, setSettling] = useState<Row>()
  const query = useQuery(
    party.listEmployers.queryOptions({
      input: { ...list.filters, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  return (
    <Page
      title="党员"
      description="名册上的工作单位是手写的文字；认定一次，以后的名册都照此办理。党员多的排在前。"
      actions={<Rematch />}
    >
      <MemberNav />
      <SearchTable
        name="工作单位写法"
        unit="种"
        columns={columns}
        rowKey={(row) => row.countyCode + row.employerKey}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            search={{ name: 'text', placeholder: '写法' }}
            fields={[{ kind: 'one', name: 'how', label: '认定', options: options(words) }]}
          />
        }
        onOpen={setSettling}
        empty={{ title: '还没有名册', hint: '导入党员信息后，没有认出的写法列在这里。' }}
      />
      {settling ? <SettleDialog row={settling} onClose={() => setSettling(undefined)} /> : null}
    </Page>
  )
}

/** What is asked for first: the name without brackets and form of organisation. */
const coreOf = (employer: string) => employer.replace(/[（(].*?[）)]|(股份)?有限.*$/g, '')

function SettleDialog({ row, onClose }: { row: Row; onClose: () => void }) {
  const client = useQueryClient()
  const [unitId, setUnitId] = useState<string | undefined>(row.unitId ?? undefined)
  const [text, setText] = useState(coreOf(row.employer))
  const units = useQuery(
    ledger.searchUnits.queryOptions({
      input: { filter: { text: text.slice(0, 60) }, pageSize: 20 },
      meta: { keep: true },
    }),
  )
  const settle = useCommand(party.settleEmployer.mutationOptions(), { done: '已认定，党员数已更新' })
  const keep = async (id: string | null) => {
    const input = { countyCode: row.countyCode, employerKey: row.employerKey, unitId: id }
    if (!(await settle.run(input))) return
    await client.invalidateQueries({ queryKey: party.listEmployers.key() })
    onClose()
  }
  return (
    <Modal
      open
      width={600}
      title="认定工作单位"
      onCancel={onClose}
      footer={
        <div className="lx-step-foot">
          <Button loading={settle.busy} onClick={() => void keep(null)}>
            不是台账里的单位
          </Button>
          <Button type="primary" disabled={!unitId} loading={settle.busy} onClick={() => void keep(unitId ?? null)}>
            就是这家
          </Button>
        </div>
      }
    >
      <div className="lx-stack">
        <p>
          名册写作 <b>{row.employer}</b>，{row.members} 名党员。
        </p>
        <Select
          aria-label="台账单位"
          style={{ width: '100%' }}
          placeholder="输入名称、简称、拼音首字母、代码"
          showSearch={{ filterOption: false, onSearch: (next) => setText(next || coreOf(row.employer)) }}
          notFoundContent={units.isFetching ? '正在查找…' : '没有找到，换个说法试试'}
          value={unitId ?? null}
          options={(units.data?.rows ?? []).map((unit) => ({
            value: unit.id,
            label: `${unit.name}（${unit.areaName}${unit.uscc ? ` · ${unit.uscc}` : ''}）`,
          }))}
          onChange={(next: string) => setUnitId(next)}
        />
      </div>
    </Modal>
  )
}

function Rematch() {
  const only = useOnlyCounty()
  const client = useQueryClient()
  const [county, setCounty] = useState<string>()
  const [asking, setAsking] = useState(false)
  const [jobId, setJobId] = useState<string>()
  const rematch = useCommand(party.rematchEmployers.mutationOptions())
  const countyCode = county ?? only
  const start = async () => {
    if (countyCode) setJobId((await rematch.run({ countyCode }))?.jobId)
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>重新认单位</Button>
      <Modal
        open={asking}
        title="重新认单位"
        okText={jobId ? '关闭' : '开始'}
        cancelText="取消"
        okButtonProps={{ disabled: !countyCode }}
        confirmLoading={rematch.busy}
        onOk={() => (jobId ? setAsking(false) : void start())}
        onCancel={() => setAsking(false)}
        afterClose={() => setJobId(undefined)}
      >
        {jobId ? (
          <JobPanel
            jobId={jobId}
            onEnded={() => void client.invalidateQueries({ queryKey: party.listEmployers.key() })}
          />
        ) : (
          <div className="lx-stack">
            <p className="lx-soft">
              按台账现在的单位名称再认一遍：新增、改名、迁动、撤下的单位都会算到。人工认定的不变。
            </p>
            <CountyPicker value={countyCode} onChange={setCounty} />
          </div>
        )}
      </Modal>
    </>
  )
}
