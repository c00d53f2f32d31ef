import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { countyOf } from '../base/region.ts'
import { formatDateTime } from '../base/time.ts'
import { ExportButton, RegionPicker, useOnlyCounty } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useListState } from '../ui/list-state.ts'
import { Page, Section } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { departments } from './field-contract.ts'
import { type Funnel, funnelContract } from './funnel-contract.ts'
import { AreaTable, FunnelBars } from './funnel-parts.tsx'
import { settingWords } from './funnel-words.ts'
import { RulesWaiting } from './rules-waiting.tsx'
import type { FunnelSettings } from './standing-contract.ts'
import './funnel.css'

const ledger = connect(funnelContract)
const FunnelSettingsDrawer = lazy(() =>
  import('./funnel-settings.tsx').then((m) => ({ default: m.FunnelSettingsDrawer })),
)

const shape = z.object({ region: regionCodeShape }).partial()

/** 甄别: from rows of files to the units that are to be visited; how many stay at each step, and why others drop. */
export function FunnelScreen() {
  const list = useListState(shape)
  const can = useCan()
  const only = useOnlyCounty()
  const [isOpen, setOpen] = useState(false)
  const { region } = list.filters
  const query = useQuery(ledger.getFunnel.queryOptions({ input: region ? { region } : {}, meta: { keep: true } }))
  const county = (region ? countyOf(region) : null) ?? only ?? null
  return (
    <Page
      title="甄别"
      description="从部门文件的每一行，到要去摸排的单位：每一步留下多少、为何落下，都能点开看名单。"
      actions={
        <>
          <RegionPicker value={region} onChange={(code) => list.filter({ region: code })} />
          {county ? <Button onClick={() => setOpen(true)}>口径</Button> : null}
          {can('ledger.unit.export') ? (
            <ExportButton
              operation={ledger.exportFunnel}
              input={region ? { region } : {}}
              title="导出甄别表"
              formats={{ xlsx: 'XLSX' }}
              placeholder="例如：报送市委社会工作部摸排进度"
              note="一份工作簿三张表：漏斗各步与原因、按区划、所用口径。"
            />
          ) : null}
        </>
      }
    >
      <Answered query={query} rows={10}>
        {(funnel) => <Whole funnel={funnel} region={region} county={county} mayChange={can('ledger.rules.write')} />}
      </Answered>
      <Suspense>
        {isOpen && county ? <FunnelSettingsDrawer county={county} onClose={() => setOpen(false)} /> : null}
      </Suspense>
    </Page>
  )
}

interface WholeProps {
  funnel: Funnel
  region: string | undefined
  county: string | null
  mayChange: boolean
}

function Whole({ funnel, region, county, mayChange }: WholeProps) {
  if (funnel.units === 0 && (funnel.rows?.total ?? 0) === 0) {
    return <Empty title="这里还没有单位" hint="先导入市场监管、民政等部门的名单，再来看甄别。" />
  }
  return (
    <>
      {county ? <RulesWaiting county={county} waiting={funnel.waiting} mayChange={mayChange} /> : null}
      <FunnelBars funnel={funnel} region={region} />
      {funnel.areas.length > 1 ? (
        <Section title="按区划">
          <AreaTable areas={funnel.areas} />
        </Section>
      ) : null}
      <Section title="口径">
        <Definition funnel={funnel} />
      </Section>
    </>
  )
}

/** As of when, from which files, and by which settings the figures were counted. */
function Definition({ funnel }: { funnel: Funnel }) {
  const { settings, files } = funnel
  return (
    <div className="lx-funnel-words">
      <p>截至 {formatDateTime(new Date(funnel.asOf))}，按各单位现值计。</p>
      {files.length > 0 ? (
        <p>数据截至：{files.map((one) => `${departments[one.department]} ${one.asOf}`).join('，')}。</p>
      ) : null}
      {settings ? (
        <ul>
          {(Object.keys(settings) as (keyof FunnelSettings)[]).map((key) => (
            <li key={key}>{settingWords(key, settings)}</li>
          ))}
        </ul>
      ) : (
        <p className="lx-soft">各县口径可能不同，选一个县可看它的口径。</p>
      )}
    </div>
  )
}
