import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Table } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { countyCodeShape } from '../base/list.ts'
import { formatDateTime } from '../base/time.ts'
import { CountyPicker, JobPanel, useOnlyCounty } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { bitsText } from './comparison.tsx'
import { modelStates } from './contract.ts'
import { modelContract } from './model-contract.ts'
import { Rehearsal } from './rehearsal.tsx'
import { percentText } from './percent.ts'

const linkage = connect(modelContract)
type Model = Awaited<ReturnType<typeof linkage.getModel.call>>
type Weight = Model['weights'][number]
type Version = Model['versions'][number]

/** 比对模型: the weights of each comparison, whether the probabilities keep their word, versions, and a full run. */
export function ModelScreen() {
  const only = useOnlyCounty()
  const list = useListState(z.object({ county: countyCodeShape }).partial())
  const county = only ?? list.filters.county
  return (
    <Page
      title="比对模型"
      trail={[{ title: '待核对', to: '/queue' }]}
      description="两行是不是同一家，由各项比对的权重合计而定；权重可以按本县的数据重新估计，采用与否由您决定。"
      actions={only ? undefined : <CountyPicker value={county} onChange={(code) => list.filter({ county: code })} />}
    >
      {county ? (
        <CountyModel key={county} county={county} />
      ) : (
        <Empty title="请选择一个县（市、区）" hint="比对模型按县保存，在右上角选择。" />
      )}
    </Page>
  )
}

function CountyModel({ county }: { county: string }) {
  const query = useQuery(linkage.getModel.queryOptions({ input: { countyCode: county } }))
  return (
    <Answered query={query}>
      {(model) => (
        <>
          <Offer county={county} model={model} />
          {model.trial ? (
            <Section title="把代码遮住再认一遍">
              <Trial trial={model.trial} />
            </Section>
          ) : null}
          <Rehearsal county={county} offered={model.offered?.version ?? null} />
          <Section title="概率说话算数吗">
            <Calibration model={model} />
          </Section>
          <Section title="版本">
            <Versions model={model} county={county} />
          </Section>
          <Section
            title={
              model.offered
                ? `权重：现用${versionName(model.active)}与新估计的第 ${model.offered.version} 版`
                : `权重（${versionName(model.active)}）`
            }
          >
            <Weights model={model} />
            <p className="lx-soft">
              正数支持是同一家，负数反对；合计每多 1 比特，是同一家的可能就翻一倍。现有 {model.queue}{' '}
              行待核对按它排出可能的单位。
            </p>
          </Section>
        </>
      )}
    </Answered>
  )
}

const versionName = (version: number) => (version === 0 ? '平台自带的一版' : `第 ${version} 版`)

function Offer({ county, model }: { county: string; model: Model }) {
  const can = useCan()
  const ask = useConfirm()
  const client = useQueryClient()
  const [jobId, setJobId] = useState<string>()
  const estimate = useCommand(linkage.estimateModel.mutationOptions())
  const choose = useCommand(linkage.chooseModel.mutationOptions(), { refresh: [linkage.key()] })
  if (!can('linkage.model.write')) return null
  const { offered } = model
  const take = async () => {
    const yes = await ask({
      title: `采用第 ${offered?.version} 版权重？`,
      lose: '以后的比对用新权重；已有的归属不变，要变请“重新比对全库”。可以随时换回旧版。',
      act: '采用',
    })
    if (yes && offered) await choose.run({ countyCode: county, version: offered.version, take: true })
  }
  return (
    <>
      {offered ? (
        <p className="lx-warn-line">
          第 {offered.version} 版是用 {offered.rows.toLocaleString('zh-CN')} 行（{offered.units.toLocaleString('zh-CN')}{' '}
          家，代码能证实）和 {offered.decided} 对人工认定估计的，还没有采用；可以先在下面试算它会改动哪些行。{' '}
          <Button size="small" type="primary" loading={choose.busy} onClick={() => void take()}>
            采用
          </Button>{' '}
          <Button
            size="small"
            onClick={() => void choose.run({ countyCode: county, version: offered.version, take: false })}
          >
            不采用
          </Button>
        </p>
      ) : null}
      {jobId ? (
        <JobPanel jobId={jobId} onEnded={() => void client.invalidateQueries({ queryKey: linkage.key() })} />
      ) : (
        <div className="lx-form-line">
          <Button
            loading={estimate.busy}
            onClick={() => void estimate.run({ countyCode: county }).then((answer) => setJobId(answer?.jobId))}
          >
            重新估计权重
          </Button>
          <span className="lx-soft">用本县代码能证实属于哪家的行，加上人工认定；估计好先给您看，不会直接采用。</span>
        </div>
      )}
    </>
  )
}

type Ends = NonNullable<Model['trial']>['before']
const ends = { right: '自动归对', wrong: '自动归错', asked: '进待核对', missed: '漏认，另立一家' } as const

