import { useQuery } from '@tanstack/react-query'
import { inputOf } from '../ui/client.ts'
import { DatedRules } from '../ui/dated-rules.tsx'
import { Section } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { formingContract } from './contract.ts'
import { forming } from './forming-client.tsx'

const shape = inputOf(formingContract.changeFormingSetting)

/** The numbers that plans obey, every version with its source. */
export function FormingNumbers({ county }: { county: string }) {
  const can = useCan()
  const query = useQuery(forming.getFormingSettings.queryOptions({ input: { countyCode: county } }))
  return (
    <Section title="编排规则">
      <Answered query={query}>
        {({ settings }) => (
          <DatedRules
            county={county}
            settings={settings}
            shape={shape}
            send={(values) => forming.changeFormingSetting.call(values)}
            refresh={forming.key()}
            may={can('forming.define')}
          />
        )}
      </Answered>
    </Section>
  )
}
