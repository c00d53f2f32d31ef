import { Button, Input, Radio } from 'antd'
import { useState } from 'react'
import { UnitPicker } from '../party/parts.tsx'
import { options } from '../ui/filters.tsx'
import { useCommand } from '../ui/query.ts'
import { wishKinds } from './contract.ts'
import { forming } from './forming-client.tsx'

type WishKind = keyof typeof wishKinds

/** Notes that a unit refused, or must or must not be with another one; without `unitId` the unit is chosen too. */
export function WishForm({ unitId, onDone }: { unitId?: string; onDone: () => void }) {
  const [chosen, setChosen] = useState<string | null>(unitId ?? null)
  const [kind, setKind] = useState<WishKind>('refused')
  const [otherId, setOther] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const add = useCommand(forming.addWish.mutationOptions(), { done: '已登记，编排时照办', refresh: [forming.key()] })
  const pair = kind !== 'refused'
  const ready = chosen !== null && (!pair || (otherId !== null && otherId !== chosen)) && reason.trim().length >= 2
  const go = async () => {
    const other = pair && otherId !== null ? { otherId } : {}
    if (chosen !== null && (await add.run({ kind, unitId: chosen, reason, ...other }))) onDone()
  }
  return (
    <div className="lx-stack">
      {unitId === undefined ? <UnitPicker value={chosen ?? ''} placeholder="单位" onChange={setChosen} /> : null}
      <Radio.Group
        aria-label="要求"
        value={kind}
        options={options(wishKinds)}
        onChange={(event) => setKind(event.target.value as WishKind)}
      />
      {pair ? <UnitPicker value={otherId ?? ''} placeholder="另一家单位" onChange={setOther} /> : null}
      <label>
        原因
        <Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
      </label>
      <div>
        <Button loading={add.busy} disabled={!ready} onClick={() => void go()}>
          登记要求
        </Button>
      </div>
    </div>
  )
}
