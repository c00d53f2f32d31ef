import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { CountyPicker, ImportDialog, useOnlyCounty } from '../office/parts.tsx'
import { useCommand } from '../ui/query.ts'
import { sync } from './sync-client.tsx'

interface Kept {
  read: number
  kept: number
  moved: number
  same: number
  refused: number
  errors: readonly { row: number; message: string }[]
}

/** A list of projects with the days of their milestones; those known already move on. */
export function ProjectImport({ onClose }: { onClose: () => void }) {
  const only = useOnlyCounty()
  const [chosen, setChosen] = useState<string>()
  const [templateKey, setTemplate] = useState<string>()
  const county = only ?? chosen
  const query = useQuery(
    sync.listTemplates.queryOptions({ input: { countyCode: county ?? '' }, enabled: county !== undefined }),
  )
  const templates = (query.data?.templates ?? []).filter((one) => one.inUse && one.told.trigger === 'project')
  const template = templates.find((one) => one.key === templateKey)
  const bring = useCommand(sync.importProjects.mutationOptions())
  const days = template?.told.milestones.map((one) => one.title).join('、')
  return (
    <ImportDialog
      title="导入项目"
      unit="个"
      hint={`项目名称${days ? `、各节点的日期（列名含“${days}”，没有到的空着）` : '、各节点的日期'}，可有乡镇街道；已有的项目（名称和乡镇街道都相同）只更新节点`}
      ready={template !== undefined}
      start={(fileId, checkOnly) => bring.run({ countyCode: county!, templateKey: template!.key, fileId, checkOnly })}
      kept={(found: Kept) => found.kept + found.moved}
      words={(found, checked) =>
        `${checked ? '可以登记' : '已登记'}新项目 ${grouped(found.kept)} 个，${checked ? '将更新' : '已更新'}节点 ${grouped(found.moved)} 个，没有变化 ${grouped(found.same)} 个`
      }
      refresh={sync.key()}
      onClose={onClose}
    >
      {only ? null : <CountyPicker value={chosen} onChange={setChosen} />}
      <label>
        按哪个做法
        <Select
          aria-label="按哪个做法"
          style={{ width: '100%' }}
          placeholder={county ? '选择由项目进展引起的做法' : '请先选择县'}
          notFoundContent="没有启用由项目进展引起的模板，请到“模板与节假日”里启用"
          value={templateKey ?? null}
          options={templates.map((one) => ({ value: one.key, label: one.told.title }))}
          onChange={setTemplate}
        />
      </label>
    </ImportDialog>
  )
}
