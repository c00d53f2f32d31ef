import { Button, Drawer, InputNumber } from 'antd'
import { type DragEvent, type KeyboardEvent, useState } from 'react'
import { type Department, departments, unitFields } from './field-contract.ts'
import type { FieldRow } from './survivorship-screen.tsx'

interface Rule {
  order: Department[]
  freshMonths: number | null
}

/** Orders the departments of one field: drag, the buttons, or the arrow keys on the department that has the focus. */
export function SurvivorshipOrder(props: { row: FieldRow; onSet: (next: Rule) => void; onClose: () => void }) {
  const { row } = props
  const { order, freshMonths } = row
  const [dragged, setDragged] = useState<Department>()
  const place = (one: Department, to: number) => {
    const others = order.filter((other) => other !== one)
    // The first place is our own staff's.
    const at = Math.max(1, Math.min(to, others.length))
    props.onSet({ order: [...others.slice(0, at), one, ...others.slice(at)], freshMonths })
  }
  const press = (event: KeyboardEvent, one: Department, at: number) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    place(one, at + by)
  }
  const isDefault = freshMonths === null && order.join() === row.defaultOrder.join()
  return (
    <Drawer
      open
      size={440}
      title={`${unitFields[row.field].title}：取值次序`}
      onClose={props.onClose}
      footer={
        <div className="lx-form-acts">
          <Button type="primary" onClick={props.onClose}>
            好
          </Button>
          <Button disabled={isDefault} onClick={() => props.onSet({ order: row.defaultOrder, freshMonths: null })}>
            恢复默认
          </Button>
        </div>
      }
    >
      <p className="lx-soft">默认次序的依据：{row.source}。</p>
      <ol className="lx-order" aria-label="来源次序，先取排在前面的">
        {order.map((one, at) => (
          <OrderItem
            key={one}
            one={one}
            at={at}
            last={at === order.length - 1}
            place={place}
            press={press}
            onGrab={() => setDragged(one)}
            onDropped={() => dragged && place(dragged, at)}
          />
        ))}
      </ol>
      <label className="lx-inline-label">
        超过
        <InputNumber
          aria-label="时限，月"
          min={1}
          max={240}
          precision={0}
          placeholder="不限"
          value={freshMonths}
          onChange={(value) => props.onSet({ order, freshMonths: value ?? null })}
        />
        个月未再报的值，让位于较新的值
      </label>
      <p className="lx-soft">留空为不限。本单位更正的值不受时限影响。</p>
    </Drawer>
  )
}

interface ItemProps {
  one: Department
  at: number
  last: boolean
  place: (one: Department, to: number) => void
  press: (event: KeyboardEvent, one: Department, at: number) => void
  onGrab: () => void
  onDropped: () => void
}

function OrderItem({ one, at, last, place, press, onGrab, onDropped }: ItemProps) {
  const fixed = one === 'office'
  const over = (event: DragEvent) => event.preventDefault()
  return (
    <li
      className={fixed ? 'lx-order-fixed' : ''}
      tabIndex={fixed ? -1 : 0}
      draggable={!fixed}
      aria-label={`第 ${at + 1} 位，${departments[one]}${fixed ? '，固定' : '，按上下箭头移动'}`}
      onKeyDown={(event) => (fixed || event.target !== event.currentTarget ? undefined : press(event, one, at))}
      onDragStart={onGrab}
      onDragOver={over}
      onDrop={onDropped}
    >
      <span className="lx-number">{at + 1}</span>
      <span>{departments[one]}</span>
      {fixed ? (
        <span className="lx-faint">总在最前</span>
      ) : (
        <span>
          <Button
            type="text"
            size="small"
            disabled={at <= 1}
            aria-label={`${departments[one]}上移`}
            onClick={() => place(one, at - 1)}
          >
            ↑
          </Button>
          <Button
            type="text"
            size="small"
            disabled={last}
            aria-label={`${departments[one]}下移`}
            onClick={() => place(one, at + 1)}
          >
            ↓
          </Button>
        </span>
      )}
    </li>
  )
}
