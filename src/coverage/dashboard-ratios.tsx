import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { grouped } from '../base/number.ts'
import { useKept } from '../ui/list-state.ts'
import { Section } from '../ui/page.tsx'
import type { Dashboard } from './coverage-client.tsx'
import { listSearch, percent } from './words.ts'

// How many ratios stand in the open: two lines.
const open = 8

interface RatioCardsProps {
  data: Dashboard
  chosen: string | undefined
  /** Shows a ratio in the line, the table and the map below. */
  onChoose: (key: string) => void
  /** Tells how a ratio is defined. */
  onTell: (key: string) => void
}

/** The named ratios of the region: value, both counts, version and day. */
export function RatioCards({ data, chosen, onChoose, onTell }: RatioCardsProps) {
  const [all, setAll] = useKept('coverage.allRatios', false)
  const more = data.ratios.length - open
  const shown = all || more <= 0 ? data.ratios : data.ratios.slice(0, open)
  return (
    <Section
      title="指标"
      extra={
        more > 0 ? (
          <Button type="link" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? `只看前 ${open} 项` : `全部 ${data.ratios.length} 项`}
          </Button>
        ) : undefined
      }
    >
      <ul className="lx-ratios">
        {shown.map((one) => {
          const where = { region: data.region.code, asOf: data.asOf }
          return (
            <li key={one.key} className={one.key === chosen ? 'lx-ratio lx-ratio-now' : 'lx-ratio'}>
              <button type="button" className="lx-ratio-name" title="看口径与名单" onClick={() => onTell(one.key)}>
                {one.name}
              </button>
              <button
                type="button"
                className="lx-ratio-value"
                aria-pressed={one.key === chosen}
                aria-label={`${one.name} ${percent(one.value)}，看走势与各地`}
                title="看走势与各地"
                onClick={() => onChoose(one.key)}
              >
                {percent(one.value)}
              </button>
              <p>
                <Link to="/coverage/units" search={listSearch({ ratio: one.key, part: 'numerator' }, where)}>
                  {grouped(one.numerator)}
                </Link>
                <span aria-hidden="true"> / </span>
                <Link to="/coverage/units" search={listSearch({ ratio: one.key, part: 'denominator' }, where)}>
                  {grouped(one.denominator)}
                </Link>
                <small>
                  第 {one.version} 版 · {one.asOf}
                </small>
              </p>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
