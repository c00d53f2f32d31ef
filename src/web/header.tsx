import BellOutlined from '@ant-design/icons/BellOutlined'
import SearchOutlined from '@ant-design/icons/SearchOutlined'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Badge, Button, Input, Popover, type InputRef } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { linkageContract } from '../linkage/contract.ts'
import { jobStates, officeContract } from '../office/contract.ts'
import { connect } from '../ui/client.ts'
import { Mark, type MarkTone } from '../ui/page.tsx'
import { Bar, jobEnded } from '../ui/progress.tsx'
import { useCan } from '../ui/session.ts'
import { palette } from '../ui/theme.ts'

const office = connect(officeContract)
const linkage = connect(linkageContract)

/** Finds a unit from anywhere; `/` puts the cursor here. */
export function UnitSearch() {
  const navigate = useNavigate()
  const box = useRef<InputRef>(null)
  const [text, setText] = useState('')
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest('input,textarea,[contenteditable]')
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      box.current?.focus()
    }
    addEventListener('keydown', focus)
    return () => removeEventListener('keydown', focus)
  }, [])
  const go = () => {
    if (!text.trim()) return
    void navigate({ to: '/units', search: { text: text.trim() } })
    setText('')
    box.current?.blur()
  }
  return (
    <Input
      ref={box}
      className="lx-unit-search"
      prefix={<SearchOutlined />}
      suffix={<kbd aria-hidden="true">/</kbd>}
      aria-label="查找单位"
      placeholder="查找单位：名称、拼音首字母、信用代码"
      value={text}
      maxLength={64}
      onChange={(event) => setText(event.target.value)}
      onPressEnter={(event) => (event.nativeEvent.isComposing ? undefined : go())}
    />
  )
}

/** Which regions the person works on; none means that every list is empty, so it says so. */
export function ScopeBadge({ regions }: { regions: readonly string[] }) {
  const words = regions.join('、')
  if (regions.length === 0) return <span className="lx-scope lx-warn">未分配管理区划</span>
  return (
    <span className="lx-scope" title={`管理范围：${words}`}>
      {regions.length > 2 ? `${regions[0]}等 ${regions.length} 处` : words}
    </span>
  )
}

const tones: Record<string, MarkTone> = {
  queued: 'plain',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: 'plain',
}

/** The latest jobs of the person: exports, imports, checks; followed while one is running. */
export function JobsBell() {
  const query = useQuery({
    ...office.listJobs.queryOptions({ input: { page: 1, pageSize: 8 } }),
    refetchInterval: ({ state }) =>
      state.error ? false : state.data?.rows.some((job) => !jobEnded(job.state)) ? 2000 : 60_000,
  })
  const rows = query.data?.rows ?? []
  const running = rows.filter((job) => !jobEnded(job.state)).length
  const list = (
    <div className="lx-bell">
      {rows.length === 0 ? <p className="lx-soft">还没有作业。导入、导出这类费时的事会列在这里。</p> : null}
      <ul>
        {rows.map((job) => (
          <li key={job.id}>
            <span className="lx-bell-title">{job.title}</span>
            <Mark tone={tones[job.state] ?? 'plain'}>{jobStates[job.state]}</Mark>
            {job.state === 'running' ? <Bar done={job.done} total={job.total} label={job.title} /> : null}
          </li>
        ))}
      </ul>
      <Link to="/jobs">全部作业</Link>
    </div>
  )
  return (
    <Popover content={list} trigger="click" placement="bottomRight" title="最近的作业">
      <Button type="text" aria-label={running > 0 ? `作业，${running} 项进行中` : '作业'}>
        <Badge count={running} size="small" color={palette.blue}>
          <BellOutlined className="lx-bell-icon" />
        </Badge>
      </Button>
    </Popover>
  )
}

/** Counts beside menu entries, by path. */
export function useCounts(): Record<string, number | undefined> {
  const can = useCan()
  const queue = useQuery(
    linkage.listQueue.queryOptions({ input: { pageSize: 1 }, enabled: can('linkage.queue.read'), staleTime: 60_000 }),
  )
  return { '/queue': queue.data?.total }
}
