import { useQueries } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { connect } from '../ui/client.ts'
import { officeContract } from './contract.ts'
import { RegionPicker } from './parts.tsx'

const office = connect(officeContract)

interface RegionListProps {
  value?: string[]
  onChange?: (codes: string[]) => void
  label: string
  /** Names already known, so that they need not be asked for. */
  names?: readonly { code: string; name: string }[] | undefined
}

/** Several regions, added one by one from the tree. */
export function RegionList({ value = [], onChange, label, names = [] }: RegionListProps) {
  const [round, setRound] = useState(0)
  const known = new Map(names.map((one) => [one.code, one.name]))
  const asked = useQueries({
    queries: value.map((code) => office.getRegion.queryOptions({ input: { code }, enabled: !known.has(code) })),
  })
  const add = (code: string | undefined) => {
    if (!code) return
    setRound(round + 1)
    if (!value.includes(code)) onChange?.([...value, code])
  }
  return (
    <div className="lx-stack">
      {value.length > 0 ? (
        <div className="lx-chips">
          {value.map((code, index) => (
            <span key={code} className="lx-chip">
              <span>{known.get(code) ?? asked[index]?.data?.fullName ?? code}</span>
              <button
                type="button"
                aria-label={`去掉 ${code}`}
                onClick={() => onChange?.(value.filter((one) => one !== code))}
              >
                ×
              </button>
            </span>
          ))}
          <Button type="link" size="small" onClick={() => onChange?.([])}>
            清空
          </Button>
        </div>
      ) : null}
      <RegionPicker key={round} width="100%" placeholder="添加区划" label={label} onChange={add} />
    </div>
  )
}
