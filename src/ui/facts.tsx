import type { ReactNode } from 'react'

export interface FactItem {
  key?: string
  label: ReactNode
  /** Null, undefined and '' show a dash. */
  value: ReactNode
  /** Where the value came from, in small type: `市场监管局 · 2026-06-30`; may be a button that opens its history. */
  source?: ReactNode
  /** Other sources say otherwise: the words shown beside an ochre mark, e.g. `2 个部门不同`. */
  differs?: ReactNode
  /** Takes the whole line. */
  wide?: boolean
}

/**
 * Labels and values in a grid with hairlines, each with where it came from.
 *
 * ```tsx
 * <Facts columns={3} items={[{ label: '名称', value: unit.name, source: '市场监管局 · 2026-06-30', wide: true }]} />
 * ```
 */
export function Facts({ items, columns = 2 }: { items: readonly FactItem[]; columns?: 1 | 2 | 3 | 4 }) {
  return (
    <dl className={`lx-facts lx-facts-${columns}`}>
      {items.map((item, index) => (
        <div key={item.key ?? index} className={item.wide ? 'lx-fact lx-fact-wide' : 'lx-fact'}>
          <dt>{item.label}</dt>
          <dd>
            <span className="lx-fact-value">
              {item.value === null || item.value === undefined || item.value === '' ? (
                <span className="lx-faint">—</span>
              ) : (
                item.value
              )}
            </span>
            {item.source ? <span className="lx-fact-source">{item.source}</span> : null}
            {item.differs ? <span className="lx-fact-differs">{item.differs}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  )
}
