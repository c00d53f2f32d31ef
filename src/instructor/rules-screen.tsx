import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { countyCodeShape } from '../base/list.ts'
import { CountyPicker, useOnlyCounty } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DatedRules } from '../ui/dated-rules.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { instructorContract } from './contract.ts'
import { instructors } from './instructor-client.tsx'
import { InstructorNav } from './instructor-nav.tsx'

const shape = z.object({ county: countyCodeShape }).partial()
const change = inputOf(instructorContract.changeInstructorSetting)

/** The numbers by which instructors are assigned, with their sources. */
export function InstructorRulesScreen() {
  const list = useListState(shape)
  const only = useOnlyCounty()
  const county = list.filters.county ?? only
  return (
    <Page
      title="指导员"
      description="安排指导员所用的数；改动对以后的安排有效，已经派的不变。"
      actions={only ? undefined : <CountyPicker value={county} onChange={(code) => list.filter({ county: code })} />}
    >
      <InstructorNav />
      {county ? <Numbers county={county} /> : <Empty title="请先选择一个县" hint="规则全县一套。" />}
    </Page>
  )
}

function Numbers({ county }: { county: string }) {
  const can = useCan()
  const query = useQuery(instructors.getInstructorSettings.queryOptions({ input: { countyCode: county } }))
  return (
    <Answered query={query}>
      {({ settings }) => (
        <DatedRules
          county={county}
          settings={settings}
          shape={change}
          send={(values) => instructors.changeInstructorSetting.call(values)}
          refresh={instructors.key()}
          may={can('instructor.define')}
        />
      )}
    </Answered>
  )
}
