import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { today } from '../base/time.ts'
import { officeContract } from '../office/contract.ts'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { Facts } from '../ui/facts.tsx'
import { Section } from '../ui/page.tsx'
import { jobEnded } from '../ui/progress.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { Upload } from '../ui/upload.tsx'
import { forming } from './forming-client.tsx'

const office = connect(officeContract)

/** How many units have coordinates, and a way to bring coordinates in. */
export function FormingPlaces({ county }: { county: string }) {
  const can = useCan()
  const [open, setOpen] = useState(false)
  const query = useQuery(forming.getPlaces.queryOptions({ input: { countyCode: county } }))
  return (
    <Section
      title="单位位置"
      extra={
        can('forming.plan') ? (
          <Button size="small" onClick={() => setOpen(true)}>
            导入坐标
          </Button>
        ) : undefined
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
            ]}
          />
        )}
      </Answered>
      {open ? <ImportPlaces county={county} onClose={() => setOpen(false)} /> : null}
    </Section>
  )
}

function ImportPlaces({ county, onClose }: { county: string; onClose: () => void }) {
  const client = useQueryClient()
  const [source, setSource] = useState('')
  const [day, setDay] = useState(today(new Date()))
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(forming.importPlaces.mutationOptions())
  const send = async (fileId: string) =>
    setJobId((await start.run({ countyCode: county, fileId, source: source.trim(), surveyedOn: day }))?.jobId)
  return (
    <Modal open width={640} title="导入单位坐标" footer={null} onCancel={onClose}>
      {jobId ? (
        <div className="lx-stack">
          <JobPanel jobId={jobId} onEnded={() => void client.invalidateQueries({ queryKey: forming.key() })} />
          <PlacesResult jobId={jobId} />
        </div>
      ) : (
        <div className="lx-stack">
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
          <Upload
            accept={['.csv', '.xlsx']}
            bytesMax={20 * 1024 * 1024}
            disabled={source.trim().length < 2 || day === ''}
            hint="统一社会信用代码或单位名称、经度、纬度，可有误差（米）、日期；先填来源"
            onStored={(file) => void send(file.fileId)}
          />
        </div>
      )}
    </Modal>
  )
}

interface Result {
  read?: number
  placed?: number
  errors?: readonly { row: number; message: string }[]
}

function PlacesResult({ jobId }: { jobId: string }) {
  const job = useQuery(office.getJob.queryOptions({ input: { id: jobId } }))
  if (!job.data || !jobEnded(job.data.state) || job.data.state !== 'done') return null
  const { read = 0, placed = 0, errors = [] } = (job.data.result ?? {}) as Result
  return (
    <>
      <p>
        读入 {grouped(read)} 行，登记坐标 {grouped(placed)} 家，没有登记 {grouped(errors.length)} 行。
      </p>
      {errors.length > 0 ? (
        <div className="lx-plan-compare">
          <table className="lx-sheet">
            <thead>
              <tr>
                <th scope="col">行</th>
                <th scope="col">为什么没有登记</th>
              </tr>
            </thead>
            <tbody>
              {errors.map((one) => (
                <tr key={one.row}>
                  <td className="lx-number">{one.row}</td>
                  <td>{one.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </>
  )
}
