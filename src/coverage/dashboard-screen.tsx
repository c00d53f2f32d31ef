import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { z } from 'zod'
import { regionCodeShape, dateShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { coverage, type Dashboard } from './coverage-client.tsx'
import { CoverageNav } from './coverage-nav.tsx'
import { CoverageCounts } from './dashboard-counts.tsx'
import { RatioCards } from './dashboard-ratios.tsx'
import { Below, type Level, levels } from './dashboard-regions.tsx'
import { DayPicker } from './day-picker.tsx'
import { RatioDrawer } from './ratio-drawer.tsx'

// A change in one unit is to be on the screen within two seconds.
const refreshMs = 1200

const levelShape = z.enum(Object.keys(levels) as [Level])
const shape = z.object({ region: regionCodeShape, asOf: dateShape, ratio: z.string(), level: levelShape }).partial()

/** 覆盖总览: the headline numbers of a region on a day, each with its definition, its date and the list behind it. */
export function DashboardScreen() {
  const list = useListState(shape)
  const { region, asOf, ratio, level } = list.filters
  const setLevel = (next: Level) => list.filter({ level: next })
  const where = { ...(region ? { region } : {}), ...(asOf ? { asOf } : {}) }
  const definitions = useQuery(coverage.getDefinitions.queryOptions({ staleTime: 60_000 }))
  const query = useQuery({
    ...coverage.getDashboard.queryOptions({ input: where }),
    refetchInterval: refreshMs,
  })
  useRegionsFollow(query.data)
  const [told, setTold] = useState<string>()
  const chosen = query.data?.ratios.find((one) => one.key === ratio)?.key ?? query.data?.ratios[0]?.key
  return (
    <Page
      title="覆盖总览"
      mark={query.data ? <Standing data={query.data} where={where} /> : undefined}
      actions={
        <>
          <DayPicker value={asOf} onChange={(day) => list.filter({ asOf: day })} />
          <Link
            className="lx-wall-link"
            to="/coverage/wall"
            search={region ? { region } : {}}
            title="全屏显示，适合挂在墙上；按 Esc 回到这里"
            // Refused where the browser does not allow it: the wall then fills the window.
            onClick={() => void document.documentElement.requestFullscreen().catch(() => undefined)}
          >
            大屏
          </Link>
        </>
      }
    >
      <CoverageNav where={where} />
      <Answered query={query} rows={10}>
        {(data) => (
          <>
            <Trail data={data} asOf={asOf} />
            {data.figures.find((one) => one.key === 'allUnits')?.value ? (
              <Answered query={definitions} rows={4}>
                {(known) => (
                  <>
                    <RatioCards
                      data={data}
                      chosen={chosen}
                      onChoose={(key) => list.filter({ ratio: key })}
                      onTell={setTold}
                    />
                    <CoverageCounts data={data} definitions={known} />
                    <Below data={data} definitions={known} chosen={chosen} level={level} onLevel={setLevel} />
                  </>
                )}
              </Answered>
            ) : (
              <Nothing settled={data.settled} />
            )}
            {told ? (
              <RatioDrawer
                answer={data.ratios.find((one) => one.key === told)}
                region={data.region}
                onClose={() => setTold(undefined)}
              />
            ) : null}
          </>
        )}
      </Answered>
    </Page>
  )
}

/** Asks for the regions anew whenever the region's own numbers are others than before. */
function useRegionsFollow(data: Dashboard | undefined): void {
  const client = useQueryClient()
  const last = useRef(data)
  useEffect(() => {
    // The same numbers come back as the same object.
    if (last.current && data && last.current !== data) {
      void client.invalidateQueries({ queryKey: coverage.compareRegions.key() })
    }
    last.current = data
  }, [client, data])
}

interface StandingProps {
  data: Dashboard
  where: { region?: string; asOf?: string }
}

function Standing({ data, where }: StandingProps) {
  const asked = where.asOf
  const day = asked && asked !== data.asOf ? `数据截至 ${data.asOf}（所选 ${asked}）` : `数据截至 ${data.asOf}`
  return (
    <>
      <span className="lx-soft">{day}</span>
      <ReadAt where={where} />
      {data.settled ? null : <Mark tone="busy">有变动正在计算</Mark>}
    </>
  )
}

/** When the numbers were last read; alone, so that the clock does not draw the whole screen anew. */
function ReadAt({ where }: Pick<StandingProps, 'where'>) {
  const { dataUpdatedAt } = useQuery(coverage.getDashboard.queryOptions({ input: where }))
  return <span className="lx-soft lx-read-at">{formatDateTime(new Date(dataUpdatedAt)).slice(11)} 读取</span>
}

/** From the account's own region down to this one. */
function Trail({ data, asOf }: { data: Dashboard; asOf: string | undefined }) {
  const last = data.path.length - 1
  return (
    <nav className="lx-coverage-trail" aria-label="区划">
      {data.path.map((step, at) =>
        at === last ? (
          <b key={step.code} aria-current="true">
            {step.name}
          </b>
        ) : (
          <span key={step.code}>
            <Link to="/coverage" search={{ region: step.code, ...(asOf ? { asOf } : {}) }}>
              {step.name}
            </Link>
            <span aria-hidden="true"> › </span>
          </span>
        ),
      )}
      <Checked data={data} />
    </nav>
  )
}

/** Whether the counts close, for all to see. */
function Checked({ data }: { data: Dashboard }) {
  return (
    <Link
      className="lx-coverage-checked"
      to="/coverage/checks"
      search={{ region: data.region.code, asOf: data.asOf }}
      title="打开数据核验"
    >
      {data.failing === 0 ? (
        <Mark tone="good">各级数字勾稽相符</Mark>
      ) : (
        <Mark tone="bad">{grouped(data.failing)} 处数字不相符</Mark>
      )}
    </Link>
  )
}

function Nothing({ settled }: { settled: boolean }) {
  return settled ? (
    <Empty title="这里还没有统计范围内的单位" hint="导入台账以后，覆盖情况随即算出；也可以换一个区划或日期。" />
  ) : (
    <Empty title="正在首次计算覆盖情况" hint="单位多时要几分钟，算出后这里自动出现。" />
  )
}
