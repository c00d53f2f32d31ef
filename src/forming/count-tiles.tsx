import { grouped } from '../base/number.ts'

/** How many units of each kind; a press lists them, a second one lists all again. */
export function CountTiles<K extends string>(props: {
  label: string
  counts: readonly { key: K; title: string; units: number; hint?: string | undefined }[]
  chosen: K | undefined
  onChoose: (key: K | undefined) => void
}) {
  const counts = props.counts.filter((one) => one.units > 0)
  if (counts.length === 0) return null
  return (
    <ul className="lx-forming-counts" aria-label={props.label}>
      {counts.map(({ key, title, units, hint }) => (
        <li key={key}>
          <button
            type="button"
            title={hint ?? title}
            aria-pressed={props.chosen === key}
            onClick={() => props.onChoose(props.chosen === key ? undefined : key)}
          >
            <b>{grouped(units)}</b>
            <span>{title}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