/** What the weights before an estimate and the estimated ones make of the same rows. */
function Trial({ trial }: { trial: NonNullable<Model['trial']> }) {
  const rows = [
    { name: '估计之前的权重', ...trial.before },
    { name: '这一版权重', ...trial.after },
  ]
  return (
    <>
      <Table<(typeof rows)[number]>
        size="small"
        rowKey="name"
        dataSource={rows}
        pagination={false}
        columns={[
          { title: '', dataIndex: 'name', width: 180 },
          ...(Object.keys(ends) as (keyof Ends)[]).map((end) => ({
            title: ends[end],
            width: 130,
            align: 'right' as const,
            render: (_v: unknown, row: Ends) => row[end].toLocaleString('zh-CN'),
          })),
          { title: '', render: () => null },
        ]}
      />
      <p className="lx-soft">
        拿代码能证实属于哪家的行，遮住代码，只凭名称、负责人、电话、地址再认一遍，看各有多少行归对、归错。
      </p>
    </>
  )
}

function Weights({ model }: { model: Model }) {
  const { weights, limits } = model
  const offered = model.offered !== null
  return (
    <>
      <p className="lx-soft">
        概率达到 {percentText(limits.before.join)} 的自动归入，低于 {percentText(limits.before.review)} 的不算可能
        {limits.after && (limits.after.join !== limits.before.join || limits.after.review !== limits.before.review)
          ? `；新版按本县试的结果收紧为 ${percentText(limits.after.join)} 和 ${percentText(limits.after.review)}`
          : ''}
        。
      </p>
      <WeightTable weights={weights} offered={offered} />
    </>
  )
}

function WeightTable({ weights, offered }: { weights: readonly Weight[]; offered: boolean }) {
  return (
    <Table<Weight>
      size="small"
      rowKey={(row) => `${row.comparison} ${row.level}`}
      dataSource={[...weights]}
      pagination={false}
      columns={[
        {
          title: '比对项',
          width: 180,
          render: (_v, row, at) => (weights[at - 1]?.comparison === row.comparison ? '' : row.comparison),
        },
        { title: '结果', render: (_v, row) => row.level },
        { title: '现用（比特）', width: 120, align: 'right', render: (_v, row) => bitsText(row.before) },
        ...(offered
          ? [
              {
                title: '新估计（比特）',
                width: 130,
                align: 'right' as const,
                render: (_v: unknown, row: Weight) => (row.after === null ? '—' : bitsText(row.after)),
              },
              {
                title: '相差',
                width: 100,
                align: 'right' as const,
                render: (_v: unknown, row: Weight) => (row.after === null ? '—' : bitsText(row.after - row.before)),
              },
            ]
          : []),
      ]}
    />
  )
}

function Calibration({ model }: { model: Model }) {
  if (model.calibration.length === 0)
    return <p className="lx-soft">还没有核对记录可比：重新估计一次权重，这里就会列出各档概率里实际有多少是同一家。</p>
  return (
    <Table
      size="small"
      rowKey={(row) => row.from}
      dataSource={[...model.calibration]}
      pagination={false}
      columns={[
        { title: '给出的概率', width: 200, render: (_v, row) => `${percentText(row.from)} 至 ${percentText(row.to)}` },
        {
          title: '对数',
          width: 100,
          align: 'right',
          render: (_v, row) => Math.round(row.pairs).toLocaleString('zh-CN'),
        },
        {
          title: '实际是同一家',
          width: 140,
          align: 'right',
          render: (_v, row) => (row.pairs === 0 ? '—' : percentText(row.right / row.pairs)),
        },
        { title: '', render: () => null },
      ]}
    />
  )
}

/** What comes with the platform, as the oldest version. */
const builtIn = ({ active }: Model): Version => ({
  version: 0,
  state: active === 0 ? 'active' : 'retired',
  by: '',
  at: '',
  decidedBy: null,
  decidedAt: null,
  rows: 0,
  units: 0,
  decided: 0,
})

function Versions({ model, county }: { model: Model; county: string }) {
  const can = useCan()
  const choose = useCommand(linkage.chooseModel.mutationOptions(), { done: '已换用', refresh: [linkage.key()] })
  return (
    <>
      <Table<Version>
        size="small"
        rowKey={(row) => row.version}
        dataSource={[...model.versions, builtIn(model)]}
        pagination={false}
        columns={[
          { title: '版本', width: 130, render: (_v, row) => versionName(row.version) },
          { title: '状态', width: 90, render: (_v, row) => modelStates[row.state] },
          {
            title: '证实的行',
            width: 100,
            align: 'right',
            render: (_v, row) => (row.version === 0 ? '' : row.rows.toLocaleString('zh-CN')),
          },
          {
            title: '人工认定',
            width: 90,
            align: 'right',
            render: (_v, row) => (row.version === 0 ? '' : row.decided),
          },
          {
            title: '估计',
            render: (_v, row) => (row.version === 0 ? '随平台提供' : `${row.by} · ${formatDateTime(new Date(row.at))}`),
          },
          {
            title: '取舍',
            render: (_v, row) =>
              row.decidedAt ? `${row.decidedBy ?? ''} · ${formatDateTime(new Date(row.decidedAt))}` : '',
          },
          {
            title: '',
            width: 80,
            render: (_v, row) =>
              can('linkage.model.write') && (row.state === 'retired' || row.state === 'refused') ? (
                <Button
                  type="link"
                  size="small"
                  onClick={() => void choose.run({ countyCode: county, version: row.version, take: true })}
                >
                  换用
                </Button>
              ) : null,
          },
        ]}
      />
      <p className="lx-soft">
        每一条归属都记着当时所用的版本，换版本不改旧记录。人工认定见<Link to="/queue">待核对</Link>。
      </p>
    </>
  )
}
