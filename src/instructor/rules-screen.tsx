import { useQuery } from '@tanstack/react-query'
import { CountyPage } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DatedRules } from '../ui/dated-rules.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { instructorContract } from './contract.ts'
import { instructors } from './instructor-client.tsx'
import { InstructorNav } from './instructor-nav.tsx'

const change = inputOf(instructorContract.changeInstructorSetting)

/** The numbers by which instructors are assigned, with their sources. */
export function InstructorRulesScreen() {
  return (
    <CountyPage
      title="指导员"
      description="安排指导员所用的数；改动对以后的安排有效，已经派的不变。"
      nav={<InstructorNav />}
      hint="规则全县一套。"
    >
      {(county) => <Numbers county={county} />}
    </CountyPage>
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
