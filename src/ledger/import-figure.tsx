/** A large figure with its word and what it counts. */
export function Figure(props: {
  title: string
  value: number
  note?: string
  tone?: 'plain' | 'good' | 'warn' | 'bad'
}) {
  return (
    <div className={`lx-figure lx-figure-${props.tone ?? 'plain'}`}>
      <dt>{props.title}</dt>
      <dd>{props.value.toLocaleString('zh-CN')}</dd>
      {props.note ? <dd className="lx-figure-note">{props.note}</dd> : null}
    </div>
  )
}
