import { useQuery } from '@tanstack/react-query'
import { CountyPage } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DatedRules } from '../ui/dated-rules.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { foundingContract } from './contract.ts'
import { founding } from './founding-client.tsx'
import { FoundingNav } from './founding-nav.tsx'

const change = inputOf(foundingContract.changeFoundingSetting)

/** The terms of the steps with their sources; a county sets its own from a day on. */
export function FoundingRulesScreen() {
  return (
    <CountyPage
      title="组建办理"
      description="每一步的期限从上一步办结算起；改动从施行日起对新的一步有效，已经在办的一步期限不变。"
      nav={<FoundingNav />}
      hint="期限全县一套。"
    >
      {(county) => <Terms county={county} />}
    </CountyPage>
  )
}

function Terms({ county }: { county: string }) {
  const can = useCan()
  const query = useQuery(founding.getFoundingSettings.queryOptions({ input: { countyCode: county } }))
  return (
    <Answered query={query}>
      {({ settings }) => (
        <DatedRules
          county={county}
          settings={settings}
          shape={change}
          send={(values) => founding.changeFoundingSetting.call(values)}
          refresh={founding.key()}
          may={can('founding.define')}
        />
      )}
    </Answered>
  )
}
