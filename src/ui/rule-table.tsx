import { Button } from 'antd'
import { Mark } from './page.tsx'

/** One dated value of a rule's number; `author` null: the default that comes with the platform. */
export interface DatedRule {
  key: string
  title: string
  unit: string
  value: number
  effectiveFrom: string
  source: string
  author: string | null
  /** In force today. */
  current: boolean
}

/** Rules with their numbers, sources and dates, all versions; `onChange` is left out where the person may not change them. */
export function RuleTable<R extends DatedRule>(props: {
  rules: readonly R[]
  onChange?: ((rule: R) => void) | undefined
}) {
  return (
    <table className="lx-sheet lx-sheet-wide">
      <thead>
        <tr>
          <th scope="col">规则</th>
          <th scope="col">数值</th>
          <th scope="col">施行</th>
          <th scope="col">依据</th>
          <th scope="col">修改人</th>
          <th scope="col" aria-label="操作" />
        </tr>
      </thead>
      <tbody>
        {props.rules.map((rule) => (
          <tr key={`${rule.key} ${rule.effectiveFrom}`} className={rule.current ? '' : 'lx-faint'}>
            <td>{rule.title}</td>
            <td className="lx-number">
              {rule.value} {rule.unit}
            </td>
            <td>{rule.author === null ? '默认' : rule.effectiveFrom}</td>
            <td>{rule.source}</td>
            <td>{rule.author ?? '平台'}</td>
            <td>
              {rule.current ? <Mark tone="good">在用</Mark> : null}
              {rule.current && props.onChange ? (
                <Button type="link" size="small" onClick={() => props.onChange?.(rule)}>
                  修改
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
