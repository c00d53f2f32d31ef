import { Button } from 'antd'
import { useState } from 'react'
import { PlacePicker } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { ledgerContract } from './contract.ts'
import type { UnitPage } from './unit-screen.tsx'

const ledger = connect(ledgerContract)

/** The parks, buildings, business circles and markets that a unit lies in; staff may set them. */
export function UnitPlaces({ unit }: { unit: UnitPage }) {
  const can = useCan()
  const [chosen, setChosen] = useState<string[]>()
  const save = useCommand(ledger.setPlaces.mutationOptions(), { done: '所在区域已保存', refresh: [ledger.key()] })
  const names = unit.placeList.map((place) => place.name).join('、')
  const keep = async () => {
    if (await save.run({ id: unit.id, placeIds: chosen ?? [] })) setChosen(undefined)
  }
  const edit = (
    <Button size="small" onClick={() => setChosen(unit.placeList.map((place) => place.id))}>
      设置
    </Button>
  )
  return (
    <Section title="所在园区楼宇" extra={can('ledger.unit.write') && !chosen ? edit : undefined}>
      {chosen ? (
        <div className="lx-form-line">
          <PlacePicker
            value={chosen}
            onChange={(ids) => setChosen(ids ?? [])}
            countyCode={unit.countyCode}
            width={360}
          />
          <Button type="primary" loading={save.busy} onClick={() => void keep()}>
            保存
          </Button>
          <Button onClick={() => setChosen(undefined)}>取消</Button>
        </div>
      ) : (
        <p className={names ? '' : 'lx-soft'}>{names || '没有登记所在的园区、楼宇、商圈或专业市场。'}</p>
      )}
    </Section>
  )
}
