import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, InputNumber, Modal, Space } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { today } from '../base/time.ts'
import { officeContract } from '../office/contract.ts'
import { ImportDialog, JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { Facts } from '../ui/facts.tsx'
import { Section } from '../ui/page.tsx'
import { jobEnded, useJob } from '../ui/progress.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { forming } from './forming-client.tsx'

const office = connect(officeContract)

/** How many units have coordinates, and the two ways to bring coordinates in: a table, or a service that knows addresses. */
export function FormingPlaces({ county }: { county: string }) {
  const can = useCan()
  const [open, setOpen] = useState<'import' | 'service' | 'ask'>()
  const query = useQuery(forming.getPlaces.queryOptions({ input: { countyCode: county } }))
  const close = () => setOpen(undefined)
  const hasService = query.data !== undefined && query.data.geocoder !== null
  return (
    <Section
      title="单位位置"
      extra={
        <Space>
          {can('forming.define') ? (
            <Button size="small" onClick={() => setOpen('service')}>
              设置地理编码服务
            </Button>
          ) : null}
          {can('forming.plan') && hasService ? (
            <Button size="small" onClick={() => setOpen('ask')}>
              查询坐标
            </Button>
          ) : null}
          {can('forming.plan') ? (
            <Button size="small" onClick={() => setOpen('import')}>
              导入坐标
            </Button>
          ) : null}
        </Space>
      }
    >
      <Answered query={query} rows={2}>
        {(places) => (
          <Facts
            columns={2}
            items={[
              { label: '台账单位', value: `${grouped(places.units)} 家` },
              { label: '有坐标', value: `${grouped(places.known)} 家` },
              {
                label: '只有地址',
                value: `${grouped(places.addressed)} 家，按同楼宇、同路门牌、街道推定，地图上另有标记`,
                wide: true,
              },
              { label: '地理编码服务', value: places.geocoder ?? '未设置；不设置也能编排', wide: true },
            ]}
          />
        )}
      </Answered>
      {open === 'import' ? <ImportPlaces county={county} onClose={close} /> : null}
      {open === 'ask' ? <AskService county={county} host={query.data?.geocoder ?? ''} onClose={close} /> : null}
      {open === 'service' ? <ServiceForm county={county} host={query.data?.geocoder ?? null} onClose={close} /> : null}
    </Section>
  )
}

/** Sets or takes away the service; its address is never shown again, as it may hold a key. */
function ServiceForm({ county, host, onClose }: { county: string; host: string | null; onClose: () => void }) {
  const client = useQueryClient()
  const [url, setUrl] = useState('')
  const [accuracy, setAccuracy] = useState(100)
  const set = useCommand(forming.setGeocoder.mutationOptions())
  const save = async (to: string | null) => {
    if (!(await set.run({ countyCode: county, url: to, accuracyMetres: accuracy }))) return
    await client.invalidateQueries({ queryKey: forming.key() })
    onClose()
  }
  return (
    <Modal
      open
      width={640}
      title="地理编码服务"
      onCancel={onClose}
      footer={
        <Space>
          {host ? (
            <Button danger loading={set.busy} onClick={() => void save(null)}>
              不再使用 {host}
            </Button>
          ) : null}
          <Button onClick={onClose}>取消</Button>
          <Button type="primary" loading={set.busy} disabled={url.trim() === ''} onClick={() => void save(url.trim())}>
            保存
          </Button>
        </Space>
      }
    >
      <div className="lx-stack">
        <p className="lx-soft">
          由地址查坐标的服务，如单位自建的或天地图的。查询时，有党员而没有坐标的单位的地址会发往这个服务；封闭网络里请填内网地址。只收门牌、楼宇一级的结果；查到道路、街道一级的不作坐标。
        </p>
        <label>
          查询网址（{'{address}'} 处填入地址）
          <Input
            value={url}
            maxLength={500}
            placeholder={
              host
                ? `现用 ${host}；填写新的即替换`
                : '天地图：https://api.tianditu.gov.cn/geocoder?ds={"keyWord":"{address}"}&tk=密钥'
            }
            onChange={(event) => setUrl(event.target.value)}
          />
        </label>
        <label>
          所得坐标按多大误差记（米）
          <br />
          <InputNumber
            min={0}
            max={1000}
            precision={0}
            value={accuracy}
            onChange={(value) => setAccuracy(value ?? 100)}
          />
        </label>
        <TryService county={county} url={url.trim()} />
      </div>
    </Modal>
  )
}

/** Tries one address on a service before it is set. */
function TryService({ county, url }: { county: string; url: string }) {
  const [address, setAddress] = useState('')
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(forming.tryGeocoder.mutationOptions())
  const go = async () => setJobId((await start.run({ countyCode: county, url, address }))?.jobId)
  return (
    <div>
      <label>
        先试一个地址（这个地址会发往上面的服务）
        <Space.Compact block>
          <Input
            value={address}
            maxLength={100}
            placeholder="例如：沙河口区中山路 688 号"
            onChange={(event) => setAddress(event.target.value)}
          />
          <Button
            loading={start.busy}
            disabled={!url.includes('{address}') || address.trim().length < 4}
            onClick={() => void go()}
          >
            试查
          </Button>
        </Space.Compact>
      </label>
      {jobId ? <Tried key={jobId} jobId={jobId} /> : null}
    </div>
  )
}

function Tried({ jobId }: { jobId: string }) {
  const job = useJob(office.getJob.queryOptions({ input: { id: jobId } }))
  if (!job.data || !jobEnded(job.data.state)) return <p className="lx-soft">正在试查…</p>
  const found = (job.data.result ?? {}) as { longitude?: number; latitude?: number; said?: string }
  return (
    <p role="status">
      {found.longitude === undefined
        ? (found.said ?? job.data.error ?? '没有查成')
        : `查到：经度 ${found.longitude}，纬度 ${found.latitude}`}
    </p>
  )
}

/** Asks before addresses leave the platform; then shows how far the work is. */
function AskService({ county, host, onClose }: { county: string; host: string; onClose: () => void }) {
  const client = useQueryClient()
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(forming.geocodeUnits.mutationOptions())
  const go = async () => setJobId((await start.run({ countyCode: county }))?.jobId)
  return (
    <Modal
      open
      title="查询单位坐标"
      okText={jobId ? '关闭' : '开始查询'}
      cancelText="取消"
      cancelButtonProps={{ style: jobId ? { display: 'none' } : {} }}
      confirmLoading={start.busy}
      onOk={() => (jobId ? onClose() : void go())}
      onCancel={onClose}
    >
      {jobId ? (
        <JobPanel jobId={jobId} onEnded={() => void client.invalidateQueries({ queryKey: forming.key() })} />
      ) : (
        <p>有党员、未被覆盖而没有坐标的单位，其地址将逐一发往 {host}。已有坐标的不查。可随时取消，查到的都留下。</p>
      )}
    </Modal>
  )
}

interface Placed {
  read: number
  placed: number
  replaced: number
  refused: number
  errors: readonly { row: number; message: string }[]
}

/** A table of coordinates, with where they come from and of which day they are. */
function ImportPlaces({ county, onClose }: { county: string; onClose: () => void }) {
  const [source, setSource] = useState('')
  const [day, setDay] = useState(today(new Date()))
  const start = useCommand(forming.importPlaces.mutationOptions())
  return (
    <ImportDialog
      title="导入单位坐标"
      hint="统一社会信用代码或单位名称、经度、纬度，可有误差（米）；用 2000 国家大地坐标（天地图），高德、百度的坐标有几百米偏移，须先转换；先填来源，检查后再登记"
      unit="家"
      ready={source.trim().length >= 2 && day !== ''}
      start={(fileId, checkOnly) =>
        start.run({ countyCode: county, fileId, checkOnly, source: source.trim(), surveyedOn: day })
      }
      kept={(found: Placed) => found.placed}
      words={(found, checked) =>
        `${checked ? '可以登记' : '已登记'} ${grouped(found.placed)} 家（其中 ${grouped(found.replaced)} 家原有坐标${checked ? '将被替换' : '已替换'}）`
      }
      refresh={forming.key()}
      onClose={onClose}
    >
      <label>
        来源
        <Input
          value={source}
          maxLength={60}
          placeholder="例如：实地摸排、天地图批量查询"
          onChange={(event) => setSource(event.target.value)}
        />
      </label>
      <label>
        测定日期
        <br />
        <input
          type="date"
          className="lx-day"
          value={day}
          max={today(new Date())}
          onChange={(event) => setDay(event.target.value)}
        />
      </label>
    </ImportDialog>
  )
}
