import { CountyPage } from '../office/parts.tsx'
import { DecisionTable } from './decision-table.tsx'
import { FormingNav } from './forming-nav.tsx'
import { FormingNumbers } from './forming-numbers.tsx'
import { FormingPlaces } from './forming-places.tsx'

/** The decision table, the numbers that plans obey, and where units stand: all with their sources. */
export function FormingRulesScreen() {
  return (
    <CountyPage
      title="组建"
      description="判定表说每家单位该怎样组建，编排规则说哪些单位可以编在一起；每一行、每个数都有依据和施行日期。"
      nav={<FormingNav />}
      hint="规则全县一套。"
    >
      {(county) => (
        <>
          <DecisionTable county={county} />
          <FormingNumbers county={county} />
          <FormingPlaces county={county} />
        </>
      )}
    </CountyPage>
  )
}
