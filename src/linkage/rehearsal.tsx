import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Table } from 'antd'
import { useState } from 'react'
import { formatDateTime } from '../base/time.ts'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { linkageContract } from './contract.ts'
import { percentText } from './percent.ts'

const linkage = connect(linkageContract)
type Changed = Awaited<ReturnType<typeof linkage.listRehearsal.call>>['rows'][number]

const pageSize = 20

/**
 * 重新比对全库: first what would change, row by row, with the weights in use or with those that are offered; then, if the
 * office wants it, the change itself.
 */
export function Rehearsal({ county, offered }: { county: string; offered: number | null }) {
  const can = useCan()
  const ask = useConfirm()
  const client = useQueryClient()
  const [page, setPage] = useState(1)
  const [jobId, setJobId] = useState<string>()
  const query = useQuery(linkage.listRehearsal.queryOptions({ input: { countyCode: county, page, pageSize } }))
  const rehearse = useCommand(linkage.rehearseRelink.mutationOptions())
  const relink = useCommand(linkage.relinkAll.mutationOptions())
  if (!can('linkage.model.write')) return null
  const total = query.data?.total ?? 0
  const tried = query.data?.tried ?? null
  const apply = async () => {
    const yes = await ask({
      title: `按试算结果改动 ${total.toLocaleString('zh-CN')} 行的归属？`,
      lose: '人工认定的不受影响；每一处改动都记为归属变动，带着前后的单位，可以逐行拆分、合并。',
      act: '重新比对全库',
    })
    if (yes) setJobId((await relink.run({ countyCode: county }))?.jobId)
  }
  const start = async (version?: number) => {
    setPage(1)
    setJobId((await rehearse.run({ countyCode: county, ...(version === undefined ? {} : { version }) }))?.jobId)
  }
  return (
    <Section title="重新比对全库">
      {jobId ? (
        <JobPanel
          key={jobId}
          jobId={jobId}
          onEnded={() => void client.invalidateQueries({ queryKey: linkage.key() })}
        />
      ) : null}
      <div className="lx-form-line">
        <Button loading={rehearse.busy} onClick={() => void start()}>
          用现用权重试算
        </Button>
        {offered === null ? null : (
          <Button loading={rehearse.busy} onClick={() => void start(offered)}>
            用第 {offered} 版试算
          </Button>
        )}
        {total > 0 && tried?.isInUse ? (
          <Button type="primary" loading={relink.busy} onClick={() => void apply()}>
            按试算结果改动 {total.toLocaleString('zh-CN')} 行
          </Button>
        ) : null}
        <span className="lx-soft">先试算全部来源行该归哪家，列出与现状不同的；看过再决定改不改。</span>
      </div>
      {tried ? (
        <p className="lx-soft">
          最近一次试算：{tried.by} 于 {formatDateTime(new Date(tried.at))}
          ，用{tried.version === 0 ? '平台自带的' : `第 ${tried.version} 版`}权重
          {tried.isInUse || total === 0 ? '' : `；不是现用的权重，采用第 ${tried.version} 版以后才能照它改动`}。
        </p>
      ) : null}
      <Answered query={query} rows={3}>
        {(found) =>
          found.total === 0 ? (
            <p className="lx-soft">{tried ? '没有要改动的行：试算与现状一致，或已经照它改完了。' : '还没有试算过。'}</p>
          ) : (
            <Table<Changed>
              size="small"
              rowKey={(row) => row.sourceRowId}
              dataSource={[...found.rows]}
              pagination={{ current: page, pageSize, total: found.total, size: 'small', onChange: setPage }}
              columns={[
                { title: '来源行', render: (_v, row) => row.name ?? '' },
                { title: '出处', render: (_v, row) => `${row.fileName} · ${row.sheet} 第 ${row.row} 行` },
                { title: '现在', render: (_v, row) => unit(row.from, '待核对') },
                { title: '改为', render: (_v, row) => unit(row.to, row.outcome === 'queue' ? '待核对' : '新建一家') },
                { title: '依据', render: (_v, row) => row.linkedBy ?? '' },
                {
                  title: '概率',
                  width: 80,
                  align: 'right',
                  render: (_v, row) => (row.probability === null ? '' : percentText(row.probability)),
                },
              ]}
            />
          )
        }
      </Answered>
    </Section>
  )
}

function unit(one: { unitId: string | null; name: string | null } | null, otherwise: string) {
  if (!one?.unitId) return <span className="lx-soft">{otherwise}</span>
  return <Link to={`/units/${one.unitId}` as '/'}>{one.name ?? '已不在台账'}</Link>
}
