import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Checkbox } from 'antd'
import { grouped } from '../base/number.ts'
import { scopeReasons, type ScopeReason } from './contract.ts'
import { forming } from './forming-client.tsx'

/** Which units are taken in beside the sure ones. */
export interface ScopeAsked {
  notOperating: boolean
  elsewhere: boolean
  reported: boolean
}

const choices = [
  ['elsewhere', 'elsewhere', '党员的组织关系都不在本单位的；已列入的单位里未转入的党员也一并计入。批复前须转接。'],
  ['reported', 'reported', '名册里没有、只有街道园区等报来党员数的。批复前须核对。'],
  ['notOperating', 'notOperating', '有党员而没有证实在实体运营的。'],
] as const satisfies readonly (readonly [keyof ScopeAsked, ScopeReason, string])[]

/** The scope of a plan as a form field: what may be taken in besides, how many units that is, and who stays out. */
export function ScopeChoice(props: {
  region: string | undefined
  id?: string
  value?: ScopeAsked
  onChange?: (next: ScopeAsked) => void
}) {
  const { region, value = { notOperating: false, elsewhere: false, reported: false } } = props
  const asked = region === undefined ? {} : { region }
  const enabled = region !== undefined
  const sure = useQuery(forming.listScope.queryOptions({ input: { ...asked, pageSize: 1 }, enabled }))
  const chosen = useQuery(
    forming.listScope.queryOptions({ input: { ...asked, ...value, pageSize: 1 }, enabled, meta: { keep: true } }),
  )
  const unitsOf = (counts: readonly { reason: ScopeReason; units: number }[] | undefined, reason: ScopeReason) =>
    counts?.find((one) => one.reason === reason)?.units ?? 0
  if (!enabled) return <p className="lx-soft">选好范围就能看到列入多少家。</p>
  const out = (chosen.data?.counts ?? []).filter((one) => one.reason !== 'joins')
  return (
    <div className="lx-stack" role="group" aria-label="哪些单位参加">
      <p>有一两名正式党员、没有党组织、在实体运营的都列入，另可选择列入：</p>
      {choices.map(([key, reason, words]) => (
        <Checkbox
          key={key}
          checked={value[key]}
          disabled={unitsOf(sure.data?.counts, reason) === 0 && !value[key]}
          onChange={(event) => props.onChange?.({ ...value, [key]: event.target.checked })}
        >
          {scopeReasons[reason]}的 {grouped(unitsOf(sure.data?.counts, reason))} 家
          <span className="lx-soft lx-scope-hint">{words}</span>
        </Checkbox>
      ))}
      <p aria-live="polite" hidden={chosen.data === undefined}>
        列入{' '}
        <b>
          <Link to="/forming/scope" search={{ ...asked, ...set(value), reason: 'joins' }} target="_blank">
            {grouped(unitsOf(chosen.data?.counts, 'joins'))}
          </Link>
        </b>{' '}
        家{out.length > 0 ? '；未列入：' : '。'}
        {out.map(({ reason, units }, at) => (
          <span key={reason}>
            {at > 0 ? '、' : ''}
            {scopeReasons[reason]}{' '}
            <Link to="/forming/scope" search={{ ...asked, ...set(value), reason }} target="_blank">
              {grouped(units)}
            </Link>
          </span>
        ))}
      </p>
    </div>
  )
}

/** The choices that are made, as an address tells them. */
export function set(value: ScopeAsked): Partial<ScopeAsked> {
  return Object.fromEntries(Object.entries(value).filter(([, on]) => on))
}
