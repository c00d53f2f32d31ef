import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { dateShape, regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { RegionPicker } from '../office/parts.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { Answered } from '../ui/states.tsx'
import { coverage } from './coverage-client.tsx'
import { CoverageNav } from './coverage-nav.tsx'
import { DayPicker } from './day-picker.tsx'
import { listSearch } from './words.ts'

const shape = z.object({ region: regionCodeShape, asOf: dateShape }).partial()
type Check = Awaited<ReturnType<typeof coverage.getChecks.call>>['checks'][number]
interface Where {
  region?: string | undefined
  asOf: string
}

/** 数据核验: the sums that must close, in the region and in every county and township of it, and data worth a look. */
export function CoverageChecksScreen() {
  const list = useListState(shape)
  const { region, asOf } = list.filters
  const where = { ...(region ? { region } : {}), ...(asOf ? { asOf } : {}) }
  const query = useQuery(coverage.getChecks.queryOptions({ input: where }))
  return (
    <Page
      title="数据核验"
      description={
        query.data
          ? `数据截至 ${query.data.asOf}；每次变动后逐县、逐乡镇街道核验。`
          : '每次变动后逐县、逐乡镇街道核验。'
      }
      actions={
        <>
          <RegionPicker value={region} onChange={(code) => list.filter({ region: code })} width={180} />
          <DayPicker value={asOf} onChange={(day) => list.filter({ asOf: day })} />
        </>
      }
    >
      <CoverageNav where={where} />
      <Answered query={query} rows={8}>
        {(data) => {
          const of = (kind: Check['kind']) => data.checks.filter((one) => one.kind === kind)
          const told = { region, asOf: data.asOf }
          const wrong = of('identity').filter((one) => !one.holds).length
          return (
            <>
              <Section
                title="恒等关系"
                extra={
                  wrong === 0 ? (
                    <Mark tone="good">{of('identity').length} 项全部相符</Mark>
                  ) : (
                    <Mark tone="bad">{wrong} 项不相符</Mark>
                  )
                }
              >
                <Checks checks={of('identity')} where={told} right="右边合计" left="左边" />
              </Section>
              <Section title="需核实的数据">
                <Checks checks={of('data')} where={told} right="应为" left="现有" />
              </Section>
            </>
          )
        }}
      </Answered>
    </Page>
  )
}

function Checks(props: { checks: readonly Check[]; where: Where; left: string; right: string }) {
  if (props.checks.length === 0) return <p className="lx-soft">没有这类核验。</p>
  return (
    <table className="lx-sheet lx-sheet-wide">
      <thead>
        <tr>
          <th scope="col">核验</th>
          <th scope="col" className="lx-number">
            {props.left}
          </th>
          <th scope="col" className="lx-number">
            {props.right}
          </th>
          <th scope="col">结果</th>
          <th scope="col">名单</th>
        </tr>
      </thead>
      <tbody>
        {props.checks.map((check) => (
          <CheckRow key={check.key} check={check} where={props.where} />
        ))}
      </tbody>
    </table>
  )
}

function CheckRow({ check, where }: { check: Check; where: Where }) {
  const [unfolded, setUnfolded] = useState(false)
  const good = check.kind === 'identity' ? '相符' : '无'
  const bad = check.kind === 'identity' ? '不相符' : '需核实'
  return (
    <>
      <tr>
        <td>{check.title}</td>
        <td className="lx-number">{grouped(check.left)}</td>
        <td className="lx-number">{grouped(check.right)}</td>
        <td>
          <Mark tone={check.holds ? 'good' : check.kind === 'identity' ? 'bad' : 'warn'}>
            {check.holds ? good : bad}
          </Mark>
          {check.failing.length > 0 ? (
            <Button type="link" size="small" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
              {unfolded ? '收起' : `在 ${check.failing.length} 处`}
            </Button>
          ) : null}
        </td>
        <td>
          {check.list ? (
            <Link to="/coverage/units" search={listSearch(check.list, where)}>
              看名单
            </Link>
          ) : (
            '—'
          )}
        </td>
      </tr>
      {unfolded
        ? check.failing.map((place) => (
            <tr key={place.region} className="lx-check-place">
              <td>
                <Link to="/coverage/checks" search={{ region: place.region, asOf: where.asOf }}>
                  {place.name}
                </Link>
              </td>
              <td className="lx-number">{grouped(place.left)}</td>
              <td className="lx-number">{grouped(place.right)}</td>
              <td className="lx-soft">相差 {grouped(Math.abs(place.left - place.right))}</td>
              <td>
                {check.list ? (
                  <Link to="/coverage/units" search={listSearch(check.list, { ...where, region: place.region })}>
                    看名单
                  </Link>
                ) : null}
              </td>
            </tr>
          ))
        : null}
    </>
  )
}
