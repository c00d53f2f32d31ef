import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { connect } from '../ui/client.ts'
import { Answered } from '../ui/states.tsx'
import { ledgerContract } from '../ledger/contract.ts'
import { unitKinds } from '../ledger/field-contract.ts'

const ledger = connect(ledgerContract)

/** Looks a unit up by name or code, for whoever knows better than the list of candidates. */
export function FindUnit(props: { onPick: (unit: { id: string; name: string }) => void; act?: string }) {
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  const query = useQuery(
    ledger.searchUnits.queryOptions({ input: { filter: { text: asked }, pageSize: 8 }, enabled: asked.length > 0 }),
  )
  return (
    <div className="lx-find">
      <Input.Search
        aria-label="在台账里查找"
        placeholder="在台账里查找：名称、拼音首字母、代码"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onSearch={(value) => setAsked(value.trim())}
        style={{ maxWidth: 420 }}
      />
      {asked ? (
        <Answered query={query} rows={2}>
          {({ rows, total }) =>
            rows.length === 0 ? (
              <p className="lx-soft">没有找到“{asked}”。</p>
            ) : (
              <>
                <ul className="lx-lines">
                  {rows.map((unit) => (
                    <li key={unit.id}>
                      <span>
                        {unit.name} <span className="lx-code">{unit.uscc ?? ''}</span>{' '}
                        <span className="lx-soft">
                          {unitKinds[unit.kind]} · {unit.areaName}
                        </span>
                      </span>
                      <Button size="small" onClick={() => props.onPick(unit)}>
                        {props.act ?? '就是它'}
                      </Button>
                    </li>
                  ))}
                </ul>
                {total > rows.length ? (
                  <p className="lx-soft">
                    共找到 {total} 家，只列出前 {rows.length} 家，请把名称写全些。
                  </p>
                ) : null}
              </>
            )
          }
        </Answered>
      ) : null}
    </div>
  )
}
