import { Button } from 'antd'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Mark, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { ledgerContract } from './contract.ts'
import { funnelContract } from './funnel-contract.ts'
import { evidenceText } from './funnel-words.ts'
import type { UnitPage } from './unit-screen.tsx'
import { StandingMark } from './unit-columns.tsx'
import './funnel.css'

const ledger = connect(funnelContract)
const units = connect(ledgerContract)

/** Whether a unit is in real operation, because of what, and where it stands in the funnel; staff may state otherwise. */
export function UnitStanding({ unit }: { unit: UnitPage }) {
  const can = useCan()
  const mayState = can('ledger.unit.write') && !unit.withdrawn
  return (
    <Section title="甄别" extra={mayState ? <State unit={unit} /> : undefined}>
      <p className="lx-standing">
        {unit.inOperation ? <Mark tone="good">实体运营</Mark> : <Mark tone="warn">不在实体运营</Mark>}
        <StandingMark unit={unit} />
        {unit.stated ? (
          <span className="lx-soft">
            {unit.stated.byName} 于 {unit.stated.on} 认定{unit.stated.reason ? `：${unit.stated.reason}` : ''}
          </span>
        ) : null}
      </p>
      <ul className="lx-because">
        {unit.because.map((one, at) => (
          <li key={one.rule} className={one.sign === 'for' ? 'lx-because-for' : 'lx-because-against'}>
            <span aria-label={one.sign === 'for' ? '说明在运营' : '说明不在运营'}>
              {one.sign === 'for' ? '＋' : '－'}
            </span>
            {evidenceText(one)}
            {at === 0 && unit.because.length > 1 ? <span className="lx-faint">据此判定</span> : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function State({ unit }: { unit: UnitPage }) {
  const ask = useConfirm()
  const state = useCommand(ledger.stateOperation.mutationOptions(), {
    done: '已记下，可随时撤销',
    refresh: [units.key(), ledger.key()],
  })
  const to = async (inOperation: boolean | null) => {
    const yes = await ask({
      title: inOperation === null ? '撤销本单位的认定？' : `认定“${unit.name}”${inOperation ? '在' : '不在'}实体运营？`,
      lose:
        inOperation === null
          ? '恢复按税务、人社、年报等推断。'
          : '本单位的认定先于推断，改变它在甄别、覆盖统计中的位置；可随时撤销。',
      act: inOperation === null ? '撤销认定' : '认定',
      reason: { label: '认定依据' },
    })
    if (yes) await state.run({ id: unit.id, inOperation, reason: yes.reason })
  }
  if (unit.stated) {
    return (
      <Button size="small" loading={state.busy} onClick={() => void to(null)}>
        撤销认定
      </Button>
    )
  }
  return (
    <Button size="small" loading={state.busy} onClick={() => void to(!unit.inOperation)}>
      {unit.inOperation ? '认定不在运营' : '认定在运营'}
    </Button>
  )
}
