import { today } from '../base/time.ts'

/** Chooses the day that numbers are told of; today when left empty. */
export function DayPicker(props: { value: string | undefined; onChange: (day: string | undefined) => void }) {
  const now = today(new Date())
  return (
    <label className="lx-inline-label">
      截至
      <input
        type="date"
        className="lx-day"
        aria-label="截至哪一天"
        max={now}
        value={props.value ?? now}
        onChange={(event) => {
          const day = event.target.value
          props.onChange(day && day < now ? day : undefined)
        }}
      />
    </label>
  )
}
