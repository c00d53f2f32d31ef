import { z } from 'zod'
import { countyCodeShape } from '../base/list.ts'
import { CountyPicker, useOnlyCounty } from '../office/parts.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { DecisionTable } from './decision-table.tsx'
import { FormingNav } from './forming-nav.tsx'
import { FormingNumbers } from './forming-numbers.tsx'
import { FormingPlaces } from './forming-places.tsx'

const shape = z.object({ county: countyCodeShape }).partial()

/** The decision table, the numbers that plans obey, and where units stand: all with their sources. */
export function FormingRulesScreen() {
  const list = useListState(shape)
  const only = useOnlyCounty()
  const county = list.filters.county ?? only
  return (
    <Page
      title="组建"
      description="判定表说每家单位该怎样组建，编排规则说哪些单位可以编在一起；每一行、每个数都有依据和施行日期。"
      actions={only ? undefined : <CountyPicker value={county} onChange={(code) => list.filter({ county: code })} />}
    >
      <FormingNav />
      {county ? (
        <div key={county}>
          <DecisionTable county={county} />
          <FormingNumbers county={county} />
          <FormingPlaces county={county} />
        </div>
      ) : (
        <Empty title="请先选择一个县" hint="规则全县一套。" />
      )}
    </Page>
  )
}
